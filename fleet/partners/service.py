"""Adding and changing organisations, and the hub that a new installation begins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, NotFound, NotReady
from fleet.partners import queries
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.rules import outward_problem
from fleet.settings import Settings


def get_organisation(session: Session, organisation_id: int) -> Organisation:
    """Raises `NotFound`."""
    found = queries.organisation(session, organisation_id)
    if found is None:
        raise NotFound("There is no such organisation.", next_step="Look for it in the list of partners.")
    return found


def choices(session: Session, *kinds: OrganisationKind) -> tuple[tuple[str, str], ...]:
    """Active organisations of these kinds to choose from in a form, as (number, name)."""
    return tuple((str(each.id), each.name) for each in queries.active_of_kind(session, *kinds))


def get_hub(session: Session) -> Organisation:
    """The hub that owns the stock. Raises `NotReady` before the first run."""
    hub = queries.first_hub(session)
    if hub is None:
        raise NotReady("There is no hub yet.", next_step="Run `doorstep user add` once: it makes the hub as well.")
    return hub


@dataclass(frozen=True)
class HelpLine:
    """Whom to ring, and when; `phone` is empty where nobody wrote one down."""

    phone: str
    hours: str

    @property
    def link(self) -> str:
        """The number as a link dials it."""
        return "tel:" + "".join(character for character in self.phone if character.isdigit() or character == "+")


def help_line(session: Session, *, settings: Settings) -> HelpLine:
    """The hub's help phone, on pages and labels; the one in the settings until the hub has its own."""
    hub = queries.first_hub(session)
    phone = hub.help_phone if hub else ""
    return HelpLine(phone or settings.hub_phone, hub.help_hours if hub else "")


def organisations_of_kind(session: Session, *kinds: OrganisationKind) -> Sequence[Organisation]:
    """The partners of these kinds that are still active, by name."""
    return queries.active_of_kind(session, *kinds)


def ensure_hub(session: Session, *, settings: Settings, now: datetime) -> Organisation:
    """The hub, made from the settings at the first run."""
    return queries.first_hub(session) or add_organisation(
        session,
        kind=OrganisationKind.HUB,
        name=settings.hub_name,
        help_phone=settings.hub_phone,
        nation=settings.hub_nation,
        now=now,
    )


def add_organisation(
    session: Session,
    *,
    kind: OrganisationKind,
    name: str,
    now: datetime,
    help_phone: str = "",
    email: str = "",
    nation: str = "ENG",
    covers: Iterable[str] = (),
    vehicle_capacity: int | None = None,
    registration: str = "",
) -> Organisation:
    """Add a partner. Raises `BadInput`, or `Conflict` when one of that kind and name is there."""
    outwards = sorted({outward.strip().upper() for outward in covers if outward.strip()})
    problems = {
        "name": "" if name.strip() else "Enter the organisation's name.",
        "covers": next((problem for outward in outwards if (problem := outward_problem(outward))), ""),
    }
    fields = {field: problem for field, problem in problems.items() if problem}
    if fields:
        raise BadInput("The organisation was not added.", fields=fields)
    if queries.by_name(session, kind, name):
        raise Conflict(f"There is a {kind.value} called {name.strip()} already.", next_step="Open that one instead.")
    made = Organisation(
        kind=kind,
        name=name.strip(),
        help_phone=help_phone.strip(),
        email=email.strip(),
        nation=nation,
        covers=outwards,
        vehicle_capacity=vehicle_capacity,
        registration=registration.strip(),
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made
