"""The list of loans for staff, and of requests for whoever made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts.models import Programme
from fleet.cohorts.service import programmes_by_id
from fleet.database.lists import Found, ListQuery
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import AskedBy, GoesOn, LoanKind, LoanState
from fleet.loans.seeing import as_referrer, referrer_of
from fleet.loans.words import ASKED_WORDS, GOES_ON_WORDS, KIND_WORDS, due_line, state_tag, state_words, status_line
from fleet.partners import service as partners
from fleet.partners.models import Organisation
from fleet.partners.words import with_contacts
from fleet.people.models import Person
from fleet.people.service import list_taken, viewed_all
from fleet.people.sight import is_own, name_form, row_for
from fleet.tags import service as tags
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter()

LOAN_COLUMNS = (
    Column("Loan", "id", numeric=True),
    Column("Person", "name"),
    Column("Where it stands", "state"),
    Column("Due", "due"),
    Column("Tablet"),
    Column("Programme"),
)
REQUEST_COLUMNS = (
    Column("Request", "id", numeric=True),
    Column("For", "name"),
    Column("How it stands"),
    Column("Asked for", "requested"),
)


@dataclass(frozen=True)
class ListPage:
    table: Table
    may_ask: bool
    may_lend_to_venues: bool
    title: str = "Loans"


@dataclass(frozen=True)
class RequestsPage:
    table: Table
    may_ask: bool
    title: str = "Requests"


@dataclass(frozen=True)
class _Around:
    """What the rows of one page are shown with, read in one go."""

    people: Mapping[int, Person]
    programmes: Mapping[int, Programme]
    tablets: Mapping[int, int]
    codes: Mapping[int, str]
    referrers: Mapping[int, Organisation]
    """Who could be rung about those that were stopped."""
    today: date


def _around(session: Session, found: Found[Loan], today: date) -> _Around:
    ids = [loan.id for loan in found.items]
    tablets, people = queries.tablet_ids_of(session, ids), queries.people_of(session, ids)
    asked = [referrer_of(loan, people[loan.id]) for loan in found.items if loan.stopped_at is not None]
    return _Around(
        people=people,
        programmes=programmes_by_id(session, [loan.programme_id for loan in found.items]),
        tablets=tablets,
        codes=tags.codes_of(session, list(tablets.values())),
        referrers=partners.referrers(session, asked),
        today=today,
    )


STOPPED_CHOICES = (("", "Goes on or stopped"), ("yes", "Stopped, and the tablet is still out"))
TRIED_CHOICES = (("", "Brought or not"), ("yes", "A courier did not get it there"))


@router.get("/loans")
def loans_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.LOANS_SEE))],
    database: DatabaseDep,
    clock: ClockDep,
) -> Response:
    found = queries.find_loans(session, query)
    viewed_all(database, [loan.person_id for loan in found.items], actor=actor, now=clock())
    around = _around(session, found, local_date(clock()))
    kinds = (("", "Anything lent"), *((each.value, KIND_WORDS[each]) for each in LoanKind))
    onward = (("", "Anything or nothing"), *((each.value, GOES_ON_WORDS[each]) for each in GoesOn))
    states = (("", "Any state"), *((state.value, state_words(state)) for state in LoanState))
    shown = table(
        found,
        caption="Loans",
        columns=LOAN_COLUMNS,
        row=lambda loan: _loan_row(loan, around, actor),
        path="/loans",
        filters=(
            Filter("q", "Name, postcode or phone", query.filter("q")),
            Filter("state", "Where it stands", query.filter("state"), states),
            Filter("open", "Ended ones too?", query.filter("open"), (("", "Open and ended"), ("yes", "Only open"))),
            Filter("tried", "Brought or not", query.filter("tried"), TRIED_CHOICES),
            Filter("stopped", "Contact", query.filter("stopped"), STOPPED_CHOICES),
            Filter("kind", "What is lent", query.filter("kind"), kinds),
            Filter("beyond", "Extended", query.filter("beyond"), (("", "Extended or not"), ("yes", "Beyond a cap"))),
            Filter("goes_on", "Goes on to", query.filter("goes_on"), onward),
        ),
        empty="Loans appear here once somebody asks for a tablet.",
    )
    if query.as_csv:
        about = [loan.person_id for loan in found.items]
        list_taken(database, "loans", "list of loans", about, actor=actor, now=clock())
        return table_csv("loans", shown)
    page = ListPage(shown, actor.may(Permission.REQUESTS_MAKE), actor.may(Permission.LOANS_DECIDE))
    return render(request, "loans/list.html", page)


def _loan_row(loan: Loan, around: _Around, actor: Actor) -> tuple[Cell, ...]:
    person, programme = around.people[loan.id], around.programmes[loan.programme_id]
    tag = state_tag(loan, today=around.today, grace_days=programme.grace_days)
    tablet_id = around.tablets.get(loan.id)
    stopped = loan.stopped_at is not None and loan.closed_at is None
    return (
        Cell(str(loan.id), href=f"/loans/{loan.id}"),
        Cell(
            name_form(person, row_for(actor).name, own=is_own(person, actor)),
            href=f"/people/{person.id}",
            note=_who_to_ring(loan, person, around.referrers) if stopped else "",
        ),
        Cell(tag.word, state=tag.shape, note=state_words(loan.state) if stopped else ""),
        Cell(due_line(loan, around.today)),
        Cell(around.codes.get(tablet_id, str(tablet_id)), href=f"/tablets/{tablet_id}") if tablet_id else Cell(""),
        Cell(programme.name),
    )


def _who_to_ring(loan: Loan, person: Person, referrers: Mapping[int, Organisation]) -> str:
    found = referrers.get(referrer_of(loan, person) or 0)
    return f"referred by {with_contacts(found)}" if found is not None else "nobody referred them"


@router.get("/requests")
def requests_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.REQUESTS_SEE))],
    database: DatabaseDep,
    clock: ClockDep,
) -> Response:
    """A referrer sees what their own organisation asked for, with one line each; a coordinator sees all."""
    found = queries.find_loans(session, query, referrer_id=as_referrer(actor))
    viewed_all(database, [loan.person_id for loan in found.items], actor=actor, now=clock())
    people = queries.people_of(session, [loan.id for loan in found.items])
    opens = actor.may(Permission.LOANS_SEE)
    referrers = partners.referrers(session, [loan.referrer_id for loan in found.items]) if opens else {}
    shown = table(
        found,
        caption="Requests",
        columns=REQUEST_COLUMNS,
        row=lambda loan: _request_row(loan, people[loan.id], actor, referrers, opens=opens),
        path="/requests",
        filters=_filters(query, opens=opens),
        empty="What you ask for appears here, with one line that says how it stands.",
    )
    if query.as_csv:
        about = [loan.person_id for loan in found.items]
        list_taken(database, "requests", "list of requests", about, actor=actor, now=clock())
        return table_csv("requests", shown)
    return render(request, "loans/requests.html", RequestsPage(shown, actor.may(Permission.REQUESTS_MAKE)))


def _filters(query: ListQuery, *, opens: bool) -> tuple[Filter, ...]:
    named = Filter("q", "Name, postcode or phone", query.filter("q"))
    if not opens:
        return (named,)
    choices = (("", "Anybody"), *((each.value, ASKED_WORDS[each]) for each in AskedBy))
    return (named, Filter("asked_by", "Asked by", query.filter("asked_by"), choices))


def _request_row(
    loan: Loan, person: Person, actor: Actor, referrers: Mapping[int, Organisation], *, opens: bool
) -> tuple[Cell, ...]:
    referrer = referrers.get(loan.referrer_id or 0)
    return (
        Cell(str(loan.id), href=f"/loans/{loan.id}" if opens else ""),
        Cell(name_form(person, row_for(actor).name, own=is_own(person, actor))),
        Cell(status_line(loan)),
        Cell(f"{loan.requested_at:%-d %b %Y}", note=f"by {with_contacts(referrer)}" if referrer is not None else ""),
    )
