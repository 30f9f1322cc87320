"""Runs: the list, and one run with its steps, its proofs, its blockers and the ways out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.api import RunId
from fleet.bench.live import Picture, events
from fleet.bench.models import Bench, BlockerWaiver, Run, RunStep, Slot
from fleet.bench.pages.app import AppInRun, apps_in_run
from fleet.bench.pages.slots import back_to_wall, held_because
from fleet.bench.rules import FINISHED, RunKind, RunState
from fleet.bench.words import KIND_WORDS, StepView, run_tag, step_view, way_views
from fleet.database.session import Database
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, ListQuery, Table, list_query, table, table_csv
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession, get_database
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.words import name_of
from fleet.users.access import current_actor, may
from fleet.users.actor import NOBODY, Actor
from fleet.users.rules import Permission
from fleet.web.render import fragment, render
from fleet.web.shapes import Shape, StateTag

router = APIRouter(prefix="/bench/runs")
steps_router = APIRouter(prefix="/bench/steps")

COLUMNS = (
    Column("Run", "id", numeric=True),
    Column("What", "kind"),
    Column("Tablet", "tablet", numeric=True),
    Column("How it stands", "state"),
    Column("Begun by"),
    Column("Changed", "changed"),
)

_PROOF_SHAPES = {
    "holds": Shape.DONE,
    "contradicted": Shape.DANGER,
    "unreadable": Shape.LOST,
    "silent": Shape.PLAIN,
}
_PROOF_WORDS = {
    "holds": "Holds",
    "contradicted": "Speaks against it",
    "unreadable": "Could not be read",
    "silent": "Says nothing either way",
}


@dataclass(frozen=True)
class RunsPage:
    table: Table
    title: str = "Runs"


@dataclass(frozen=True)
class ProofView:
    """One comparison of before and after."""

    sentence: str
    before: str
    after: str
    state: StateTag


@dataclass(frozen=True)
class RunPage:
    title: str
    run: Run
    kind: str
    state: StateTag
    over: bool
    slot: Slot
    bench: Bench
    tablet: Tablet
    code: str
    name: str
    facts: tuple[tuple[str, object], ...]
    steps: tuple[StepView, ...]
    apps: tuple[AppInRun, ...]
    proofs: tuple[ProofView, ...]
    ways: tuple[StepView, ...]
    """Every way to wipe, as this tablet answered for it; empty until it was asked."""
    waivers: Sequence[BlockerWaiver]
    certificate: str
    next: str
    """What the tablet is ready for in this slot, as a button says it."""
    held: str
    """Why the tablet is held, which refuses another run; empty when it is not."""
    may_run: bool
    may_waive: bool
    version: str


@dataclass(frozen=True)
class StepPage:
    title: str
    step: RunStep
    run: Run
    kind: str


@router.get("", dependencies=[Depends(may(Permission.BENCH_SEE))])
def list_page(
    request: Request,
    session: ReadSession,
    query: Annotated[ListQuery, Depends(list_query)],
    format: str = "",  # noqa: A002 - the word in the address
) -> Response:
    states = (("", "Any"), *((state.value, state.value.replace("_", " ").capitalize()) for state in RunState))
    kinds = (("", "Wipe or provision"), *((kind.value, KIND_WORDS[kind]) for kind in RunKind))
    shown = table(
        queries.find_runs(session, query),
        caption="Runs",
        columns=COLUMNS,
        row=_row,
        path="/bench/runs",
        filters=(
            Filter("kind", "What", query.filter("kind"), kinds),
            Filter("state", "How it stands", query.filter("state"), states),
            Filter("tablet", "Tablet number", query.filter("tablet")),
        ),
        empty="Every wipe and every provisioning will be listed here. Begin one from a slot of the bench.",
    )
    if format == "csv":
        return table_csv("runs", shown)
    return render(request, "bench/runs.html", RunsPage(shown))


@router.get("/{run_id}")
def run_page(
    request: Request, run_id: RunId, session: ReadSession, actor: Annotated[Actor, Depends(may(Permission.BENCH_SEE))]
) -> Response:
    return render(request, "bench/run.html", draw_run(session, run_id, actor))


@router.get("/{run_id}/live", dependencies=[Depends(may(Permission.BENCH_SEE))], response_class=EventSourceResponse)
async def live_run(
    request: Request, run_id: RunId, seen: Annotated[str, Query(max_length=100)] = ""
) -> AsyncIterator[ServerSentEvent]:
    """One run's state, steps and ways out, as they change."""
    database: Database = get_database(request)
    actor = current_actor(request) or NOBODY

    def draw() -> Picture:
        with database.read() as session:
            page = draw_run(session, run_id, actor)
        names = ("now", "steps", "actions", "proofs", "ways")
        parts = {name: fragment(request, f"bench/_run_{name}.html", page) for name in names}
        return Picture(page.version, parts, over=page.over)

    async for event in events(request, seen, draw):
        yield event


@router.post("/{run_id}/cancel")
def cancel(
    request: Request,
    run_id: RunId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    run = service.cancel_run(session, run_id, actor=actor, settings=settings, happening=Happening(now=clock()))
    said = "The run was stopped." if run.state in FINISHED else "The run stops after the step it is in."
    return see_other(back_to_wall(request) or f"/bench/runs/{run_id}", said=said)


@steps_router.get("/{step_id}", dependencies=[Depends(may(Permission.BENCH_SEE))])
def step_page(request: Request, step_id: RunId, session: ReadSession) -> Response:
    """All that a tablet printed in one step, secrets as ``***``."""
    step = service.get_step(session, step_id)
    run = service.get_run(session, step.run_id)
    page = StepPage(f"Step {step.number} of run {run.id}", step, run, KIND_WORDS[run.kind])
    return render(request, "bench/step.html", page)


@router.post("/{run_id}/pause")
def pause(
    request: Request,
    run_id: RunId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    clock: ClockDep,
) -> Response:
    run = service.pause_run(session, run_id, actor=actor, happening=Happening(now=clock()))
    said = "The run rests." if run.state is RunState.PAUSED else "The run rests after the step it is in."
    return see_other(back_to_wall(request) or f"/bench/runs/{run_id}", said=said)


@router.post("/{run_id}/resume")
def resume(
    request: Request,
    run_id: RunId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    clock: ClockDep,
) -> Response:
    service.resume_run(session, run_id, actor=actor, happening=Happening(now=clock()))
    return see_other(
        back_to_wall(request) or f"/bench/runs/{run_id}", said="It goes on, with a look at the tablet first."
    )


@router.post("/{run_id}/retry")
def retry(
    request: Request,
    run_id: RunId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    run = service.retry_run(session, run_id, actor=actor, settings=settings, happening=Happening(now=clock()))
    return see_other(back_to_wall(request) or f"/bench/runs/{run.id}", said="It is tried again.")


@router.post("/{run_id}/waive")
def waive(
    run_id: RunId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_DECIDE))],
    clock: ClockDep,
) -> Response:
    tablet_id = service.get_run(session, run_id).tablet_id
    happening = Happening(now=clock(), reason=form.get("reason"))
    service.waive_blocker(session, tablet_id, form.get("code"), actor=actor, happening=happening)
    return see_other(f"/bench/runs/{run_id}", said="Waived, with your reason. The wipe can be tried again.")


def draw_run(session: Session, run_id: int, actor: Actor) -> RunPage:
    """Everything a run's page shows. Raises `NotFound`."""
    run = service.get_run(session, run_id)
    slot = service.get_slot(session, run.slot_id)
    tablet = tablets.get_tablet(session, run.tablet_id)
    certificate = queries.certificate_of_run(session, run.id)
    bench = service.get_bench(session, slot.bench_id)
    kind = KIND_WORDS[run.kind]
    return RunPage(
        title=f"{kind} of {service.asset_code(tablet)}",
        run=run,
        kind=kind,
        state=run_tag(run),
        over=run.state in FINISHED,
        slot=slot,
        bench=bench,
        tablet=tablet,
        code=service.asset_code(tablet),
        name=name_of(tablet),
        facts=_facts(run, slot, bench, tablet),
        steps=tuple(step_view(step) for step in queries.steps(session, run_id)),
        apps=apps_in_run(session, run_id),
        proofs=_proofs(run),
        ways=way_views(run),
        waivers=queries.waivers(session, tablet.id),
        certificate=certificate.number if certificate else "",
        next="Make it ready for somebody" if tablet.stage is Stage.WIPED and not tablet.retiring else "",
        held=held_because(session, tablet.id),
        may_run=actor.may(Permission.BENCH_RUN),
        may_waive=actor.may(Permission.TABLETS_DECIDE),
        version=str(run.version),
    )


def _facts(run: Run, slot: Slot, bench: Bench, tablet: Tablet) -> tuple[tuple[str, object], ...]:
    profile = (("Profile", f"{run.profile} {run.profile_version or ''}".strip()),) if run.profile else ()
    return (
        ("Tablet", name_of(tablet), f"/tablets/{tablet.id}", "Open"),
        ("Serial", tablet.serial),
        ("Where", f"{bench.name}, slot {slot.place}"),
        *profile,
        ("Begun by", run.started_by),
    )


def _proofs(run: Run) -> tuple[ProofView, ...]:
    stored = (run.result or {}).get("proofs", ()) if run.kind is RunKind.WIPE else ()
    return tuple(
        ProofView(
            proof["sentence"],
            proof["before"],
            proof["after"],
            StateTag(_PROOF_WORDS[proof["outcome"]], _PROOF_SHAPES[proof["outcome"]]),
        )
        for proof in stored
    )


def _row(run: Run) -> tuple[Cell, ...]:
    tag = run_tag(run)
    return (
        Cell(str(run.id), href=f"/bench/runs/{run.id}"),
        Cell(KIND_WORDS[run.kind]),
        Cell(str(run.tablet_id), href=f"/tablets/{run.tablet_id}"),
        Cell(tag.word, state=tag.shape),
        Cell(run.started_by),
        Cell(f"{run.changed_at:%-d %b %Y %H:%M}"),
    )
