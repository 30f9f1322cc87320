"""Lost and found again: a coordinator decides the one, a scan at the hub tells of the other."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.bundles.rules import SimMove
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import LoanMove, LoanState
from fleet.loans.service.ending.stopped import tell_stopped
from fleet.loans.service.requests.deciding import forget_allocation
from fleet.loans.service.writer.locks import get_loan, lock
from fleet.loans.service.writer.moves import let_go, make, move_sim, move_tablet
from fleet.loans.service.writer.told import begin, told_of_tablet
from fleet.loans.service.writer.visits import call_visits_off
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move
from fleet.users.actor import Actor

LONGEST_REFERENCE = 60
_LOSSES = (LoanMove.LOSE, LoanMove.LOSE_ON_THE_WAY_OUT, LoanMove.LOSE_ON_THE_WAY_BACK)


def mark_lost(
    session: Session,
    loan_id: int,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    reference: str = "",
) -> Loan:
    """A coordinator decides that the tablet is lost; `happening.reason` says what was tried. Somebody is asked to bar
    its SIM. `reference` is the number of a police report or of an incident, where there is one.

    Lost by a courier it is not the person's loss: on the way out the request stays approved, on the way back the loan
    closes as returned.
    """
    if len(reference.strip()) > LONGEST_REFERENCE:
        too_long = f"Write the number alone, in at most {LONGEST_REFERENCE} letters."
        raise BadInput("Nothing was changed.", fields={"reference": too_long})
    held = begin(session, loan_id, tuple(move.value for move in _LOSSES), happening)
    if held is None:
        return get_loan(session, loan_id)
    held.loan.lost_reference = reference.strip()
    move = {
        LoanState.OUT_FOR_DELIVERY: LoanMove.LOSE_ON_THE_WAY_OUT,
        LoanState.COLLECTED: LoanMove.LOSE_ON_THE_WAY_BACK,
    }.get(held.loan.state, LoanMove.LOSE)
    make(session, held, move, actor=actor, happening=happening)
    if held.tablet is not None:
        move_tablet(
            session, held.tablet.id, Move.LOSE, loan=held.loan, actor=actor, settings=settings, happening=happening
        )
    move_sim(session, held, SimMove.LOSE, actor=actor, happening=happening)
    if move is LoanMove.LOSE_ON_THE_WAY_OUT:
        call_visits_off(session, held.loan, happening=happening)
    else:
        tell_stopped(session, held, actor=actor, happening=happening)
    let_go(held, happening.now)
    if move is LoanMove.LOSE_ON_THE_WAY_OUT:
        forget_allocation(held.loan)
    session.flush()
    return held.loan


def found(
    session: Session,
    *,
    tablet_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    at: int | None = None,
) -> Loan | None:
    """A lost tablet turned up and is at the hub, its own or, as `at` says, another one from where it goes home. A loan
    that was closed as lost is corrected; nothing is reopened.

    The tablet must be wiped before anything else, and its SIM stays lost or barred until somebody says otherwise. What
    people said of where it is counts as settled.
    """
    holder = tablets.holder_elsewhere(tablets.lock_tablet(session, tablet_id), at)
    told = told_of_tablet(session, (LoanMove.FIND.value,), happening)
    if told is not None:
        return told
    settled = replace(happening, reason="It was found.")
    tablets.settle_sightings_of(session, tablet_id, actor=actor, happening=settled)
    last = queries.last_loan_of_tablet(session, tablet_id)
    move = Move.FIND if holder is None else Move.FIND_ELSEWHERE
    if last is None or last.state is not LoanState.CLOSED_LOST:
        tablets.move(session, tablet_id, move, actor=actor, settings=settings, happening=happening, holder=holder)
        return None
    held = lock(session, last.id)
    move_tablet(
        session, tablet_id, move, loan=held.loan, actor=actor, settings=settings, happening=happening, holder=holder
    )
    make(session, held, LoanMove.FIND, actor=actor, happening=happening)
    return held.loan
