"""Programmes and cohorts over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from fleet.cohorts import queries, service
from fleet.cohorts.schemas import (
    CohortIn,
    CohortList,
    CohortOut,
    ProgrammeChange,
    ProgrammeGatherings,
    ProgrammeIn,
    ProgrammeOut,
)
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.service import get_organisation, hub_of
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["programmes and cohorts"])

ProgrammeId = RowId
SetUp = Annotated[Actor, Depends(may(Permission.COHORTS_SET_UP))]


@router.get("/programmes", dependencies=[Depends(may(Permission.COHORTS_SEE))], responses=responses())
def list_programmes(session: ReadSession) -> list[ProgrammeOut]:
    """Every programme with its policy, by name."""
    return [ProgrammeOut.model_validate(each) for each in queries.programmes(session)]


@router.post("/programmes", status_code=201, responses=responses(404, 409, 503))
def add_programme(asked: ProgrammeIn, session: WriteSession, actor: SetUp, clock: ClockDep) -> ProgrammeOut:
    """Set up a programme."""
    if asked.funder_id is not None:
        get_organisation(session, asked.funder_id)
    programme = service.add_programme(
        session,
        hub_id=hub_of(session, actor).id,
        name=asked.name,
        policy=asked.policy(),
        funder_id=asked.funder_id,
        actor=actor,
        now=clock(),
    )
    return ProgrammeOut.model_validate(programme)


@router.get("/programmes/{programme_id}", dependencies=[Depends(may(Permission.COHORTS_SEE))], responses=responses(404))
def see_programme(programme_id: ProgrammeId, session: ReadSession) -> ProgrammeOut:
    """One programme with its policy."""
    return ProgrammeOut.model_validate(service.get_programme(session, programme_id))


@router.put("/programmes/{programme_id}", responses=responses(404, 409))
def change_programme(
    programme_id: ProgrammeId, asked: ProgrammeChange, session: WriteSession, actor: SetUp
) -> ProgrammeOut:
    """Change who a programme is for and how it lends, from the next request and the next due date on."""
    if asked.funder_id is not None:
        get_organisation(session, asked.funder_id)
    programme = service.change_programme(
        session,
        programme_id,
        name=asked.name,
        policy=asked.policy(),
        funder_id=asked.funder_id,
        active=asked.active,
        actor=actor,
    )
    return ProgrammeOut.model_validate(programme)


@router.get(
    "/programmes/{programme_id}/gatherings",
    dependencies=[Depends(may(Permission.COHORTS_SEE))],
    responses=responses(404),
)
def see_programme_gatherings(programme_id: ProgrammeId, session: ReadSession) -> ProgrammeGatherings:
    """A programme's usual gatherings."""
    service.get_programme(session, programme_id)
    return ProgrammeGatherings(gathering_ids=list(service.gatherings_of(session, programme_id)))


@router.put("/programmes/{programme_id}/gatherings", responses=responses(404))
def choose_programme_gatherings(
    programme_id: ProgrammeId, asked: ProgrammeGatherings, session: WriteSession, actor: SetUp
) -> ProgrammeGatherings:
    """Choose a programme's usual gatherings."""
    service.choose_gatherings(session, programme_id, asked.gathering_ids, actor=actor)
    return ProgrammeGatherings(gathering_ids=list(service.gatherings_of(session, programme_id)))


@router.get("/cohorts", dependencies=[Depends(may(Permission.COHORTS_SEE))], responses=responses())
def list_cohorts(session: ReadSession, query: Listed) -> CohortList:
    """Cohorts, a page at a time. Filters: `programme` (its number), `q` (part of the name)."""
    found = queries.find_cohorts(session, query)
    items = [CohortOut.model_validate(cohort) for cohort in found.items]
    return CohortList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/cohorts", status_code=201, responses=responses(404, 409))
def add_cohort(asked: CohortIn, session: WriteSession, actor: SetUp, clock: ClockDep) -> CohortOut:
    """Set up a dated intake of a programme."""
    cohort = service.add_cohort(session, **asked.model_dump(), actor=actor, now=clock())
    return CohortOut.model_validate(cohort)
