"""Reads of venue loans: which there are, and the tablets of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.loans.models import Loan, VenueCustodian, VenueLoan
from fleet.loans.rules import ENDED, TO_BE_BROUGHT, WITH_THE_PERSON
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


@dataclass(frozen=True)
class AtVenue:
    """Tablets of a venue loan: all that were lent, those still open, and of these those that are not back, those that
    wait to be handed over and those that the place has and may be asked for."""

    lent: int = 0
    left: int = 0
    away: int = 0
    waits: int = 0
    there: int = 0


def counts_at_venues(session: Session, venue_loan_ids: Sequence[int]) -> dict[int, AtVenue]:
    """venue loan -> how many tablets."""
    still = func.count().filter(Loan.state.not_in(ENDED))
    away = func.count().filter(Loan.state.not_in(ENDED), Loan.returned_on.is_(None))
    waits = func.count().filter(Loan.state.in_(TO_BE_BROUGHT))
    there = func.count().filter(Loan.state.in_(WITH_THE_PERSON), Loan.stopped_at.is_(None))
    query = select(Loan.venue_loan_id, func.count(), still, away, waits, there).group_by(Loan.venue_loan_id)
    rows = session.execute(query.where(Loan.venue_loan_id.in_(venue_loan_ids)))
    return {number: AtVenue(*counts) for number, *counts in rows if number is not None}


def place_names(session: Session, venue_loan_ids: Sequence[int]) -> dict[int, str]:
    """venue loan -> what its place is called."""
    query = select(VenueLoan.id, Organisation.name).join(Organisation, Organisation.id == VenueLoan.place_id)
    return dict(session.execute(query.where(VenueLoan.id.in_(venue_loan_ids))).all())


def find_venue_loans(session: Session, query: ListQuery) -> Found[VenueLoan]:
    """Filters: `open` (yes), `q` (the place's name)."""
    statement = select(VenueLoan).join(Organisation, Organisation.id == VenueLoan.place_id)
    if query.says_yes("open"):
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
