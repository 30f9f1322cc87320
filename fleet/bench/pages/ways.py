"""How to wipe what is in a slot: every way with its reason, the best first, and what has to be settled before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.bench import queries, service
from fleet.bench.api import SlotId
from fleet.bench.models import Slot
from fleet.bench.pages.slots import held_because
from fleet.bench.service.ways import Ways
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, SettingsDep
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/bench/slots")


@dataclass(frozen=True)
class WaysPage:
    title: str
    slot: Slot
    ways: Ways
    open: tuple[tuple[str, str, str], ...]
    """Code, title and reason of each way that is offered."""
    may_begin: bool
    held: str


@router.get("/{slot_id}/ways")
def ways_page(
    request: Request,
    slot_id: SlotId,
    database: DatabaseDep,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    ways = service.ways_in_slot(database, slot_id, settings=settings, clock=clock)
    with database.read() as session:
        tablet = tablets.get_tablet(session, ways.tablet_id) if ways.tablet_id else None
        held = held_because(session, tablet.id) if tablet else ""
        free = queries.unfinished_run_in_slot(session, slot_id) is None and not held
    page = WaysPage(
        title=f"Ways to wipe, slot {ways.slot.place}",
        slot=ways.slot,
        ways=ways,
        open=tuple((each.code.value, each.title, each.why) for each in ways.routes if each.offered),
        may_begin=free and tablet is not None and tablet.stage is Stage.AWAITING_WIPE and not ways.blockers,
        held=held,
    )
    return render(request, "bench/ways.html", page)
