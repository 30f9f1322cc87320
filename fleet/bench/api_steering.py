"""Steering a bench for programs: the scanner, the autopilot's switch, and letting a run rest."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from fleet.bench import service
from fleet.bench.schemas import AutopilotIn, AutopilotOut, RunOut, ScanIn, ScanOut
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["bench"])

BenchId = RowId
RunId = RowId


@router.post("/benches/{bench_id}/scans", status_code=201, responses=responses(404))
def scan(
    bench_id: BenchId,
    asked: ScanIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> ScanOut:
    """One scan, one answer: applied, already, blocked and why, or not found. None of these is an error."""
    made = service.scan(
        session, bench_id, asked.text, actor=actor, settings=settings, now=clock(), client_id=asked.client_id
    )
    return ScanOut.model_validate(made)


@router.put("/benches/{bench_id}/autopilot", responses=responses(404))
def switch_on(
    bench_id: BenchId,
    asked: AutopilotIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> AutopilotOut:
    """Switch a bench's autopilot on, with your standing promise."""
    bench = service.switch_on(
        session,
        bench_id,
        media_removed=asked.media_removed,
        profile=asked.profile,
        label_sheet=asked.label_sheet,
        label_next=asked.label_next,
        label_printer_id=asked.label_printer_id,
        actor=actor,
        settings=settings,
        now=clock(),
    )
    return AutopilotOut.model_validate(bench)


@router.delete("/benches/{bench_id}/autopilot", responses=responses(404))
def switch_off(
    bench_id: BenchId,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    clock: ClockDep,
) -> AutopilotOut:
    """Switch a bench's autopilot off. Runs that are under way go on."""
    return AutopilotOut.model_validate(service.switch_off(session, bench_id, actor=actor, now=clock()))


@router.post("/bench-runs/{run_id}/pause", responses=responses(404, 409))
def pause_run(
    run_id: RunId,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    clock: ClockDep,
) -> RunOut:
    """Let a run rest: at once where nobody works on it, else after the step it is in."""
    happening = Happening(now=clock(), source="api")
    return RunOut.model_validate(service.pause_run(session, run_id, actor=actor, happening=happening))


@router.post("/bench-runs/{run_id}/resume", responses=responses(404, 409))
def resume_run(
    run_id: RunId,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    clock: ClockDep,
) -> RunOut:
    """Take a paused run up again, with a look at the tablet first."""
    happening = Happening(now=clock(), source="api")
    return RunOut.model_validate(service.resume_run(session, run_id, actor=actor, happening=happening))
