"""Certificates, and the year whose next number is taken."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fleet.bench.models import (
    Certificate,
    CertificateYear,
)
from fleet.database.lists import Found, ListQuery, find


def certificate(session: Session, number: str) -> Certificate | None:
    return session.scalar(select(Certificate).where(Certificate.number == number))


def certificate_by_id(session: Session, certificate_id: int) -> Certificate | None:
    return session.get(Certificate, certificate_id)


def certificate_of_run(session: Session, run_id: int) -> Certificate | None:
    return session.scalar(select(Certificate).where(Certificate.run_id == run_id))


def latest_certificate(session: Session, tablet_id: int) -> Certificate | None:
    query = select(Certificate).where(Certificate.tablet_id == tablet_id).order_by(Certificate.id.desc()).limit(1)
    return session.scalar(query)


def latest_numbers(session: Session, tablet_ids: Sequence[int]) -> dict[int, str]:
    """By tablet, the number of its last certificate; one that has none is left out."""
    last = select(func.max(Certificate.id)).where(Certificate.tablet_id.in_(tablet_ids)).group_by(Certificate.tablet_id)
    query = select(Certificate.tablet_id, Certificate.number).where(Certificate.id.in_(last))
    return dict(session.execute(query).all())


def certificate_that_supersedes(session: Session, certificate_id: int) -> Certificate | None:
    return session.scalar(select(Certificate).where(Certificate.supersedes_id == certificate_id))


def superseded_ids(session: Session, certificate_ids: Sequence[int]) -> frozenset[int]:
    query = select(Certificate.supersedes_id).where(Certificate.supersedes_id.in_(certificate_ids))
    return frozenset(each for each in session.scalars(query) if each is not None)


def find_certificates(session: Session, query: ListQuery) -> Found[Certificate]:
    """Filters: `q` (part of the number), `tablet` (its number)."""
    statement = select(Certificate)
    if query.filter("q"):
        statement = statement.where(func.lower(Certificate.number).like(f"%{query.filter('q').lower()}%"))
    if (tablet_id := query.number("tablet")) is not None:
        statement = statement.where(Certificate.tablet_id == tablet_id)
    sorts = {"number": Certificate.number, "tablet": Certificate.tablet_id, "issued": Certificate.issued_at}
    tie = Certificate.id
    return find(session, statement, query, sorts=sorts, tie=tie, default_sort="number", default_descending=True)


def certificate_year_locked(session: Session, year: int) -> CertificateYear | None:
    query = select(CertificateYear).where(CertificateYear.year == year).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))
