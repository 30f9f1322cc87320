"""Runs, stops and facts for tests: a hub that delivers, through the same services that people and phones use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select

from fleet.clock import local_date
from fleet.deliveries import queries, service
from fleet.deliveries.facts import Details, Fact
from fleet.deliveries.models import CourierRun, DeliveryJob, Scan
from fleet.deliveries.rules import Action, FailReason, Vehicle
from fleet.deliveries.service import Answered, Window
from fleet.deliveries.service.runs.over import visits_over_handler
from fleet.jobs.models import Job
from fleet.jobs.service import JobContext
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import HandedTo, LoanState
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tags import service as tags
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.lending import Lending
from tests.people import make_user

_numbers = count(1)

DONE_AT_THE_DOOR = Details(handed_to=HandedTo.PARTICIPANT, phrase_heard=True, agreement_accepted=True)
NOBODY_IN = Details(reason=FailReason.NO_ANSWER)
TAKEN_BACK = Details(condition="good", sim_in_tray=True)
TICKED = {
    Action.HAND_OVER: DONE_AT_THE_DOOR,
    Action.FAILED: NOBODY_IN,
    Action.COLLECT: TAKEN_BACK,
    Action.HAND_IN: TAKEN_BACK,
}


def fact_id() -> str:
    return str(UUID(int=next(_numbers)))


@dataclass
class Delivering:
    """A hub with couriers; `courier` is the one that most tests are about."""

    lending: Lending
    couriers: list[Actor] = field(default_factory=list)

    @property
    def courier(self) -> Actor:
        return self.couriers[0] if self.couriers else self.another_courier()

    def another_courier(self, organisation_id: int | None = None) -> Actor:
        made = make_user(self.lending.database, self.lending.clock, Role.COURIER, organisation_id=organisation_id)
        self.couriers.append(made)
        return made

    @property
    def planner(self) -> Actor:
        return self.lending.actor(Role.COORDINATOR)

    def do(self, function: Callable[..., Any], *given: Any, actor: Actor | None = None, **asked: Any) -> Any:
        """Ask a delivery service for something, in a transaction of its own."""
        with self.lending.database.write() as session:
            return function(session, *given, actor=actor or self.planner, happening=self.lending.happening(), **asked)

    def run(self, courier: Actor | None = None, *, accepted: bool = True, days_ahead: int = 0) -> CourierRun:
        """A run of today, taken on by its courier."""
        who = courier or self.courier
        day = local_date(self.lending.clock()) + timedelta(days=days_ahead)
        made: CourierRun = self.do(service.create_run, day=day, vehicle=Vehicle.CAR, courier_id=who.user_id)
        if accepted:
            self.do(service.accept_run, made.id, actor=who)
        return made

    def job(self, run: CourierRun, loan: Loan, start: time = time(10, 30), end: time = time(11)) -> DeliveryJob:
        with self.lending.database.write() as session:
            job = service.add_job(
                session,
                run.id,
                loan_id=loan.id,
                window=Window(start, end),
                actor=self.planner,
                settings=self.lending.settings,
                happening=self.lending.happening(),
            )
            tags.make_tags(session, [job.tablet_id], actor=self.planner, happening=self.lending.happening())
        return job

    def delivery(self, run: CourierRun, **person: Any) -> DeliveryJob:
        """A stop with a tablet to bring."""
        return self.job(run, self._loan(LoanState.ALLOCATED, person))

    def collection(self, run: CourierRun, **person: Any) -> DeliveryJob:
        """A stop with a tablet to fetch."""
        return self.job(run, self._loan(LoanState.RETURN_ARRANGED, person))

    def swap(self, run: CourierRun, **person: Any) -> DeliveryJob:
        """A stop with one tablet to bring and another to take back."""
        loan = self._loan(LoanState.ACTIVE, person)
        kept = self.lending.tablet().id
        self.lending.do(loans.arrange_swap, loan.id, tablet_id=kept, reason="Its screen is cracked")
        return self.job(run, loan)

    def other_code(self, job: DeliveryJob) -> str:
        """The label of the tablet that goes out to a swap."""
        assert job.brings_id is not None
        return self.code(job.brings_id)

    def _loan(self, state: LoanState, person: dict[str, Any]) -> Loan:
        return self.lending.loan_at(state, person=self.lending.person(**person))

    def code(self, tablet_id: int) -> str:
        """What stands on the tablet's label."""
        with self.lending.database.write() as session:
            tags.make_tags(session, [tablet_id], actor=self.planner, happening=self.lending.happening())
            return tags.codes_of(session, [tablet_id])[tablet_id]

    def fact(self, action: Action, job: DeliveryJob, *, minutes: float = 0, **parts: Any) -> Fact:
        """A fact about a stop's own tablet, `minutes` from now by a phone whose clock is right."""
        given: dict[str, Any] = {
            "id": fact_id(),
            "code": self.code(job.tablet_id),
            "action": action,
            "occurred_at": self.lending.clock() + timedelta(minutes=minutes),
            "sequence": next(_numbers),
            "run": job.run_id,
            "details": TICKED.get(action, Details()),
        }
        return Fact(**(given | parts))

    def tell(self, *facts: Fact, courier: Actor | None = None) -> list[Answered]:
        with self.lending.database.write() as session:
            return service.tell(
                session,
                facts,
                actor=courier or self.courier,
                settings=self.lending.settings,
                now=self.lending.clock(),
            )

    def tell_one(self, fact: Fact, courier: Actor | None = None) -> Answered:
        return self.tell(fact, courier=courier)[0]

    def scans(self) -> Sequence[Scan]:
        with self.lending.database.read() as session:
            from_first: list[Scan] = sorted(session.query(Scan).all(), key=lambda each: each.id)
            return from_first

    def loan_of(self, job: DeliveryJob) -> Loan:
        return self.lending.read(loans.get_loan, job.loan_id)

    def tablet_of(self, job: DeliveryJob) -> Tablet:
        return self.lending.read(tablets.get_tablet, job.tablet_id)

    def again(self, job: DeliveryJob) -> DeliveryJob:
        """The stop as it stands in the database."""
        found = self.lending.read(queries.job, job.id)
        assert found is not None
        return found

    def at(self, **parts: float) -> datetime:
        return self.lending.clock.advance(**parts)

    def let_visits_follow(self) -> int:
        """Do what was asked of the workers about visits; how much it was."""
        lending = self.lending
        with lending.database.read() as session:
            asked = list(session.scalars(select(Job).where(Job.kind == loans.VISITS_JOB)))
        for job in asked:
            context = JobContext(
                lending.database, lending.clock, job.id, job.args, "worker", lambda _: None, threading.Event()
            )
            visits_over_handler(lending.settings)(context)
        return len(asked)
