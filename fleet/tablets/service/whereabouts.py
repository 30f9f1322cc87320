"""A tablet that is received at a hub which is not its own (rule R16): it lies there and waits to go home."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.partners import service as partners
from fleet.settings import Settings
from fleet.tablets import queries
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Move, Stage, hub_code
from fleet.tablets.service.writer import lock_tablet, move
from fleet.tablets.words import CUSTODY_WORDS, label_of
from fleet.users.actor import Actor


def holder_elsewhere(tablet: Tablet, at: int | None) -> str | None:
    """Who has a tablet that is received at hub `at`, as a code; None where that is its own hub, or nobody said."""
    return hub_code(at) if at is not None and at != tablet.hub_id else None


def home_of(session: Session, tablet: Tablet) -> str:
    """The name of the hub it belongs to."""
    return partners.get_organisation(session, tablet.hub_id).name


def way_home(session: Session, tablet: Tablet) -> str:
    """Where a tablet lies that is on its way to its own hub, as one says it; empty for any other."""
    if tablet.guest_hub_id is None:
        return ""
    here = partners.get_organisation(session, tablet.guest_hub_id)
    return f"At {here.name}, on its way to {home_of(session, tablet)}"


def who_has_it(session: Session, tablet: Tablet) -> str:
    """Where it is or who has it, in words; a person only ever as the number of a loan."""
    given = tablet.stage is Stage.GIFTED
    words = "With the person it was given to" if given else CUSTODY_WORDS[tablet.custody]
    somebody = words + (f" ({tablet.holder})" if tablet.holder else "")
    return way_home(session, tablet) or somebody


def make_stay(
    session: Session, tablet_id: int, *, at: int, actor: Actor, settings: Settings, happening: Happening
) -> Tablet:
    """Hub `at`, where another hub's tablet lies, keeps it for good; the log says who decided that, and why.

    Raises `Conflict` for one that does not lie there on its way home, `MoveRefused` without a reason.
    """
    tablet = lock_tablet(session, tablet_id)
    if tablet.guest_hub_id != at:
        raise Conflict(
            f"Nothing was changed. {label_of(tablet) or f'Tablet {tablet.id}'} does not lie at your hub on its way to "
            "another. Only the hub where it lies can keep it.",
            next_step="Look at its own page to see where it lies.",
        )
    before = tablet.hub_id
    known = replace(happening, details={**happening.details, "from_hub_id": before, "to_hub_id": at})
    move(session, tablet_id, Move.STAY, actor=actor, settings=settings, happening=known)
    tablet.hub_id = at
    session.flush()
    return tablet


def counts_at(hub_id: int) -> ColumnElement[bool]:
    """Which tablets are a hub's stock, for another room's query: a tablet counts where it is."""
    return queries.counts_at(hub_id)
