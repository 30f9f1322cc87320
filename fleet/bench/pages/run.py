"""One run: its steps, its proofs, its blockers and the ways out, live while it lasts; and one step of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.api import RunId
from fleet.bench.live import Picture, events
from fleet.bench.models import Bench, BlockerWaiver, Run, RunStep, Slot
from fleet.bench.pages.app import AppInRun, apps_in_run
from fleet.bench.pages.slots import held_because
from fleet.bench.rules import FINISHED, RunKind
from fleet.bench.words import KIND_WORDS, StepView, run_tag, step_view, way_views
from fleet.database.session import Database
from fleet.http.routes import PageRouter
from fleet.http.session import ReadSession, get_database
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.words import name_of
from fleet.users.access import current_actor, may
from fleet.users.actor import NOBODY, Actor
from fleet.users.rules import Permission
from fleet.web.render import fragment, render
from fleet.web.shapes import Shape, StateTag

router = PageRouter(prefix="/bench/runs")
steps_router = PageRouter(prefix="/bench/steps")
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


@steps_router.get("/{step_id}", dependencies=[Depends(may(Permission.BENCH_SEE))])
def step_page(request: Request, step_id: RunId, session: ReadSession) -> Response:
    """All that a tablet printed in one step, secrets as ``***``."""
    step = service.get_step(session, step_id)
    run = service.get_run(session, step.run_id)
    page = StepPage(f"Step {step.number} of run {run.id}", step, run, KIND_WORDS[run.kind])
    return render(request, "bench/step.html", page)


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
