"""Adding and changing organisations, and the hub that a new installation begins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, NotReady, there
from fleet.partners import queries
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.rules import NATIONS, outward_problem, phone_problem
from fleet.settings import Settings
from fleet.users.rules import email_problem


def get_organisation(session: Session, organisation_id: int) -> Organisation:
    """Raises `NotFound`."""
    return there(
        queries.organisation(session, organisation_id),
        "There is no such organisation.",
        next_step="Look for it in the list of partners.",
    )


def referrers(session: Session, ids: Iterable[int | None]) -> dict[int, Organisation]:
    """Organisations that referred people, by their numbers; None where nobody did."""
    return queries.organisations(session, sorted({each for each in ids if each is not None}))


def choices(session: Session, *kinds: OrganisationKind) -> tuple[tuple[str, str], ...]:
    """Active organisations of these kinds to choose from in a form, as (number, name)."""
    return tuple((str(each.id), each.name) for each in queries.active_of_kind(session, *kinds))


def get_hub(session: Session) -> Organisation:
    """The first hub: the one that speaks for the installation where nothing says whose a thing is.

    For somebody's hub ask `hub_of`; a row that has a hub names it itself. Raises `NotReady` before the first run.
    """
    hub = queries.first_hub(session)
    if hub is None:
        raise NotReady("There is no hub yet.", next_step="Run `doorstep user add` once: it makes the hub as well.")
    return hub


class Placed(Protocol):
    """Somebody who may sign in for an organisation: an actor, or an account."""

    @property
    def organisation_id(self) -> int | None: ...


def hub_of(session: Session, somebody: Placed) -> Organisation:
    """The hub somebody acts for: where they work, else the one their organisation works with, else the first.

    Raises `NotReady` before the first run.
    """
    own = _organisation_of(session, somebody)
    if own is not None and own.kind is OrganisationKind.HUB:
        return own
    return get_organisation(session, own.hub_id) if own is not None and own.hub_id is not None else get_hub(session)


def works_at(session: Session, somebody: Placed) -> int | None:
    """The hub where somebody stands when they say “here”; None for those who were placed at no hub."""
    own = _organisation_of(session, somebody)
    return own.id if own is not None and own.kind is OrganisationKind.HUB else None


def _organisation_of(session: Session, somebody: Placed) -> Organisation | None:
    own_id = somebody.organisation_id
    return queries.organisation(session, own_id) if own_id is not None else None


@dataclass(frozen=True)
class HelpLine:
    """Whom to ring, and when; `phone` is empty where nobody wrote one down."""

    phone: str
    hours: str

    @property
    def link(self) -> str:
        """The number as a link dials it."""
        return "tel:" + "".join(character for character in self.phone if character.isdigit() or character == "+")


def help_line(session: Session, *, settings: Settings, hub_id: int | None = None) -> HelpLine:
    """A hub's help phone, the first hub's where nothing says which; the one in the settings until the hub has its
    own."""
    hub = queries.first_hub(session) if hub_id is None else get_organisation(session, hub_id)
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


@dataclass(frozen=True)
class Details:
    """What stands in an organisation's record, whatever its kind. Hubs: phone, hours, nation, time zone; couriers: the
    outward postcodes they cover and how many kits fit their vehicle; waste carriers: their registration. All but hubs:
    the hub they work with, None for the first."""

    name: str
    help_phone: str = ""
    help_hours: str = ""
    email: str = ""
    address: str = ""
    nation: str = "ENG"
    time_zone: str = "Europe/London"
    covers: tuple[str, ...] = ()
    vehicle_capacity: int | None = None
    registration: str = ""
    active: bool = True
    hub_id: int | None = None


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
    details = Details(
        name=name,
        help_phone=help_phone,
        email=email,
        nation=nation,
        covers=tuple(covers),
        vehicle_capacity=vehicle_capacity,
        registration=registration,
    )
    return add(session, kind, details, now=now)


def add(session: Session, kind: OrganisationKind, details: Details, *, now: datetime) -> Organisation:
    """Add a partner with all its details. Raises `BadInput`, `Conflict`."""
    made = Organisation(kind=kind, covers=[], created_at=now)
    _write(session, made, details, "The organisation was not added.")
    session.add(made)
    session.flush()
    return made


def change(session: Session, organisation_id: int, details: Details) -> Organisation:
    """Change a partner's details. The last hub stays active. Raises `BadInput`, `Conflict`."""
    found = get_organisation(session, organisation_id)
    if found.kind is OrganisationKind.HUB and found.active and not details.active and len(_hubs(session)) == 1:
        raise Conflict("Nothing was changed. This is the only hub.", next_step="Add another hub first.")
    _write(session, found, details, "Nothing was changed.")
    session.flush()
    return found


def _hubs(session: Session) -> Sequence[Organisation]:
    return queries.active_of_kind(session, OrganisationKind.HUB)


def detail_problems(details: Details) -> dict[str, str]:
    """A sentence for each detail that cannot be."""
    outwards = _outwards(details)
    problems = {
        "name": "" if details.name.strip() else "Enter the organisation's name.",
        "help_phone": phone_problem(details.help_phone.strip()) if details.help_phone.strip() else "",
        "email": email_problem(details.email.strip()) if details.email.strip() else "",
        "nation": "" if details.nation in NATIONS else "Choose one of the four nations.",
        "time_zone": "" if details.time_zone in _time_zones() else "No clock knows this time zone.",
        "covers": next((problem for outward in outwards if (problem := outward_problem(outward))), ""),
        "vehicle_capacity": ""
        if details.vehicle_capacity is None or 1 <= details.vehicle_capacity <= 1000
        else "Enter how many kits fit, from 1 to 1000.",
    }
    return {field: problem for field, problem in problems.items() if problem}


@cache
def _time_zones() -> frozenset[str]:
    """Asking for them walks a folder of hundreds of files."""
    return frozenset(available_timezones())


def _outwards(details: Details) -> list[str]:
    return sorted({outward.strip().upper() for outward in details.covers if outward.strip()})


def _write(session: Session, organisation: Organisation, details: Details, refusal: str) -> None:
    fields = detail_problems(details)
    hub_problem = _hub_problem(session, organisation, details.hub_id)
    if fields or hub_problem:
        raise BadInput(refusal, fields=fields | ({"hub_id": hub_problem} if hub_problem else {}))
    other = queries.by_name(session, organisation.kind, details.name)
    if other is not None and other is not organisation:
        raise Conflict(
            f"There is a {organisation.kind.value} called {details.name.strip()} already.",
            next_step="Open that one instead.",
        )
    organisation.name, organisation.address = details.name.strip(), details.address.strip()
    organisation.help_phone, organisation.help_hours = details.help_phone.strip(), details.help_hours.strip()
    organisation.email, organisation.registration = details.email.strip(), details.registration.strip()
    organisation.nation, organisation.time_zone = details.nation, details.time_zone
    organisation.covers, organisation.vehicle_capacity = _outwards(details), details.vehicle_capacity
    organisation.active, organisation.hub_id = details.active, details.hub_id


def _hub_problem(session: Session, organisation: Organisation, hub_id: int | None) -> str:
    if hub_id is None or hub_id == organisation.hub_id:
        return ""
    hub = queries.organisation(session, hub_id)
    if organisation.kind is OrganisationKind.HUB or hub is None or hub.kind is not OrganisationKind.HUB:
        return "Choose one of the hubs."
    return "" if hub.active else f"{hub.name} is put aside. Choose a hub that is in use."
