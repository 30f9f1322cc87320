"""Gatherings for programs: list, look, propose, change, approve and end."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from fleet.gatherings import queries, service
from fleet.gatherings.models import Gathering
from fleet.gatherings.schemas import (
    GatheringAsked,
    GatheringEventOut,
    GatheringIn,
    GatheringList,
    GatheringMoveIn,
    GatheringOut,
)
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(prefix="/gatherings", tags=["gatherings"])

GatheringId = RowId
Seer = Annotated[Actor, Depends(may(Permission.GATHERINGS_SEE))]
Proposer = Annotated[Actor, Depends(may(Permission.GATHERINGS_PROPOSE))]
Decider = Annotated[Actor, Depends(may(Permission.GATHERINGS_DECIDE))]


def shown(gathering: Gathering, actor: Actor) -> GatheringOut:
    return GatheringOut.of(gathering, with_link=service.may_see_link(actor, gathering))


@router.get("", responses=responses())
def list_gatherings(session: ReadSession, actor: Seer, query: Listed) -> GatheringList:
    """Gatherings, a page at a time. Filters: `state`, `theme`, `platform`, `language`, `q` (part of the title)."""
    found = queries.find_gatherings(session, query, host_id=service.host_seen(actor))
    items = [shown(each, actor) for each in found.items]
    return GatheringList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("", status_code=201, responses=responses(404, 503))
def propose_gathering(asked: GatheringAsked, session: WriteSession, actor: Proposer, clock: ClockDep) -> GatheringOut:
    """Add a gathering. A partner's waits until a coordinator approves it, and reaches no tablet before."""
    made = service.propose(session, asked.entry(), actor=actor, happening=asked.happening(clock()))
    return shown(made, actor)


@router.get("/{gathering_id}", responses=responses(404))
def see_gathering(gathering_id: GatheringId, session: ReadSession, actor: Seer) -> GatheringOut:
    """One gathering."""
    return shown(service.gathering_for(session, gathering_id, actor), actor)


@router.put("/{gathering_id}", responses=responses(404))
def change_gathering(
    gathering_id: GatheringId, asked: GatheringIn, session: WriteSession, actor: Proposer, clock: ClockDep
) -> GatheringOut:
    """Change a gathering. What a tile shows of it makes every tablet that carries it out of date."""
    service.gathering_for(session, gathering_id, actor)
    happening = Happening(now=clock(), source="api")
    return shown(service.edit(session, gathering_id, asked.entry(), actor=actor, happening=happening), actor)


@router.post("/{gathering_id}/moves", responses=responses(404, 409))
def move_gathering(
    gathering_id: GatheringId, asked: GatheringMoveIn, session: WriteSession, actor: Decider, clock: ClockDep
) -> GatheringOut:
    """Approve, decline, end or bring back. A refusal lists every reason."""
    moved = service.move(session, gathering_id, asked.move, actor=actor, happening=asked.happening(clock()))
    return shown(moved, actor)


@router.get("/{gathering_id}/events", responses=responses(404))
def list_gathering_events(gathering_id: GatheringId, session: ReadSession, actor: Seer) -> list[GatheringEventOut]:
    """What was done to a gathering, newest first, at most 200 entries."""
    service.gathering_for(session, gathering_id, actor)
    return [GatheringEventOut.model_validate(event) for event in queries.events(session, gathering_id)]
