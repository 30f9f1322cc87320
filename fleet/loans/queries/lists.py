"""Lists of loans: searched and filtered, due, overdue, kept too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from fleet.cohorts.models import Programme
from fleet.database.lists import Found, ListQuery, find
from fleet.loans.models import DueVersion, Loan
from fleet.loans.rules import ENDED, TO_BE_BROUGHT, WITH_A_TABLET, WITH_THE_PERSON, AskedBy, GoesOn, LoanKind, LoanState
from fleet.people.models import Person
from fleet.people.rules import tidy_phone, tidy_postcode

_CHOICES: tuple[tuple[str, type[StrEnum], SQLColumnExpression[Any]], ...] = (
    ("state", LoanState, Loan.state),
    ("asked_by", AskedBy, Loan.asked_by),
    ("kind", LoanKind, Loan.kind),
    ("goes_on", GoesOn, Loan.goes_on_to),
)


def find_loans(session: Session, query: ListQuery, *, referrer_id: int | None = None) -> Found[Loan]:
    """Filters: `state`, `open` (yes), `tried` (yes: a courier did not get it there), `asked_by`, `kind`, `goes_on`,
    `beyond` (yes: extended beyond a cap), `stopped` (yes: nobody is asked any more, and the tablet is still out),
    `programme`, `cohort`, `person` (numbers), `q` (name, postcode or phone).

    With `referrer_id`, only what that organisation asked for; whose contact was stopped is not theirs to ask.
    """
    statement = select(Loan).join(Person, Person.id == Loan.person_id)
    if referrer_id is not None:
        statement = statement.where(Loan.referrer_id == referrer_id)
    if query.says_yes("open"):
        statement = statement.where(Loan.state.not_in(ENDED))
    if query.says_yes("tried"):
        statement = statement.where(Loan.state.in_(TO_BE_BROUGHT), Loan.attempts > 0)
    for name, kind, column in _CHOICES:
        if (chosen := query.choice(name, kind)) is not None:
            statement = statement.where(column == chosen)
    if query.says_yes("beyond"):
        went = or_(DueVersion.beyond_number, DueVersion.beyond_length, DueVersion.beyond_need, DueVersion.beyond_early)
        statement = statement.where(exists().where(DueVersion.loan_id == Loan.id, went))
    if referrer_id is None and query.says_yes("stopped"):
        statement = statement.where(_stopped_and_out())
    for name, of in (("programme", Loan.programme_id), ("cohort", Loan.cohort_id), ("person", Loan.person_id)):
        if (number := query.number(name)) is not None:
            statement = statement.where(of == number)
    asked = query.filter("q")
    if asked:
        whole_name = func.lower(Person.first_name + " " + Person.last_name)
        same = [whole_name.like(f"%{asked.lower()}%"), Person.postcode == tidy_postcode(asked)]
        statement = statement.where(or_(*same, Person.phone == tidy_phone(asked)))
    sorts: dict[str, Any] = {
        "id": Loan.id,
        "name": func.lower(Person.last_name),
        "state": Loan.state,
        "due": Loan.due_on,
        "requested": Loan.requested_at,
    }
    return find(session, statement, query, sorts=sorts, tie=Loan.id, default_sort="id", default_descending=True)


def _stopped_and_out() -> ColumnElement[bool]:
    return and_(Loan.stopped_at.is_not(None), Loan.state.in_(WITH_THE_PERSON), Loan.kind.in_(WITH_A_TABLET))


def count_stopped(session: Session, *, hub_id: int | None = None) -> int:
    """Tablets that are out and that nobody is asked for any more: fetched by arrangement (rule R12); of every hub
    where none is named."""
    query = select(func.count()).where(_stopped_and_out())
    return session.scalar(query if hub_id is None else query.where(Loan.hub_id == hub_id)) or 0


def count_by_state(session: Session) -> dict[LoanState, int]:
    return dict(session.execute(select(Loan.state, func.count()).group_by(Loan.state)).all())


def loans_due_between(session: Session, first: date, last: date) -> Sequence[Loan]:
    """Loans with the person whose due date lies between two days, both counted; soonest first."""
    query = select(Loan).where(
        Loan.state.in_(WITH_THE_PERSON), Loan.stopped_at.is_(None), Loan.due_on >= first, Loan.due_on <= last
    )
    return session.scalars(query.order_by(Loan.due_on, Loan.id)).all()


def open_loans_overdue(session: Session, today: date, *, limit: int | None = None) -> Sequence[Loan]:
    """Loans past due date and grace on `today`, longest overdue first. What was stopped is never overdue.

    Reads only rows that are late: the bound on `due_on` is worked out per grace, so that the index does the work.
    """
    graces = session.scalars(select(Programme.grace_days).distinct()).all()
    if not graces:
        return []
    late = or_(
        *(and_(Programme.grace_days == grace, Loan.due_on < today - timedelta(days=grace)) for grace in sorted(graces))
    )
    query = (
        select(Loan)
        .join(Programme, Programme.id == Loan.programme_id)
        .where(
            Loan.state.in_(WITH_THE_PERSON),
            Loan.stopped_at.is_(None),
            Loan.due_on < today - timedelta(days=min(graces)),
            late,
        )
        .order_by(Loan.due_on, Loan.id)
    )
    return session.scalars(query.limit(limit) if limit is not None else query).all()


def reservations_made_before(session: Session, moment: datetime) -> Sequence[int]:
    """Loans whose tablet was kept before `moment` and is still neither packed nor on its way, oldest first."""
    query = select(Loan.id).where(
        Loan.state == LoanState.ALLOCATED, Loan.allocated_at < moment, Loan.dispatched_at.is_(None), Loan.attempts == 0
    )
    return session.scalars(query.order_by(Loan.allocated_at, Loan.id)).all()
