"""What a coordinator decides of a request: yes, later, no, or over before it began."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove
from fleet.errors import MoveRefused
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.rules import DeclineReason, LoanMove, SafeAtHome
from fleet.loans.service.writer.locks import Locked, get_loan
from fleet.loans.service.writer.moves import let_go, make, move_sim, move_tablet, note
from fleet.loans.service.writer.told import begin
from fleet.loans.service.writer.visits import visits_follow
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import Actor


def answer_safe_at_home(
    session: Session, loan_id: int, answer: SafeAtHome, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """Write down whether it is safe to bring a tablet to the home. Nothing is lent before this was asked."""
    held = begin(session, loan_id, ("safe_at_home",), happening)
    if held is not None:
        people.refuse_erased(held.person)
        held.loan.safe_at_home = answer
        words = "Asked whether it is safe at home"
        note(session, held.loan, kind="safe_at_home", words=words, actor=actor, happening=happening)
    return get_loan(session, loan_id)


def approve(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """Say yes. Raises `MoveRefused` while a question is open."""
    return _decide(session, loan_id, LoanMove.APPROVE, actor=actor, happening=happening)


def put_on_waiting_list(
    session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """Say "later": there is nothing to lend yet."""
    return _decide(session, loan_id, LoanMove.WAIT, actor=actor, happening=happening)


def decline(
    session: Session, loan_id: int, reason: DeclineReason, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """Say no, with a coded reason; `happening.reason` may add a sentence."""
    told = happening.reason or reason.value.replace("_", " ").capitalize()
    loan = _decide(session, loan_id, LoanMove.DECLINE, actor=actor, happening=replace(happening, reason=told))
    loan.decline_reason = loan.decline_reason or reason
    return loan


def cancel(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """End a request before its tablet went out; what was kept for it goes back to stock. Needs `happening.reason`.

    Raises `MoveRefused` while a courier still has the tablet.
    """
    held = begin(session, loan_id, (LoanMove.CANCEL.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.CANCEL, actor=actor, happening=happening)
    _give_back_to_stock(session, held, actor=actor, settings=settings, happening=happening)
    return held.loan


def undo_allocation(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """Take the tablet and SIM back from a loan that has not gone out; the request stays approved. Needs a reason."""
    held = begin(session, loan_id, (LoanMove.UNDO_ALLOCATION.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.UNDO_ALLOCATION, actor=actor, happening=happening)
    _give_back_to_stock(session, held, actor=actor, settings=settings, happening=happening)
    forget_allocation(held.loan)
    return held.loan


def forget_allocation(loan: Loan) -> None:
    """The loan is as it was before a tablet was kept for it."""
    loan.allocated_at = loan.dispatched_at = loan.wanted_due_on = None
    loan.doorstep_phrase = ""


def _give_back_to_stock(
    session: Session, held: Locked, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    if held.tablet is not None:
        if held.tablet.stage is Stage.IN_TRANSIT_OUT:
            raise MoveRefused(
                f"Nothing was changed. A courier still has tablet {held.tablet.id}.",
                reasons=("Scan the tablet back at the hub first.",),
                next_step="Ring the courier, then try again.",
            )
        if held.sim_link is not None:
            sim = bundles.get_sim(session, held.sim_link.sim_id)
            bundles.leave_in(session, sim, held.tablet.id, actor=actor, happening=happening)
        move_tablet(
            session, held.tablet.id, Move.RELEASE, loan=held.loan, actor=actor, settings=settings, happening=happening
        )
    move_sim(session, held, SimMove.RELEASE, actor=actor, happening=happening)
    if held.loan.dispatched_at is not None:
        visits_follow(session, held.loan, happening=happening)
    let_go(held, happening.now)
    session.flush()


def _decide(session: Session, loan_id: int, move: LoanMove, *, actor: Actor, happening: Happening) -> Loan:
    held = begin(session, loan_id, (move.value,), happening)
    if held is not None:
        make(session, held, move, actor=actor, happening=happening)
    return get_loan(session, loan_id)
