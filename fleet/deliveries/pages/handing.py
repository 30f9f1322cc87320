"""Handing a run to another courier: what they have on board, what happens to each stop, and who could do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.deliveries import queries, service
from fleet.deliveries.api import Id, Planner
from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.pages.asked import choose
from fleet.deliveries.rules import JobEnd
from fleet.deliveries.service import Fitting
from fleet.deliveries.words import KIND_WORDS, job_tag
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.tags import service as tags
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/courier-runs/{run_id}/hand-on")


@dataclass(frozen=True)
class Fate:
    """One stop, how it stands, and what becomes of it."""

    number: int
    task: str
    code: str
    state: StateTag
    what: str


@dataclass(frozen=True)
class HandOnPage:
    title: str
    run_id: int
    day: date
    who: str
    fates: tuple[Fate, ...]
    carried: tuple[str, ...]
    left: int
    fitting: Fitting
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))])
def hand_on_page(request: Request, run_id: Id, session: ReadSession) -> Response:
    return _page(request, session, run_id)


def _page(
    request: Request,
    session: Session,
    run_id: int,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    run = service.get_run(session, run_id)
    jobs = [job for job in queries.jobs_of(session, [run.id]) if job.ended is not JobEnd.TAKEN_OFF]
    codes = tags.codes_of(session, [each for job in jobs for each in (job.tablet_id, job.brings_id or 0)])
    names = queries.names_of(session, [run.courier_id] if run.courier_id else [])
    who = names.get(run.courier_id or 0, "")
    page = HandOnPage(
        title=f"Hand on run {run.id}",
        run_id=run.id,
        day=run.day,
        who=who or "nobody yet",
        fates=tuple(
            Fate(
                number=job.sequence,
                task=KIND_WORDS[job.kind],
                code=codes.get(job.tablet_id, ""),
                state=job_tag(job.state, job.ended),
                what=_what(job, who),
            )
            for job in jobs
        ),
        carried=tuple(
            codes.get(service.carried_tablet(job), f"stop {job.sequence}") for job in jobs if service.on_board(job)
        ),
        left=sum(service.to_hand_on(job) for job in jobs),
        fitting=service.who_could(session, run),
        values=values or {},
        errors=errors or {},
    )
    return render(request, "deliveries/hand_on.html", page, status=422 if errors else 200)


def _what(job: DeliveryJob, who: str) -> str:
    if service.on_board(job):
        return f"Stays with {who or 'its courier'}, who has the tablet."
    if service.to_hand_on(job):
        return "Goes to the other courier, who is asked first."
    return "Is done, and stays in this run's story."


@router.post("")
def hand_on(
    request: Request,
    run_id: Id,
    form: FormDep,
    session: WriteSession,
    actor: Planner,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        with session.begin_nested():
            run = service.hand_on(
                session,
                run_id,
                courier_id=form.row("courier_id") or choose("courier_id", "Choose a courier."),
                actor=actor,
                settings=settings,
                happening=Happening(now=clock()),
            )
    except BadInput as error:
        said = {"courier_id": " ".join(error.fields.values())}
        return _page(request, session, run_id, form.values, said)
    return see_other(f"/courier-runs/{run.id}", said=f"Run {run.id} is offered.")
