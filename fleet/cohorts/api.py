"""Programmes and cohorts over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from fleet.cohorts import queries, service
from fleet.cohorts.models import Programme
from fleet.cohorts.schemas import (
    CohortIn,
    CohortList,
    CohortOut,
    FunderOfProgramme,
    ProgrammeChange,
    ProgrammeGatherings,
    ProgrammeIn,
    ProgrammeList,
    ProgrammeOut,
)
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.service import hub_of
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["programmes and cohorts"])

ProgrammeId = RowId
SetUp = Annotated[Actor, Depends(may(Permission.COHORTS_SET_UP))]


@router.get("/programmes", dependencies=[Depends(may(Permission.COHORTS_SEE))], responses=responses())
def list_programmes(session: ReadSession, query: Listed) -> ProgrammeList:
    """Programmes with their policy, by name, a page at a time. Filters: `active=yes`, `q` (part of the name)."""
    found = queries.find_programmes(session, query)
    return ProgrammeList(
        items=_shown(session, *found.items), total=found.total, page=query.page, page_count=found.page_count
    )


@router.post("/programmes", status_code=201, responses=responses(404, 409, 503))
def add_programme(asked: ProgrammeIn, session: WriteSession, actor: SetUp, clock: ClockDep) -> ProgrammeOut:
    """Set up a programme."""
    programme = service.add_programme(
        session,
        hub_id=hub_of(session, actor).id,
        name=asked.name,
        policy=asked.policy(),
        funders=asked.paid_by(),
        actor=actor,
        now=clock(),
    )
    return _shown(session, programme)[0]


@router.get("/programmes/{programme_id}", dependencies=[Depends(may(Permission.COHORTS_SEE))], responses=responses(404))
def see_programme(programme_id: ProgrammeId, session: ReadSession) -> ProgrammeOut:
    """One programme with its policy."""
    return _shown(session, service.get_programme(session, programme_id))[0]


@router.put("/programmes/{programme_id}", responses=responses(404, 409))
def change_programme(
    programme_id: ProgrammeId, asked: ProgrammeChange, session: WriteSession, actor: SetUp
) -> ProgrammeOut:
    """Change who a programme is for and how it lends, from the next request and the next due date on."""
    programme = service.change_programme(
        session,
        programme_id,
        name=asked.name,
        policy=asked.policy(),
        funders=asked.paid_by(),
        active=asked.active,
        actor=actor,
    )
    return _shown(session, programme)[0]


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
    """Set up a dated intake of a programme. A first day out of order is refused until it has `keep_because`."""
    service.ask_about_beginning(session, asked.programme_id, asked.name, asked.starts_on, asked.keep_because)
    told = asked.model_dump(exclude={"keep_because"})
    cohort = service.add_cohort(session, **told, kept_because=asked.keep_because, actor=actor, now=clock())
    return CohortOut.model_validate(cohort)


def _shown(session: Session, *programmes: Programme) -> list[ProgrammeOut]:
    """Programmes with who pays for each."""
    funders = service.funders_of(session, [each.id for each in programmes])
    return [
        ProgrammeOut.model_validate(each).model_copy(
            update={"funders": [FunderOfProgramme.model_validate(one) for one in funders[each.id]]}
        )
        for each in programmes
    ]
