"""Reads of what waits for a second person, and the locked read that a decision begins with."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.database.locking import locked
from fleet.loans.models import SecondLook
from fleet.loans.rules import LoanMove, LookKind


def look(session: Session, look_id: int) -> SecondLook | None:
    return session.get(SecondLook, look_id)


def look_locked(session: Session, look_id: int) -> SecondLook | None:
    """Locked until the transaction ends; always after the loans and the person that it is about."""
    return locked(session, SecondLook, look_id)


def open_loss(session: Session, loan_id: int, move: LoanMove | None = None) -> SecondLook | None:
    """The loss of this loan's tablet that somebody asked for and nobody has decided about."""
    query = select(SecondLook).where(SecondLook.loan_id == loan_id, SecondLook.decided_at.is_(None))
    if move is not None:
        query = query.where(SecondLook.move == move)
    return session.scalar(query.order_by(SecondLook.id.desc()).limit(1))


def latest_loss(session: Session, loan_id: int) -> SecondLook | None:
    query = select(SecondLook).where(SecondLook.loan_id == loan_id, SecondLook.kind == LookKind.LOSS)
    return session.scalar(query.order_by(SecondLook.id.desc()).limit(1))


def open_look_of_person(session: Session, person_id: int) -> SecondLook | None:
    """What is asked for about the person and not about one loan of theirs, and waits."""
    query = select(SecondLook).where(
        SecondLook.person_id == person_id, SecondLook.loan_id.is_(None), SecondLook.decided_at.is_(None)
    )
    return session.scalar(query)


def looks_of_person(session: Session, person_id: int) -> Sequence[SecondLook]:
    """What was asked for about the person and not about one loan, the oldest first."""
    query = select(SecondLook).where(SecondLook.person_id == person_id, SecondLook.loan_id.is_(None))
    return session.scalars(query.order_by(SecondLook.id)).all()


def count_open_looks(session: Session, *, besides: int | None) -> int:
    """How many wait for somebody else than `besides`, who may not agree to what they asked for themselves."""
    query = select(func.count()).where(SecondLook.decided_at.is_(None))
    if besides is not None:
        query = query.where(SecondLook.asked_by_id != besides)
    return session.scalar(query) or 0


def find_looks(session: Session, query: ListQuery) -> Found[SecondLook]:
    """Filter: `open` (no: also what was decided); otherwise only what waits. The oldest first."""
    statement = select(SecondLook)
    if query.filter("open") != "no":
        statement = statement.where(SecondLook.decided_at.is_(None))
    sorts = {"asked": SecondLook.asked_at}
    return find(session, statement, query, sorts=sorts, tie=SecondLook.id, default_sort="asked")
