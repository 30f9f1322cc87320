"""Donations: the list, a new one with its declaration, and one with its tablets. A giver sees only their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput, Conflict
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.intake import queries, sources
from fleet.intake.api import RecordsDonations, SeesDonations
from fleet.intake.models import DonationBatch
from fleet.intake.pages.lines import TabletLine, tablet_lines
from fleet.intake.rules import DECLARATION
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape

router = PageRouter(prefix="/donations")

COLUMNS = (
    Column("Received", "received"),
    Column("Giver", "giver"),
    Column("Tablets", numeric=True),
    Column("Declaration"),
)


class BatchForm(BaseModel):
    """A donation as it is typed. A giver is chosen from the list, or named when this is their first gift."""

    donor_id: int = 0
    donor_name: str = Field("", max_length=120)
    received_on: date
    expected_count: int | None = None
    declared: list[str] = Field(default_factory=list)
    declared_by: str = Field("", max_length=120)
    declared_on: date | None = None
    wiping_requirement: str = Field("", max_length=500)
    note: str = Field("", max_length=500)


@dataclass(frozen=True)
class DonationsPage:
    table: Table
    may_record: bool
    title: str = "Donations"


@dataclass(frozen=True)
class NewDonationPage:
    donors: tuple[tuple[str, str], ...]
    typed: Form
    today: date
    errors: dict[str, str] = field(default_factory=dict)
    declaration: tuple[tuple[str, str], ...] = DECLARATION
    title: str = "Book in a donation"


@dataclass(frozen=True)
class DonationPage:
    batch: DonationBatch
    giver: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[TabletLine, ...]
    declared: frozenset[str]
    may_record: bool
    may_scan: bool
    is_giver: bool
    today: date
    declaration: tuple[tuple[str, str], ...] = DECLARATION
    title: str = "A donation"


@router.get("")
def list_page(request: Request, session: ReadSession, actor: SeesDonations, query: Listed) -> Response:
    found = queries.find_batches(session, query, donor_id=sources.donor_bound(actor))
    names = queries.organisation_names(session, [batch.donor_id for batch in found.items])
    counts = queries.counts_of_batches(session, [batch.id for batch in found.items])
    shown = table(
        found,
        caption="Donations",
        columns=COLUMNS,
        row=lambda batch: _row(batch, names.get(batch.donor_id, ""), counts.get(batch.id, 0)),
        path="/donations",
        filters=(Filter("q", "Giver", query.filter("q")),),
        empty="Donations appear here once they are booked in, each with its tablets and what became of them.",
    )
    if query.as_csv:
        return table_csv("donations", shown)
    return render(request, "intake/donations.html", DonationsPage(shown, actor.may(Permission.DONATIONS_RECORD)))


@router.get("/new", dependencies=[Depends(may(Permission.DONATIONS_RECORD))])
def new_page(request: Request, session: ReadSession, clock: ClockDep) -> Response:
    return render(request, "intake/new_donation.html", _new_page(session, Form(), local_date(clock())))


@router.post("/new")
def add(request: Request, form: FormDep, session: WriteSession, actor: RecordsDonations, clock: ClockDep) -> Response:
    today = local_date(clock())
    try:
        with session.begin_nested():
            asked = form.parse(BatchForm)
            batch = sources.add_batch(session, _new_batch(session, asked, clock), today=today, actor=actor, now=clock())
    except (BadInput, Conflict) as error:
        errors = error.fields if isinstance(error, BadInput) else {"donor_name": error.message}
        page = _new_page(session, form, today, errors)
        return render(request, "intake/new_donation.html", page, status=422)
    return see_other(f"/donations/{batch.id}", said="The donation is booked in. Add its tablets next.")


@router.get("/{batch_id}")
def donation_page(
    request: Request, batch_id: RowId, session: ReadSession, actor: SeesDonations, clock: ClockDep
) -> Response:
    batch = sources.see_batch(session, batch_id, actor=actor)
    tablets = queries.tablets_of(session, batch_id=batch.id)
    giver = queries.organisation_names(session, [batch.donor_id]).get(batch.donor_id, "")
    page = DonationPage(
        batch=batch,
        giver=giver,
        facts=_facts(batch, len(tablets)),
        lines=tablet_lines(tablets, may_open=actor.may(Permission.TABLETS_SEE)),
        declared=sources.declared_fields(batch),
        may_record=actor.may(Permission.DONATIONS_RECORD),
        may_scan=actor.may(Permission.INTAKE_RECORD),
        is_giver=sources.donor_bound(actor) is not None,
        today=local_date(clock()),
    )
    return render(request, "intake/donation.html", page)


@router.post("/{batch_id}/declaration", dependencies=[Depends(may(Permission.DONATIONS_RECORD))])
def declare(batch_id: RowId, form: FormDep, session: WriteSession, clock: ClockDep) -> Response:
    asked = form.parse(DeclarationForm)
    sources.declare(
        session,
        batch_id,
        declared=frozenset(asked.declared),
        by=asked.declared_by,
        on=asked.declared_on,
        today=local_date(clock()),
    )
    return see_other(f"/donations/{batch_id}", said="The declaration is written down.")


class DeclarationForm(BaseModel):
    """What the giver agreed to, as it is typed."""

    declared: list[str] = Field(default_factory=list)
    declared_by: str = Field("", max_length=120)
    declared_on: date | None = None


def _new_batch(session: Session, asked: BatchForm, clock: ClockDep) -> sources.NewBatch:
    donor_id = asked.donor_id
    if asked.donor_name.strip():
        added = partners.add_organisation(session, kind=OrganisationKind.DONOR, name=asked.donor_name, now=clock())
        donor_id = added.id
    return sources.NewBatch(
        donor_id=donor_id,
        received_on=asked.received_on,
        expected_count=asked.expected_count,
        declared=frozenset(asked.declared),
        declared_by=asked.declared_by,
        declared_on=asked.declared_on,
        wiping_requirement=asked.wiping_requirement,
        note=asked.note,
    )


def _new_page(session: Session, typed: Form, today: date, errors: dict[str, str] | None = None) -> NewDonationPage:
    donors = partners.choices(session, OrganisationKind.DONOR)
    return NewDonationPage(donors, typed, today, errors or {})


def _row(batch: DonationBatch, giver: str, count: int) -> tuple[Cell, ...]:
    whole = len(sources.declared_fields(batch)) == len(DECLARATION)
    return (
        Cell(f"{batch.received_on:%-d %b %Y}", href=f"/donations/{batch.id}"),
        Cell(giver),
        Cell(f"{count} of {batch.expected_count}" if batch.expected_count else str(count)),
        Cell("Signed", state=Shape.DONE) if whole else Cell("Not complete", state=Shape.WAITING),
    )


def _facts(batch: DonationBatch, count: int) -> tuple[tuple[str, str], ...]:
    signed = f"{batch.declared_by}{f', {batch.declared_on:%-d %B %Y}' if batch.declared_on else ''}"
    return (
        ("Received", f"{batch.received_on:%-d %B %Y}"),
        ("Tablets", f"{count} of {batch.expected_count}" if batch.expected_count else str(count)),
        ("Declared by", signed),
        ("Asked of the wipe", batch.wiping_requirement),
        ("Note", batch.note),
    )
