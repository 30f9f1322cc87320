"""Reads of loans themselves and of what happened to them, and the locked read that every change begins with."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from fleet.database.among import among
from fleet.database.locking import locked
from fleet.loans.models import DueVersion, Loan, LoanEvent
from fleet.loans.rules import COUNTS_AGAINST_LIMIT, ENDED, LoanKind, LoanMove

_BY_CLIENT_ID = select(LoanEvent).where(LoanEvent.client_id == bindparam("client_id"))


def loan(session: Session, loan_id: int) -> Loan | None:
    return session.get(Loan, loan_id)


def loan_locked(session: Session, loan_id: int) -> Loan | None:
    """The loan, locked until the transaction ends; always after its tablet and before its SIM."""
    return locked(session, Loan, loan_id)


def loans_locked(session: Session, loan_ids: Sequence[int]) -> Sequence[Loan]:
    """These loans, locked in the order of their numbers. For a change that touches neither their tablets nor SIMs."""
    query = select(Loan).where(Loan.id.in_(loan_ids)).order_by(Loan.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def loans_of_person(session: Session, person_id: int) -> Sequence[Loan]:
    return session.scalars(select(Loan).where(Loan.person_id == person_id).order_by(Loan.id)).all()


def unended_loan_ids_of_person(session: Session, person_id: int) -> Sequence[int]:
    query = select(Loan.id).where(Loan.person_id == person_id, Loan.state.not_in(ENDED)).order_by(Loan.id)
    return session.scalars(query).all()


_OPEN_OF_PERSON = select(func.count()).where(
    Loan.person_id == bindparam("person_id"),
    Loan.kind == bindparam("kind"),
    Loan.id != bindparam("besides"),
    Loan.state.in_(COUNTS_AGAINST_LIMIT),
)


def count_open_of_person(session: Session, person_id: int, kind: LoanKind, *, besides: int) -> int:
    return session.scalar(_OPEN_OF_PERSON, {"person_id": person_id, "kind": kind, "besides": besides}) or 0


def open_counts(session: Session, person_ids: Sequence[int]) -> dict[tuple[int, LoanKind], int]:
    """(person, kind) -> their loans that count against the programme's limit; those without any are left out."""
    counts = among(Loan.person_id, person_ids), Loan.state.in_(COUNTS_AGAINST_LIMIT)
    query = select(Loan.person_id, Loan.kind, func.count()).where(*counts).group_by(Loan.person_id, Loan.kind)
    return {(person_id, kind): count for person_id, kind, count in session.execute(query)}


def events(session: Session, loan_id: int) -> Sequence[LoanEvent]:
    """Newest first."""
    query = select(LoanEvent).where(LoanEvent.loan_id == loan_id).order_by(LoanEvent.id.desc()).limit(200)
    return session.scalars(query).all()


def event_by_client_id(session: Session, client_id: str) -> LoanEvent | None:
    return session.scalar(_BY_CLIENT_ID, {"client_id": client_id})


def client_ids_used(session: Session, client_ids: Sequence[str]) -> set[str]:
    """Those of a list by which something was told before."""
    query = select(LoanEvent.client_id).where(LoanEvent.client_id.in_(client_ids))
    return {client_id for client_id in session.scalars(query) if client_id is not None}


def latest_event(session: Session, loan_id: int, *kinds: str) -> LoanEvent | None:
    """The last entry of any of these kinds."""
    query = select(LoanEvent).where(LoanEvent.loan_id == loan_id, LoanEvent.kind.in_(kinds))
    return session.scalar(query.order_by(LoanEvent.id.desc()).limit(1))


def count_extensions(session: Session, loan_id: int) -> int:
    """How often a loan was extended. Its due date may have been set right in between, which is none."""
    query = select(func.count()).where(LoanEvent.loan_id == loan_id, LoanEvent.kind == LoanMove.EXTEND.value)
    return session.scalar(query) or 0


def due_versions(session: Session, loan_id: int) -> Sequence[DueVersion]:
    query = select(DueVersion).where(DueVersion.loan_id == loan_id).order_by(DueVersion.number)
    return session.scalars(query).all()
