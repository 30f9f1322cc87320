"""The list of runs, and planning one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.deliveries import queries, service
from fleet.deliveries.api import Planner
from fleet.deliveries.models import CourierRun
from fleet.deliveries.pages.asked import day, vehicle
from fleet.deliveries.rules import RunState, Vehicle, capacity_of
from fleet.deliveries.words import RUN_TAGS, VEHICLE_WORDS
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners import service as partners
from fleet.users.access import may
from fleet.users.models import User
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/courier-runs")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
COLUMNS = (
    Column("Run", "id", numeric=True),
    Column("Day", "day"),
    Column("Courier"),
    Column("Stops"),
    Column("How it stands", "state"),
)


@dataclass(frozen=True)
class ListPage:
    table: Table
    waiting: int
    homeward: int
    title: str = "Courier runs"


@dataclass(frozen=True)
class NewPage:
    couriers: Sequence[User]
    vehicles: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "Plan a run"


@router.get("")
def list_page(request: Request, session: ReadSession, query: Listed, actor: Planner) -> Response:
    found = queries.find_runs(session, query)
    ids = [run.id for run in found.items]
    counts = queries.job_counts(session, ids)
    names = queries.names_of(session, [run.courier_id for run in found.items if run.courier_id is not None])
    states = (("", "Any"), *((state.value, RUN_TAGS[state].word) for state in RunState))
    shown = table(
        found,
        caption="Courier runs",
        columns=COLUMNS,
        row=lambda run: _row(run, counts.get(run.id, (0, 0)), names),
        path="/courier-runs",
        filters=(
            Filter("state", "How it stands", query.filter("state"), states),
            Filter("day", "Day, as 2026-06-12", query.filter("day")),
        ),
        empty="Runs appear here once one is planned. Begin with a day and a courier; stops come after.",
    )
    if query.as_csv:
        return table_csv("courier-runs", shown)
    hub = partners.hub_of(session, actor)
    page = ListPage(shown, queries.count_waiting(session), queries.count_homeward(session, hub_id=hub.id))
    return render(request, "deliveries/runs.html", page)


def _row(run: CourierRun, counts: tuple[int, int], names: Mapping[int, str]) -> tuple[Cell, ...]:
    left, total = counts
    tag = RUN_TAGS[run.state]
    return (
        Cell(str(run.id), href=f"/courier-runs/{run.id}"),
        Cell(f"{run.day:%a} {run.day.day} {run.day:%b %Y}"),
        Cell(names.get(run.courier_id or 0, "Nobody yet")),
        Cell(f"{left} of {total} to do" if total else "None yet"),
        Cell(tag.word, state=tag.shape),
    )


@router.get("/new", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))])
def new_page(request: Request, session: ReadSession, clock: ClockDep, day: str = "") -> Response:
    chosen = day if _DAY.fullmatch(day) else local_date(clock()).isoformat()
    return _new_form(request, session, {"day": chosen, "vehicle": Vehicle.CAR.value})


def _new_form(
    request: Request, session: Session, values: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> Response:
    vehicles = tuple((each.value, f"{VEHICLE_WORDS[each]}, {capacity_of(each, None)} kits at once") for each in Vehicle)
    page = NewPage(service.couriers(session), vehicles, values, errors or {})
    return render(request, "deliveries/new_run.html", page, status=422 if errors else 200)


@router.post("")
def plan_run(request: Request, form: FormDep, session: WriteSession, actor: Planner, clock: ClockDep) -> Response:
    try:
        with session.begin_nested():
            run = service.create_run(
                session,
                day=day(form.get("day")),
                vehicle=vehicle(form.get("vehicle")),
                courier_id=form.row("courier_id"),
                actor=actor,
                happening=Happening(now=clock()),
            )
    except BadInput as error:
        return _new_form(request, session, form.values, error.fields)
    return see_other(f"/courier-runs/{run.id}", said=f"Run {run.id} is planned. Add its stops.")
