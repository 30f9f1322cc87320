"""Runs, stops and scans for programs: the courier's phone, and whoever plans."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Response
from sqlalchemy.orm import Session

from fleet.deliveries import queries, service
from fleet.deliveries.models import CourierRun, Scan
from fleet.deliveries.schemas import (
    AssignIn,
    JobIn,
    JobOut,
    MoveJobIn,
    MyRun,
    RunIn,
    RunList,
    RunOut,
    RunWithJobs,
    ScanAnswer,
    ScanAnswers,
    ScanBatch,
    ScanList,
    ScanOut,
    ScansIn,
    SettleIn,
)
from fleet.deliveries.service import Window
from fleet.errors import NotSignedIn
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["deliveries"])

Id = RowId
Planner = Annotated[Actor, Depends(may(Permission.DELIVERIES_PLAN))]
Courier = Annotated[Actor, Depends(may(Permission.DELIVERIES_DO))]
NOT_KEPT = "no-store"
"""Of an answer with addresses: neither a cache nor the store of answers given again may have it (rule R18)."""


Teller = Annotated[int | None, Header(alias="X-Doorstep-Person", description="Whose facts these are, by number.")]


@router.post("/scans", response_model=ScanAnswer | ScanAnswers, responses=responses())
def tell_scans(
    asked: ScansIn,
    session: WriteSession,
    actor: Courier,
    settings: SettingsDep,
    clock: ClockDep,
    teller: Teller = None,
) -> Response:
    """Tell one fact and get its answer, or up to 500 as `facts` and get their `answers` in the same order.

    A phone that keeps facts says whose they are, so that nothing is told in the name of whoever signed in after them.
    """
    if teller is not None and teller != actor.user_id:
        raise NotSignedIn("Somebody else is signed in, so nothing was told.", next_step="Sign in as who told it.")
    facts = [each.fact() for each in (asked.facts if isinstance(asked, ScanBatch) else [asked])]
    answers = [
        ScanAnswer.model_validate(each)
        for each in service.tell(session, facts, actor=actor, settings=settings, now=clock())
    ]
    said = ScanAnswers(answers=answers) if isinstance(asked, ScanBatch) else answers[0]
    headers = {"X-Doorstep-Now": str(int(clock().timestamp() * 1000))}
    return Response(said.model_dump_json(), media_type="application/json", headers=headers)


@router.get("/me/run", responses=responses())
def my_run(response: Response, session: ReadSession, actor: Courier, settings: SettingsDep, clock: ClockDep) -> MyRun:
    """The courier's own runs of today, stop by stop. An address is here only from acceptance until some hours after."""
    response.headers["Cache-Control"] = NOT_KEPT
    return MyRun.model_validate(service.today_of(session, actor=actor, settings=settings, now=clock()))


@router.get("/scans", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))], responses=responses())
def list_scans(session: ReadSession, query: Listed) -> ScanList:
    """Facts, a page at a time. Filters: `review` (waiting, settled, all; waiting unless said), `answer`, `action`."""
    found = queries.find_scans(session, query)
    items = [_scan_out(scan) for scan in found.items]
    return ScanList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/scans/{scan_number}/settle", responses=responses(404, 409))
def settle_scan(
    scan_number: Id, asked: SettleIn, session: WriteSession, actor: Planner, settings: SettingsDep, clock: ClockDep
) -> ScanOut:
    """Say how a fact that did not fit was settled, and whether it counts after all. It stays as it was told."""
    scan = service.settle(
        session, scan_number, choice=asked.choice, reason=asked.reason, actor=actor, settings=settings, now=clock()
    )
    return _scan_out(scan)


@router.get("/courier-runs", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))], responses=responses())
def list_runs(session: ReadSession, query: Listed) -> RunList:
    """Runs, a page at a time. Filters: `state`, `day` (2026-06-12), `courier` (number)."""
    found = queries.find_runs(session, query)
    items = [RunOut.model_validate(run) for run in found.items]
    return RunList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/courier-runs", status_code=201, responses=responses(409))
def plan_run(asked: RunIn, session: WriteSession, actor: Planner, clock: ClockDep) -> RunWithJobs:
    """Plan a run; with a courier it is offered to them."""
    run = service.create_run(
        session,
        day=asked.day,
        vehicle=asked.vehicle,
        courier_id=asked.courier_id,
        actor=actor,
        happening=Happening(now=clock(), source="api"),
    )
    return _with_jobs(session, run)


@router.get("/courier-runs/{run_id}", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))], responses=responses(404))
def see_run(run_id: Id, session: ReadSession) -> RunWithJobs:
    """One run with its jobs."""
    return _with_jobs(session, service.get_run(session, run_id))


@router.post("/courier-runs/{run_id}/jobs", status_code=201, responses=responses(404, 409))
def add_job(
    run_id: Id, asked: JobIn, session: WriteSession, actor: Planner, settings: SettingsDep, clock: ClockDep
) -> JobOut:
    """Put a loan's delivery (once allocated) or collection (once its return is arranged) at the end of a run."""
    job = service.add_job(
        session,
        run_id,
        loan_id=asked.loan_id,
        window=Window(asked.window_from, asked.window_to),
        actor=actor,
        settings=settings,
        happening=Happening(now=clock(), source="api"),
    )
    return JobOut.model_validate(job)


@router.post("/courier-runs/{run_id}/assign", responses=responses(404, 409))
def assign_run(run_id: Id, asked: AssignIn, session: WriteSession, actor: Planner, clock: ClockDep) -> RunWithJobs:
    """Offer a run to a courier, or hand it to another one before anything of it was done."""
    happening = Happening(now=clock(), source="api")
    run = service.assign_run(session, run_id, courier_id=asked.courier_id, actor=actor, happening=happening)
    return _with_jobs(session, run)


@router.post("/courier-runs/{run_id}/hand-on", responses=responses(404, 409))
def hand_on_run(
    run_id: Id, asked: AssignIn, session: WriteSession, actor: Planner, settings: SettingsDep, clock: ClockDep
) -> RunWithJobs:
    """Ask another courier to do what is left. Of a run that has begun, that becomes a run of its own: the answer."""
    happening = Happening(now=clock(), source="api")
    run = service.hand_on(
        session, run_id, courier_id=asked.courier_id, actor=actor, settings=settings, happening=happening
    )
    return _with_jobs(session, run)


@router.post("/courier-runs/{run_id}/accept", responses=responses(404, 409))
def accept_run(
    run_id: Id, response: Response, session: WriteSession, actor: Courier, settings: SettingsDep, clock: ClockDep
) -> MyRun:
    """The courier takes the run on; from here they see its addresses. The same key once more gets none of them again:
    ask `GET /api/v1/me/run`."""
    response.headers["Cache-Control"] = NOT_KEPT
    service.accept_run(session, run_id, actor=actor, happening=Happening(now=clock(), source="api"))
    return MyRun.model_validate(service.today_of(session, actor=actor, settings=settings, now=clock()))


@router.post("/courier-runs/{run_id}/finish", responses=responses(404, 409))
def finish_run(
    run_id: Id, session: WriteSession, actor: Planner, settings: SettingsDep, clock: ClockDep
) -> RunWithJobs:
    """The run is over. Refused while a tablet of it is on its way."""
    happening = Happening(now=clock(), source="api")
    return _with_jobs(session, service.finish_run(session, run_id, actor=actor, settings=settings, happening=happening))


@router.post("/stops/{job_id}/take-off", responses=responses(404, 409))
def take_off(job_id: Id, session: WriteSession, actor: Planner, settings: SettingsDep, clock: ClockDep) -> JobOut:
    """Take a job off its run, so that its loan can go on another."""
    happening = Happening(now=clock(), source="api")
    return JobOut.model_validate(service.take_off(session, job_id, actor=actor, settings=settings, happening=happening))


@router.post("/stops/{job_id}/move", status_code=201, responses=responses(404, 409))
def move_job(
    job_id: Id, asked: MoveJobIn, session: WriteSession, actor: Planner, settings: SettingsDep, clock: ClockDep
) -> JobOut:
    """Put a job on another run. It becomes a job of its own there, which is what comes back."""
    job = service.move_to_run(
        session,
        job_id,
        asked.run_id,
        window=Window(asked.window_from, asked.window_to),
        actor=actor,
        settings=settings,
        happening=Happening(now=clock(), source="api"),
    )
    return JobOut.model_validate(job)


def _with_jobs(session: Session, run: CourierRun) -> RunWithJobs:
    jobs = [JobOut.model_validate(job) for job in queries.jobs_of(session, [run.id])]
    return RunWithJobs(**RunOut.model_validate(run).model_dump(), jobs=jobs)


def _scan_out(scan: Scan) -> ScanOut:
    return ScanOut(
        row_id=scan.id,
        id=scan.client_id,
        answer=scan.answer,
        reason=scan.reason,
        sentence=scan.sentence,
        replayed=False,
        clock_flagged=scan.clock_flagged,
        code=scan.code,
        action=scan.action,
        occurred_at=scan.occurred_at,
        effective_at=scan.effective_at,
        received_at=scan.received_at,
        sequence=scan.sequence,
        run_id=scan.run_id,
        job_id=scan.job_id,
        tablet_id=scan.tablet_id,
        courier_name=scan.courier_name,
        details=scan.details,
        settled_at=scan.settled_at,
        settle_reason=scan.settle_reason,
    )
