"""All contact stopped: the person has died, moved into care or withdrew. And a death that was recorded by mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan, SecondLook
from fleet.loans.rules import BEFORE_ALLOCATION, ENDED, LoanMove, LoanState, StopReason
from fleet.loans.service.ending.stopped import tell_stopped
from fleet.loans.service.requests.deciding import cancel
from fleet.loans.service.swapping.arranging import release_swap
from fleet.loans.service.writer.locks import get_loan, lock
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.several import lock_all
from fleet.loans.service.writer.told import told_before
from fleet.people import service as people
from fleet.people.models import Person
from fleet.settings import Settings
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor

STOP_LIFTED = "stop_lifted"


def stop_for_death(
    session: Session,
    loan_id: int,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    on: date | None = None,
) -> Loan:
    """`record_death`, told of one of their loans: its log then has the teller's own id."""
    loan = get_loan(session, loan_id)
    if told_before(session, loan_id, ("stopped", LoanMove.CANCEL.value), happening):
        return loan
    _stop_all(session, loan.person_id, on=on, told_of=loan_id, actor=actor, settings=settings, happening=happening)
    untold = happening.client_id is not None and queries.event_by_client_id(session, happening.client_id) is None
    if untold:  # this loan was over or stopped already; the teller's own id is kept with it all the same
        note(session, loan, kind="stopped", words="All contact stopped", actor=actor, happening=happening)
    return loan


def record_death(
    session: Session, person_id: int, *, on: date | None, actor: Actor, settings: Settings, happening: Happening
) -> Person:
    """One act: the person has died, and all automatic contact stops at once, on every loan of theirs (rule R12).

    What has not gone out is cancelled; a tablet that is out is fetched by arrangement and is never overdue. Raises
    `BadInput` for a day to come, `Conflict` for a record that was erased.
    """
    if on is not None and on > local_date(happening.now):
        raise BadInput("Nothing was changed.", fields={"on": "Enter a day that has come, or leave it empty."})
    _stop_all(session, person_id, on=on, told_of=None, actor=actor, settings=settings, happening=happening)
    return people.get_person(session, person_id)


def _stop_all(
    session: Session,
    person_id: int,
    *,
    on: date | None,
    told_of: int | None,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> None:
    open_ids = queries.unended_loan_ids_of_person(session, person_id)
    lock_all(session, open_ids)
    people.record_death(session, person_id, on=on, actor=actor, happening=replace(happening, client_id=None))
    # Somebody may have asked for a tablet while we waited for the person: from here on nobody can.
    for loan_id in queries.unended_loan_ids_of_person(session, person_id):
        told = happening if loan_id == told_of else replace(happening, client_id=None)
        _stop(session, loan_id, StopReason.DIED, actor=actor, settings=settings, happening=told)


def take_death_back(session: Session, look: SecondLook, *, actor: Actor, happening: Happening) -> None:
    """Two people say that the person has not died. Loans that were stopped for it and are not over go on; what was
    cancelled stays so, and nothing that was asked for before is asked for again (rule R12).

    Whoever calls it has locked the person's loans and the person.
    """
    people.take_death_back(session, look.person_id, asked_by=look.asked_by, actor=actor, happening=happening)
    for loan in queries.loans_of_person(session, look.person_id):
        if loan.stop_reason is not StopReason.DIED:
            continue
        loan.stop_reason, loan.stopped_at, loan.stop_lifted_at = None, None, happening.now
        _tell_data(session, loan)
        words = "The recorded death was taken back"
        note(session, loan, kind=STOP_LIFTED, words=words, actor=actor, happening=happening)


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
    _tell_data(session, loan)
    out = held.tablet is not None and held.tablet.stage is not Stage.ALLOCATED
    if loan.state in BEFORE_ALLOCATION or (loan.state is LoanState.ALLOCATED and not out):
        told = replace(happening, reason=happening.reason or "All contact stopped")
        return cancel(session, loan_id, actor=actor, settings=settings, happening=told)
    note(session, loan, kind="stopped", words="All contact stopped", actor=actor, happening=happening)
    release_swap(session, held, settings=settings, happening=happening)
    tell_stopped(session, held, actor=actor, happening=happening)
    return loan


def _tell_data(session: Session, loan: Loan) -> None:
    link = queries.open_sim(session, loan.id)
    if link is not None:
        bundles.stopped_with_loan(session, link.sim_id, loan.stopped_at)
