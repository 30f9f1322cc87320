"""Requests that go onto another record of the same person, which the waiting order and the limit then count as one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.queries import turns
from fleet.loans.rules import BEFORE_ALLOCATION, LoanKind
from fleet.loans.service.writer.moves import note
from fleet.users.actor import Actor


def lock_requests(session: Session, person_id: int) -> Sequence[Loan]:
    """Somebody's requests for which no tablet is chosen yet, locked."""
    theirs = queries.loans_locked(session, [loan.id for loan in queries.loans_of_person(session, person_id)])
    return [loan for loan in theirs if loan.state in BEFORE_ALLOCATION and loan.kind is not LoanKind.VENUE]


def count_loans(session: Session, person_id: int) -> int:
    """Everything that was ever asked for on this record and is still there."""
    return len(queries.loans_of_person(session, person_id))


def has_loans(session: Session, person_id: int) -> bool:
    """Whether the record has a history: something asked for or lent, or tablets at a place that they look after."""
    return bool(count_loans(session, person_id)) or turns.holds_more_than_loans(session, person_id)


def move_requests(
    session: Session, requests: Sequence[Loan], person_id: int, *, actor: Actor, happening: Happening
) -> None:
    """Put locked requests onto another record of the same person."""
    for loan in requests:
        words = f"The same person as record {person_id}: moved there from record {loan.person_id}"
        details = {"person_id": person_id, "before": loan.person_id}
        loan.person_id = person_id
        note(session, loan, kind="same_person", words=words, actor=actor, happening=happening, details=details)
    session.flush()
