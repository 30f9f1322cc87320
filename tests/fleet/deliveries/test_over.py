"""A visit that its loan asks for no longer leaves its run; one that a courier has begun stays."""

from __future__ import annotations

import threading

from sqlalchemy import select

from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.rules import JobEnd, JobState
from fleet.deliveries.service.runs.over import visits_over_handler
from fleet.jobs.models import Job
from fleet.jobs.service import JobContext
from fleet.loans import service as loans
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE


def do_jobs(delivering: Delivering) -> int:
    """Do what was asked of the workers about visits; how much it was."""
    lending = delivering.lending
    with lending.database.read() as session:
        asked = list(session.scalars(select(Job).where(Job.kind == loans.VISITS_JOB)))
    for job in asked:
        context = JobContext(
            lending.database, lending.clock, job.id, job.args, "worker", lambda _: None, threading.Event()
        )
        visits_over_handler(lending.settings)(context)
    return len(asked)


def after(delivering: Delivering, job: DeliveryJob) -> tuple[JobState, JobEnd | None]:
    found = delivering.again(job)
    return found.state, found.ended


@ON_SQLITE
def test_no_courier_comes_to_a_door_where_somebody_has_died(delivering: Delivering) -> None:
    collection = delivering.collection(delivering.run())
    delivering.lending.do(loans.stop_for_death, collection.loan_id)
    assert do_jobs(delivering) == 1
    assert after(delivering, collection) == (JobState.CLOSED, JobEnd.TAKEN_OFF)


@ON_SQLITE
def test_a_tablet_brought_to_the_hub_is_not_fetched_any_more(delivering: Delivering) -> None:
    collection = delivering.collection(delivering.run())
    lending = delivering.lending
    lending.do(loans.scan_in, tablet_id=collection.tablet_id, role=Role.TECHNICIAN)
    assert do_jobs(delivering) == 1
    assert after(delivering, collection) == (JobState.CLOSED, JobEnd.TAKEN_OFF)


@ON_SQLITE
def test_a_visit_that_its_loan_still_asks_for_stays(delivering: Delivering) -> None:
    delivery = delivering.delivery(delivering.run())
    lending = delivering.lending
    lending.do(loans.undo_allocation, delivery.loan_id, reason="Another suits them better")
    lending.do(loans.allocate, delivery.loan_id, tablet_id=lending.tablet().id, sim_id=lending.sim().id)
    do_jobs(delivering)
    assert after(delivering, delivery) == (JobState.ACCEPTED, None)
