"""Planning a day: putting those who wait on runs, and the stops of runs in order. Works without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.deliveries import queries, service
from fleet.deliveries.api import Id, Planner
from fleet.deliveries.pages.asked import choose, window_of, window_words
from fleet.deliveries.pages.day import PER_PAGE, PlanPage, groups_of, page_asked, runs_of_day, windows_offered
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.partners import service as partners
from fleet.users.actor import Actor
from fleet.web.render import render

router = PageRouter(prefix="/courier-runs/plan")


@router.get("")
def plan_page(
    request: Request, session: ReadSession, actor: Planner, clock: ClockDep, day: str = "", page: str = "1"
) -> Response:
    return _plan(request, session, actor, clock(), day, page)


def _plan(
    request: Request,
    session: Session,
    actor: Actor,
    now: datetime,
    day: str,
    page: str,
    *,
    form: Form | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    hub = partners.hub_of(session, actor)
    zone = ZoneInfo(hub.time_zone)
    today = local_date(now, zone)
    chosen = max(_day(day) or today, today)
    total = queries.count_loans_waiting(session, hub_id=hub.id)
    at, page_count = page_asked(page, total)
    waiting = queries.loans_waiting(session, hub_id=hub.id, limit=PER_PAGE, offset=(at - 1) * PER_PAGE)
    runs = runs_of_day(session, queries.runs_on(session, hub_id=hub.id, day=chosen), zone)
    groups = groups_of(session, waiting, runs, zone)
    shown = PlanPage(
        day=chosen,
        today=today,
        groups=groups,
        runs=runs,
        windows=windows_offered(groups),
        total=total,
        homeward=queries.count_homeward(session, hub_id=hub.id),
        page=at,
        page_count=page_count,
        ticked=frozenset(form.lists.get("loan_id", ())) if form else frozenset(),
        values=form.values if form else {},
        errors=errors or {},
    )
    return render(request, "deliveries/plan.html", shown, status=422 if errors else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@router.post("/put")
def put_on_run(
    request: Request, form: FormDep, session: WriteSession, actor: Planner, settings: SettingsDep, clock: ClockDep
) -> Response:
    """Put everybody who was ticked on a run, or nobody: what does not fit is said and stays ticked."""
    try:
        with session.begin_nested():
            run_id = form.row("run_id") or choose("run_id", "Choose a run.")
            window = window_of(form.get("window"))
            loans = _ticked(form)
            for loan_id in loans:
                service.add_job(
                    session,
                    run_id,
                    loan_id=loan_id,
                    window=window,
                    actor=actor,
                    settings=settings,
                    happening=Happening(now=clock()),
                )
    except (BadInput, Conflict) as error:
        return _refused(request, session, actor, clock(), form, error)
    put = f"{len(loans)} {'stop is' if len(loans) == 1 else 'stops are'} on run {run_id}."
    return see_other(_here(form), said=put)


def _ticked(form: Form) -> list[int]:
    given = sorted(form.rows("loan_id"))
    if not given:
        raise BadInput("Nothing was put on a run.", fields={"loan_id": "Tick whom to put on the run."})
    return given


@router.post("/stops/{job_id}")
def move_stop(
    request: Request,
    job_id: Id,
    form: FormDep,
    session: WriteSession,
    actor: Planner,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    """One step with a stop: `up`, `down`, `place` (the `place`-th), `run` (to `run_id`) or `off`."""
    happening = Happening(now=clock())
    try:
        with session.begin_nested():
            said = _step(session, job_id, form, actor=actor, settings=settings, happening=happening)
    except (BadInput, Conflict) as error:
        return _refused(request, session, actor, clock(), form, error)
    return see_other(_here(form), said=said)


def _step(
    session: Session, job_id: int, form: Form, *, actor: Planner, settings: SettingsDep, happening: Happening
) -> str:
    job, step = service.get_job(session, job_id), form.get("step")
    if step == "off":
        service.take_off(session, job_id, actor=actor, settings=settings, happening=happening)
        return f"Stop {job.sequence} is off run {job.run_id}, and waits again."
    if step == "run":
        hub = partners.get_organisation(session, service.get_run(session, job.run_id).hub_id)
        zone = ZoneInfo(hub.time_zone)
        moved = service.move_to_run(
            session,
            job_id,
            form.row("run_id") or choose("run_id", "Choose the other run."),
            window=window_of(form.get("window") or window_words(job.window_from, job.window_to, zone)),
            actor=actor,
            settings=settings,
            happening=happening,
        )
        return f"It is stop {moved.sequence} of run {moved.run_id}."
    places = {"up": job.sequence - 1, "down": job.sequence + 1, "place": form.row("place")}
    put = service.put_at(
        session,
        job_id,
        places.get(step) or choose("step", "Choose where the stop goes."),
        actor=actor,
        happening=happening,
    )
    return f"It is stop {put.sequence} of run {put.run_id}."


def _refused(
    request: Request, session: Session, actor: Actor, now: datetime, form: Form, error: BadInput | Conflict
) -> Response:
    said = error.fields if isinstance(error, BadInput) else {"loan_id": f"{error.message} {error.next_step}"}
    return _plan(request, session, actor, now, form.get("day"), form.get("page") or "1", form=form, errors=said)


def _here(form: Form) -> str:
    chosen = _day(form.get("day"))
    return f"/courier-runs/plan?day={chosen.isoformat()}" if chosen else "/courier-runs/plan"
