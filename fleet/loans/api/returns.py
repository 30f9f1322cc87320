"""What comes back to the hub, over HTTP."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from fleet.http.acts import ReasonedAct
from fleet.http.errors import responses
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import TabletId, Technician
from fleet.loans.models import Loan
from fleet.loans.schemas import InspectIn, ReturnOut, TakenBackIn
from fleet.partners.service import works_at
from fleet.tablets.service import get_tablet

router = ApiRouter(prefix="/returns", tags=["returns"])


def _returned(session: Session, tablet_id: int, loan: Loan | None) -> ReturnOut:
    tablet = get_tablet(session, tablet_id)
    return ReturnOut(
        tablet_id=tablet_id,
        stage=tablet.stage.value,
        guest_hub_id=tablet.guest_hub_id,
        loan_id=loan.id if loan else None,
        loan_state=loan.state if loan else None,
    )


@router.post("/{tablet_id}/hand-in", responses=responses(404, 409))
def hand_in(
    tablet_id: TabletId,
    asked: TakenBackIn,
    session: WriteSession,
    actor: Technician,
    settings: SettingsDep,
    clock: ClockDep,
) -> ReturnOut:
    """A tablet that is on loan was brought to your hub. The loan's clock stops: on `came_on`, where nobody saw it. At
    another hub than its own the tablet stays on its way back, with that hub as `guest_hub_id`."""
    seen: dict[str, Any] = {
        "tablet_id": tablet_id,
        "condition": asked.condition,
        "sim_in_tray": asked.sim_in_tray,
        "kit_missing": asked.kit_missing,
        "at": works_at(session, actor),
        "actor": actor,
        "settings": settings,
        "happening": asked.happening(clock()),
    }
    if asked.came_on is None:
        loan = service.hand_in_tablet(session, **seen)
    else:
        loan = service.came_unseen(session, came_on=asked.came_on, **seen)
    return _returned(session, tablet_id, loan)


@router.post("/{tablet_id}/arrive", responses=responses(404, 409))
def arrive(
    tablet_id: TabletId,
    asked: ReasonedAct,
    session: WriteSession,
    actor: Technician,
    settings: SettingsDep,
    clock: ClockDep,
) -> ReturnOut:
    """A courier's tablet is scanned in at your hub: collected, not delivered, or sent home by another hub."""
    loan = service.scan_in(
        session,
        tablet_id=tablet_id,
        at=works_at(session, actor),
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return _returned(session, tablet_id, loan)


@router.post("/{tablet_id}/inspect", responses=responses(404, 409))
def inspect(
    tablet_id: TabletId,
    asked: InspectIn,
    session: WriteSession,
    actor: Technician,
    settings: SettingsDep,
    clock: ClockDep,
) -> ReturnOut:
    """The tablet was looked over and wiped down; its loan closes. Its data is still there until the next wipe."""
    loan = service.inspect(
        session,
        tablet_id=tablet_id,
        condition=asked.condition,
        cleaned=asked.cleaned,
        sim_in_tray=asked.sim_in_tray,
        sim_seen=asked.sim_seen,
        stray_bagged=asked.stray_bagged,
        kit_missing=asked.kit_missing,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return _returned(session, tablet_id, loan)


@router.post("/{tablet_id}/found", responses=responses(404, 409))
def found(
    tablet_id: TabletId,
    asked: ReasonedAct,
    session: WriteSession,
    actor: Technician,
    settings: SettingsDep,
    clock: ClockDep,
) -> ReturnOut:
    """A lost tablet turned up and is at your hub."""
    loan = service.found(
        session,
        tablet_id=tablet_id,
        at=works_at(session, actor),
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return _returned(session, tablet_id, loan)
