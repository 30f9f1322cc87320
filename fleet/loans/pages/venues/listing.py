"""The list of venue loans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import Request, Response

from fleet.clock import local_date
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession
from fleet.loans import queries
from fleet.loans.api.access import Decider
from fleet.loans.models import VenueLoan
from fleet.loans.rules import said
from fleet.loans.words import due_day_line
from fleet.web.render import render

router = PageRouter(prefix="/venue-loans")
COLUMNS = (
    Column("Place", "place"),
    Column("Due", "due"),
    Column("Tablets", numeric=True),
    Column("Not back yet", numeric=True),
)


@dataclass(frozen=True)
class VenuesPage:
    table: Table
    title: str = "Venue loans"


@router.get("")
def venues_page(request: Request, session: ReadSession, query: Listed, _actor: Decider, clock: ClockDep) -> Response:
    found = queries.find_venue_loans(session, query)
    counts = queries.counts_at_venues(session, [venue.id for venue in found.items])
    places = queries.place_names(session, [venue.id for venue in found.items])
    today = local_date(clock())
    shown = table(
        found,
        caption="Venue loans",
        columns=COLUMNS,
        row=lambda venue: _row(venue, places[venue.id], counts.get(venue.id, queries.AtVenue()), today),
        path="/venue-loans",
        filters=(
            Filter("q", "Place", query.filter("q")),
            Filter("open", "Ended ones too?", query.filter("open"), (("", "Open and ended"), ("yes", "Only open"))),
        ),
        empty="Tablets lent to a partner’s place, for people who come there, are listed here.",
    )
    if query.as_csv:
        return table_csv("venue-loans", shown)
    return render(request, "loans/venues.html", VenuesPage(shown))


def _row(venue: VenueLoan, place: str, count: queries.AtVenue, today: date) -> tuple[Cell, ...]:
    """A day runs only for tablets that the place has."""
    return (
        Cell(place, href=f"/venue-loans/{venue.id}"),
        Cell(
            due_day_line(venue.due_on, today) if count.there else said(venue.due_on),
            note="Not handed over yet" if count.left and count.waits == count.left else "",
        ),
        Cell(str(count.lent)),
        Cell(str(count.away)),
    )
