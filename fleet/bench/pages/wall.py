"""The bench wall: every slot in its place, what needs hands largest, the scanner on top, one sheet at the side."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.api import BenchId
from fleet.bench.live import Picture, events
from fleet.bench.models import Bench, Run
from fleet.bench.pages.run import RunPage, draw_run
from fleet.bench.pages.scanning import Scanner, draw_scanner
from fleet.bench.pages.slots import SlotPage, draw_slot, in_slot
from fleet.bench.rules import FINISHED
from fleet.bench.service.errands import ask_to_look
from fleet.bench.wall_words import SlotView, WallCounts, slot_view, wall_counts
from fleet.clock import Clock
from fleet.database.base import LARGEST_ID
from fleet.database.session import Database
from fleet.errors import NotFound
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import (
    ClockDep,
    ReadSession,
    SettingsDep,
    WriteSession,
    get_clock,
    get_database,
    get_settings,
)
from fleet.partners.service import hub_of
from fleet.settings import Settings
from fleet.tablets.rules import Stage
from fleet.tablets.words import name_of
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import PAGE_HEADERS, fragment, render

router = PageRouter(prefix="/bench")

SHOWN_OF_QUEUE = 5


@dataclass(frozen=True)
class Waiting:
    """A tablet that the bench could take on next, what for, and why it comes where it does."""

    id: int
    code: str
    name: str
    next: str
    since: datetime


@dataclass(frozen=True)
class Queue:
    """What to plug in next: the first few, and how many there are."""

    waiting: tuple[Waiting, ...]
    count: int


@dataclass(frozen=True)
class Wall:
    """A bench as its wall shows it. `version` changes with anything on it."""

    bench: Bench
    hub: str
    slots: tuple[SlotView, ...]
    counts: WallCounts
    queue: Queue
    version: str


@dataclass(frozen=True)
class Sheet:
    """One slot at the side of the wall: its run while that goes on or was the last thing there, else what may begin."""

    slot: SlotPage
    run: RunPage | None
    bench_id: int


@dataclass(frozen=True)
class WallPage:
    title: str
    wall: Wall
    benches: Sequence[Bench]
    scanner: Scanner | None
    sheet: Sheet | None
    may_run: bool
    may_set_up: bool


@dataclass(frozen=True)
class BenchesPage:
    benches: Sequence[Bench]
    may_set_up: bool
    title: str = "Bench"


@dataclass(frozen=True)
class WaitingPage:
    waiting: tuple[Waiting, ...]
    title: str = "Waiting for the bench"


@router.get("")
def bench_page(
    request: Request, session: ReadSession, actor: Annotated[Actor, Depends(may(Permission.BENCH_SEE))]
) -> Response:
    """The only bench's wall, or the list of them."""
    benches = queries.benches(session)
    if len(benches) == 1:
        return see_other(f"/bench/{benches[0].id}")
    return render(request, "bench/benches.html", BenchesPage(benches, actor.may(Permission.BENCH_SET_UP)))


@router.get("/waiting")
def waiting_page(
    request: Request, session: ReadSession, actor: Annotated[Actor, Depends(may(Permission.BENCH_SEE))]
) -> Response:
    return render(request, "bench/waiting.html", WaitingPage(waiting_tablets(session, hub_of(session, actor).id)))


@router.get("/{bench_id}")
def wall_page(
    request: Request,
    bench_id: BenchId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SEE))],
    settings: SettingsDep,
    clock: ClockDep,
    open_slot: Annotated[int | None, Query(alias="open", ge=1, le=LARGEST_ID)] = None,
) -> Response:
    """The whole wall; for a wall that is open already, only the sheet it asks for."""
    sheet = draw_sheet(session, bench_id, open_slot, actor, settings, clock()) if open_slot else None
    if sheet is not None and "hx-request" in request.headers:
        return Response(fragment(request, "bench/_sheet.html", sheet), media_type="text/html", headers=PAGE_HEADERS)
    wall = draw_wall(session, bench_id, settings, clock())
    page = WallPage(
        title=wall.bench.name,
        wall=wall,
        benches=queries.benches(session),
        scanner=draw_scanner(session, bench_id, actor, clock()),
        sheet=sheet,
        may_run=actor.may(Permission.BENCH_RUN),
        may_set_up=actor.may(Permission.BENCH_SET_UP),
    )
    return render(request, "bench/wall.html", page)


@router.post("/{bench_id}/look")
def look_everywhere(
    request: Request,
    bench_id: BenchId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    clock: ClockDep,
) -> Response:
    """Ask the bench to look into every slot that no run is busy with; the wall shows by itself what it saw."""
    count = ask_to_look(session, bench_id, actor=actor, now=clock())
    said = f"The bench looks into {count} slots; what it sees comes up here." if count else "Every slot is at work."
    return see_other(f"/bench/{bench_id}", said=said)


@router.get("/{bench_id}/live", dependencies=[Depends(may(Permission.BENCH_SEE))], response_class=EventSourceResponse)
async def live_wall(
    request: Request, bench_id: BenchId, seen: Annotated[str, Query(max_length=4000)] = ""
) -> AsyncIterator[ServerSentEvent]:
    """The wall's slots, counts, queue and autopilot, as they change."""
    database: Database = get_database(request)
    settings: Settings = get_settings(request)
    clock: Clock = get_clock(request)

    def draw() -> Picture:
        with database.read() as session:
            wall = draw_wall(session, bench_id, settings, clock())
        parts = {f"slot-{slot.id}": fragment(request, "bench/_slot.html", slot) for slot in wall.slots}
        parts["counts"] = fragment(request, "bench/_counts.html", wall.counts)
        parts["queue"] = fragment(request, "bench/_queue.html", wall.queue)
        parts["autopilot"] = fragment(request, "bench/_autopilot.html", wall.bench)
        return Picture(wall.version, parts)

    async for event in events(request, seen, draw):
        yield event


def draw_wall(session: Session, bench_id: int, settings: Settings, now: datetime) -> Wall:
    """Raises `NotFound`."""
    bench = service.get_bench(session, bench_id)
    slots = queries.slots(session, bench_id)
    runs = queries.latest_runs_in_slots(session, [slot.id for slot in slots])
    steps = queries.steps_of_runs(session, [run.id for run in runs.values() if run.state not in FINISHED])
    views = []
    versions = [f"b{bench.version}"]
    for slot in slots:
        seen = in_slot(session, slot, bench, runs.get(slot.id), settings=settings, now=now, steps=steps)
        views.append(slot_view(seen))
        changed = seen.tablet.changed_at.timestamp() if seen.tablet else 0
        versions.append(f"{slot.version}.{seen.run.version if seen.run else 0}.{changed}")
    waiting = waiting_tablets(session, bench.hub_id)
    queue = Queue(waiting[:SHOWN_OF_QUEUE], len(waiting))
    hub = service.hub_name(session, bench)
    return Wall(bench, hub, tuple(views), wall_counts(views), queue, "-".join(versions))


def draw_sheet(session: Session, bench_id: int, slot_id: int, actor: Actor, settings: Settings, now: datetime) -> Sheet:
    """Raises `NotFound`, also for a slot of another bench."""
    page = draw_slot(session, slot_id, actor, settings, now)
    if page.bench.id != bench_id:
        raise NotFound(f"This bench has no slot number {slot_id}.", next_step="Choose one from the bench wall.")
    run = page.run if page.run is not None and _is_of_now(page, page.run) else None
    return Sheet(page, draw_run(session, run.id, actor) if run else None, bench_id)


def _is_of_now(page: SlotPage, run: Run) -> bool:
    """Whether a slot's newest run is what somebody wants to see who opens it: not one of the tablet before."""
    return run.state not in FINISHED or (page.tablet is not None and page.tablet.id == run.tablet_id)


_WAITS_FOR = {Stage.AWAITING_WIPE: "to be wiped", Stage.WIPED: "to be provisioned"}


def waiting_tablets(session: Session, hub_id: int) -> tuple[Waiting, ...]:
    """What to plug in next at a hub, the one that has waited longest first."""
    return tuple(
        Waiting(
            tablet.id,
            service.asset_code(tablet),
            name_of(tablet),
            _WAITS_FOR.get(tablet.stage, "refresh needed"),
            tablet.changed_at,
        )
        for tablet in queries.waiting_for_the_bench(session, hub_id=hub_id)
    )
