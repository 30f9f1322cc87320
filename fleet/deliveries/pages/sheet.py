"""A run on paper: for the hub's desk, and for the courier who prefers it. Says no more of anybody than the phone does.

The sheet leaves out the doorstep needs and the agreed word: a paper can be lost, and with the word anybody could call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response

from fleet.deliveries import queries, service
from fleet.deliveries.api import Id
from fleet.deliveries.rules import JobKind
from fleet.deliveries.service import Place, SeenStop
from fleet.deliveries.words import KIND_WORDS, VEHICLE_WORDS
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep
from fleet.partners import service as partners
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/courier-runs")


@dataclass(frozen=True)
class SheetStop:
    """A stop as it may stand on paper. Address, first name and note are empty outside their time."""

    number: int
    window: str
    area: str
    task: str
    first_name: str
    address: tuple[str, ...]
    access_note: str
    code: str
    brings_code: str
    fetch_at: Place | None
    bring_to: Place | None
    kit: tuple[str, ...]
    boxes: tuple[str, ...]


@dataclass(frozen=True)
class SheetPage:
    run_id: int
    day: date
    courier: str
    how: str
    help_phone: str
    stops: tuple[SheetStop, ...]
    shred_by: datetime
    title: str
    back_href: str

    @property
    def has_addresses(self) -> bool:
        return any(stop.address for stop in self.stops)


@router.get("/{run_id}/sheet", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))])
def sheet_page(request: Request, run_id: Id, session: ReadSession, settings: SettingsDep, clock: ClockDep) -> Response:
    run = service.get_run(session, run_id)
    hub = partners.get_organisation(session, run.hub_id)
    zone = ZoneInfo(hub.time_zone)
    seen = service.run_seen(session, run, zone, settings=settings, now=clock())
    names = queries.names_of(session, [run.courier_id] if run.courier_id else [])
    page = SheetPage(
        run_id=run.id,
        day=run.day,
        courier=names.get(run.courier_id or 0, "nobody yet"),
        how=VEHICLE_WORDS[run.vehicle],
        help_phone=hub.help_phone or settings.hub_phone,
        stops=tuple(_stop(stop) for stop in seen.stops),
        shred_by=shred_by(run.day, zone, hours=settings.address_hours_after_delivery),
        title=f"Run {run.id} on paper",
        back_href=f"/courier-runs/{run.id}",
    )
    return render(request, "deliveries/sheet.html", page)


def shred_by(day: date, zone: ZoneInfo, *, hours: int) -> datetime:
    """When the last address of a run closes, whatever became of its stops (`rules.address_open`)."""
    midnight = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return (midnight + timedelta(hours=hours)).astimezone(zone)


_BOXES = {
    JobKind.DELIVER: ("Loaded", "Handed over", "Not done"),
    JobKind.COLLECT: ("Collected", "All of it came back", "Not done"),
    JobKind.SWAP: ("Loaded", "Swapped", "All of the other came back", "Not done"),
    JobKind.HOME: ("Loaded", "Handed in", "Not done"),
}


def _stop(stop: SeenStop) -> SheetStop:
    return SheetStop(
        number=stop.sequence,
        window=f"{stop.window_from:%H:%M} to {stop.window_to:%H:%M}",
        area=stop.area,
        task=KIND_WORDS[stop.kind],
        first_name=stop.first_name,
        address=stop.address,
        access_note=stop.access_note,
        code=stop.code,
        brings_code=stop.brings_code,
        fetch_at=stop.fetch_at,
        bring_to=stop.bring_to,
        kit=stop.kit,
        boxes=_BOXES[stop.kind],
    )
