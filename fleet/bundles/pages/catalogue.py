"""The catalogue of data that can be bought or is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bundles import queries, service
from fleet.bundles.api.data import OfferId
from fleet.bundles.api.seeing import Recorder
from fleet.bundles.models import BundleOffer
from fleet.bundles.rules import Ownership
from fleet.bundles.schemas.data import OfferForm
from fleet.bundles.words import OWNERSHIP_WORDS, pounds, size_words
from fleet.errors import BadInput, Conflict
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.models import OrganisationKind
from fleet.partners.service import choices, hub_of, organisations_of_kind
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/data/catalogue")
RECORD = [Depends(may(Permission.BUNDLES_RECORD))]

COLUMNS = (
    Column("Name", "name"),
    Column("Network", "network"),
    Column("Size", "gb"),
    Column("Cost", "cost", numeric=True),
    Column("Paid by"),
    Column("Costs no data"),
    Column("Offered"),
)


@dataclass(frozen=True)
class CataloguePage:
    table: Table
    may_record: bool
    title: str = "Data we can buy"


@dataclass(frozen=True)
class OfferPage:
    title: str
    action: str
    funders: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    ownerships: tuple[tuple[str, str], ...] = tuple((each.value, OWNERSHIP_WORDS[each]) for each in Ownership)


@router.get("")
def list_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.BUNDLES_SEE))],
) -> Response:
    found = queries.find_offers(session, query)
    names = {each.id: each.name for each in organisations_of_kind(session, *OrganisationKind)}
    shown = table(
        found,
        caption="Data we can buy",
        columns=COLUMNS,
        row=lambda offer: _row(offer, names),
        path="/data/catalogue",
        filters=(
            Filter("q", "Name or network", query.filter("q")),
            Filter("active", "Offered", query.filter("active"), (("", "Any"), ("yes", "Yes"), ("no", "No longer"))),
        ),
        empty="Add the data you buy or are given, so that it can be chosen for a SIM.",
    )
    if query.as_csv:
        return table_csv("data-catalogue", shown)
    return render(request, "bundles/catalogue.html", CataloguePage(shown, actor.may(Permission.BUNDLES_RECORD)))


def _row(offer: BundleOffer, names: Mapping[int, str]) -> tuple[Cell, ...]:
    return (
        Cell(offer.name, href=f"/data/catalogue/{offer.id}"),
        Cell(offer.network),
        Cell(size_words(offer.gb_per_month, offer.months)),
        Cell(pounds(offer.cost_pence)),
        Cell(names.get(offer.funder_id, "") if offer.funder_id else "Ourselves"),
        Cell(", ".join(offer.zero_rated)),
        Cell("Yes" if offer.active else "No longer"),
    )


@router.get("/new", dependencies=RECORD)
def new_page(request: Request, session: ReadSession) -> Response:
    first = {"ownership": Ownership.OURS.value, "active": "yes"}
    return _form(request, session, "Add data to the catalogue", "/data/catalogue/new", first)


@router.post("/new")
def add(request: Request, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep) -> Response:
    try:
        with session.begin_nested():
            service.add_offer(session, _offered(form), hub_id=hub_of(session, actor).id, now=clock())
    except (BadInput, Conflict) as refused:
        return _refused(request, session, "Add data to the catalogue", "/data/catalogue/new", form, refused)
    return see_other("/data/catalogue", said="It is in the catalogue.")


@router.get("/{offer_id}", dependencies=RECORD)
def offer_page(request: Request, offer_id: OfferId, session: ReadSession) -> Response:
    offer = service.get_offer(session, offer_id)
    values = {
        "name": offer.name,
        "network": offer.network,
        "gb_per_month": str(offer.gb_per_month),
        "months": str(offer.months),
        "cost": f"{offer.cost_pence // 100}.{offer.cost_pence % 100:02d}",
        "funder_id": str(offer.funder_id or ""),
        "ownership": offer.ownership.value,
        "zero_rated": "\n".join(offer.zero_rated),
        "active": "yes" if offer.active else "",
    }
    return _form(request, session, f"Change {offer.name}", f"/data/catalogue/{offer_id}", values)


@router.post("/{offer_id}")
def change(request: Request, offer_id: OfferId, form: FormDep, session: WriteSession, actor: Recorder) -> Response:
    try:
        with session.begin_nested():
            service.change_offer(session, offer_id, _offered(form))
    except (BadInput, Conflict) as refused:
        return _refused(request, session, "Change the catalogue", f"/data/catalogue/{offer_id}", form, refused)
    return see_other("/data/catalogue", said="Changed. What was bought before keeps its figures.")


def _offered(form: Form) -> service.Offered:
    asked = form.parse(OfferForm)
    return service.Offered(
        name=asked.name,
        network=asked.network,
        gb_per_month=asked.gb_per_month,
        months=asked.months,
        cost_pence=asked.cost,
        funder_id=asked.funder_id,
        ownership=asked.ownership,
        zero_rated=tuple(asked.zero_rated.splitlines()),
        active=asked.active,
    )


def _refused(
    request: Request, session: Session, title: str, action: str, form: Form, refused: BadInput | Conflict
) -> Response:
    errors = refused.fields if isinstance(refused, BadInput) else {"name": f"{refused.message} {refused.next_step}"}
    return _form(request, session, title, action, form.values, errors, status=refused.status)


def _form(
    request: Request,
    session: Session,
    title: str,
    action: str,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    page = OfferPage(title, action, choices(session, OrganisationKind.FUNDER), values, errors or {})
    return render(request, "bundles/offer.html", page, status=status)
