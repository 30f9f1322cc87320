"""How those who ask for somebody are called in a file."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, case, type_coerce

from fleet.partners.models import Organisation, OrganisationKind


def with_kind(partner: type[Organisation]) -> ColumnElement[str]:
    """Sample Surgery for a referrer, Sample Library (venue) for any other kind: two of two kinds may share a name."""
    kind = type_coerce(partner.kind, String)
    return case((partner.kind == OrganisationKind.REFERRER, partner.name), else_=partner.name + " (" + kind + ")")
