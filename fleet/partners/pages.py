"""Pages about partner organisations, the hub's own settings among them, and who signs in for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from fleet.database.base import LARGEST_ID
from fleet.errors import BadInput, Conflict
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners import queries, service
from fleet.partners.api import OrganisationId
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.rules import NATIONS
from fleet.partners.service import Details
from fleet.partners.words import KIND_WORDS, kind_word
from fleet.users import service as users
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.models import User
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape

router = PageRouter(prefix="/partners")

SetUp = Annotated[Actor, Depends(may(Permission.PARTNERS_SET_UP))]
COLUMNS = (Column("Name", "name"), Column("Kind", "kind"), Column("Help phone"), Column("In use"))
KINDS = tuple((kind.value, words) for kind, words in KIND_WORDS.items())


class DetailsForm(BaseModel):
    """An organisation as it is typed; postcodes stand between spaces or commas."""

    name: str = Field("", max_length=120)
    help_phone: str = Field("", max_length=30)
    help_hours: str = Field("", max_length=120)
    email: str = Field("", max_length=254)
    address: str = Field("", max_length=500)
    nation: str = "ENG"
    covers: str = Field("", max_length=1000)
    vehicle_capacity: int | None = None
    registration: str = Field("", max_length=60)
    active: str = ""
    hub_id: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None

    def details(self, *, active: bool, time_zone: str = "Europe/London") -> Details:
        return Details(
            name=self.name,
            help_phone=self.help_phone,
            help_hours=self.help_hours,
            email=self.email,
            address=self.address,
            nation=self.nation,
            time_zone=time_zone,
            covers=tuple(self.covers.replace(",", " ").split()),
            vehicle_capacity=self.vehicle_capacity,
            registration=self.registration,
            active=active,
            hub_id=self.hub_id,
        )


@dataclass(frozen=True)
class PartnersPage:
    table: Table
    may_change: bool
    title: str = "Partners"


@dataclass(frozen=True)
class PartnerPage:
    """One organisation, or a new one when `organisation` is None."""

    title: str
    organisation: Organisation | None
    kind: str
    """Decides which questions are asked; empty for a new one, of which all are asked."""
    typed: Form
    may_change: bool
    members: Sequence[User] = ()
    others: tuple[tuple[str, str], ...] = ()
    may_place: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    kinds: tuple[tuple[str, str], ...] = KINDS
    nations: tuple[tuple[str, str], ...] = tuple(NATIONS.items())
    hubs: tuple[tuple[str, str], ...] = ()
    """Empty where there is only one, and for a hub: then nobody is asked which."""


@router.get("")
def list_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.PARTNERS_SEE))],
) -> Response:
    shown = table(
        queries.find_organisations(session, query),
        caption="Partners",
        columns=COLUMNS,
        row=_row,
        path="/partners",
        filters=(
            Filter("q", "Name", query.filter("q")),
            Filter("kind", "Kind", query.filter("kind"), (("", "Any kind"), *KINDS)),
        ),
        empty="Partners appear here: referrers, courier organisations, givers, funders, venues and your hub.",
    )
    if query.as_csv:
        return table_csv("partners", shown)
    return render(request, "partners/list.html", PartnersPage(shown, actor.may(Permission.PARTNERS_SET_UP)))


@router.get("/new")
def new_page(request: Request, session: ReadSession, actor: SetUp) -> Response:
    typed = Form({"hub_id": str(service.hub_of(session, actor).id)})
    return render(request, "partners/detail.html", _new_page(session, typed))


@router.post("/new", dependencies=[Depends(may(Permission.PARTNERS_SET_UP))])
def add(request: Request, form: FormDep, session: WriteSession, clock: ClockDep) -> Response:
    try:
        kind, details = _kind(form), form.parse(DetailsForm).details(active=True)
        if kind is OrganisationKind.HUB:  # the form asks before it knows the kind
            details = replace(details, hub_id=None)
        made = service.add(session, kind, details, now=clock())
    except (BadInput, Conflict) as error:
        return render(request, "partners/detail.html", _new_page(session, form, _errors(error)), status=422)
    return see_other(f"/partners/{made.id}", said=f"{made.name} is in the list of partners.")


@router.get("/{organisation_id}")
def partner_page(
    request: Request,
    organisation_id: OrganisationId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.PARTNERS_SEE))],
) -> Response:
    found = service.get_organisation(session, organisation_id)
    return render(request, "partners/detail.html", _page(session, found, _as_typed(found), actor))


@router.post("/{organisation_id}")
def change(
    request: Request,
    organisation_id: OrganisationId,
    form: FormDep,
    session: WriteSession,
    actor: SetUp,
) -> Response:
    found = service.get_organisation(session, organisation_id)
    try:
        asked = form.parse(DetailsForm)
        details = asked.details(active=asked.active == "yes", time_zone=found.time_zone)
        service.change(session, organisation_id, details)
    except (BadInput, Conflict) as error:
        page = _page(session, found, form, actor, _errors(error))
        return render(request, "partners/detail.html", page, status=422)
    return see_other(f"/partners/{organisation_id}", said="The changes are written down.")


@router.post("/{organisation_id}/members", dependencies=[Depends(may(Permission.USERS_SET_UP))])
def place_member(organisation_id: OrganisationId, form: FormDep, session: WriteSession) -> Response:
    service.get_organisation(session, organisation_id)
    user_id = form.row("user_id")
    if user_id is None:
        raise BadInput("Nothing was changed.", fields={"user_id": "Choose somebody from the list."})
    users.place_with(session, user_id, organisation_id=organisation_id)
    return see_other(f"/partners/{organisation_id}", said="They sign in for this organisation.")


@router.post("/{organisation_id}/members/{user_id}/remove", dependencies=[Depends(may(Permission.USERS_SET_UP))])
def remove_member(
    organisation_id: OrganisationId, user_id: OrganisationId, session: WriteSession, _form: FormDep
) -> Response:
    users.take_from(session, user_id, organisation_id=organisation_id)
    return see_other(f"/partners/{organisation_id}", said="They sign in for this organisation no longer.")


def _kind(form: Form) -> OrganisationKind:
    if form.get("kind") not in list(OrganisationKind):
        raise BadInput("The organisation was not added.", fields={"kind": "Choose what kind of partner it is."})
    return OrganisationKind(form.get("kind"))


def _new_page(session: Session, typed: Form, errors: dict[str, str] | None = None) -> PartnerPage:
    hubs = _hubs(session, None)
    return PartnerPage("A partner", None, typed.get("kind"), typed, may_change=True, errors=errors or {}, hubs=hubs)


def _hubs(session: Session, found: Organisation | None) -> tuple[tuple[str, str], ...]:
    if found is not None and found.kind is OrganisationKind.HUB:
        return ()
    hubs = service.choices(session, OrganisationKind.HUB)
    return hubs if len(hubs) > 1 or (found is not None and found.hub_id is not None) else ()


def _page(
    session: Session, found: Organisation, typed: Form, actor: Actor, errors: dict[str, str] | None = None
) -> PartnerPage:
    members = users.members_of(session, found.id)
    return PartnerPage(
        title=found.name,
        organisation=found,
        kind=found.kind.value,
        typed=typed,
        may_change=actor.may(Permission.PARTNERS_SET_UP),
        members=members,
        others=tuple((str(user.id), user.name) for user in users.members_of(session, None)),
        may_place=actor.may(Permission.USERS_SET_UP),
        errors=errors or {},
        hubs=_hubs(session, found),
    )


def _as_typed(found: Organisation) -> Form:
    names = ("name", "help_phone", "help_hours", "email", "address", "nation", "registration")
    values = {name: str(getattr(found, name)) for name in names}
    values |= {"covers": " ".join(found.covers), "active": "yes" if found.active else "no"}
    values |= {name: str(number) for name in ("vehicle_capacity", "hub_id") if (number := getattr(found, name))}
    return Form(values=values)


def _errors(error: BadInput | Conflict) -> dict[str, str]:
    return error.fields if isinstance(error, BadInput) else {"name": f"{error.message} {error.next_step}"}


def _row(each: Organisation) -> tuple[Cell, ...]:
    return (
        Cell(each.name, href=f"/partners/{each.id}"),
        Cell(kind_word(each.kind)),
        Cell(each.help_phone),
        Cell("In use", state=Shape.DONE) if each.active else Cell("Put aside", state=Shape.PLAIN),
    )
