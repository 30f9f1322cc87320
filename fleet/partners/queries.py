"""Every read of organisations."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from fleet.database.among import among
from fleet.database.lists import Found, ListQuery, find
from fleet.partners.models import Organisation, OrganisationKind


def organisation(session: Session, organisation_id: int) -> Organisation | None:
    return session.get(Organisation, organisation_id)


def organisations(session: Session, ids: Sequence[int]) -> dict[int, Organisation]:
    """These organisations by their numbers."""
    return {row.id: row for row in session.scalars(select(Organisation).where(among(Organisation.id, ids)))}


_FIRST_HUB = (
    select(Organisation)
    .where(Organisation.kind == OrganisationKind.HUB, Organisation.active)
    .order_by(Organisation.id)
    .limit(1)
)


def first_hub(session: Session) -> Organisation | None:
    return session.scalar(_FIRST_HUB)


_BY_NAME = select(Organisation).where(
    Organisation.kind == bindparam("kind"), func.lower(Organisation.name) == bindparam("name")
)


def by_name(session: Session, kind: OrganisationKind, name: str) -> Organisation | None:
    return session.scalar(_BY_NAME, {"kind": kind, "name": name.strip().lower()})


def active_of_kind(session: Session, *kinds: OrganisationKind) -> Sequence[Organisation]:
    query = select(Organisation).where(Organisation.kind.in_(kinds), Organisation.active)
    return session.scalars(query.order_by(func.lower(Organisation.name))).all()


def find_organisations(session: Session, query: ListQuery) -> Found[Organisation]:
    """Filters: `kind`, `q` (part of the name)."""
    statement = select(Organisation)
    if (kind := query.choice("kind", OrganisationKind)) is not None:
        statement = statement.where(Organisation.kind == kind)
    if query.filter("q"):
        statement = statement.where(func.lower(Organisation.name).like(f"%{query.filter('q').lower()}%"))
    sorts = {"name": func.lower(Organisation.name), "kind": Organisation.kind}
    return find(session, statement, query, sorts=sorts, tie=Organisation.id, default_sort="name")
