"""What couriers tell late or once more: a loan's figures are set right by it, and nothing moves."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove
from fleet.database.locking import is_locked
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.rules import HandedTo, LoanState, said
from fleet.loans.service.lending.due_dates import due_from, set_due
from fleet.loans.service.returning.taking_back import Condition, day_of_return
from fleet.loans.service.writer.locks import get_loan, local_day, lock
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.told import begin, happened_at
from fleet.settings import Settings
from fleet.users.actor import Actor


def attempts_told(
    session: Session, loan_id: int, attempts: int, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """How many attempts have failed, by all that couriers told. The loan never counts fewer than it knew of."""
    if not is_locked(session, Loan, loan_id):
        lock(session, loan_id)
    loan = get_loan(session, loan_id)
    if attempts > loan.attempts:
        loan.attempts = attempts
        words = f"Not delivered: {attempts} time{'' if attempts == 1 else 's'} so far"
        note(session, loan, kind="attempts_told", words=words, actor=actor, happening=happening)
    return loan


def handed_over_earlier(
    session: Session, loan_id: int, *, handed_to: HandedTo, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """The hand-over is told again, as something that happened before what is on record: the earlier one counts.

    Nothing moves. The due date follows the earlier day, as an entry of its own, unless it was extended since.
    """
    held = begin(session, loan_id, ("handed_over_earlier",), happening)
    known = held.loan.started_on if held is not None else None
    if held is None or known is None:
        return get_loan(session, loan_id)
    loan, start = held.loan, local_day(held, happened_at(happening))
    loan.handed_to, loan.agreement_accepted_at = handed_to, happened_at(happening)
    if start < known:
        due, extended = due_from(session, held, start), loan.due_on != loan.original_due_on
        words = f"Handed over on {said(start)}, not on {said(known)}"
        note(session, loan, kind="handed_over_earlier", words=words, actor=actor, happening=happening)
        if held.sim_link is not None:
            bundles.count_from(session, held.sim_link.sim_id, SimMove.ACTIVATE, start, instead_of=known)
        loan.started_on, loan.original_due_on = start, due
        if not extended and due != loan.due_on:
            set_due(session, held, due, actor=actor, happening=replace(happening, reason=words))
    return loan


def taken_back_earlier(
    session: Session,
    loan_id: int,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    condition: Condition | None = None,
    sim_in_tray: bool | None = None,
    kit_missing: str = "",
) -> Loan:
    """The taking back is told again: the clock stopped on the earlier of the days, and this is what was seen.

    Nothing moves, and a loan that was inspected since is left as the inspection found it.
    """
    held = begin(session, loan_id, ("taken_back_earlier",), happening)
    known = held.loan.returned_on if held is not None else None
    if held is None or known is None or held.loan.state is not LoanState.COLLECTED:
        return get_loan(session, loan_id)
    loan, day = held.loan, day_of_return(held, happening)
    loan.condition = condition.value if condition else ""
    loan.sim_in_tray, loan.kit_missing = sim_in_tray, kit_missing
    if day < known:
        words = f"Given back on {said(day)}, not on {said(known)}"
        note(session, loan, kind="taken_back_earlier", words=words, actor=actor, happening=happening)
        if held.sim_link is not None:
            bundles.count_from(session, held.sim_link.sim_id, SimMove.SUSPEND, day, instead_of=known)
        loan.returned_on = day
    session.flush()
    return loan
