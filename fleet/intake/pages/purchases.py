"""Purchases: the list, a new lot, and one lot with its tablets and those still to come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput, DoorstepError
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.intake import queries, service, sources
from fleet.intake.api import RecordsDonations
from fleet.intake.models import PurchaseLot
from fleet.intake.pages.lines import TabletLine, tablet_lines
from fleet.intake.rules import pence, pounds
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/purchases")

COLUMNS = (
    Column("Bought", "bought"),
    Column("Supplier", "supplier"),
    Column("Invoice"),
    Column("Tablets", numeric=True),
    Column("Cost", "cost", numeric=True),
    Column("Warranty ends"),
)


class LotForm(BaseModel):
    """A purchase as it is typed; `cost` is in pounds."""

    supplier: str = Field("", max_length=120)
    invoice_ref: str = Field("", max_length=60)
    bought_on: date
    cost: str = ""
    warranty_end: date | None = None
    funder_id: int | None = None
    note: str = Field("", max_length=500)


@dataclass(frozen=True)
class PurchasesPage:
    table: Table
    title: str = "Purchases"


@dataclass(frozen=True)
class NewPurchasePage:
    funders: tuple[tuple[str, str], ...]
    typed: Form
    today: date
    errors: dict[str, str] = field(default_factory=dict)
    title: str = "Book in a purchase"


@dataclass(frozen=True)
class PurchasePage:
    lot: PurchaseLot
    facts: tuple[tuple[str, str], ...]
    lines: tuple[TabletLine, ...]
    may_record: bool
    may_scan: bool
    typed: Form = field(default_factory=Form)
    errors: dict[str, str] = field(default_factory=dict)
    title: str = "A purchase"


@router.get("")
def list_page(
    request: Request,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.PURCHASES_SEE))],
    query: Listed,
) -> Response:
    found = queries.find_lots(session, query)
    counts = queries.counts_of_lots(session, [lot.id for lot in found.items])
    shown = table(
        found,
        caption="Purchases",
        columns=COLUMNS,
        row=lambda lot: _row(lot, counts.get(lot.id, 0)),
        path="/purchases",
        filters=(Filter("q", "Supplier or invoice", query.filter("q")),),
        empty="Purchases appear here once they are booked in, each with its tablets and its warranty.",
    )
    if query.as_csv:
        return table_csv("purchases", shown)
    return render(request, "intake/purchases.html", PurchasesPage(shown))


@router.get("/new", dependencies=[Depends(may(Permission.DONATIONS_RECORD))])
def new_page(request: Request, session: ReadSession, clock: ClockDep) -> Response:
    return render(request, "intake/new_purchase.html", _new_page(session, Form(), local_date(clock())))


@router.post("/new")
def add(request: Request, form: FormDep, session: WriteSession, actor: RecordsDonations, clock: ClockDep) -> Response:
    today = local_date(clock())
    try:
        new = _new_lot(form.parse(LotForm))
        lot = sources.add_lot(session, new, today=today, actor=actor, now=clock())
    except BadInput as error:
        errors = {("cost" if name == "cost_pence" else name): said for name, said in error.fields.items()}
        return render(request, "intake/new_purchase.html", _new_page(session, form, today, errors), status=422)
    return see_other(f"/purchases/{lot.id}", said="The purchase is booked in. Add its tablets next.")


@router.get("/{lot_id}")
def purchase_page(
    request: Request,
    lot_id: RowId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.PURCHASES_SEE))],
) -> Response:
    return render(request, "intake/purchase.html", _page(session, lot_id, actor))


@router.post("/{lot_id}/expected")
def expect(
    request: Request, lot_id: RowId, form: FormDep, session: WriteSession, actor: RecordsDonations, clock: ClockDep
) -> Response:
    serials = form.get("serials").splitlines()[:500]
    try:
        with session.begin_nested():
            made = service.expect(
                session, serials, source=service.Source(lot_id=lot_id), actor=actor, happening=Happening(clock())
            )
    except DoorstepError as error:
        said = next(iter(error.fields.values()), error.message) if isinstance(error, BadInput) else error.message
        page = _page(session, lot_id, actor, form, {"serials": said})
        return render(request, "intake/purchase.html", page, status=error.status)
    return see_other(f"/purchases/{lot_id}", said=f"{len(made)} tablets are expected.")


def _page(
    session: Session, lot_id: int, actor: Actor, typed: Form | None = None, errors: dict[str, str] | None = None
) -> PurchasePage:
    lot = sources.get_lot(session, lot_id)
    tablets = queries.tablets_of(session, lot_id=lot_id)
    funder = queries.organisation_names(session, [lot.funder_id]).get(lot.funder_id, "") if lot.funder_id else ""
    return PurchasePage(
        lot=lot,
        facts=_facts(lot, funder, len(tablets)),
        lines=tablet_lines(tablets, may_open=actor.may(Permission.TABLETS_SEE)),
        may_record=actor.may(Permission.DONATIONS_RECORD),
        may_scan=actor.may(Permission.INTAKE_RECORD),
        typed=typed or Form(),
        errors=errors or {},
    )


def _new_lot(asked: LotForm) -> sources.NewLot:
    cost = pence(asked.cost)
    if cost is None:
        raise BadInput("The purchase was not added.", fields={"cost": "Enter an amount in pounds, such as 1,204.50."})
    return sources.NewLot(
        supplier=asked.supplier,
        invoice_ref=asked.invoice_ref,
        bought_on=asked.bought_on,
        cost_pence=cost,
        warranty_end=asked.warranty_end,
        funder_id=asked.funder_id,
        note=asked.note,
    )


def _new_page(session: Session, typed: Form, today: date, errors: dict[str, str] | None = None) -> NewPurchasePage:
    return NewPurchasePage(partners.choices(session, OrganisationKind.FUNDER), typed, today, errors or {})


def _row(lot: PurchaseLot, count: int) -> tuple[Cell, ...]:
    return (
        Cell(f"{lot.bought_on:%-d %b %Y}", href=f"/purchases/{lot.id}"),
        Cell(lot.supplier),
        Cell(lot.invoice_ref),
        Cell(str(count)),
        Cell(pounds(lot.cost_pence)),
        Cell(f"{lot.warranty_end:%-d %b %Y}" if lot.warranty_end else ""),
    )


def _facts(lot: PurchaseLot, funder: str, count: int) -> tuple[tuple[str, str], ...]:
    return (
        ("Supplier", lot.supplier),
        ("Invoice", lot.invoice_ref),
        ("Bought", f"{lot.bought_on:%-d %B %Y}"),
        ("Cost of the lot", pounds(lot.cost_pence)),
        ("Warranty ends", f"{lot.warranty_end:%-d %B %Y}" if lot.warranty_end else ""),
        ("Funder", funder),
        ("Tablets", str(count)),
        ("Note", lot.note),
    )
