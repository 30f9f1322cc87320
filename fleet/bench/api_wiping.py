"""The ways to wipe a tablet, and what was agreed about its account, for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from fleet.bench import service
from fleet.bench.api import SlotId
from fleet.bench.schemas import BlockerOut
from fleet.bench.schemas_wiping import ConsentIn, ConsentOut, ConsentsOut, WayOut, WaysOut
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["bench"])

TabletId = RowId


@router.get("/slots/{slot_id}/ways", dependencies=[Depends(may(Permission.BENCH_RUN))], responses=responses(404))
def ways_to_wipe(slot_id: SlotId, database: DatabaseDep, settings: SettingsDep, clock: ClockDep) -> WaysOut:
    """Ask the tablet in a slot by which ways it can be wiped, and what stands against it. Nothing on it changes."""
    ways = service.ways_in_slot(database, slot_id, settings=settings, clock=clock)
    return WaysOut(
        slot_id=slot_id,
        tablet_id=ways.tablet_id,
        ways=[WayOut.model_validate(route) for route in ways.routes],
        blockers=[
            BlockerOut(code=each.code.value, what=each.what, why=each.why, next=each.next, waivable=each.waivable)
            for each in ways.blockers
        ],
        problem=ways.problem,
    )


@router.get(
    "/tablets/{tablet_id}/removal-consents",
    dependencies=[Depends(may(Permission.BENCH_SEE))],
    responses=responses(404),
)
def list_consents(tablet_id: TabletId, session: ReadSession) -> ConsentsOut:
    """What was agreed about the account on a tablet."""
    items = [ConsentOut.model_validate(each) for each in service.consents_of(session, tablet_id)]
    standing = service.standing_consent(session, tablet_id)
    return ConsentsOut(standing=ConsentOut.model_validate(standing) if standing else None, items=items)


@router.post("/tablets/{tablet_id}/removal-consents", status_code=201, responses=responses(404))
def record_consent(
    tablet_id: TabletId,
    given: ConsentIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.DONATIONS_RECORD))],
    clock: ClockDep,
) -> ConsentOut:
    """Record that somebody agreed. One that stands already is answered with itself."""
    made = service.record_consent(
        session,
        tablet_id,
        given_by=given.given_by,
        told_by=given.told_by,
        given_on=given.given_on,
        actor=actor,
        happening=Happening(now=clock(), source="api"),
    )
    return ConsentOut.model_validate(made)


@router.post("/tablets/{tablet_id}/removal-consents/withdraw", responses=responses(404))
def withdraw_consent(
    tablet_id: TabletId,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.DONATIONS_RECORD))],
    clock: ClockDep,
) -> ConsentOut:
    """Take back the agreement that stands: the account blocks a wipe again, also one that is under way."""
    happening = Happening(now=clock(), source="api")
    return ConsentOut.model_validate(service.withdraw_consent(session, tablet_id, actor=actor, happening=happening))
