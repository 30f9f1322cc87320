"""The bench wall: every slot in its place, what needs hands largest, all of it alive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.api import BenchId, DatabaseDep
from fleet.bench.live import Picture, events
from fleet.bench.models import Bench
from fleet.bench.words import SlotView, WallCounts, slot_view, wall_counts
from fleet.database.session import Database
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.session import ClockDep, ReadSession, SettingsDep, get_database
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.words import name_of
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import fragment, render

router = APIRouter(prefix="/bench")

LOOKS_AT_ONCE = 8


@dataclass(frozen=True)
class Waiting:
    """A tablet that the bench could take on next, and what for."""

    id: int
    code: str
    name: str
    next: str


@dataclass(frozen=True)
class Wall:
    """A bench as its wall shows it. `version` changes with anything on it."""

    bench: Bench
    hub: str
    slots: tuple[SlotView, ...]
    counts: WallCounts
    version: str


@dataclass(frozen=True)
class WallPage:
    title: str
    wall: Wall
    benches: Sequence[Bench]
    waiting: tuple[Waiting, ...]
    waiting_count: int
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


@router.get("/waiting", dependencies=[Depends(may(Permission.BENCH_SEE))])
def waiting_page(request: Request, session: ReadSession) -> Response:
    return render(request, "bench/waiting.html", WaitingPage(waiting_tablets(session)))


@router.get("/{bench_id}")
def wall_page(
    request: Request,
    bench_id: BenchId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SEE))],
) -> Response:
    waiting = waiting_tablets(session)
    wall = draw_wall(session, bench_id)
    page = WallPage(
        title=wall.bench.name,
        wall=wall,
        benches=queries.benches(session),
        waiting=waiting[:5],
        waiting_count=len(waiting),
        may_run=actor.may(Permission.BENCH_RUN),
        may_set_up=actor.may(Permission.BENCH_SET_UP),
    )
    return render(request, "bench/wall.html", page)


@router.post("/{bench_id}/look")
def look_everywhere(
    bench_id: BenchId,
    form: FormDep,
    database: DatabaseDep,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    """Look into every slot that no run is busy with, several at once."""
    with database.read() as session:
        service.get_bench(session, bench_id)
        ids = [slot.id for slot in queries.slots(session, bench_id)]
        free = [slot_id for slot_id in ids if queries.unfinished_run_in_slot(session, slot_id) is None]
    with ThreadPoolExecutor(LOOKS_AT_ONCE) as pool:
        looks = [
            pool.submit(service.look, database, slot_id, actor=actor, settings=settings, clock=clock)
            for slot_id in free
        ]
        answered = sum(1 for each in looks if each.result().identity is not None)
    return see_other(f"/bench/{bench_id}", said=f"Looked into {len(free)} slots: {answered} tablets answered.")


@router.get("/{bench_id}/live", dependencies=[Depends(may(Permission.BENCH_SEE))], response_class=EventSourceResponse)
async def live_wall(
    request: Request, bench_id: BenchId, seen: Annotated[str, Query(max_length=4000)] = ""
) -> AsyncIterator[ServerSentEvent]:
    """The wall's slots and counts, as they change."""
    database: Database = get_database(request)

    def draw() -> Picture:
        with database.read() as session:
            wall = draw_wall(session, bench_id)
        parts = {f"slot-{slot.id}": fragment(request, "bench/_slot.html", slot) for slot in wall.slots}
        return Picture(wall.version, parts | {"counts": fragment(request, "bench/_counts.html", wall.counts)})

    async for event in events(request, seen, draw):
        yield event


def draw_wall(session: Session, bench_id: int) -> Wall:
    """Raises `NotFound`."""
    bench = service.get_bench(session, bench_id)
    slots = queries.slots(session, bench_id)
    runs = queries.latest_runs_in_slots(session, [slot.id for slot in slots])
    views = []
    versions = []
    for slot in slots:
        run = runs.get(slot.id)
        tablet_id = run.tablet_id if run and run.finished_at is None else slot.tablet_id or (run and run.tablet_id)
        tablet: Tablet | None = tablets.get_tablet(session, tablet_id) if tablet_id else None
        views.append(slot_view(slot, run, tablet))
        versions.append(f"{slot.version}.{run.version if run else 0}.{tablet.changed_at.timestamp() if tablet else 0}")
    return Wall(bench, service.hub_name(session, bench), tuple(views), wall_counts(views), "-".join(versions) or "0")


def waiting_tablets(session: Session) -> tuple[Waiting, ...]:
    """What to plug in next, the one that has waited longest first."""
    return tuple(
        Waiting(
            tablet.id,
            service.asset_code(tablet),
            name_of(tablet),
            "to be wiped" if tablet.stage is Stage.AWAITING_WIPE else "to be provisioned",
        )
        for tablet in queries.waiting_for_the_bench(session)
    )
