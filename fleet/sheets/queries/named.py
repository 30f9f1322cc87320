"""How partners are called in a file where their bare name might be another's."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, case, func, select, type_coerce
from sqlalchemy.orm import aliased

from fleet.partners.models import Organisation, OrganisationKind


def with_kind(partner: type[Organisation]) -> ColumnElement[str]:
    """Sample Surgery for a referrer, Sample Library (venue) for any other kind: two of two kinds may share a name."""
    kind = type_coerce(partner.kind, String)
    return case((partner.kind == OrganisationKind.REFERRER, partner.name), else_=partner.name + " (" + kind + ")")


def kind_if_shared(partner: type[Organisation]) -> ColumnElement[str]:
    """A name by itself, with the kind where two partners are called so."""
    other = aliased(Organisation)
    shared = select(other.id).where(other.id != partner.id, func.lower(other.name) == func.lower(partner.name)).exists()
    return case((shared, partner.name + " (" + type_coerce(partner.kind, String) + ")"), else_=partner.name)
