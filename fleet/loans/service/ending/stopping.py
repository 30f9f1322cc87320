"""All contact stopped: the person has died, moved into care or withdrew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import BEFORE_ALLOCATION, ENDED, LoanMove, LoanState, StopReason
from fleet.loans.service.ending.stopped import tell_stopped
from fleet.loans.service.requests.deciding import cancel
from fleet.loans.service.swapping.arranging import release_swap
from fleet.loans.service.writer.locks import get_loan, lock, lock_all
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.told import told_before
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor


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
    open_ids = queries.unended_loan_ids_of_person(session, loan.person_id)
    lock_all(session, open_ids)
    for other_id in open_ids:
        told = happening if other_id == loan_id else replace(happening, client_id=None)
        _stop(session, other_id, StopReason.DIED, actor=actor, settings=settings, happening=told)
    people.record_death(session, loan.person_id, on=on, actor=actor, happening=replace(happening, client_id=None))
    return get_loan(session, loan_id)


def stop_contact(
    session: Session, loan_id: int, why: StopReason, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """The person moved into care or away, or withdrew: this loan is never chased again and can only come to an end."""
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
    tell_stopped(session, held, actor=actor, happening=happening)
    return loan
