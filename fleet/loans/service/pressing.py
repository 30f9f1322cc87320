"""The moves that a person presses on a loan's page without filling in a form, and what may be pressed next."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from fleet.errors import MoveRefused
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.rules import BY_MOVE, Facts, LoanKind, LoanMove, Transition, offers
from fleet.loans.service.lending.handing_over import dispatch
from fleet.loans.service.requests.deciding import approve, cancel, put_on_waiting_list, undo_allocation
from fleet.loans.service.returning.not_collected import undo_collect
from fleet.loans.service.returning.taking_back import arrange_return, cancel_return
from fleet.loans.service.swapping.arranging import call_off_swap
from fleet.loans.service.writer.facts import Asked, facts_of
from fleet.loans.service.writer.locks import look
from fleet.machine import Offer
from fleet.settings import Settings
from fleet.tablets.rules import Custody, Stage
from fleet.users.actor import Actor

_PRESSED: dict[LoanMove, Callable[..., Loan]] = {
    LoanMove.APPROVE: approve,
    LoanMove.WAIT: put_on_waiting_list,
    LoanMove.CANCEL: cancel,
    LoanMove.UNDO_ALLOCATION: undo_allocation,
    LoanMove.DISPATCH: dispatch,
    LoanMove.ARRANGE_RETURN: arrange_return,
    LoanMove.CANCEL_RETURN: cancel_return,
    LoanMove.CALL_OFF_SWAP: call_off_swap,
    LoanMove.UNDO_COLLECT: undo_collect,
    LoanMove.UNDO_COLLECT_ARRANGED: undo_collect,
}


def press(
    session: Session, loan_id: int, move: LoanMove, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """Make a move that needs no more than a reason. Raises `MoveRefused` for one that asks for more."""
    function = _PRESSED.get(move)
    if function is None:
        raise MoveRefused(
            f"Nothing was changed. “{BY_MOVE[move].words}” asks for more than a reason.",
            next_step="Use its own form, or the courier's phone.",
        )
    return function(session, loan_id, actor=actor, settings=settings, happening=happening)


def facts_now(session: Session, loan: Loan, *, happening: Happening) -> Facts:
    """What the guards would look at."""
    return facts_of(session, look(session, loan), Asked(), now=happening.now)


def what_may_happen(
    session: Session, loan: Loan, *, actor: Actor, happening: Happening
) -> tuple[Offer[Transition], ...]:
    """The moves this person may press on the loan's page, and what stands in the way of each."""
    seen = look(session, loan)
    facts = facts_of(session, seen, Asked(), now=happening.now)
    coming_back = seen.tablet is not None and seen.tablet.stage is Stage.IN_TRANSIT_BACK
    other_out = seen.swap_tablet is not None and seen.swap_tablet.stage is Stage.IN_TRANSIT_OUT
    other_here = seen.swap_tablet is not None and not other_out
    on_the_way_back = coming_back and seen.tablet is not None and seen.tablet.custody is Custody.COURIER
    arranged = loan.return_arranged_at is not None
    fitting = {
        LoanMove.DISPATCH: loan.dispatched_at is None,
        LoanMove.UNDO_HAND_OVER: facts.last_move is LoanMove.HAND_OVER,
        LoanMove.UNDO_HUB_HAND_OVER: facts.last_move is LoanMove.HUB_HAND_OVER,
        LoanMove.UNDO_COLLECT: on_the_way_back and not arranged,
        LoanMove.UNDO_COLLECT_ARRANGED: on_the_way_back and arranged,
        LoanMove.LOSE_ON_THE_WAY_BACK: coming_back,
        LoanMove.ARRANGE_SWAP: seen.swap_tablet is None,
        LoanMove.CALL_OFF_SWAP: other_here,
        LoanMove.SWAP: other_here,
        LoanMove.LOSE_SWAP: other_out,
        LoanMove.EXTEND: loan.kind is not LoanKind.VENUE,
    }
    return tuple(offer for offer in offers(facts, actor.roles) if fitting.get(offer.transition.move, True))
