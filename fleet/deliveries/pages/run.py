"""One run for its planner: the stops, who does them, and its story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.clock import LONDON, local_date
from fleet.deliveries import queries, service
from fleet.deliveries.api import Id, Planner
from fleet.deliveries.models import CourierRun
from fleet.deliveries.pages.asked import choose, runs_to_choose, window
from fleet.deliveries.pages.story import Entry, scan_entry
from fleet.deliveries.queries import Stop
from fleet.deliveries.rules import UNDER_WAY, JobEnd, JobKind, JobState, RunState, capacity_of
from fleet.deliveries.service import Window
from fleet.deliveries.words import FACE_WORDS, FAIL_WORDS, KIND_WORDS, RUN_TAGS, VEHICLE_WORDS, WAITING_WORDS, job_tag
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans.rules import LoanState
from fleet.partners import service as partners
from fleet.tags import service as tags
from fleet.users.access import may
from fleet.users.models import User
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/courier-runs")

TWICE = 2
"""Failed attempts after which a person rings, instead of sending a courier again."""


@dataclass(frozen=True)
class StopRow:
    """A stop as a planner sees it."""

    job_id: int
    sequence: int
    task: str
    code: str
    brings: str
    """The label of the tablet that goes out to a swap."""
    tablet_id: int
    loan_id: int | None
    """None for a way home from another hub."""
    name: str
    area: str
    window: str
    state: StateTag
    note: str
    attempts: int
    ring_them: bool
    movable: bool


@dataclass(frozen=True)
class RunPage:
    title: str
    run: CourierRun
    state: StateTag
    facts: tuple[tuple[str, str], ...]
    stops: tuple[StopRow, ...]
    room: int
    loans: tuple[tuple[str, str], ...]
    couriers: Sequence[User]
    other_runs: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/{run_id}", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))])
def run_page(request: Request, run_id: Id, session: ReadSession, clock: ClockDep) -> Response:
    return _run(request, session, run_id, clock(), {})


def _run(
    request: Request,
    session: Session,
    run_id: int,
    now: datetime,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Response:
    run = service.get_run(session, run_id)
    hub = partners.get_organisation(session, run.hub_id)
    organisation = partners.get_organisation(session, run.organisation_id) if run.organisation_id else None
    stops = queries.stops_of(session, [run.id])
    names = queries.names_of(session, [run.courier_id] if run.courier_id else [])
    capacity = capacity_of(run.vehicle, organisation.vehicle_capacity if organisation else None)
    on_it = sum(stop.job.state in UNDER_WAY for stop in stops)
    page = RunPage(
        title=f"Run {run.id}",
        run=run,
        state=RUN_TAGS[run.state],
        facts=(
            ("Day", f"{run.day:%A} {run.day.day} {run.day:%B %Y}"),
            ("Courier", names.get(run.courier_id or 0, "Nobody yet")),
            ("For", organisation.name if organisation else hub.name),
            ("How", f"{VEHICLE_WORDS[run.vehicle]}, {on_it} of {capacity} kits"),
            *_under_way(session, run, stops, now),
        ),
        stops=_stop_rows(session, stops),
        room=capacity - on_it,
        loans=_loans_to_choose(session, run),
        couriers=service.who_could(session, run).able,
        other_runs=_other_runs(session, run, now),
        entries=_entries(session, run),
        values={"window_from": "10:00", "window_to": "12:00", **values},
        errors=errors or {},
    )
    return render(request, "deliveries/run.html", page, status=422 if errors else 200)


def _under_way(session: Session, run: CourierRun, stops: Sequence[Stop], now: datetime) -> tuple[tuple[str, str], ...]:
    """How far the courier is, by what the phone told; what it has not told yet, nobody here knows."""
    if run.state is not RunState.ACCEPTED:
        return ()
    on_it = [stop for stop in stops if stop.job.ended is not JobEnd.TAKEN_OFF]
    done = sum(stop.job.state not in UNDER_WAY for stop in on_it)
    heard = queries.last_heard(session, [run.id]).get(run.id)
    if heard is None:
        phone = "Not heard of yet. Without signal it keeps what it is told, and sends it later."
    else:
        ago = int((now - heard).total_seconds()) // 60
        at = heard.astimezone(LONDON)
        phone = f"Last heard {at:%H:%M}, {_ago(ago)}. What it may hold back without signal is not known here."
    return (("How far", f"{done} of {len(on_it)} stops done"), ("The phone", phone))


def _ago(minutes: int) -> str:
    if minutes < 1:
        return "just before this page was opened"
    return f"{minutes} minute{'' if minutes == 1 else 's'} ago" if minutes < 120 else f"{minutes // 60} hours ago"


def _stop_rows(session: Session, stops: Sequence[Stop]) -> tuple[StopRow, ...]:
    codes = tags.codes_of(session, [each for stop in stops for each in (stop.job.tablet_id, stop.job.brings_id or 0)])
    attempts = queries.attempts_for(session, [stop.loan.id for stop in stops if stop.loan is not None])
    return tuple(_stop_row(stop, codes, attempts) for stop in stops)


def _stop_row(stop: Stop, codes: Mapping[int, str], failed: Mapping[tuple[int, JobKind], int]) -> StopRow:
    job, loan = stop.job, stop.loan
    attempts = failed.get((loan.id, job.kind), 0) if loan is not None else job.attempts
    waits = loan is not None and loan.state in (LoanState.ALLOCATED, LoanState.RETURN_ARRANGED)
    begins, ends = job.window_from.astimezone(LONDON), job.window_to.astimezone(LONDON)
    return StopRow(
        job_id=job.id,
        sequence=job.sequence,
        task=KIND_WORDS[job.kind],
        code=codes.get(job.tablet_id, ""),
        brings=codes.get(job.brings_id or 0, ""),
        tablet_id=job.tablet_id,
        loan_id=job.loan_id,
        name=stop.whom,
        area=stop.area,
        window=f"{begins:%H:%M} to {ends:%H:%M}",
        state=job_tag(job.state, job.ended),
        note=". ".join(_notes(stop)),
        attempts=attempts,
        ring_them=attempts >= TWICE and waits,
        movable=job.state in (JobState.PLANNED, JobState.OFFERED, JobState.ACCEPTED),
    )


def _notes(stop: Stop) -> list[str]:
    job = stop.job
    return [
        *(["Called off: ring the courier, so that nobody comes to the door"] if stop.to_turn_back else []),
        *([FAIL_WORDS[job.fail_reason]] if job.fail_reason else []),
        *([f"It was: {FACE_WORDS[job.face].lower()}"] if job.face else []),
    ]


def _loans_to_choose(session: Session, run: CourierRun) -> tuple[tuple[str, str], ...]:
    waiting = queries.loans_waiting(session, hub_id=run.hub_id)
    tasks = {state: words[:1].lower() + words[1:] for state, words in WAITING_WORDS.items()}
    return tuple(
        (str(loan.id), f"{person.area or 'No postcode'}: {tasks[loan.state]} {person.first_name} {person.last_name}")
        for loan, person in waiting
    )


def _other_runs(session: Session, run: CourierRun, now: datetime) -> tuple[tuple[str, str], ...]:
    found = runs_to_choose(session, run.hub_id, local_date(now))
    return tuple((value, words) for value, words in found if value != str(run.id))


def _entries(session: Session, run: CourierRun) -> tuple[Entry, ...]:
    planned = [
        Entry(event.at, event.words, event.actor_name, "" if event.kind == "offer" else event.reason)
        for event in queries.events(session, run.id)
    ]
    told = [scan_entry(scan) for scan in queries.scans_of_run(session, run.id)]
    return tuple(sorted([*planned, *told], key=lambda entry: entry.when, reverse=True))


@router.post("/{run_id}/jobs")
def add_job(
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
            job = service.add_job(
                session,
                run_id,
                loan_id=form.row("loan_id") or choose("loan_id", "Choose whom to bring or fetch a tablet."),
                window=window(form),
                actor=actor,
                settings=settings,
                happening=Happening(now=clock()),
            )
    except BadInput as error:
        return _run(request, session, run_id, clock(), form.values, error.fields)
    return see_other(f"/courier-runs/{run_id}", said=f"Stop {job.sequence} is on the run.")


@router.post("/{run_id}/assign")
def assign_run(
    request: Request, run_id: Id, form: FormDep, session: WriteSession, actor: Planner, clock: ClockDep
) -> Response:
    try:
        with session.begin_nested():
            service.assign_run(
                session,
                run_id,
                courier_id=form.row("courier_id") or choose("courier_id", "Choose a courier."),
                actor=actor,
                happening=Happening(now=clock()),
            )
    except BadInput as error:
        return _run(request, session, run_id, clock(), form.values, error.fields)
    return see_other(f"/courier-runs/{run_id}", said="The run is offered.")


@router.post("/{run_id}/finish")
def finish_run(
    run_id: Id, form: FormDep, session: WriteSession, actor: Planner, settings: SettingsDep, clock: ClockDep
) -> Response:
    service.finish_run(session, run_id, actor=actor, settings=settings, happening=Happening(now=clock()))
    return see_other(f"/courier-runs/{run_id}", said=f"Run {run_id} is finished.")


@router.post("/{run_id}/stops/{job_id}/take-off")
def take_off(
    run_id: Id,
    job_id: Id,
    form: FormDep,
    session: WriteSession,
    actor: Planner,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    job = service.take_off(session, job_id, actor=actor, settings=settings, happening=happening)
    return see_other(f"/courier-runs/{run_id}", said=f"Stop {job.sequence} is off the run.")


@router.post("/{run_id}/stops/{job_id}/move")
def move_stop(
    run_id: Id,
    job_id: Id,
    form: FormDep,
    session: WriteSession,
    actor: Planner,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    old = service.get_job(session, job_id)
    job = service.move_to_run(
        session,
        job_id,
        form.row("run_id") or choose("run_id", "Choose the other run."),
        window=Window(old.window_from.astimezone(LONDON).time(), old.window_to.astimezone(LONDON).time()),
        actor=actor,
        settings=settings,
        happening=Happening(now=clock()),
    )
    return see_other(f"/courier-runs/{job.run_id}", said=f"Stop {job.sequence} is on this run.")
