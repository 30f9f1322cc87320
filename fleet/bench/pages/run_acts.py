"""What is pressed on a run: stop it, let it rest, take it up, try it again, waive what blocks it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.bench import service
from fleet.bench.api import RunId
from fleet.bench.pages.slots import back_to_wall
from fleet.bench.rules import FINISHED, RunState
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = PageRouter(prefix="/bench/runs")


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
    return _seen_from_here(request, run_id, said)


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
    return _seen_from_here(request, run_id, said)


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
    return _seen_from_here(request, run_id, "It goes on, with a look at the tablet first.")


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
    return _seen_from_here(request, run.id, "It is tried again.")


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


def _seen_from_here(request: Request, run_id: int, said: str) -> Response:
    """Back to the wall for who came from there, otherwise to the run's own page."""
    return see_other(back_to_wall(request) or f"/bench/runs/{run_id}", said=said)
