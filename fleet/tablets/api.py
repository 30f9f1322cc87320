"""Tablets for programs: list, look, move, hold."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.tablets import queries, service
from fleet.tablets.models import Tablet
from fleet.tablets.rules import HoldKind, Move
from fleet.tablets.schemas import (
    EventOut,
    HoldIn,
    HoldList,
    HoldOut,
    KitIn,
    LiftIn,
    MoveIn,
    TabletList,
    TabletOut,
    WaiverIn,
)
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(prefix="/tablets", tags=["tablets"])
holds = ApiRouter(prefix="/holds", tags=["tablets"])

TabletId = RowId


def shown(session: Session, tablet: Tablet) -> TabletOut:
    out = TabletOut.model_validate(tablet)
    holds = [hold.kind for hold in queries.open_holds(session, tablet.id)]
    stale = service.out_of_date(session, tablet.id)
    return out.model_copy(update={"holds": holds, "tiles_out_of_date": stale})


@router.get("", dependencies=[Depends(may(Permission.TABLETS_SEE))], responses=responses())
def list_tablets(session: ReadSession, query: Listed) -> TabletList:
    """Tablets, a page at a time.

    Filters: `stage`, `q` (part of serial, maker or model), `held=yes`, `tiles=out_of_date`, `hub` (what counts there).
    """
    found = queries.find_tablets(session, query)
    items = [shown(session, tablet) for tablet in found.items]
    return TabletList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.get("/{tablet_id}", dependencies=[Depends(may(Permission.TABLETS_SEE))], responses=responses(404))
def see_tablet(tablet_id: TabletId, session: ReadSession) -> TabletOut:
    """One tablet as it stands."""
    return shown(session, service.get_tablet(session, tablet_id))


@router.get("/{tablet_id}/events", dependencies=[Depends(may(Permission.TABLETS_SEE))], responses=responses(404))
def list_events(tablet_id: TabletId, session: ReadSession) -> list[EventOut]:
    """What happened to a tablet, newest first, at most 200 entries."""
    service.get_tablet(session, tablet_id)
    return [EventOut.model_validate(event) for event in queries.events(session, tablet_id)]


@router.post("/{tablet_id}/moves", responses=responses(404, 409))
def move_tablet(
    tablet_id: TabletId,
    asked: MoveIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_SEE))],
    settings: SettingsDep,
    clock: ClockDep,
) -> TabletOut:
    """Move a tablet along its life. A refusal lists every reason."""
    happening = asked.happening(clock())
    service.press(session, tablet_id, Move(asked.move), actor=actor, settings=settings, happening=happening)
    return shown(session, service.get_tablet(session, tablet_id))


@router.post("/{tablet_id}/holds", status_code=201, responses=responses(404))
def hold_tablet(
    tablet_id: TabletId,
    asked: HoldIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.HOLDS_PLACE))],
    clock: ClockDep,
) -> TabletOut:
    """Hold a tablet, with what was seen."""
    happening = Happening(now=clock(), source="api", reason=asked.reason)
    service.place_hold(session, tablet_id, asked.kind, actor=actor, happening=happening)
    return shown(session, service.get_tablet(session, tablet_id))


@holds.get("", dependencies=[Depends(may(Permission.TABLETS_SEE))], responses=responses())
def list_holds(session: ReadSession, query: Listed) -> HoldList:
    """Why tablets are or were held, newest first. Filters: `open=yes`, `kind`, `tablet` (its number)."""
    found = queries.find_holds(session, query)
    items = [HoldOut.model_validate(hold) for hold in found.items]
    return HoldList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/{tablet_id}/holds/{kind}/lift", responses=responses(404, 409))
def lift_hold(
    tablet_id: TabletId,
    kind: HoldKind,
    asked: LiftIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.HOLDS_LIFT))],
    clock: ClockDep,
) -> TabletOut:
    """Lift a hold, with how it was settled."""
    happening = Happening(now=clock(), source="api", reason=asked.reason)
    service.lift_hold(session, tablet_id, kind, actor=actor, happening=happening)
    return shown(session, service.get_tablet(session, tablet_id))


@router.post("/{tablet_id}/kit", responses=responses(404, 409))
def check_kit(
    tablet_id: TabletId,
    asked: KitIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_RECORD))],
    clock: ClockDep,
) -> TabletOut:
    """Record that the kit was looked through; only a complete one counts."""
    happening = Happening(now=clock(), source="api")
    service.check_kit(session, tablet_id, actor=actor, happening=happening, missing=asked.missing)
    return shown(session, service.get_tablet(session, tablet_id))


@router.post("/{tablet_id}/destruction-order", responses=responses(404, 409))
def order_destruction(
    tablet_id: TabletId,
    asked: WaiverIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_DECIDE))],
    clock: ClockDep,
) -> TabletOut:
    """Order the destruction of a retired tablet that cannot be wiped, with the reason on record."""
    happening = Happening(now=clock(), source="api", reason=asked.reason)
    service.order_destruction(session, tablet_id, actor=actor, happening=happening)
    return shown(session, service.get_tablet(session, tablet_id))


@router.post("/{tablet_id}/os-floor-waiver", responses=responses(404, 409))
def waive_os_floor(
    tablet_id: TabletId,
    asked: WaiverIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_DECIDE))],
    clock: ClockDep,
) -> TabletOut:
    """Waive the oldest Android lent, for this tablet, with the reason on record."""
    happening = Happening(now=clock(), source="api", reason=asked.reason)
    service.waive_os_floor(session, tablet_id, actor=actor, happening=happening)
    return shown(session, service.get_tablet(session, tablet_id))
