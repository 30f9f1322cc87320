"""A collection that was pressed by mistake at a door, taken back while it is fresh (rule R15)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove
from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan, LoanEvent
from fleet.loans.rules import LoanMove
from fleet.loans.service.writer.locks import get_loan
from fleet.loans.service.writer.moves import make, move_sim, move_tablet
from fleet.loans.service.writer.told import begin
from fleet.loans.service.writer.visits import visits_follow
from fleet.settings import Settings
from fleet.tablets.rules import Move
from fleet.users.actor import Actor

NOT_COLLECTED = (LoanMove.UNDO_COLLECT, LoanMove.UNDO_COLLECT_ARRANGED)


def undo_collect(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """The person has it still, says `happening.reason`: their clock runs on, and so does their data.

    A return that was arranged stays so, and the courier's stop is to be done again. A tablet kept for a swap was let go
    and is arranged anew. Raises `MoveRefused` once more has happened, or a day later, and `Conflict` where the SIM was
    dealt with since.
    """
    held = begin(session, loan_id, tuple(each.value for each in NOT_COLLECTED), happening)
    if held is None:
        return get_loan(session, loan_id)
    arranged = held.loan.return_arranged_at is not None
    make(
        session,
        held,
        LoanMove.UNDO_COLLECT_ARRANGED if arranged else LoanMove.UNDO_COLLECT,
        actor=actor,
        happening=happening,
    )
    loan = held.loan
    if held.sim_link is not None and not bundles.can_begin(
        bundles.get_sim(session, held.sim_link.sim_id), SimMove.ACTIVATE
    ):
        raise Conflict(
            f"Nothing was changed. The collection of loan {loan_id} stands: its SIM was dealt with since.",
            next_step="Open the SIM to see what became of it.",
        )
    if held.tablet is not None:
        move_tablet(
            session, held.tablet.id, Move.UNDO_COLLECT, loan=loan, actor=actor, settings=settings, happening=happening
        )
    move_sim(session, held, SimMove.ACTIVATE, actor=actor, happening=happening)
    loan.returned_on, loan.condition, loan.kit_missing, loan.sim_in_tray = None, "", "", None
    visits_follow(session, loan, happening=happening)
    session.flush()
    return loan


def collection_undone(session: Session, loan: Loan) -> LoanEvent | None:
    """The last time that a collection was taken back."""
    return queries.latest_event(session, loan.id, *NOT_COLLECTED)
