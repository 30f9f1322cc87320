"""The readiness forecast: a picture, the same as a table, and why tablets are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.database.lists import Found, ListQuery
from fleet.errors import NotFound
from fleet.http.paging import Cell, Column, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep
from fleet.partners.service import hub_of
from fleet.planning import service
from fleet.planning.chart import Chart, chart
from fleet.planning.rules.forecast import Forecast
from fleet.planning.words import REASON_HELP, REASON_PLACES, REASON_WORDS, day_short, day_words, outlook
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape

router = PageRouter()

COLUMNS = (
    Column("Day"),
    Column("Ready", numeric=True),
    Column("Short", numeric=True),
)
COHORT_COLUMNS = (
    Column("Cohort"),
    Column("Programme"),
    Column("Begins", whole=True),
    Column("Places", numeric=True),
    Column("Still to fill", numeric=True),
    Column("Ready by then", numeric=True),
    Column("Outlook"),
)


@dataclass(frozen=True)
class Missing:
    """One reason with what can be done about it, and where."""

    count: int
    words: str
    help: str
    href: str


@dataclass(frozen=True)
class ForecastPage:
    """`shown` is the cohort in the picture; none where no cohort is to begin."""

    cohorts: Table
    title: str = "Forecast"
    shown: Forecast | None = None
    question: str = "Will there be enough tablets?"
    answer: str = ""
    enough: bool = True
    chart: Chart | None = None
    first: str = ""
    last: str = ""
    days: Table | None = None
    missing: tuple[Missing, ...] = ()


@router.get("/forecast")
def forecast_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    settings: SettingsDep,
    clock: ClockDep,
    actor: Annotated[Actor, Depends(may(Permission.COHORTS_SEE))],
) -> Response:
    found = service.forecast(session, hub_id=hub_of(session, actor).id, settings=settings, now=clock())
    cohorts = _cohort_table(found, query)
    if query.as_csv:
        return table_csv("forecast", cohorts)
    if not found:
        return render(request, "planning/forecast.html", ForecastPage(cohorts))
    return render(request, "planning/forecast.html", _page(_chosen(found, query), cohorts, actor))


def _chosen(found: tuple[Forecast, ...], query: ListQuery) -> Forecast:
    """The cohort that was asked for, else the next one. Raises `NotFound`."""
    asked = query.filter("cohort")
    if not asked:
        return found[0]
    chosen = next((each for each in found if str(each.wanted.cohort_id) == asked), None)
    if chosen is None:
        raise NotFound("This cohort has begun, or there is none.", next_step="Look at the forecast of the next one.")
    return chosen


def _page(shown: Forecast, cohorts: Table, actor: Actor) -> ForecastPage:
    return ForecastPage(
        cohorts=cohorts,
        shown=shown,
        question=f"Will there be enough tablets for {shown.wanted.name}?",
        answer=outlook(shown),
        enough=not shown.short,
        chart=chart(shown),
        first=day_short(shown.points[0].day),
        last=day_short(shown.day),
        days=_day_table(shown),
        missing=tuple(
            Missing(
                each.count,
                REASON_WORDS[each.reason],
                REASON_HELP[each.reason],
                REASON_PLACES.get(each.reason, "") if actor.may(Permission.LOANS_DECIDE) else "",
            )
            for each in shown.reasons
        ),
    )


def _day_table(shown: Forecast) -> Table:
    points = shown.points
    return table(
        Found(points, len(points), ListQuery(per_page=max(1, len(points)))),
        caption=f"Day by day, {shown.wanted.need} needed",
        columns=COLUMNS,
        row=lambda point: (
            Cell(day_words(point.day)),
            Cell(str(point.ready)),
            Cell(str(max(0, shown.wanted.need - point.ready))),
        ),
        path="/forecast",
        empty="",
    )


def _cohort_table(found: tuple[Forecast, ...], query: ListQuery) -> Table:
    return table(
        Found(found, len(found), ListQuery(per_page=max(1, len(found)), filters=query.filters)),
        caption="Cohorts to come",
        columns=COHORT_COLUMNS,
        row=_cohort_row,
        path="/forecast",
        empty="The next cohort appears here once it is set up, with the tablets that will be ready for it.",
    )


def _cohort_row(each: Forecast) -> tuple[Cell, ...]:
    wanted = each.wanted
    state = Shape.DANGER.value if each.short else Shape.DONE.value
    return (
        Cell(wanted.name, href=f"/forecast?cohort={wanted.cohort_id}"),
        Cell(wanted.programme),
        Cell(f"{day_short(wanted.starts_on)} {wanted.starts_on.year}"),
        Cell(str(wanted.places)),
        Cell(str(wanted.need)),
        Cell(str(each.ready)),
        Cell(f"Short by {each.short}" if each.short else "Enough", state=state),
    )
