"""Reads of venue loans: which there are, and the tablets of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.loans.models import Loan, VenueCustodian, VenueLoan
from fleet.loans.rules import ENDED
from fleet.partners.models import Organisation


def venue_loan(session: Session, venue_loan_id: int) -> VenueLoan | None:
    return session.get(VenueLoan, venue_loan_id)


def venue_loan_locked(session: Session, venue_loan_id: int) -> VenueLoan | None:
    """Locked before any of its tablets, so that two who change all of them wait for each other."""
    query = select(VenueLoan).where(VenueLoan.id == venue_loan_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def loans_at_venue(session: Session, venue_loan_id: int) -> Sequence[Loan]:
    """One for each tablet."""
    return session.scalars(select(Loan).where(Loan.venue_loan_id == venue_loan_id).order_by(Loan.id)).all()


def custodians(session: Session, venue_loan_id: int) -> Sequence[VenueCustodian]:
    """The first one first."""
    query = select(VenueCustodian).where(VenueCustodian.venue_loan_id == venue_loan_id)
    return session.scalars(query.order_by(VenueCustodian.id)).all()


def counts_at_venues(session: Session, venue_loan_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """venue loan -> how many tablets it was lent, and how many of them are still open."""
    still = func.count().filter(Loan.state.not_in(ENDED))
    query = select(Loan.venue_loan_id, func.count(), still).where(Loan.venue_loan_id.in_(venue_loan_ids))
    rows = session.execute(query.group_by(Loan.venue_loan_id))
    return {number: (lent, left) for number, lent, left in rows if number is not None}


def place_names(session: Session, venue_loan_ids: Sequence[int]) -> dict[int, str]:
    """venue loan -> what its place is called."""
    query = select(VenueLoan.id, Organisation.name).join(Organisation, Organisation.id == VenueLoan.place_id)
    return dict(session.execute(query.where(VenueLoan.id.in_(venue_loan_ids))).all())


def find_venue_loans(session: Session, query: ListQuery) -> Found[VenueLoan]:
    """Filters: `open` (yes), `q` (the place's name)."""
    statement = select(VenueLoan).join(Organisation, Organisation.id == VenueLoan.place_id)
    if query.filter("open") == "yes":
        still = exists().where(Loan.venue_loan_id == VenueLoan.id, Loan.state.not_in(ENDED))
        statement = statement.where(still)
    if query.filter("q"):
        statement = statement.where(func.lower(Organisation.name).like(f"%{query.filter('q').lower()}%"))
    sorts: dict[str, Any] = {
        "id": VenueLoan.id,
        "place": func.lower(Organisation.name),
        "due": VenueLoan.due_on,
    }
    return find(session, statement, query, sorts=sorts, tie=VenueLoan.id, default_sort="id", default_descending=True)
