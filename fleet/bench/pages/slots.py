"""One slot: what is in it, and the runs that could begin there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.api import DatabaseDep, SlotId
from fleet.bench.models import Bench, Run, Slot
from fleet.bench.words import SlotView, run_tag, slot_view
from fleet.errors import BadInput
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.service import Happening
from fleet.tablets.words import name_of, stage_tag
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag
from provisioning.profiles.loader import built_in_profiles

router = APIRouter(prefix="/bench/slots")


@dataclass(frozen=True)
class SlotPage:
    title: str
    slot: Slot
    bench: Bench
    view: SlotView
    tablet: Tablet | None
    code: str
    name: str
    state: StateTag | None
    run: Run | None
    run_state: StateTag | None
    facts: tuple[tuple[str, object], ...]
    may_run: bool
    may_wipe: bool
    may_provision: bool
    profiles: tuple[tuple[str, str, str], ...]
    errors: dict[str, str]
    typed: dict[str, str]


@router.get("/{slot_id}")
def slot_page(
    request: Request,
    slot_id: SlotId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SEE))],
) -> Response:
    return render(request, "bench/slot.html", _page(session, slot_id, actor))


@router.post("/{slot_id}/look")
def look_into_slot(
    slot_id: SlotId,
    form: FormDep,
    database: DatabaseDep,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    seen = service.look(database, slot_id, actor=actor, settings=settings, clock=clock)
    return see_other(f"/bench/slots/{slot_id}", said="" if seen.problem else "Looked at the tablet.")


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
        )
    except BadInput as problem:
        return render(request, "bench/slot.html", _page(session, slot_id, actor, form, problem), status=422)
    return see_other(f"/bench/runs/{run.id}", said="The wipe was begun.")


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
        return render(request, "bench/slot.html", _page(session, slot_id, actor, form, problem), status=422)
    return see_other(f"/bench/runs/{run.id}", said="Provisioning was begun.")


def _tablet_id(form: Form) -> int:
    text = form.get("tablet_id")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("Nothing was begun.", fields={"tablet_id": "Look into the slot first: which tablet is it?"})
    return int(text)


def _page(
    session: Session, slot_id: int, actor: Actor, form: Form | None = None, problem: BadInput | None = None
) -> SlotPage:
    slot = service.get_slot(session, slot_id)
    run = queries.latest_runs_in_slots(session, [slot_id]).get(slot_id)
    busy = run is not None and run.finished_at is None
    tablet_id = run.tablet_id if run is not None and busy else slot.tablet_id
    tablet = tablets.get_tablet(session, tablet_id) if tablet_id else None
    free = actor.may(Permission.BENCH_RUN) and tablet is not None and not busy
    return SlotPage(
        title=f"Slot {slot.place}",
        slot=slot,
        bench=service.get_bench(session, slot.bench_id),
        view=slot_view(slot, run, tablet),
        tablet=tablet,
        code=service.asset_code(tablet) if tablet else "",
        name=name_of(tablet) if tablet else slot.seen_kind,
        state=stage_tag(tablet.stage) if tablet else None,
        run=run,
        run_state=run_tag(run) if run else None,
        facts=_facts(slot),
        may_run=actor.may(Permission.BENCH_RUN),
        may_wipe=free and tablet is not None and tablet.stage is Stage.AWAITING_WIPE,
        may_provision=free and tablet is not None and tablet.stage in (Stage.WIPED, Stage.PROVISIONED),
        profiles=tuple((each.name, each.title, each.description) for each in built_in_profiles()),
        errors=problem.fields if problem else {},
        typed=dict(form.values) if form else {},
    )


def _facts(slot: Slot) -> tuple[tuple[str, object], ...]:
    battery = f"{slot.seen_battery_percent} %" if slot.seen_battery_percent is not None else ""
    return (
        ("Address", slot.address),
        ("Seen in it", slot.seen_kind),
        ("Serial", slot.seen_serial),
        ("Battery", battery),
    )
