"""The hub's days: its week, what it keeps otherwise, and the loans that a closure moves, shown before they move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import WEEKDAYS, Hours, HubCalendar, SpecialDays
from fleet.cohorts.models import Closure
from fleet.database.session import Database
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, WriteSession
from fleet.partners.rules import NATIONS
from fleet.partners.service import hub_of
from fleet.planning import service
from fleet.planning.api import SetUp
from fleet.planning.pages.moving import Moving, moving
from fleet.planning.service import Preview
from fleet.planning.words import day_short, day_words
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/closures")

COLUMNS = (
    Column("Days", "first"),
    Column("Why", "name"),
    Column("The hub is"),
    Column("Again"),
    Column("Loans moved", numeric=True),
    Column("Written down by"),
)
SETS_UP = Depends(may(Permission.COHORTS_SET_UP))


class DaysForm(BaseModel):
    """Days as they are typed; `last_on` left empty is one day."""

    first_on: date
    last_on: date | None = None
    name: str = Field("", max_length=200)
    kind: str = "closed"
    yearly: bool = False
    per_day: int | None = None
    digest: str = ""

    def days(self) -> SpecialDays:
        last = self.last_on or self.first_on
        return SpecialDays(self.first_on, last, self.name.strip(), self.kind == "open", self.yearly)


@dataclass(frozen=True)
class DaysPage:
    table: Table
    week: tuple[tuple[str, str], ...]
    nation: str
    may_set_up: bool
    stranded: int
    stranded_days: tuple[tuple[str, int, int], ...]
    digest: str
    moving: Moving = field(default_factory=Moving)
    """The stranded loans, for those who may move them."""
    title: str = "The hub's days"


@dataclass(frozen=True)
class NewPage:
    """`moves` says what would move, once the days were looked at; None before."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    question: str = "When is the hub closed?"
    loans: int | None = None
    days: tuple[tuple[str, int, int], ...] = ()
    moving: Moving = field(default_factory=Moving)
    digest: str = ""
    refused: str = ""
    title: str = "Close the hub"
    back_href: str = "/closures"
    back_text: str = "The hub's days"


@dataclass(frozen=True)
class WeekPage:
    days: tuple[tuple[int, str], ...]
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "The hub's week"
    back_href: str = "/closures"
    back_text: str = "The hub's days"


@router.get("")
def days_page(
    request: Request,
    session: ReadSession,
    database: DatabaseDep,
    query: Listed,
    clock: ClockDep,
    actor: Annotated[Actor, Depends(may(Permission.COHORTS_SEE))],
) -> Response:
    hub = hub_of(session, actor)
    may_set_up = actor.may(Permission.COHORTS_SET_UP)
    shown = table(
        service.find_closures(session, query, hub_id=hub.id, now=clock()),
        caption="Closed, or open for once",
        columns=COLUMNS,
        row=lambda each: _row(each, may_set_up=may_set_up),
        path="/closures",
        filters=(Filter("past", "Those that are over", query.filter("past"), (("", "Left out"), ("yes", "Shown"))),),
        empty="Days on which the hub is closed appear here. Bank holidays are known already.",
    )
    if query.as_csv:
        return table_csv("closures", shown)
    calendar = cohorts.calendar_of(session, hub.id)
    away = service.stranded(session, hub_id=hub.id, now=clock())
    page = DaysPage(
        table=shown,
        week=_week(calendar),
        nation=NATIONS[calendar.nation],
        may_set_up=may_set_up,
        stranded=len(away.moves),
        stranded_days=_days(away),
        digest=away.digest,
        moving=_stranded(database, away, actor=actor, now=clock()) if may_set_up else Moving(),
    )
    return render(request, "planning/days.html", page)


def _stranded(database: Database, away: Preview, *, actor: Actor, now: datetime) -> Moving:
    if not away.moves:
        return Moving()
    with database.write() as session:
        return moving(session, away.moves, actor=actor, now=now)


@router.get("/new", dependencies=[SETS_UP])
def new_page(request: Request, clock: ClockDep) -> Response:
    return render(request, "planning/closure.html", NewPage({"first_on": str(local_date(clock())), "kind": "closed"}))


@router.post("/new")
def close(request: Request, form: FormDep, session: WriteSession, actor: SetUp, clock: ClockDep) -> Response:
    """Shows what would move; the button on that page carries its digest and does it."""
    hub_id = hub_of(session, actor).id
    try:
        asked = form.parse(DaysForm)
        if not asked.digest:
            return render(request, "planning/closure.html", _looked_at(session, hub_id, form, asked, actor, clock()))
        happening = Happening(now=clock(), client_id=form.get("client_id") or None)
        with session.begin_nested():
            made = service.close(
                session,
                asked.days(),
                hub_id=hub_id,
                seen=asked.digest,
                per_day=asked.per_day,
                actor=actor,
                happening=happening,
            )
    except BadInput as refused:
        page = NewPage(form.values, refused.fields)
        return render(request, "planning/closure.html", page, status=422)
    except service.NotWhatWasSeen as refused:
        page = _looked_at(session, hub_id, form, form.parse(DaysForm), actor, clock(), refused.message)
        return render(request, "planning/closure.html", page, status=409)
    except Conflict as refused:
        page = NewPage(form.values, refused=refused.message)
        return render(request, "planning/closure.html", page, status=409)
    return see_other("/closures", said=_said(made))


@router.post("/{closure_id}/withdraw")
def withdraw(closure_id: RowId, form: FormDep, session: WriteSession, actor: SetUp, clock: ClockDep) -> Response:
    found = cohorts.withdraw_closure(session, closure_id, actor=actor, now=clock())
    return see_other("/closures", said=f"“{found.name}” is taken back. Due dates that moved stay as they are.")


@router.get("/{closure_id}/withdraw", dependencies=[SETS_UP])
def withdraw_page(request: Request, closure_id: RowId, session: ReadSession) -> Response:
    found = cohorts.get_closure(session, closure_id)
    return render(request, "planning/withdraw.html", WithdrawPage(found, _when(found), f"Take back “{found.name}”"))


@dataclass(frozen=True)
class WithdrawPage:
    closure: Closure
    when: str
    title: str
    back_href: str = "/closures"
    back_text: str = "The hub's days"


@router.post("/stranded")
def move_stranded(form: FormDep, session: WriteSession, actor: SetUp, clock: ClockDep) -> Response:
    hub_id = hub_of(session, actor).id
    moved = service.move_stranded(session, hub_id=hub_id, seen=form.get("digest"), actor=actor, now=clock())
    return see_other("/closures", said=f"{_loans(moved)} moved to a day when the hub is open.")


@router.get("/week")
def week_page(request: Request, session: ReadSession, actor: SetUp) -> Response:
    calendar = cohorts.calendar_of(session, hub_of(session, actor).id)
    values = {f"opens_{each.weekday}": f"{each.opens_at:%H:%M}" for each in calendar.week}
    values |= {f"closes_{each.weekday}": f"{each.closes_at:%H:%M}" for each in calendar.week}
    return render(request, "planning/week.html", WeekPage(tuple(enumerate(WEEKDAYS)), values))


@router.post("/week")
def change_week(request: Request, form: FormDep, session: WriteSession, actor: SetUp, clock: ClockDep) -> Response:
    try:
        cohorts.set_week(session, hub_of(session, actor).id, _typed_week(form), actor=actor, now=clock())
    except BadInput as refused:
        page = WeekPage(tuple(enumerate(WEEKDAYS)), form.values, refused.fields)
        return render(request, "planning/week.html", page, status=422)
    return see_other("/closures", said="The hub's week is written down.")


def _typed_week(form: Form) -> list[Hours]:
    """Raises `BadInput` for a time that is none, or half a day."""
    week, errors = [], {}
    for weekday, name in enumerate(WEEKDAYS):
        opens, closes = form.get(f"opens_{weekday}"), form.get(f"closes_{weekday}")
        if not opens and not closes:
            continue
        try:
            week.append(Hours(weekday, time.fromisoformat(opens), time.fromisoformat(closes)))
        except ValueError:
            errors[f"opens_{weekday}"] = f"Enter when {name} begins and ends, such as 09:00, or leave both empty."
    if errors:
        raise BadInput("The hub's week was not changed.", fields=errors)
    return week


def _looked_at(
    session: Session, hub_id: int, form: Form, asked: DaysForm, actor: Actor, now: datetime, refused: str = ""
) -> NewPage:
    found = service.preview(session, asked.days(), hub_id=hub_id, now=now, per_day=asked.per_day)
    return NewPage(
        values=form.values,
        question=f"{'Open' if asked.kind == 'open' else 'Close'} the hub for “{asked.name.strip()}”?",
        loans=len(found.moves),
        days=_days(found),
        moving=moving(session, found.moves, actor=actor, now=now),
        digest=found.digest,
        refused=refused,
    )


def _days(found: Preview) -> tuple[tuple[str, int, int], ...]:
    return tuple((day_words(day), before, after) for day, before, after in found.days)


def _row(each: Closure, *, may_set_up: bool) -> tuple[Cell, ...]:
    gone = each.withdrawn_at is not None
    return (
        Cell(_when(each), href=f"/closures/{each.id}/withdraw" if may_set_up and not gone else ""),
        Cell(each.name, note="Taken back" if gone else ""),
        Cell("Open" if each.opens else "Closed"),
        Cell("Every year" if each.yearly else "Once"),
        Cell(str(each.loans_moved)),
        Cell(each.added_by),
    )


def _when(each: Closure) -> str:
    first, last = f"{day_short(each.first_on)} {each.first_on.year}", f"{day_short(each.last_on)} {each.last_on.year}"
    return first if each.first_on == each.last_on else f"{first} to {last}"


def _week(calendar: HubCalendar) -> tuple[tuple[str, str], ...]:
    hours = {each.weekday: f"{each.opens_at:%H:%M} to {each.closes_at:%H:%M}" for each in calendar.week}
    return tuple((name, hours.get(weekday, "Closed")) for weekday, name in enumerate(WEEKDAYS))


def _said(made: Closure) -> str:
    moved = f" {_loans(made.loans_moved)} got another due date." if made.loans_moved else ""
    return f"“{made.name}” is written down.{moved}"


def _loans(count: int) -> str:
    return f"{count} loan{'' if count == 1 else 's'}"
