"""What comes next for the tablet in a slot. Reads only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypedDict

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import Bench, Slot
from fleet.bench.rules import RunKind
from fleet.bench.service.certificates import asset_code
from fleet.bench.service.profiles import profile_named
from fleet.bench.service.seen import is_second_address
from fleet.bench.steering import LOCKED, Need, Next, Picture, Standing, next_thing
from fleet.intake.service import before_triage
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Grade, Move, Stage
from fleet.tablets.words import left_words
from fleet.tags import service as tags
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.users.service import actor_of, counts_here, find_user
from provisioning.errors import ProfileInvalid

_A_DAY = timedelta(days=1)
Wanted = Callable[[Session, int], str]
"""Which profile a tablet is wanted with (for a loan that waits, say); empty where nothing asks for one."""


class _AtTriage(TypedDict, total=False):
    stolen_checked: bool
    suggested: str
    unusable: str


def nothing_asks(_session: Session, _tablet_id: int) -> str:
    return ""


def next_in_slot(session: Session, slot: Slot, bench: Bench, *, settings: Settings, now: datetime) -> Next | None:
    """What comes next in a slot that no run is busy in; None where no tablet answers. Reads only."""
    if slot.seen_asking:
        return Next(need=Need.HANDS, first="Tick Always allow, then tap Allow", picture=Picture.ALLOW)
    twin = queries.slot(session, slot.twin_slot_id) if slot.twin_slot_id else None
    if twin is not None:
        said = _of_twins(session, slot, twin)
        if said is not None:
            return said
    if slot.seen_reporting and not slot.seen_serial:
        return LOCKED
    if not slot.seen_serial and not slot.seen_kind:
        return None
    if slot.tablet_id is None:
        return _not_ours(session, slot)
    tablet = tablets.get_tablet(session, slot.tablet_id)
    return next_thing(_standing(session, slot, bench, tablet, settings, now), in_setup=slot.seen_reporting)


def _of_twins(session: Session, slot: Slot, twin: Slot) -> Next | None:
    if not slot.twin_is_same:
        first = f"Two tablets say they are {slot.seen_serial}"
        return Next(
            need=Need.HANDS,
            first=first,
            second=f"The other is in slot {twin.place}. Take both out, tell which is which.",
        )
    if queries.unfinished_run_in_slot(session, twin.id) is not None:
        second = "If you moved it, put it back there."
        return Next(need=Need.TIME, first=f"It is worked on in slot {twin.place}", second=second)
    if is_second_address(slot, twin):
        return Next(need=Need.TIME, first=f"The same tablet as in slot {twin.place}", second="It is worked on there.")
    return None


def _not_ours(session: Session, slot: Slot) -> Next:
    if not slot.seen_serial:
        return Next(need=Need.HANDS, first="It has no serial", second="It cannot be told from others: take it out.")
    if len(tablets.tablets_with_serial(session, slot.seen_serial)) > 1:
        second = "Several tablets in our books have its serial. Take it out, tell which is which."
        return Next(need=Need.HANDS, first="Which one is it?", second=second)
    gone = tablets.gone_with_serial(session, slot.seen_serial)
    if gone is not None:
        code, left = asset_code(gone.tablet), left_words(gone.tablet.stage, gone.at)
        second = f"{code} {left}. Take it out, and tell a coordinator that it is here."
        return Next(need=Need.HANDS, first="It left our stock", second=second, picture=Picture.TAKE_OUT)
    second = f"Serial {slot.seen_serial} is not in our books."
    return Next(need=Need.HANDS, first="Book it in", second=second, picture=Picture.INTAKE)


def _standing(
    session: Session, slot: Slot, bench: Bench, tablet: Tablet, settings: Settings, now: datetime
) -> Standing:
    kind = RunKind.WIPE if tablet.stage is Stage.AWAITING_WIPE else RunKind.PROVISION
    failures = queries.failures_since_it_passed(session, tablet.id, kind, since=now - _A_DAY)
    tiles_changed = tablets.out_of_date(session, tablet.id)
    here = [run for run in failures if slot.occupied_since is None or run.created_at >= slot.occupied_since]
    return Standing(
        stage=tablet.stage,
        retiring=tablet.retiring,
        holds=tuple(hold.reason for hold in tablets.open_holds(session, tablet.id)),
        own_serial=not slot.seen_shared_serial,
        verified=tablet.verified_at is not None
        and now - tablet.verified_at <= timedelta(days=settings.verify_valid_days)
        and not tiles_changed,
        tiles_changed=tiles_changed,
        as_wanted=_as_wanted(tablet, settings),
        labelled=tablet.id in tags.printed(session, [tablet.id]),
        failed_here=f"{here[0].problem} {here[0].next_step}".strip() if here else "",
        failures=len(failures),
        not_ready=_not_ready(session, tablet, bench, settings, now),
        battery_percent=tablet.battery_percent,
        battery_needed=settings.battery_dispatch_percent,
        **_at_triage(session, tablet),
    )


def _at_triage(session: Session, tablet: Tablet) -> _AtTriage:
    if tablet.stage is not Stage.RECEIVED:
        return {}
    known = before_triage(session, tablet.id)
    suggestion = known.suggestion
    if suggestion is None or suggestion.grade is None:
        return {"stolen_checked": known.stolen_checked}
    past_use = suggestion.grade.value == Grade.X.value
    return {
        "stolen_checked": known.stolen_checked,
        "suggested": suggestion.grade.value,
        "unusable": suggestion.reasons[0].sentence if past_use else "",
    }


def wanted_profile(session: Session, tablet: Tablet, bench: Bench, wanted: Wanted) -> str:
    """The profile a tablet is to have: what is asked for, else the bench's own."""
    return wanted(session, tablet.id) or bench.profile


def _as_wanted(tablet: Tablet, settings: Settings) -> bool:
    """Whether it has its profile in its present version. Another profile is given to it only after its next wipe: what
    somebody waits for may change while it lies here."""
    if tablet.stage is not Stage.PROVISIONED:
        return True
    try:
        return tablet.profile_version == profile_named(tablet.profile, settings).version
    except ProfileInvalid:
        return bool(tablet.profile)


def _not_ready(session: Session, tablet: Tablet, bench: Bench, settings: Settings, now: datetime) -> tuple[str, ...]:
    actor = acting_for(session, bench, settings=settings)
    if tablet.stage is not Stage.PROVISIONED or actor is None:
        return ("It is not that far.",)
    offers = tablets.what_may_happen(session, tablet, actor=actor, settings=settings, now=now)
    return next((offer.refusals for offer in offers if offer.transition.move is Move.MAKE_READY), ("Not offered.",))


def acting_for(session: Session, bench: Bench, *, settings: Settings) -> Actor | None:
    """Whoever switched the autopilot on, as far as they may still run the bench."""
    user = find_user(session, bench.autopilot_by_id)
    if user is None or not counts_here(user, settings):
        return None
    actor = actor_of(user)
    return actor.acting(Permission.BENCH_RUN) if actor.may(Permission.BENCH_RUN) else None
