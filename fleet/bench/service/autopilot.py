"""The autopilot: a technician's standing decision for one bench, and one step further for a tablet in a slot of it.

Nothing irreversible happens without that decision: who switched it on has promised that SIM and memory card are out of
every tablet that is plugged in, and every act is done as that person and refused where they may not do it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypedDict

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import Bench, Slot
from fleet.bench.rules import RunKind
from fleet.bench.service.benches import get_bench, get_slot, lane_of_bench
from fleet.bench.service.certificates import asset_code
from fleet.bench.service.profiles import profile_named
from fleet.bench.service.runs import start_provision, start_wipe
from fleet.bench.service.seen import is_second_address
from fleet.bench.steering import LOCKED, Act, Need, Next, Picture, Standing, next_thing
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.intake.card_grades import before_triage
from fleet.jobs.service import enqueue, is_under_way
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Grade, Move, Stage
from fleet.tablets.words import left_words
from fleet.tags import printing
from fleet.tags import service as tags
from fleet.users.access import actor_of
from fleet.users.actor import SYSTEM, Actor
from fleet.users.rules import Permission
from fleet.users.service import counts_here, find_user
from provisioning.errors import ProfileInvalid

WATCH_JOB = "bench.watch"
WAKE_JOB = "bench.wake"
_A_DAY = timedelta(days=1)

Wanted = Callable[[Session, int], str]
"""Which profile a tablet is wanted with (for a loan that waits, say); empty where nothing asks for one."""


class _AtTriage(TypedDict, total=False):
    stolen_checked: bool
    suggested: str
    unusable: str


def nothing_asks(_session: Session, _tablet_id: int) -> str:
    return ""


def switch_on(
    session: Session,
    bench_id: int,
    *,
    media_removed: bool,
    profile: str,
    label_sheet: str,
    label_next: int = 1,
    actor: Actor,
    settings: Settings,
    now: datetime,
) -> Bench:
    """Let a bench go on by itself from here. `media_removed` is the technician's standing promise for every tablet.

    Raises `BadInput` without that promise, for a profile or a label sheet there is none of, and for a position that
    the sheet does not have.
    """
    problems = _problems(media_removed, label_sheet, label_next)
    try:
        profile_named(profile, settings)
    except ProfileInvalid as error:
        problems["profile"] = str(error)
    if problems:
        raise BadInput("The autopilot was not switched on.", fields=problems)
    bench = _lock(session, bench_id)
    bench.autopilot, bench.autopilot_round = True, bench.autopilot_round + 1
    bench.autopilot_by, bench.autopilot_by_id, bench.autopilot_at = actor.name, actor.user_id, now
    bench.profile, bench.label_sheet, bench.label_next = profile, label_sheet, label_next
    for slot in queries.slots(session, bench_id):
        slot.autopilot_said, slot.next_look_at = "", None
    session.flush()
    keep_watching(session, bench, now=now)
    return bench


def keep_watching(session: Session, bench: Bench, *, now: datetime) -> None:
    """Ask for the job that watches a bench for as long as this round of its autopilot lasts."""
    key = _watch_key(bench)
    args = {"bench_id": bench.id, "round": bench.autopilot_round}
    enqueue(session, WATCH_JOB, key=key, now=now, args=args, lane=lane_of_bench(bench))


def _watch_key(bench: Bench) -> str:
    return f"{WATCH_JOB}:{bench.id}:{bench.autopilot_round}"


def wake(session: Session, *, now: datetime) -> int:
    """Watch again every bench whose autopilot is on and whose watch was given up; how many. Its worker may have died
    too often in the middle of a look."""
    woken = 0
    for bench in queries.benches(session):
        if bench.autopilot and not is_under_way(session, _watch_key(bench)):
            bench.autopilot_round += 1
            keep_watching(session, bench, now=now)
            woken += 1
    return woken


def switch_off(session: Session, bench_id: int, *, actor: Actor, now: datetime) -> Bench:
    """Begin nothing more by itself. Runs that are under way go on."""
    bench = _lock(session, bench_id)
    if bench.autopilot:
        bench.autopilot, bench.autopilot_by, bench.autopilot_at = False, actor.name, now
        bench.autopilot_by_id = actor.user_id
    session.flush()
    return bench


def _problems(media_removed: bool, label_sheet: str, label_next: int) -> dict[str, str]:
    problems = {}
    if not media_removed:
        problems["media_removed"] = (
            "A reset reaches neither SIM nor memory card: promise that they are taken out first."
        )
    sheet = next((each for each in printing.sheet_choices() if each.name == label_sheet), None)
    if sheet is None:
        problems["label_sheet"] = "Choose the sheet that lies in the label printer."
    elif not 1 <= label_next <= sheet.per_page:
        problems["label_next"] = f"This sheet has positions 1 to {sheet.per_page}."
    return problems


def _lock(session: Session, bench_id: int) -> Bench:
    return queries.bench_locked(session, bench_id) or get_bench(session, bench_id)


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


def go_on(
    session: Session, slot_id: int, *, settings: Settings, now: datetime, wanted: Wanted = nothing_asks
) -> Act | None:
    """Do the one thing that comes next for the tablet in a slot; which one, or None where there is none to do.

    Raises a `DoorstepError` when it is refused: then nothing was changed, and the caller writes down why.
    """
    slot = get_slot(session, slot_id)
    bench = get_bench(session, slot.bench_id)
    if not bench.autopilot or queries.unfinished_run_in_slot(session, slot_id) is not None:
        return None
    coming = next_in_slot(session, slot, bench, settings=settings, now=now)
    if coming is None or coming.act is None or slot.tablet_id is None:
        return None
    actor = acting_for(session, bench, settings=settings)
    if actor is None:
        raise Conflict(
            f"Nothing was begun: {bench.autopilot_by or 'whoever switched it on'} may no longer run the bench.",
            next_step="Somebody who may has to switch the autopilot on.",
        )
    _do(session, coming.act, slot, bench, actor=actor, settings=settings, now=now, wanted=wanted)
    slot.autopilot_said = ""
    return coming.act


def _do(
    session: Session,
    act: Act,
    slot: Slot,
    bench: Bench,
    *,
    actor: Actor,
    settings: Settings,
    now: datetime,
    wanted: Wanted,
) -> None:
    assert slot.tablet_id is not None, "only a tablet of ours is worked on"
    tablet = tablets.get_tablet(session, slot.tablet_id)
    happening = Happening(now=now, source="autopilot", reason="")
    match act:
        case Act.WIPE:
            start_wipe(
                session, tablet.id, slot.id, actor=actor, settings=settings, happening=happening, media_removed=True
            )
        case Act.PROVISION:
            again = tablet.profile if tablet.stage is Stage.PROVISIONED else ""
            profile = again or wanted_profile(session, tablet, bench, wanted)
            start_provision(session, tablet.id, slot.id, profile, actor=actor, settings=settings, happening=happening)
        case Act.PRINT_LABEL:
            _print_label(session, tablet, bench, actor=actor, settings=settings, happening=happening)
        case Act.CHECK_AGAIN:
            stale = tablets.out_of_date(session, tablet.id)
            reason = "A gathering on its tiles was changed" if stale else "Its profile was verified too long ago"
            why = Happening(now=now, source="autopilot", reason=reason)
            tablets.move(session, tablet.id, Move.NEEDS_REFRESH, actor=SYSTEM, settings=settings, happening=why)
        case Act.RECEIVE | Act.QUEUE_WIPE | Act.MAKE_READY:
            move = _MOVES.get((act, tablet.stage), _MOVES[act, None])
            tablets.move(session, tablet.id, move, actor=actor, settings=settings, happening=happening)


_MOVES: dict[tuple[Act, Stage | None], Move] = {
    (Act.RECEIVE, None): Move.RECEIVE,
    (Act.QUEUE_WIPE, None): Move.QUEUE_WIPE,
    (Act.QUEUE_WIPE, Stage.CLEANED): Move.QUEUE_WIPE_AGAIN,
    (Act.MAKE_READY, None): Move.MAKE_READY,
}


def _print_label(
    session: Session, tablet: Tablet, bench: Bench, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    """Put the tablet's label on the next unused position of the sheet in the printer."""
    bench = _lock(session, bench.id)
    wanted = printing.Wanted(sheet=bench.label_sheet, start_at=bench.label_next)
    printing.print_labels(session, [tablet.id], wanted=wanted, settings=settings, actor=actor, happening=happening)
    per_page = next(each.per_page for each in printing.sheet_choices() if each.name == bench.label_sheet)
    bench.label_next = bench.label_next % per_page + 1
    session.flush()


def write_refusal(session: Session, slot_id: int, said: str) -> None:
    """Keep, for the wall, why the next thing could not be done. Each later look tries it again."""
    slot = queries.slot_locked(session, slot_id)
    if slot is not None:
        slot.autopilot_said = said
        session.flush()
