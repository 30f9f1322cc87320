"""Plans over HTTP: what one would set up, bringing it in, and the days on which a cohort's measures are collected."""

from __future__ import annotations

from fastapi import Depends
from sqlalchemy.orm import Session

from fleet.cohorts import service
from fleet.cohorts.api import ProgrammeId, SetUp
from fleet.cohorts.calendar import HubCalendar
from fleet.cohorts.models import PlanDate
from fleet.cohorts.schemas import (
    CohortDetail,
    CohortOut,
    CollectionIn,
    DraftCohortOut,
    PlanDateOut,
    PlanImported,
    PlanIn,
    PlanLineOut,
    PlanOut,
    PlanPreview,
)
from fleet.cohorts.service import SeenPlan
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.users.access import may
from fleet.users.rules import Permission

router = ApiRouter(tags=["programmes and cohorts"])

SEES = Depends(may(Permission.COHORTS_SEE))


@router.get("/programmes/{programme_id}/plan", dependencies=[SEES], responses=responses(404))
def see_plan(programme_id: ProgrammeId, session: ReadSession) -> PlanOut:
    """A programme's milestones and data collections, in the order in which they were written."""
    calendar = service.calendar_of(session, service.get_programme(session, programme_id).hub_id)
    return PlanOut(items=[_date(each, calendar) for each in service.plan_of(session, programme_id)])


@router.post("/programmes/{programme_id}/plan/preview", responses=responses(404, 409))
def look_at_plan(programme_id: ProgrammeId, asked: PlanIn, session: ReadSession, actor: SetUp) -> PlanPreview:
    """What a plan would set up, and which of its days look wrong. Writes nothing, and never sorts."""
    return _preview(service.look_at_plan(session, programme_id, asked.read(), places=asked.places))


@router.post("/programmes/{programme_id}/plan", status_code=201, responses=responses(404, 409))
def import_plan(
    programme_id: ProgrammeId, asked: PlanIn, session: WriteSession, actor: SetUp, clock: ClockDep
) -> PlanImported:
    """Set up all of a plan or nothing. A day that looks wrong is refused until it is changed or has `keep_because`."""
    made = service.import_plan(session, programme_id, asked.read(), places=asked.places, actor=actor, now=clock())
    return PlanImported(cohorts=[CohortOut.model_validate(each) for each in made.cohorts], dates=len(made.dates))


@router.get("/cohorts/{cohort_id}", dependencies=[SEES], responses=responses(404))
def see_cohort(cohort_id: RowId, session: ReadSession) -> CohortDetail:
    """One cohort, when its tablets are due and when its measures are collected."""
    return cohort_detail(session, cohort_id)


@router.post("/cohorts/{cohort_id}/collections", status_code=201, responses=responses(404, 409))
def add_collection(
    cohort_id: RowId, asked: CollectionIn, session: WriteSession, actor: SetUp, clock: ClockDep
) -> CohortDetail:
    """Another day on which its measures are collected."""
    service.add_collection(session, cohort_id, asked.planned_on, words=asked.words, actor=actor, now=clock())
    return cohort_detail(session, cohort_id)


@router.delete("/cohorts/{cohort_id}/collections/{date_id}", responses=responses(404))
def remove_collection(cohort_id: RowId, date_id: RowId, session: WriteSession, actor: SetUp) -> CohortDetail:
    """Take a day out again."""
    service.remove_collection(session, cohort_id, date_id, actor=actor)
    return cohort_detail(session, cohort_id)


def cohort_detail(session: Session, cohort_id: int) -> CohortDetail:
    """One cohort as a program reads it."""
    cohort = service.get_cohort(session, cohort_id)
    calendar = service.calendar_of(session, service.get_programme(session, cohort.programme_id).hub_id)
    collections = [_date(each, calendar) for each in service.collections_of(session, cohort_id)]
    plain = CohortOut.model_validate(cohort).model_dump()
    return CohortDetail(**plain, due_on=calendar.roll_forward(cohort.ends_on), collections=collections)


def _date(each: PlanDate, calendar: HubCalendar) -> PlanDateOut:
    return PlanDateOut(
        id=each.id,
        cohort_id=each.cohort_id,
        kind=each.kind,
        planned_on=each.planned_on,
        takes_place_on=service.takes_place(calendar, each),
        words=each.words,
        place=each.place,
        kept_because=each.kept_because,
    )


def _preview(seen: SeenPlan) -> PlanPreview:
    asked = {question.line: question for question in seen.questions}
    lines = [
        PlanLineOut(
            number=line.number,
            day=line.day,
            takes_place_on=seen.takes_place.get(line.number, line.day),
            closed_because=seen.why_moved.get(line.number, ""),
            words=line.words,
            kind=line.kind,
            cohort=line.cohort,
            question=asked[line.number].why if line.number in asked else "",
            fitting=list(asked[line.number].fitting) if line.number in asked else [],
            problem=seen.problems[line.number].words if line.number in seen.problems else "",
        )
        for line in seen.lines
    ]
    cohorts = [
        DraftCohortOut(
            name=each.name,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
            places=each.places,
            end_from=each.end_from,
        )
        for each in seen.draft.cohorts
    ]
    return PlanPreview(may_be_imported=seen.may_be_imported, lines=lines, cohorts=cohorts)
