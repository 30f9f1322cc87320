"""A tablet that is received at a hub which is not its own (rule R16): it lies there and waits to go home."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from fleet.partners import service as partners
from fleet.tablets import queries
from fleet.tablets.models import Tablet
from fleet.tablets.rules import hub_code
from fleet.tablets.words import CUSTODY_WORDS


def holder_elsewhere(tablet: Tablet, at: int | None) -> str | None:
    """Who has a tablet that is received at hub `at`, as a code; None where that is its own hub, or nobody said."""
    return hub_code(at) if at is not None and at != tablet.hub_id else None


def home_of(session: Session, tablet: Tablet) -> str:
    """The name of the hub it belongs to."""
    return partners.get_organisation(session, tablet.hub_id).name


def way_home(session: Session, tablet: Tablet) -> str:
    """Where a tablet lies that is on its way to its own hub, as one says it; empty for any other."""
    if tablet.guest_hub_id is None:
        return ""
    here = partners.get_organisation(session, tablet.guest_hub_id)
    return f"At {here.name}, on its way to {home_of(session, tablet)}"


def who_has_it(session: Session, tablet: Tablet) -> str:
    """Where it is or who has it, in words; a person only ever as the number of a loan."""
    somebody = CUSTODY_WORDS[tablet.custody] + (f" ({tablet.holder})" if tablet.holder else "")
    return way_home(session, tablet) or somebody


def counts_at(hub_id: int) -> ColumnElement[bool]:
    """Which tablets are a hub's stock, for another room's query: a tablet counts where it is."""
    return queries.counts_at(hub_id)
