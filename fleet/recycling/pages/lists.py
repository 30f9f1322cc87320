"""The list of consignments, what waits to go into one, and the form that begins one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.recycling import queries, service
from fleet.recycling.models import Consignment
from fleet.recycling.queries import Sum
from fleet.recycling.rules import ConsignmentKind, ConsignmentState, ReceiverBasis, weight_words
from fleet.recycling.service import NewConsignment
from fleet.recycling.words import BASIS_WORDS, KIND_WORDS, STATE_WORDS, number_of
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/recycling")

Recycles = Annotated[Actor, Depends(may(Permission.RECYCLING_RECORD))]
COLUMNS = (
    Column("Consignment", "number"),
    Column("Carrier", "carrier"),
    Column("Tablets", numeric=True),
    Column("Weight", numeric=True, whole=True),
    Column("How it stands", "state"),
    Column("Note"),
)
KINDS = tuple((kind.value, words) for kind, words in KIND_WORDS.items())
BASES = tuple((basis.value, words) for basis, words in BASIS_WORDS.items())


class WordsForm(BaseModel):
    """What a consignment's note says, as it is typed."""

    kind: ConsignmentKind
    carrier_id: int
    register_checked_on: date | None = None
    receiver_name: str = Field("", max_length=120)
    receiver_address: str = Field("", max_length=500)
    receiver_basis: ReceiverBasis = ReceiverBasis.PERMIT
    receiver_permit: str = Field("", max_length=60)
    waste_code: str = Field("", max_length=10)
    description: str = Field("", max_length=500)
    contained_in: str = Field("", max_length=120)
    collected_from: str = Field("", max_length=500)
    sic_code: str = Field("", max_length=10)
    hierarchy_applied: str = ""

    def asked(self) -> NewConsignment:
        return NewConsignment(**{**self.model_dump(), "hierarchy_applied": self.hierarchy_applied == "yes"})


@dataclass(frozen=True)
class ListPage:
    table: Table
    waiting: int
    may_record: bool
    title: str = "Recycling"


@dataclass(frozen=True)
class WordsPage:
    """The form of a consignment: a new one, or one that is open."""

    title: str
    action: str
    carriers: tuple[tuple[str, str], ...]
    typed: Form
    today: date
    errors: dict[str, str] = field(default_factory=dict)
    kinds: tuple[tuple[str, str], ...] = KINDS
    bases: tuple[tuple[str, str], ...] = BASES


@router.get("")
def list_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.RECYCLING_SEE))],
) -> Response:
    found = queries.find_consignments(session, query)
    held = queries.sums(session, [each.id for each in found.items])
    states = (("", "Any"), *((state.value, tag.word) for state, tag in STATE_WORDS.items()))
    shown = table(
        found,
        caption="Consignments",
        columns=COLUMNS,
        row=lambda each: _row(each, held.get(each.id, Sum())),
        path="/recycling",
        filters=(
            Filter("q", "Carrier, note or receipt", query.filter("q")),
            Filter("state", "How it stands", query.filter("state"), states),
        ),
        empty="Consignments appear here: tablets that leave with a waste carrier, with weights and papers.",
    )
    if query.as_csv:
        return table_csv("consignments", shown)
    page = ListPage(shown, len(service.waiting(session)), actor.may(Permission.RECYCLING_RECORD))
    return render(request, "recycling/list.html", page)


@router.get("/new", dependencies=[Depends(may(Permission.RECYCLING_RECORD))])
def new_page(request: Request, session: ReadSession, clock: ClockDep) -> Response:
    page = words_page(session, "Begin a consignment", "/recycling/new", Form(), local_date(clock()))
    return render(request, "recycling/words.html", page)


@router.post("/new")
def begin(request: Request, form: FormDep, session: WriteSession, actor: Recycles, clock: ClockDep) -> Response:
    try:
        with session.begin_nested():
            asked = form.parse(WordsForm).asked()
            made = service.make(session, asked, actor=actor, happening=Happening(clock()))
    except BadInput as error:
        page = words_page(session, "Begin a consignment", "/recycling/new", form, local_date(clock()), error.fields)
        return render(request, "recycling/words.html", page, status=422)
    return see_other(f"/recycling/{made.id}", said="The consignment is begun. Put its tablets in next.")


def words_page(
    session: Session, title: str, action: str, typed: Form, today: date, errors: dict[str, str] | None = None
) -> WordsPage:
    """The form, with what was typed."""
    carriers = partners.choices(session, OrganisationKind.CARRIER)
    return WordsPage(title, action, carriers, typed, today, errors or {})


def _row(each: Consignment, held: Sum) -> tuple[Cell, ...]:
    tag = STATE_WORDS[ConsignmentState(each.state)]
    return (
        Cell(number_of(each.id), href=f"/recycling/{each.id}"),
        Cell(each.carrier_name),
        Cell(str(held.tablets)),
        Cell(weight_words(held.grams) if held.grams else ""),
        Cell(tag.word, state=tag.shape),
        Cell(each.note_number),
    )
