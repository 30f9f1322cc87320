"""One slot: what is in it, and the runs that could begin there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.api import SlotId
from fleet.bench.live import Picture, events
from fleet.bench.models import Bench, Run, RunStep, Slot
from fleet.bench.rules import FINISHED
from fleet.bench.service.autopilot import next_in_slot
from fleet.bench.service.errands import ask_to_look_into
from fleet.bench.service.profiles import all_profiles
from fleet.bench.steering import Act
from fleet.bench.wall_words import InSlot, SlotView, slot_view
from fleet.bench.words import run_tag
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
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
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.words import name_of, stage_tag
from fleet.users.access import current_actor, may
from fleet.users.actor import NOBODY, Actor
from fleet.users.rules import Permission
from fleet.web.render import back, fragment, render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/bench/slots")


@dataclass(frozen=True)
class SlotPage:
    title: str
    slot: Slot
    bench: Bench
    view: SlotView
    tablet: Tablet | None
    gone: Tablet | None
    """One with the serial that was read, which left our stock for good."""
    code: str
    name: str
    state: StateTag | None
    run: Run | None
    run_state: StateTag | None
    facts: tuple[tuple[str, object], ...]
    held: str
    """Why it is held, which refuses every run; empty when it is not."""
    may_run: bool
    may_wipe: bool
    may_provision: bool
    may_refresh: bool
    """Whether it stands ready, but must be provisioned again before it is lent."""
    profiles: tuple[tuple[str, str, str], ...]
    errors: dict[str, str]
    typed: dict[str, str]
    version: str


@router.get("/{slot_id}")
def slot_page(
    request: Request,
    slot_id: SlotId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SEE))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    return render(request, "bench/slot.html", draw_slot(session, slot_id, actor, settings, clock()))


@router.post("/{slot_id}/look")
def look_into_slot(
    request: Request,
    slot_id: SlotId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    clock: ClockDep,
) -> Response:
    """Ask the bench to look; the page shows by itself what it saw."""
    ask_to_look_into(session, slot_id, actor=actor, now=clock())
    return see_other(back_to_wall(request) or f"/bench/slots/{slot_id}")


@router.get("/{slot_id}/live", dependencies=[Depends(may(Permission.BENCH_SEE))], response_class=EventSourceResponse)
async def live_slot(
    request: Request, slot_id: SlotId, seen: Annotated[str, Query(max_length=100)] = ""
) -> AsyncIterator[ServerSentEvent]:
    """One slot as looks and runs change it."""
    database: Database = get_database(request)
    settings: Settings = get_settings(request)
    clock: Clock = get_clock(request)
    actor = current_actor(request) or NOBODY

    def draw() -> Picture:
        with database.read() as session:
            page = draw_slot(session, slot_id, actor, settings, clock())
        names = ("now", "forms", "facts")
        return Picture(page.version, {name: fragment(request, f"bench/_slot_{name}.html", page) for name in names})

    async for event in events(request, seen, draw):
        yield event


@router.post("/{slot_id}/wipe")
def wipe_slot(
    request: Request,
    slot_id: SlotId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        run = service.start_wipe(
            session,
            _tablet_id(form),
            slot_id,
            actor=actor,
            settings=settings,
            happening=Happening(now=clock(), client_id=form.get("client_id") or None),
            media_removed="yes" in form.lists.get("media_removed", ()),
            route=form.get("route"),
        )
    except BadInput as problem:
        page = draw_slot(session, slot_id, actor, settings, clock(), form, problem)
        return render(request, "bench/slot.html", page, status=422)
    return see_other(back_to_wall(request) or f"/bench/runs/{run.id}", said="The wipe was begun.")


@router.post("/{slot_id}/provision")
def provision_slot(
    request: Request,
    slot_id: SlotId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        run = service.start_provision(
            session,
            _tablet_id(form),
            slot_id,
            form.get("profile"),
            actor=actor,
            settings=settings,
            happening=Happening(now=clock(), client_id=form.get("client_id") or None),
        )
    except BadInput as problem:
        page = draw_slot(session, slot_id, actor, settings, clock(), form, problem)
        return render(request, "bench/slot.html", page, status=422)
    return see_other(back_to_wall(request) or f"/bench/runs/{run.id}", said="Provisioning was begun.")


def _tablet_id(form: Form) -> int:
    text = form.get("tablet_id")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("Nothing was begun.", fields={"tablet_id": "Look into the slot first: which tablet is it?"})
    return int(text)


def draw_slot(
    session: Session,
    slot_id: int,
    actor: Actor,
    settings: Settings,
    now: datetime,
    form: Form | None = None,
    problem: BadInput | None = None,
) -> SlotPage:
    """Everything a slot's page or sheet shows. Raises `NotFound`."""
    slot = service.get_slot(session, slot_id)
    bench = service.get_bench(session, slot.bench_id)
    run = queries.latest_runs_in_slots(session, [slot_id]).get(slot_id)
    seen = in_slot(session, slot, bench, run, settings=settings, now=now, steps={})
    tablet, busy = seen.tablet, run is not None and run.state not in FINISHED
    here = tablet if slot.tablet_id or busy else None
    unknown = here is None and slot.seen_serial and not slot.twin_slot_id
    gone = tablets.gone_with_serial(session, slot.seen_serial) if unknown else None
    held = held_because(session, here.id) if here else ""
    free = actor.may(Permission.BENCH_RUN) and here is not None and not busy and not held
    return SlotPage(
        title=f"Slot {slot.place}",
        slot=slot,
        bench=bench,
        view=slot_view(seen),
        tablet=here,
        gone=gone.tablet if gone else None,
        code=service.asset_code(here) if here else "",
        name=name_of(here) if here else slot.seen_kind,
        state=stage_tag(here.stage) if here else None,
        run=run,
        run_state=run_tag(run) if run else None,
        facts=_facts(slot),
        held=held,
        may_run=actor.may(Permission.BENCH_RUN),
        may_wipe=free and here is not None and here.stage is Stage.AWAITING_WIPE,
        may_provision=free and here is not None and here.stage in (Stage.WIPED, Stage.PROVISIONED),
        may_refresh=free and seen.coming is not None and seen.coming.act is Act.CHECK_AGAIN,
        profiles=tuple((each.name, each.title, each.description) for each in all_profiles(settings)),
        errors=problem.fields if problem else {},
        typed=dict(form.values) if form else {},
        version=f"{slot.version}.{run.version if run else 0}.{here.changed_at.timestamp() if here else 0}",
    )


def in_slot(
    session: Session,
    slot: Slot,
    bench: Bench,
    run: Run | None,
    *,
    settings: Settings,
    now: datetime,
    steps: Mapping[int, Sequence[RunStep]],
) -> InSlot:
    """What a place of the wall is drawn from. `run` is the slot's newest, `steps` those of unfinished runs by run."""
    busy = run is not None and run.state not in FINISHED
    tablet_id = run.tablet_id if run is not None and busy else slot.tablet_id or (run.tablet_id if run else None)
    return InSlot(
        slot,
        run,
        steps.get(run.id, ()) if run else (),
        tablets.get_tablet(session, tablet_id) if tablet_id else None,
        None if busy else next_in_slot(session, slot, bench, settings=settings, now=now),
        bench.autopilot,
        now,
    )


def back_to_wall(request: Request) -> str:
    """The wall with this sheet open, for somebody who came from there; empty for anybody else."""
    came = back(request)
    return f"{came}#sheet" if came.startswith("/bench/") and "?open=" in came else ""


def held_because(session: Session, tablet_id: int) -> str:
    """The reasons of a tablet's open holds in one line; empty when nothing holds it."""
    return " ".join(hold.reason for hold in tablets.open_holds(session, tablet_id))


def _facts(slot: Slot) -> tuple[tuple[str, object], ...]:
    battery = f"{slot.seen_battery_percent} %" if slot.seen_battery_percent is not None else ""
    return (
        ("Address", slot.reached_at),
        ("Seen in it", slot.seen_kind),
        ("Serial", slot.seen_serial),
        ("Battery", battery),
    )
