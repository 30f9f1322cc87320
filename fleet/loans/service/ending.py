"""Endings that are not a return: lost, found, given for good, and everything stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from fleet.bundles.rules import SimMove
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import BEFORE_ALLOCATION, ENDED, LoanMove, LoanState, StopReason
from fleet.loans.service.asking import cancel, forget_allocation
from fleet.loans.service.swapping import release_swap
from fleet.loans.service.writer import (
    begin,
    get_loan,
    let_go,
    lock,
    make,
    move_sim,
    move_tablet,
    note,
    told_before,
    told_of_tablet,
)
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import Actor

_LOSSES = (LoanMove.LOSE, LoanMove.LOSE_ON_THE_WAY_OUT, LoanMove.LOSE_ON_THE_WAY_BACK)


def mark_lost(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """A coordinator decides that the tablet is lost; `happening.reason` says what was tried. Somebody is asked to bar
    its SIM.

    Lost by a courier it is not the person's loss: on the way out the request stays approved, on the way back the loan
    closes as returned.
    """
    held = begin(session, loan_id, tuple(move.value for move in _LOSSES), happening)
    if held is None:
        return get_loan(session, loan_id)
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
    let_go(held, happening.now)
    if move is LoanMove.LOSE_ON_THE_WAY_OUT:
        forget_allocation(held.loan)
    session.flush()
    return held.loan


def found(session: Session, *, tablet_id: int, actor: Actor, settings: Settings, happening: Happening) -> Loan | None:
    """A lost tablet turned up and is at the hub. A loan that was closed as lost is corrected; nothing is reopened.

    The tablet must be wiped before anything else, and its SIM stays lost or barred until somebody says otherwise. What
    people said of where it is counts as settled.
    """
    tablets.lock_tablet(session, tablet_id)
    told = told_of_tablet(session, (LoanMove.FIND.value,), happening)
    if told is not None:
        return told
    settled = replace(happening, reason="It was found.")
    tablets.settle_sightings_of(session, tablet_id, actor=actor, happening=settled)
    last = queries.last_loan_of_tablet(session, tablet_id)
    if last is None or last.state is not LoanState.CLOSED_LOST:
        tablets.move(session, tablet_id, Move.FIND, actor=actor, settings=settings, happening=happening)
        return None
    held = lock(session, last.id)
    move_tablet(session, tablet_id, Move.FIND, loan=held.loan, actor=actor, settings=settings, happening=happening)
    make(session, held, LoanMove.FIND, actor=actor, happening=happening)
    return held.loan


def mark_gifted(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """The tablet becomes the person's own, with its data plan; `happening.reason` names the authority."""
    held = begin(session, loan_id, (LoanMove.GIFT.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.GIFT, actor=actor, happening=happening)
    if held.tablet is not None:
        move_tablet(
            session, held.tablet.id, Move.GIFT, loan=held.loan, actor=actor, settings=settings, happening=happening
        )
    move_sim(session, held, SimMove.KEEP, actor=actor, happening=happening)
    let_go(held, happening.now)
    session.flush()
    return held.loan


def stop_for_death(
    session: Session,
    loan_id: int,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    on: date | None = None,
) -> Loan:
    """One act: the person has died, and all automatic contact stops at once, on every loan of theirs (rule R12).

    What has not gone out is cancelled; a tablet that is out is fetched by arrangement and is never overdue.
    """
    loan = get_loan(session, loan_id)
    if told_before(session, loan_id, ("stopped", LoanMove.CANCEL.value), happening):
        return loan
    for other_id in queries.unended_loan_ids_of_person(session, loan.person_id):
        told = happening if other_id == loan_id else replace(happening, client_id=None)
        _stop(session, other_id, StopReason.DIED, actor=actor, settings=settings, happening=told)
    people.record_death(session, loan.person_id, on=on, actor=actor, happening=replace(happening, client_id=None))
    return get_loan(session, loan_id)


def stop_contact(
    session: Session, loan_id: int, why: StopReason, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """The person moved into care or withdrew: this loan is never chased again and can only come to an end."""
    if why is StopReason.DIED:
        return stop_for_death(session, loan_id, actor=actor, settings=settings, happening=happening)
    if told_before(session, loan_id, ("stopped", LoanMove.CANCEL.value), happening):
        return get_loan(session, loan_id)
    return _stop(session, loan_id, why, actor=actor, settings=settings, happening=happening)


def _stop(
    session: Session, loan_id: int, why: StopReason, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    held = lock(session, loan_id)
    loan = held.loan
    if loan.state in ENDED or loan.stopped_at is not None:
        return loan
    loan.stop_reason, loan.stopped_at = why, happening.now
    out = held.tablet is not None and held.tablet.stage is not Stage.ALLOCATED
    if loan.state in BEFORE_ALLOCATION or (loan.state is LoanState.ALLOCATED and not out):
        told = replace(happening, reason=happening.reason or "All contact stopped")
        return cancel(session, loan_id, actor=actor, settings=settings, happening=told)
    note(session, loan, kind="stopped", words="All contact stopped", actor=actor, happening=happening)
    release_swap(session, held, settings=settings, happening=happening)
    return loan
