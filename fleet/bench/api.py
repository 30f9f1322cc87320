"""The bench for programs: look into slots, begin, follow and stop runs, read certificates."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Response
from sqlalchemy.orm import Session

from fleet.bench import api_apps, api_steering, queries, service
from fleet.bench.masking import without_texts
from fleet.bench.models import Bench, Run, Slot
from fleet.bench.rules import RunKind
from fleet.bench.schemas import (
    BenchOut,
    CertificateLine,
    CertificateList,
    CertificateOut,
    LookOut,
    ProfileOut,
    RunList,
    RunOut,
    RunWithSteps,
    SlotOut,
    StartIn,
    StepOut,
)
from fleet.bench.service.errands import ask_to_look_into
from fleet.bench.service.profiles import all_profiles
from fleet.bench.service.seen import namesakes_in
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["bench"])
router.take(api_apps.router)
router.take(api_steering.router)

BenchId = RowId
SlotId = RowId
RunId = RowId
Number = Annotated[str, Path(max_length=20, examples=["DW-2026-000001"])]

_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}, "description": "PDF"}
}


def _bench(session: Session, bench: Bench) -> BenchOut:
    slots = [SlotOut.model_validate(slot) for slot in queries.slots(session, bench.id)]
    return BenchOut(id=bench.id, hub_id=bench.hub_id, name=bench.name, slots=slots)


def _slot(session: Session, slot: Slot) -> LookOut:
    namesakes = namesakes_in(session, slot)
    unknown = bool(slot.seen_serial) and slot.tablet_id is None and not namesakes
    return LookOut(**SlotOut.model_validate(slot).model_dump(), unknown=unknown, namesakes=list(namesakes))


def _run(session: Session, run: Run) -> RunWithSteps:
    certificate = queries.certificate_of_run(session, run.id)
    return RunWithSteps(
        **RunOut.model_validate(run).model_dump(),
        steps=[StepOut.model_validate(step) for step in queries.steps(session, run.id)],
        plan=without_texts(run.plan),
        before=run.before,
        after=run.after,
        result=without_texts(run.result),
        certificate=certificate.number if certificate else None,
    )


@router.get("/benches", dependencies=[Depends(may(Permission.BENCH_SEE))], responses=responses())
def list_benches(session: ReadSession) -> list[BenchOut]:
    """Every bench with its slots."""
    return [_bench(session, bench) for bench in queries.benches(session)]


@router.get("/benches/{bench_id}", dependencies=[Depends(may(Permission.BENCH_SEE))], responses=responses(404))
def see_bench(bench_id: BenchId, session: ReadSession) -> BenchOut:
    """One bench with its slots."""
    return _bench(session, service.get_bench(session, bench_id))


@router.get("/slots/{slot_id}", dependencies=[Depends(may(Permission.BENCH_SEE))], responses=responses(404))
def see_slot(slot_id: SlotId, session: ReadSession) -> LookOut:
    """One slot and what was seen in it last. A slot that did not answer is an answer: see `seen_problem`."""
    return _slot(session, service.get_slot(session, slot_id))


@router.post("/slots/{slot_id}/look", status_code=202, responses=responses(404, 409))
def look_into_slot(
    slot_id: SlotId,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    clock: ClockDep,
) -> LookOut:
    """Have the bench ask the tablet in a slot who it is. It has answered once `look_asked_at` is null again."""
    return _slot(session, ask_to_look_into(session, slot_id, actor=actor, now=clock()))


@router.get("/bench-runs", dependencies=[Depends(may(Permission.BENCH_SEE))], responses=responses())
def list_runs(session: ReadSession, query: Listed) -> RunList:
    """Runs, newest first. Filters: `state`, `kind`, `tablet` (its number), `open=yes`."""
    found = queries.find_runs(session, query)
    items = [RunOut.model_validate(run) for run in found.items]
    return RunList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.get("/bench-runs/{run_id}", dependencies=[Depends(may(Permission.BENCH_SEE))], responses=responses(404))
def see_run(run_id: RunId, session: ReadSession) -> RunWithSteps:
    """One run with its steps and evidence."""
    return _run(session, service.get_run(session, run_id))


@router.post("/bench-runs", status_code=201, responses=responses(404, 409))
def start_run(
    asked: StartIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> RunWithSteps:
    """Begin a wipe or a provision. 409 says who was first, or what the tablet's own state forbids."""
    happening = asked.happening(clock())
    if asked.kind is RunKind.WIPE:
        run = service.start_wipe(
            session,
            asked.tablet_id,
            asked.slot_id,
            actor=actor,
            settings=settings,
            happening=happening,
            media_removed=asked.media_removed,
            route=asked.route,
        )
    else:
        run = service.start_provision(
            session, asked.tablet_id, asked.slot_id, asked.profile, actor=actor, settings=settings, happening=happening
        )
    return _run(session, run)


@router.post("/bench-runs/{run_id}/cancel", responses=responses(404, 409))
def cancel_run(
    run_id: RunId,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> RunWithSteps:
    """Stop a run: at once where nobody works on it, else after the step it is in."""
    happening = Happening(now=clock(), source="api")
    run = service.cancel_run(session, run_id, actor=actor, settings=settings, happening=happening)
    return _run(session, run)


@router.post("/bench-runs/{run_id}/retry", status_code=201, responses=responses(404, 409))
def retry_run(
    run_id: RunId,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> RunWithSteps:
    """Begin again what a failed or stopped run was to do. The answer is the other run."""
    happening = Happening(now=clock(), source="api")
    run = service.retry_run(session, run_id, actor=actor, settings=settings, happening=happening)
    return _run(session, run)


@router.get("/certificates", dependencies=[Depends(may(Permission.CERTIFICATES_SEE))], responses=responses())
def list_certificates(session: ReadSession, query: Listed) -> CertificateList:
    """Wipe certificates, newest first. Filters: `q` (part of the number), `tablet` (its number)."""
    found = queries.find_certificates(session, query)
    items = [CertificateLine.model_validate(each) for each in found.items]
    return CertificateList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.get(
    "/certificates/{number}", dependencies=[Depends(may(Permission.CERTIFICATES_SEE))], responses=responses(404)
)
def see_certificate(number: Number, session: ReadSession) -> CertificateOut:
    """One certificate with every field."""
    checked = service.check_certificate(session, number)
    line = CertificateLine.model_validate(checked.certificate)
    return CertificateOut(
        **line.model_dump(), content=checked.certificate.content, superseded_by=checked.superseded_by or None
    )


@router.get(
    "/certificates/{number}/pdf",
    dependencies=[Depends(may(Permission.CERTIFICATES_SEE))],
    response_class=Response,
    responses=responses(404) | _PDF,
)
def print_certificate(number: Number, session: ReadSession, settings: SettingsDep) -> Response:
    """One certificate as a PDF to print."""
    return Response(service.certificate_pdf(session, number, settings=settings), media_type="application/pdf")


@router.get("/profiles", dependencies=[Depends(may(Permission.BENCH_SEE))], responses=responses())
def list_profiles(settings: SettingsDep) -> list[ProfileOut]:
    """What a tablet can be made into."""
    return [
        ProfileOut(
            name=profile.name,
            version=profile.version,
            title=profile.title,
            description=profile.description,
            lines=[resource.sentence for resource in profile.resources],
        )
        for profile in all_profiles(settings)
    ]
