"""From the shelf into the person's hands: packed, loaded, not delivered, handed over."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.bundles.rules import SimMove
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.rules import HandedTo, LoanMove, LoanState, said
from fleet.loans.service.lending.due_dates import due_from, set_due
from fleet.loans.service.papers.agreements import freeze_agreement
from fleet.loans.service.writer.facts import Asked
from fleet.loans.service.writer.locks import get_loan, local_day
from fleet.loans.service.writer.moves import make, move_sim, move_tablet
from fleet.loans.service.writer.told import begin, happened_at
from fleet.loans.service.writer.visits import visits_follow
from fleet.settings import Settings
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import Actor


def dispatch(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """The kit is packed and the SIM is in the tablet. The loan stays allocated until a courier loads it."""
    held = begin(session, loan_id, (LoanMove.DISPATCH.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.DISPATCH, actor=actor, happening=happening)
    _left(held.loan, happening)
    move_sim(session, held, SimMove.INSTALL, actor=actor, happening=happening)
    return held.loan


def load(
    session: Session, loan_id: int, *, tablet_id: int, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """A courier takes the tablet. After a failed attempt it may still be on board: then only the loan moves."""
    held = begin(session, loan_id, (LoanMove.LOAD.value,), happening, tablet_id=tablet_id)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.LOAD, actor=actor, happening=happening)
    _left(held.loan, happening)
    if held.tablet is not None and held.tablet.stage is not Stage.IN_TRANSIT_OUT:
        move_tablet(session, tablet_id, Move.LOAD, loan=held.loan, actor=actor, settings=settings, happening=happening)
    move_sim(session, held, SimMove.INSTALL, actor=actor, happening=happening)
    return held.loan


def _left(loan: Loan, happening: Happening) -> None:
    if loan.dispatched_at is None:
        loan.dispatched_at = happening.now


def failed_attempt(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """Nobody in, refused, wrong address: `happening.reason` says which. The courier keeps the tablet until it is
    scanned back at the hub, or loads it again. How many it makes is said by `attempts_told`."""
    held = begin(session, loan_id, (LoanMove.FAILED_ATTEMPT.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.FAILED_ATTEMPT, actor=actor, happening=happening)
    return held.loan


def hand_over(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int,
    handed_to: HandedTo,
    agreement_accepted: bool,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Loan:
    """The person has the tablet: at the door, or at the hub when no courier has it. The loan starts and is due.

    The due date is in `loan.due_on` afterwards, to be read out. It counts from the day of the hand-over (rule R15): a
    day asked for or the cohort's end that has gone by is passed over for the programme's policy.
    Raises `WrongTablet`, `MoveRefused`, `Conflict` when the hub's calendar has no open day.
    """
    held = begin(
        session, loan_id, (LoanMove.HAND_OVER.value, LoanMove.HUB_HAND_OVER.value), happening, tablet_id=tablet_id
    )
    if held is None:
        return get_loan(session, loan_id)
    at_hub = held.loan.state is LoanState.ALLOCATED
    start = local_day(held, happened_at(happening))
    due = due_from(session, held, start)
    make(
        session,
        held,
        LoanMove.HUB_HAND_OVER if at_hub else LoanMove.HAND_OVER,
        actor=actor,
        happening=happening,
        asked=Asked(agreement_accepted=agreement_accepted),
        words=f"Handed over at the {'hub' if at_hub else 'door'}, due on {said(due)}",
    )
    loan = held.loan
    loan.started_on, loan.original_due_on = start, due
    loan.handed_to, loan.agreement_accepted_at = handed_to, happened_at(happening)
    tablet_move = Move.HUB_HAND_OVER if at_hub else Move.HAND_OVER
    move_tablet(session, tablet_id, tablet_move, loan=loan, actor=actor, settings=settings, happening=happening)
    move_sim(session, held, SimMove.ACTIVATE, actor=actor, happening=happening, on=start)
    if at_hub and loan.dispatched_at is not None:
        visits_follow(session, loan, happening=happening)
    set_due(session, held, due, actor=actor, happening=happening)
    freeze_agreement(session, held, settings=settings, happening=happening)
    return loan
