"""The waiting list, and the page that says to anybody why a request stands where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.clock import local_date
from fleet.database.lists import Found
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep
from fleet.loans import service
from fleet.loans.pages.cohort import cohort_words
from fleet.loans.rules.waiting import ORDER, Place
from fleet.loans.seeing import as_referrer, own_request
from fleet.loans.service.requests.waiting import Waiting
from fleet.loans.words import age_words, place_words, reasons_before, status_line
from fleet.partners.service import hub_of
from fleet.people import service as people
from fleet.people.sight import is_own, name_form, row_for
from fleet.tablets import service as tablets
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/requests")
Viewer = Annotated[Actor, Depends(may(Permission.REQUESTS_SEE))]
COLUMNS = (Column("Place"), Column("For"), Column("Asked for"), Column("Why this place"), Column("Waits for"))


@dataclass(frozen=True)
class WaitingPage:
    table: Table
    months_over: int = 0
    """So many wait with a taster month that is over, for those who may give them another."""
    may_decide: bool = False
    order: tuple[str, ...] = ORDER
    title: str = "Waiting list"


@dataclass(frozen=True)
class PlacePage:
    loan_id: int
    name: str
    place: Place
    asked: str
    reasons: Sequence[str]
    opens: bool
    order: tuple[str, ...] = ORDER
    title: str = "Why this place?"


@router.get("/waiting")
def waiting_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    actor: Viewer,
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    """A referrer sees their own people, each in their place among all."""
    today, hub_id = local_date(clock()), hub_of(session, actor).id
    lines, total = service.waiting_list(
        session,
        hub_id=hub_id,
        today=today,
        first=(query.page - 1) * query.per_page,
        count=query.per_page,
        referrer_id=as_referrer(actor),
        fresh_since=tablets.fresh_since(settings, clock()),
    )
    people.viewed_all(database, [line.person.id for line in lines], actor=actor, now=clock())
    shown = table(
        Found(lines, total, query),
        caption="Waiting list",
        columns=COLUMNS,
        row=lambda line: _row(line, actor, today),
        path="/requests/waiting",
        empty="Nobody waits for a tablet.",
    )
    if query.as_csv:
        about = [line.person.id for line in lines]
        people.list_taken(database, "waiting-list", "waiting list", about, actor=actor, now=clock())
        return table_csv("waiting-list", shown)
    may_decide = actor.may(Permission.LOANS_DECIDE)
    over = service.months_over(session, hub_id=hub_id, today=today) if may_decide else 0
    return render(request, "loans/waiting.html", WaitingPage(shown, over, may_decide))


@router.get("/{loan_id}/place")
def place_page(
    request: Request, loan_id: RowId, session: ReadSession, actor: Viewer, database: DatabaseDep, clock: ClockDep
) -> Response:
    today = local_date(clock())
    loan = own_request(session, loan_id, actor)
    place = service.place_in_queue(session, loan_id, today=today)
    person = people.get_person(session, loan.person_id)
    people.viewed(database, person.id, actor=actor, now=clock())
    page = PlacePage(
        loan_id=loan_id,
        name=name_form(person, row_for(actor).name, own=is_own(person, actor)),
        place=place,
        asked=age_words(local_date(loan.requested_at), today),
        reasons=reasons_before(place),
        opens=actor.may(Permission.LOANS_SEE),
    )
    return render(request, "loans/place.html", page)


def _row(line: Waiting, actor: Actor, today: date) -> tuple[Cell, ...]:
    reasons = reasons_before(line.place)
    return (
        Cell(place_words(line.place.number), href=f"/requests/{line.loan.id}/place"),
        Cell(
            name_form(line.person, row_for(actor).name, own=is_own(line.person, actor)),
            href=f"/loans/{line.loan.id}" if actor.may(Permission.LOANS_SEE) else "",
        ),
        Cell(f"{line.loan.requested_at:%-d %b %Y}", note=f"{line.days} days ago" if line.days != 1 else "yesterday"),
        Cell(
            reasons[0] if reasons else "Nobody comes before.",
            note=cohort_words(line.cohort, today) if line.cohort else "",
        ),
        Cell(line.waits_for if actor.may(Permission.LOANS_SEE) else status_line(line.loan)),
    )
