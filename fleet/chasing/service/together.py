"""What is done at once about several tablets of a venue that one custodian looks after."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from fleet.chasing.models import ChaseCall
from fleet.chasing.rules import CallOutcome
from fleet.chasing.service.holds import record_call
from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import WITH_THE_PERSON
from fleet.users.actor import Actor


def with_others(session: Session, loan_id: int, others: Sequence[int]) -> list[int]:
    """The loan, and those of the others that the same custodian has from the same venue loan; each locked, the lowest
    number first. Raises `NotFound`."""
    asked = loans.get_loan(session, loan_id)
    found = (loans.loan_locked(session, number) for number in sorted({loan_id, *others}))
    return [each.id for each in found if each is not None and (each.id == loan_id or _goes_with(each, asked))]


def _goes_with(other: Loan, asked: Loan) -> bool:
    same = (other.venue_loan_id, other.person_id) == (asked.venue_loan_id, asked.person_id)
    return same and other.venue_loan_id is not None and other.state in WITH_THE_PERSON


def record_call_about(
    session: Session,
    loan_id: int,
    others: Sequence[int],
    outcome: CallOutcome,
    *,
    gives_back_on: date | None = None,
    actor: Actor,
    happening: Happening,
) -> ChaseCall:
    """`record_call` for a loan and for those that go with it, of which some may not be asked about any more."""
    rest = replace(happening, client_id=None)
    together = with_others(session, loan_id, others)
    call = record_call(session, loan_id, outcome, gives_back_on=gives_back_on, actor=actor, happening=happening)
    for number in together:
        if number != loan_id:
            with suppress(Conflict), session.begin_nested():
                record_call(session, number, outcome, gives_back_on=gives_back_on, actor=actor, happening=rest)
    return call
