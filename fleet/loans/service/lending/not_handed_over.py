"""A hand-over that was pressed or scanned by mistake, taken back while it is fresh (rule R15)."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.bundles.rules import SimMove
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan, LoanEvent
from fleet.loans.rules import LoanMove
from fleet.loans.service.papers.agreements import take_agreement_back
from fleet.loans.service.requests.deciding import cancel
from fleet.loans.service.writer.facts import Asked, last_move
from fleet.loans.service.writer.locks import get_loan
from fleet.loans.service.writer.moves import make, move_sim, move_tablet
from fleet.loans.service.writer.told import begin
from fleet.loans.service.writer.visits import visits_follow
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move
from fleet.users.actor import SYSTEM, Actor


def undo_hand_over(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int,
    nobody_had_it: bool,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Loan:
    """The tablet never changed hands, says `happening.reason`: it is with the courier, or at the hub, as before.

    No date runs, no data, and nobody has accepted anything; what was written down meanwhile stays in the logs. The next
    hand-over gives the loan a due version of its own, with another agreement. Whoever asks has `tablet_id` before them,
    or a courier on the phone who has, and says that `nobody_had_it`: a tablet that was used, however shortly, comes
    back as any other and is wiped. At the hub nothing is kept for a loan that was stopped meanwhile: it is cancelled.
    Raises `WrongTablet`, and `MoveRefused` once more has happened, or a day later.
    """
    kinds = (LoanMove.UNDO_HAND_OVER.value, LoanMove.UNDO_HUB_HAND_OVER.value)
    held = begin(session, loan_id, kinds, happening, tablet_id=tablet_id)
    if held is None:
        return get_loan(session, loan_id)
    last = last_move(session, held.loan)
    at_hub = last is not None and last.kind == LoanMove.HUB_HAND_OVER
    move, tablet_move = (
        (LoanMove.UNDO_HUB_HAND_OVER, Move.UNDO_HUB_HAND_OVER)
        if at_hub
        else (LoanMove.UNDO_HAND_OVER, Move.UNDO_HAND_OVER)
    )
    make(session, held, move, actor=actor, happening=happening, asked=Asked(nobody_had_it=nobody_had_it))
    loan = held.loan
    loan.started_on = loan.original_due_on = loan.due_on = None
    loan.handed_to = loan.agreement_accepted_at = None
    move_tablet(
        session,
        tablet_id,
        tablet_move,
        loan=loan,
        actor=actor,
        settings=settings,
        happening=happening,
        holder=None if at_hub else _courier(session, tablet_id),
    )
    move_sim(session, held, SimMove.UNDO_ACTIVATE, actor=actor, happening=happening)
    take_agreement_back(session, held, settings=settings, happening=happening)
    if not at_hub:
        visits_follow(session, loan, happening=happening)
    session.flush()
    if at_hub and loan.stopped_at is not None:
        why = replace(happening, reason="All contact stopped", client_id=None, client_at=None)
        return cancel(session, loan.id, actor=SYSTEM, settings=settings, happening=why)
    return loan


def hand_over_undone(session: Session, loan: Loan) -> LoanEvent | None:
    """The last time that a hand-over at the door was taken back; None for one that was never handed over."""
    return queries.latest_event(session, loan.id, LoanMove.UNDO_HAND_OVER.value) if loan.due_version else None


def _courier(session: Session, tablet_id: int) -> str | None:
    """Who had it on the way out, as a code."""
    loaded = tablets.latest_event(session, tablet_id, Move.LOAD, Move.UNDO_BACK_UNDELIVERED, Move.UNDO_HAND_OVER)
    return loaded.holder if loaded is not None else None
