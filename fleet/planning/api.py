"""The readiness forecast and the hub's days over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy.orm import Session

from fleet.cohorts import service as cohorts
from fleet.errors import NotFound
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.partners.service import hub_of
from fleet.planning import service
from fleet.planning.schemas import (
    ClosureAsked,
    ClosureIn,
    ClosureList,
    ClosureOut,
    ForecastList,
    HoursIn,
    MovedOut,
    MoveOut,
    PreviewOut,
    StrandedIn,
    WeekIn,
    WeekOut,
    forecast_out,
)
from fleet.planning.service import Preview
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["planning"])

SetUp = Annotated[Actor, Depends(may(Permission.COHORTS_SET_UP))]
Viewer = Annotated[Actor, Depends(may(Permission.COHORTS_SEE))]
Cohort = Annotated[RowId | None, Query(description="Only this one.")]


@router.get("/forecast", responses=responses(404, 503))
def see_forecast(
    session: ReadSession, settings: SettingsDep, actor: Viewer, clock: ClockDep, cohort: Cohort = None
) -> ForecastList:
    """Whether enough tablets will be back, clean and ready for each cohort that is to begin, and what keeps others
    away."""
    found = service.forecast(session, hub_id=hub_of(session, actor).id, settings=settings, now=clock())
    items = [forecast_out(each) for each in found if cohort is None or each.wanted.cohort_id == cohort]
    if cohort is not None and not items:
        raise NotFound("No such cohort is still to begin.", next_step="Ask for all of them.")
    return ForecastList(items=items)


@router.get("/closures", responses=responses(503))
def list_closures(session: ReadSession, query: Listed, actor: Viewer, clock: ClockDep) -> ClosureList:
    """Days on which your hub is closed or open for once, a page at a time. Filters: `past=yes`, `withdrawn=yes`."""
    found = service.find_closures(session, query, hub_id=hub_of(session, actor).id, now=clock())
    items = [ClosureOut.model_validate(each) for each in found.items]
    return ClosureList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/closures/preview", responses=responses(409, 503))
def look_at_closure(asked: ClosureAsked, session: ReadSession, actor: SetUp, clock: ClockDep) -> PreviewOut:
    """Which loans would get another due date, and which. Writes nothing."""
    hub_id = hub_of(session, actor).id
    return _preview(service.preview(session, asked.days(), hub_id=hub_id, now=clock(), per_day=asked.per_day))


@router.post("/closures", status_code=201, responses=responses(409, 503))
def add_closure(asked: ClosureIn, session: WriteSession, actor: SetUp, clock: ClockDep) -> ClosureOut:
    """Write the days down and move the loans that the preview showed; `digest` is the preview's."""
    made = service.close(
        session,
        asked.days(),
        hub_id=hub_of(session, actor).id,
        seen=asked.digest,
        per_day=asked.per_day,
        actor=actor,
        happening=asked.happening(clock()),
    )
    return ClosureOut.model_validate(made)


@router.post("/closures/{closure_id}/withdraw", responses=responses(404, 409))
def withdraw_closure(closure_id: RowId, session: WriteSession, actor: SetUp, clock: ClockDep) -> ClosureOut:
    """Take it back. Due dates that moved because of it stay: each person is told of the new day, once."""
    return ClosureOut.model_validate(cohorts.withdraw_closure(session, closure_id, actor=actor, now=clock()))


@router.get("/closures/stranded", responses=responses(409, 503))
def see_stranded(session: ReadSession, actor: Viewer, clock: ClockDep) -> PreviewOut:
    """Loans that are due on a day when the hub is closed, and where they would go."""
    return _preview(service.stranded(session, hub_id=hub_of(session, actor).id, now=clock()))


@router.get("/closures/{closure_id}", responses=responses(404))
def see_closure(closure_id: RowId, session: ReadSession, actor: Viewer) -> ClosureOut:
    """Days on which the hub is closed or exceptionally open, those that were taken back too."""
    return ClosureOut.model_validate(cohorts.get_closure(session, closure_id))


@router.post("/closures/stranded", responses=responses(409, 503))
def move_stranded(asked: StrandedIn, session: WriteSession, actor: SetUp, clock: ClockDep) -> MovedOut:
    """Give them another due date."""
    moved = service.move_stranded(
        session,
        hub_id=hub_of(session, actor).id,
        seen=asked.digest,
        per_day=asked.per_day,
        actor=actor,
        now=clock(),
    )
    return MovedOut(moved=moved)


@router.get("/hub/week", responses=responses(409, 503))
def see_week(session: ReadSession, actor: Viewer, clock: ClockDep) -> WeekOut:
    """When your hub is open in an ordinary week."""
    return _week(session, hub_of(session, actor).id, clock())


@router.put("/hub/week", responses=responses(409, 503))
def change_week(asked: WeekIn, session: WriteSession, actor: SetUp, clock: ClockDep) -> WeekOut:
    """Write down when your hub is open. Due dates that were promised stay until somebody moves them."""
    week = [each.hours() for each in asked.hours]
    hub_id = hub_of(session, actor).id
    cohorts.set_week(session, hub_id, week, actor=actor, now=clock())
    return _week(session, hub_id, clock())


def _preview(found: Preview) -> PreviewOut:
    return PreviewOut(moves=[MoveOut.model_validate(move) for move in found.moves], digest=found.digest)


def _week(session: Session, hub_id: int, now: datetime) -> WeekOut:
    calendar = cohorts.calendar_of(session, hub_id)
    hours = [
        HoursIn(weekday=each.weekday, opens_at=f"{each.opens_at:%H:%M}", closes_at=f"{each.closes_at:%H:%M}")
        for each in calendar.week
    ]
    moving = service.stranded(session, hub_id=hub_id, now=now).moves
    return WeekOut(nation=calendar.nation, hours=hours, stranded=len(moving))
