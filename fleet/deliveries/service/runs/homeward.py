"""Tablets that lie at another hub than their own: put on a run as the stops that bring them home, or kept there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import UNDER_WAY, JobKind, JobState, room_problem
from fleet.deliveries.service.runs.order import Window, capacity_on, follow_run, put_in_order, window_on
from fleet.deliveries.service.writer import lock_open_run, note
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.partners import service as partners
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.words import label_of
from fleet.users.actor import Actor


def bring_home(
    session: Session,
    run_id: int,
    *,
    tablet_ids: Sequence[int],
    window: Window,
    actor: Actor,
    happening: Happening,
) -> list[DeliveryJob]:
    """Put tablets that wait for their way home on a run of the hub where they lie or of the one they belong to: a stop
    each, one after the other. All of them, or none.

    Raises `NotFound`; `BadInput` for a run of a third hub, or a full one; `Conflict` for a tablet that lies at no other
    hub, or is on a run already.
    """
    run = lock_open_run(session, run_id)
    jobs = list(queries.jobs_locked(session, [run.id]))
    begins, ends = window_on(session, run, window)
    added = []
    for tablet_id in sorted(set(tablet_ids)):
        tablet = tablets.lock_tablet(session, tablet_id)
        from_hub_id = _from_where(session, run, tablet)
        _refuse_full(session, run, jobs)
        job = DeliveryJob(
            run_id=run.id,
            sequence=len(jobs) + 1,
            kind=JobKind.HOME,
            from_hub_id=from_hub_id,
            to_hub_id=tablet.hub_id,
            tablet_id=tablet.id,
            state=JobState.PLANNED,
            window_from=begins,
            window_to=ends,
            changed_at=happening.now,
        )
        session.add(job)
        session.flush()
        put_in_order(job, jobs)
        follow_run(session, run, job, actor=actor, happening=happening)
        words = f"Stop {job.sequence} added: {_called(tablet)} goes home to {tablets.home_of(session, tablet)}"
        note(session, run.id, kind="job_added", words=words, actor=actor, happening=happening, job_id=job.id)
        jobs.append(job)
        added.append(job)
    return added


def _called(tablet: Tablet) -> str:
    return label_of(tablet) or f"tablet {tablet.id}"


def _from_where(session: Session, run: CourierRun, tablet: Tablet) -> int:
    """The hub where it lies, if it may be fetched from there on this run."""
    lies_at = tablet.guest_hub_id
    if lies_at is None:
        raise Conflict(
            f"Nothing was changed. {_called(tablet)} does not wait at another hub to go home.",
            next_step="Reload the page to see what does.",
        )
    taken = queries.open_way_home(session, tablet.id)
    if taken is not None:
        raise Conflict(
            f"Nothing was changed. {_called(tablet)} is on run {taken.run_id} already.",
            next_step="Take it off that run first.",
        )
    if run.hub_id not in (lies_at, tablet.hub_id):
        here, home = partners.get_organisation(session, lies_at).name, tablets.home_of(session, tablet)
        said = f"{_called(tablet)} goes from {here} to {home}: choose a run of one of them."
        raise BadInput("No stop was added.", fields={"tablet_id": said})
    return lies_at


def _refuse_full(session: Session, run: CourierRun, jobs: Sequence[DeliveryJob]) -> None:
    full = room_problem(sum(job.state in UNDER_WAY for job in jobs), capacity_on(session, run))
    if full is not None:
        raise BadInput("No stop was added.", fields={"tablet_id": full})


def keep_here(session: Session, tablet_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Tablet:
    """The hub of whoever asks keeps another hub's tablet that lies there. `happening.reason` says why.

    Raises `NotFound`; `Conflict` while it is on a run, or where it lies at another hub; `MoveRefused`.
    """
    tablet = tablets.lock_tablet(session, tablet_id)
    taken = queries.open_way_home(session, tablet_id)
    if taken is not None:
        raise Conflict(
            f"Nothing was changed. {_called(tablet)} is to go home on run {taken.run_id}.",
            next_step="Take it off that run first.",
        )
    here = partners.hub_of(session, actor).id
    loans.stay(session, tablet_id=tablet_id, at=here, actor=actor, settings=settings, happening=happening)
    return tablet
