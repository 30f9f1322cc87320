"""SIMs and their data over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from fleet.bundles import queries, service
from fleet.bundles.models import Sim
from fleet.bundles.schemas import BundleIn, BundleOut, SimIn, SimList, SimMoveIn, SimOut
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.service import get_hub, get_organisation
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = APIRouter(prefix="/sims", tags=["SIMs"])

SimId = RowId
Recorder = Annotated[Actor, Depends(may(Permission.BUNDLES_RECORD))]


def shown(session: Session, sim: Sim) -> SimOut:
    bundle = queries.current_bundle(session, sim.id)
    doubt = service.iccid_warning(sim.iccid)
    return SimOut(
        id=sim.id,
        iccid=sim.iccid,
        network=sim.network,
        state=sim.state,
        bundle=BundleOut.model_validate(bundle) if bundle else None,
        warnings=[doubt] if doubt else [],
    )


@router.get("", dependencies=[Depends(may(Permission.BUNDLES_SEE))], responses=responses())
def list_sims(session: ReadSession, query: Listed) -> SimList:
    """SIMs, a page at a time. Filters: `state`, `q` (part of the number or network)."""
    found = queries.find_sims(session, query)
    items = [shown(session, sim) for sim in found.items]
    return SimList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("", status_code=201, responses=responses(409, 503))
def add_sim(asked: SimIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> SimOut:
    """Take a SIM into stock. A check digit that does not fit is a warning; a number on record is refused."""
    sim = service.add_sim(
        session,
        hub_id=get_hub(session).id,
        iccid=asked.iccid,
        network=asked.network,
        actor=actor,
        happening=Happening(now=clock(), source="api"),
    )
    return shown(session, sim)


@router.get("/{sim_id}", dependencies=[Depends(may(Permission.BUNDLES_SEE))], responses=responses(404))
def see_sim(sim_id: SimId, session: ReadSession) -> SimOut:
    """One SIM and its data."""
    return shown(session, service.get_sim(session, sim_id))


@router.post("/{sim_id}/bundle", status_code=201, responses=responses(404, 409))
def attach_bundle(sim_id: SimId, asked: BundleIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> SimOut:
    """Buy data for a SIM that nobody is using. The bundle before stays on record."""
    if asked.funder_id is not None:
        get_organisation(session, asked.funder_id)
    happening = Happening(now=clock(), source="api")
    service.attach_bundle(session, sim_id, **asked.model_dump(), actor=actor, happening=happening)
    return shown(session, service.get_sim(session, sim_id))


@router.post("/{sim_id}/moves", responses=responses(404, 409))
def move_sim(sim_id: SimId, asked: SimMoveIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> SimOut:
    """Move a SIM along its life: back in stock, expired, destroyed, a bar lifted."""
    happening = Happening(now=clock(), source="api", reason=asked.reason)
    service.press(session, sim_id, asked.move, actor=actor, happening=happening)
    return shown(session, service.get_sim(session, sim_id))
