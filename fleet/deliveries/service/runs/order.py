"""When and where in its run a stop comes: its window, its place among the others, and how far the run is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.fitting import Slot, first_clash, place_for
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import UNDER_WAY, JobEnd, JobMove, RunState, capacity_of
from fleet.deliveries.service.writer import get_job, lock_run, move_job, note
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.partners import service as partners
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Window:
    """When the courier comes, in the hub's own time."""

    start: time
    end: time


def window_on(session: Session, run: CourierRun, window: Window) -> tuple[datetime, datetime]:
    """When a stop begins and ends on the day of its run. Raises `BadInput`."""
    if window.end <= window.start:
        raise BadInput("No stop was added.", fields={"window_to": "The end of the window comes after its beginning."})
    zone = ZoneInfo(partners.get_organisation(session, run.hub_id).time_zone)
    return datetime.combine(run.day, window.start, zone), datetime.combine(run.day, window.end, zone)


def capacity_on(session: Session, run: CourierRun) -> int:
    """How many kits go on this run."""
    organisation = partners.get_organisation(session, run.organisation_id) if run.organisation_id else None
    return capacity_of(run.vehicle, organisation.vehicle_capacity if organisation else None)


def follow_run(session: Session, run: CourierRun, job: DeliveryJob, *, actor: Actor, happening: Happening) -> None:
    """A job added to a run that was offered or accepted stands where the run stands."""
    if run.state in (RunState.OFFERED, RunState.ACCEPTED):
        move_job(session, job, JobMove.OFFER, actor=actor, now=happening.now)
    if run.state is RunState.ACCEPTED:
        move_job(session, job, JobMove.ACCEPT, actor=actor, now=happening.now)


def put_in_order(job: DeliveryJob, others: Sequence[DeliveryJob]) -> None:
    """Among the stops that are still to come, by its window; what is done stays before it."""
    done, to_come = _in_two(others)
    place = place_for([_slot(each) for each in to_come], _slot(job))
    _number([*done, *to_come[:place], job, *to_come[place:]], others)


def _in_two(jobs: Sequence[DeliveryJob]) -> tuple[list[DeliveryJob], list[DeliveryJob]]:
    """The stops up to the last one that is done, and those after it. What was taken off is in neither."""
    standing = [each for each in jobs if each.ended is not JobEnd.TAKEN_OFF]
    done = max((place + 1 for place, each in enumerate(standing) if each.state not in UNDER_WAY), default=0)
    return standing[:done], standing[done:]


def _slot(job: DeliveryJob) -> Slot:
    return Slot(job.window_from, job.window_to)


def _number(ordered: Sequence[DeliveryJob], jobs: Sequence[DeliveryJob]) -> None:
    """Count the stops of a run from 1; those taken off come last."""
    taken_off = [each for each in jobs if each.ended is JobEnd.TAKEN_OFF]
    for number, each in enumerate([*ordered, *taken_off], start=1):
        if each.sequence != number:
            each.sequence = number


def put_at(session: Session, job_id: int, place: int, *, actor: Actor, happening: Happening) -> DeliveryJob:
    """Make a stop the `place`-th of its run, counted from 1. Raises `NotFound`, `Conflict`; `BadInput` where a window
    would be over before an earlier stop's begins, or the place is before what is done already.
    """
    run = lock_run(session, get_job(session, job_id).run_id)
    jobs = queries.jobs_locked(session, [run.id])
    done, to_come = _in_two(jobs)
    job = next((each for each in to_come if each.id == job_id), None)
    if job is None or run.state is RunState.DONE:
        raise Conflict("Nothing was moved. That stop is done, or off the run.", next_step="Reload the page.")
    rest = [each for each in to_come if each is not job]
    wanted = min(max(place - 1 - len(done), 0), len(rest))
    ordered = [*rest[:wanted], job, *rest[wanted:]]
    clash = first_clash([_slot(each) for each in ordered])
    if clash is not None:
        zone = ZoneInfo(partners.get_organisation(session, run.hub_id).time_zone)
        late, early = (ordered[each] for each in clash)
        said = f"{_window_words(late, zone)} would be over before {_window_words(early, zone)} begins."
        raise BadInput("Nothing was moved.", fields={"place": f"Nothing was moved: {said}"})
    before = job.sequence
    _number([*done, *ordered], jobs)
    session.flush()
    if job.sequence != before:
        words = f"Stop {before} made stop {job.sequence}"
        note(session, run.id, kind="job_moved", words=words, actor=actor, happening=happening, job_id=job.id)
    return job


def _window_words(job: DeliveryJob, zone: ZoneInfo) -> str:
    begins, ends = job.window_from.astimezone(zone), job.window_to.astimezone(zone)
    return f"{begins:%H:%M} to {ends:%H:%M}"
