"""How a tablet's facts are said and shown: a word and a shape for each."""

from __future__ import annotations

from datetime import datetime

from fleet.clock import local_date
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, DataState, Stage
from fleet.web.shapes import Shape, StateTag

_SHAPES: dict[Stage, Shape] = {
    Stage.EXPECTED: Shape.WAITING,
    Stage.RECEIVED: Shape.WAITING,
    Stage.TRIAGED: Shape.WAITING,
    Stage.REPAIR: Shape.WORKING,
    Stage.AWAITING_WIPE: Shape.WAITING,
    Stage.WIPING: Shape.WORKING,
    Stage.WIPED: Shape.DONE,
    Stage.PROVISIONING: Shape.WORKING,
    Stage.PROVISIONED: Shape.WAITING,
    Stage.READY: Shape.DONE,
    Stage.ALLOCATED: Shape.WAITING,
    Stage.IN_TRANSIT_OUT: Shape.WORKING,
    Stage.ON_LOAN: Shape.DONE,
    Stage.IN_TRANSIT_BACK: Shape.WORKING,
    Stage.RETURNED: Shape.WAITING,
    Stage.CLEANED: Shape.WAITING,
    Stage.LOST: Shape.LOST,
    Stage.GIFTED: Shape.DONE,
    Stage.RETIRED: Shape.WAITING,
    Stage.AWAITING_RECYCLE: Shape.WAITING,
    Stage.RECYCLED: Shape.DONE,
}

_STAGE_WORDS: dict[Stage, str] = {
    Stage.IN_TRANSIT_OUT: "Going out",
    Stage.IN_TRANSIT_BACK: "Coming back",
    Stage.AWAITING_WIPE: "Waiting for wipe",
    Stage.AWAITING_RECYCLE: "Waiting for recycling",
    Stage.REPAIR: "In repair",
    Stage.GIFTED: "Given for good",
}

DATA_WORDS: dict[DataState, str] = {
    DataState.UNKNOWN: "Not known: treat it as holding somebody's data",
    DataState.DIRTY: "Holds somebody's data",
    DataState.WIPED_UNVERIFIED: "Reset under way, not proved",
    DataState.CLEAN: "Wiped, with certificate",
}

OUT_OF_DATE = "Out of date"
"""What a tablet is called whose tiles show a gathering as it was before."""

CUSTODY_WORDS: dict[Custody, str] = {
    Custody.DONOR: "With its giver",
    Custody.HUB: "On the hub's shelf",
    Custody.BENCH: "On the bench",
    Custody.COURIER: "With a courier",
    Custody.PARTICIPANT: "With the person who borrows it",
    Custody.VENUE: "At a venue",
    Custody.CARRIER: "With a waste carrier",
    Custody.NOBODY_KNOWS: "Nobody knows",
}


def stage_words(stage: Stage) -> str:
    return _STAGE_WORDS.get(stage, stage.value.replace("_", " ").capitalize())


def stage_tag(stage: Stage, *, held: bool = False) -> StateTag:
    """The state a list shows; a hold outranks the stage."""
    if held:
        return StateTag(f"Held, {stage_words(stage).lower()}", Shape.DANGER)
    return StateTag(stage_words(stage), _SHAPES[stage])


def why_not_yet(tablet: Tablet, stale: bool, fresh_since: datetime) -> str:
    """Why a tablet goes to the bench before it is lent; empty where nothing of this speaks against it."""
    if stale:
        return "Tiles out of date"
    too_long = tablet.stage is Stage.READY and (tablet.verified_at is None or tablet.verified_at < fresh_since)
    return "To be checked again at the bench" if too_long else ""


def after_swap(stage: Stage) -> str:
    """What to do with a tablet that another took the place of, by where it stands."""
    if stage is Stage.RETURNED:
        return "It holds somebody's data: look it over, clean it, then wipe it at the bench."
    if stage is Stage.IN_TRANSIT_BACK:
        return "It holds somebody's data: bring it to the hub and scan it in there."
    return "It holds somebody's data: take it in at the hub, then wipe it."


def left_words(stage: Stage, at: datetime) -> str:
    """How and when a tablet left the fleet, to follow its name: ``was recycled on 3 June 2026``."""
    how = "was given for good" if stage is Stage.GIFTED else f"was {stage_words(stage).lower()}"
    return f"{how} on {local_date(at):%-d %B %Y}"


def name_of(tablet: Tablet) -> str:
    """What people call this kind of tablet."""
    named = tablet.model.lower().startswith(f"{tablet.manufacturer.lower()} ")
    return (tablet.model if named else f"{tablet.manufacturer} {tablet.model}").strip() or "Unknown make"


def certificate_words(at: datetime | None) -> str:
    return f"{at:%-d %B %Y}" if at else ""


def label_of(tablet: Tablet) -> str:
    """The code on its label as people see it (K7F3-QX), or nothing while it has none."""
    return f"{tablet.label_code[:4]}-{tablet.label_code[4:]}" if tablet.label_code else ""
