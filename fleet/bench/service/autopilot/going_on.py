"""Doing what comes next, as the person who switched the autopilot on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import Bench, Slot
from fleet.bench.service.autopilot.coming import Wanted, acting_for, next_in_slot, nothing_asks, wanted_profile
from fleet.bench.service.autopilot.switch import locked_bench
from fleet.bench.service.benches import get_bench, get_slot
from fleet.bench.service.runs import start_provision, start_wipe
from fleet.bench.steering import Act
from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Move, Stage
from fleet.tags import print_jobs, printing
from fleet.users.actor import SYSTEM, Actor


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
    """Send the tablet's label to the bench's printer, or put it on the next unused position of the sheet in hand."""
    bench = locked_bench(session, bench.id)
    on_sheet = printing.Wanted(sheet=bench.label_sheet, start_at=bench.label_next)
    wanted = print_jobs.on_its_roll(session, on_sheet, bench.label_printer_id)
    batch = printing.print_labels(
        session, [tablet.id], wanted=wanted, settings=settings, actor=actor, happening=happening
    )
    if bench.label_printer_id is not None:
        print_jobs.send_batch(session, batch.id, bench.label_printer_id, actor=actor, now=happening.now)
    sheet = next((each for each in printing.sheet_choices() if each.name == wanted.sheet), None)
    if sheet is not None:
        bench.label_next = bench.label_next % sheet.per_page + 1
    session.flush()


def write_refusal(session: Session, slot_id: int, said: str) -> None:
    """Keep, for the wall, why the next thing could not be done. Each later look tries it again."""
    slot = queries.slot_locked(session, slot_id)
    if slot is not None:
        slot.autopilot_said = said
        session.flush()
