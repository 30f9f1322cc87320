"""What was scanned or looked over at the hub by mistake, taken back: the tablet is where it was, and so is its loan.

How long that may be done, and by whom, is the desk's rule. `happening.reason` says why."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove, SimState
from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import LoanMove, LoanState
from fleet.loans.service.returning.arriving import WAS_WITH
from fleet.loans.service.swapping.arranging import SWAP_RELEASED
from fleet.loans.service.writer.locks import Locked, label_of, lock, lock_by_tablet
from fleet.loans.service.writer.moves import make, move_sim, move_tablet, note
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import TabletEvent
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import SYSTEM, Actor

_ELSEWHERE = (Move.HAND_IN_ELSEWHERE, Move.ARRIVE_ELSEWHERE, Move.FIND_ELSEWHERE)
_MORE = "more has happened to it since"


def undo_scan_in(
    session: Session, *, tablet_id: int, actor: Actor, settings: Settings, happening: Happening
) -> Loan | None:
    """A tablet was not brought to the hub after all; its loan, if one has it.

    Raises `Conflict` for what stays true however it came about (a lost one is found, a swapped one has been swapped),
    and when more has happened to the tablet since.
    """
    other_id = _let_go_with(session, tablet_id)
    held = lock_by_tablet(session, tablet_id, other_id)
    last = _last(session, tablet_id, *Move)
    match last.kind:
        case Move.HAND_IN | Move.HAND_IN_ELSEWHERE if held is not None:
            _undo_hand_in(session, held, tablet_id, actor=actor, settings=settings, happening=happening)
            if other_id is not None:
                _keep_again(session, held.loan, other_id, settings=settings, happening=happening)
        case Move.ARRIVE_BACK | Move.ARRIVE_ELSEWHERE:
            holder = _courier_before(session, tablet_id, last)
            _back_with(session, held, tablet_id, Move.UNDO_ARRIVE_BACK, holder, actor, settings, happening)
        case Move.BACK_UNDELIVERED:
            before = _last(session, tablet_id, Move.LOAD)
            if held is not None:
                _out_again(session, held, actor=actor, happening=happening)
            _back_with(session, held, tablet_id, Move.UNDO_BACK_UNDELIVERED, before.holder, actor, settings, happening)
        case Move.RECEIVE:
            tablets.move(session, tablet_id, Move.UNDO_RECEIVE, actor=actor, settings=settings, happening=happening)
        case Move.FIND | Move.FIND_ELSEWHERE:
            raise _stays(session, tablet_id, "it was lost, and it is found")
        case Move.HAND_IN | Move.HAND_IN_ELSEWHERE:
            raise _stays(session, tablet_id, "another took its place")
        case _:
            raise _stays(session, tablet_id, _MORE)
    return held.loan if held is not None else None


def _courier_before(session: Session, tablet_id: int, arrived: TabletEvent) -> str:
    """The courier who had it before it arrived, as a code."""
    if arrived.kind == Move.ARRIVE_ELSEWHERE:
        if arrived.details[WAS_WITH] != _last(session, tablet_id, Move.COLLECT).holder:
            raise _stays(session, tablet_id, "no courier had it, but another hub or a partner's place")
        return str(arrived.details[WAS_WITH])
    before = _last(session, tablet_id, Move.COLLECT, Move.LEAVE_AT_PARTNER, *_ELSEWHERE)
    if before.kind == Move.LEAVE_AT_PARTNER:
        raise _stays(session, tablet_id, "a courier had left it at a partner's place")
    if before.kind in _ELSEWHERE:
        raise _stays(session, tablet_id, "another hub had taken it in")
    return before.holder


def _let_go_with(session: Session, tablet_id: int) -> int | None:
    """The other tablet of the swap that this very hand-in made needless."""
    loan = queries.open_loan_of_tablet(session, tablet_id)
    if loan is None or loan.state is not LoanState.COLLECTED:
        return None
    handed_in = queries.latest_event(session, loan.id, LoanMove.HAND_IN.value)
    released = queries.latest_event(session, loan.id, SWAP_RELEASED)
    if handed_in is None or released is None or released.id < handed_in.id:
        return None
    return int(released.details["other"])


def _keep_again(session: Session, loan: Loan, other_id: int, *, settings: Settings, happening: Happening) -> None:
    """The swap is arranged as before, unless the other tablet went on to somebody else meanwhile: then the log says
    so."""
    label, told = label_of(session, other_id), replace(happening, client_id=None, details={})
    free = tablets.get_tablet(session, other_id).stage is Stage.READY and not tablets.open_holds(session, other_id)
    if free:
        move_tablet(session, other_id, Move.ALLOCATE, loan=loan, actor=SYSTEM, settings=settings, happening=told)
        loan.swap_tablet_id = other_id
    words = f"The swap stays arranged: {label} is kept for it" if free else f"{label} is gone: arrange the swap anew"
    note(session, loan, kind="swap_kept_again", words=words, actor=SYSTEM, happening=told)


def _undo_hand_in(
    session: Session, held: Locked, tablet_id: int, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    """The person has it still: their clock runs on, and so does their data."""
    if held.sim_link is not None and not bundles.can_begin(
        bundles.get_sim(session, held.sim_link.sim_id), SimMove.ACTIVATE
    ):
        raise _stays(session, tablet_id, "its SIM was dealt with since")
    arranged = held.loan.return_arranged_at is not None
    make(
        session,
        held,
        LoanMove.UNDO_HAND_IN_ARRANGED if arranged else LoanMove.UNDO_HAND_IN,
        actor=actor,
        happening=happening,
    )
    move_tablet(
        session, tablet_id, Move.UNDO_HAND_IN, loan=held.loan, actor=actor, settings=settings, happening=happening
    )
    move_sim(session, held, SimMove.ACTIVATE, actor=actor, happening=happening)
    held.loan.returned_on = None
    session.flush()


def _out_again(session: Session, held: Locked, *, actor: Actor, happening: Happening) -> None:
    """The attempt that this very scan told of did not fail; one that the courier had told of did."""
    told = queries.latest_event(session, held.loan.id, LoanMove.FAILED_ATTEMPT.value, "back_at_hub")
    if held.loan.state is LoanState.ALLOCATED and told is not None and told.kind == LoanMove.FAILED_ATTEMPT:
        words = "With the courier still: the scan at the hub was taken back"
        make(session, held, LoanMove.LOAD, actor=actor, happening=happening, words=words)
        held.loan.attempts = max(held.loan.attempts - 1, 0)
        session.flush()


def _back_with(
    session: Session,
    held: Locked | None,
    tablet_id: int,
    move: Move,
    holder: str,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> None:
    """The courier has it again, who had it before."""
    tablets.move(session, tablet_id, move, actor=actor, settings=settings, happening=happening, holder=holder)
    if held is not None:
        words = "The scan at the hub was taken back"
        note(session, held.loan, kind=move.value, words=words, actor=actor, happening=happening)


def undo_inspection(
    session: Session, *, tablet_id: int, actor: Actor, settings: Settings, happening: Happening
) -> Loan | None:
    """A tablet was not looked over after all: it waits for that again, and so does the loan that closed with it.

    A SIM that was put away since stays there. Raises `Conflict` when more has happened to the tablet since.
    """
    cleaned = _last(session, tablet_id, *Move)
    if cleaned.kind != Move.CLEAN:
        raise _stays(session, tablet_id, _MORE)
    loan = queries.last_loan_of_tablet(session, tablet_id)
    if loan is None or loan.state is not LoanState.CLOSED_RETURNED or loan.closed_at != cleaned.at:
        tablets.move(session, tablet_id, Move.UNDO_CLEAN, actor=actor, settings=settings, happening=happening)
        return None
    tablets.lock_tablet(session, tablet_id)
    held = lock(session, loan.id)
    move_tablet(
        session, tablet_id, Move.UNDO_CLEAN, loan=held.loan, actor=actor, settings=settings, happening=happening
    )
    make(session, held, LoanMove.UNDO_CLOSE, actor=actor, happening=happening)
    held.loan.closed_at = None
    for link in queries.tablets_had(session, loan.id):
        if link.tablet_id == tablet_id and link.to_at == cleaned.at:
            link.to_at = None
    _sim_again(session, loan.id, cleaned)
    session.flush()
    return held.loan


def _sim_again(session: Session, loan_id: int, cleaned: TabletEvent) -> None:
    """The loan has its SIM again, unless that went on to somewhere else when the loan closed."""
    link = queries.last_sim(session, loan_id)
    if link is None or link.to_at != cleaned.at:
        return
    if bundles.lock_sim(session, link.sim_id).state is SimState.SUSPENDED:
        link.to_at = None


def _last(session: Session, tablet_id: int, *moves: Move) -> TabletEvent:
    found = tablets.latest_event(session, tablet_id, *moves)
    if found is None:
        raise _stays(session, tablet_id, "nobody wrote down how it came about")
    return found


def _stays(session: Session, tablet_id: int, why: str) -> Conflict:
    return Conflict(
        f"Nothing was changed. It cannot be taken back for {label_of(session, tablet_id)}: {why}.",
        next_step="Open the tablet's own page to see what may happen next.",
    )
