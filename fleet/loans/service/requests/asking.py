"""From the asking to the decision: requests, approval, the waiting list, declining and cancelling."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Programme
from fleet.cohorts.rules import not_for_them
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import AskedBy, Barrier, LoanKind, LoanState, SafeAtHome
from fleet.loans.service.requests.cohort import cohort_problem
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.told import IdUsedBefore
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.rules import age_problem
from fleet.settings import Settings
from fleet.users.actor import Actor


def request_loan(
    session: Session,
    *,
    person_id: int,
    programme_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    cohort_id: int | None = None,
    safe_at_home: SafeAtHome | None = None,
    barriers: Collection[Barrier] = (),
    referrer_id: int | None = None,
    asked_by: AskedBy | None = None,
    kind: LoanKind = LoanKind.TABLET,
    venue_loan_id: int | None = None,
) -> Loan:
    """Ask for a tablet, or for data alone, for somebody who is on record. A custodian meets no rule about borrowers.

    Raises `BadInput` when the programme is not for them."""
    before = queries.event_by_client_id(session, happening.client_id) if happening.client_id else None
    if before is not None:
        return _same_request(session, before.loan_id, before.kind, person_id)
    person = people.lock_person(session, person_id)  # so that nobody asks for somebody who is being erased
    people.refuse_erased(person)
    programme = cohorts.get_programme(session, programme_id)
    problems = {
        "programme_id": "" if programme.active else "This programme has ended; choose another.",
        "person_id": "" if person.deceased_on is None else "This person has died.",
        "cohort_id": cohort_problem(session, cohort_id, programme_id),
        **({} if kind is LoanKind.VENUE else _not_for_them(person, programme, barriers, local_date(happening.now))),
    }
    fields = {field: sentence for field, sentence in problems.items() if sentence}
    if fields:
        raise BadInput("The request was not made.", fields=fields)
    loan = Loan(
        hub_id=programme.hub_id,
        person_id=person.id,
        programme_id=programme.id,
        cohort_id=cohort_id,
        referrer_id=referrer_id if referrer_id is not None else person.referrer_id,
        asked_by=asked_by or (AskedBy.STAFF if referrer_id is None else AskedBy.PARTNER),
        kind=kind,
        venue_loan_id=venue_loan_id,
        state=LoanState.REQUESTED,
        safe_at_home=safe_at_home,
        barriers=sorted(barrier.value for barrier in barriers),
        requested_at=happening.now,
        changed_at=happening.now,
    )
    session.add(loan)
    session.flush()
    note(session, loan, kind="request", words="Asked for", actor=actor, happening=happening)
    return loan


def _not_for_them(person: Person, programme: Programme, barriers: Collection[Barrier], today: date) -> dict[str, str]:
    too_young = age_problem(person.birth_year, programme.min_age, today) or ""
    return {"birth_year": too_young, **not_for_them(programme.policy, area=person.area, barriers=barriers)}


def _same_request(session: Session, loan_id: int, kind: str, person_id: int) -> Loan:
    loan = queries.loan(session, loan_id)
    if loan is None or kind != "request" or loan.person_id != person_id:
        raise IdUsedBefore(
            "Nothing was changed. This id was used before, for something else.",
            next_step="Send it again with an id of its own.",
        )
    return loan
