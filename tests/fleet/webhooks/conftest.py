"""A hub with a receiver on this computer, and a worker that does what is due when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from fleet.database.session import Database
from fleet.happening import Happening
from fleet.jobs.models import Job
from fleet.jobs.rules import JobState
from fleet.jobs.service import run_job
from fleet.partners.models import Organisation
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.actor import SYSTEM, Actor
from fleet.users.rules import Role
from fleet.webhooks import service
from fleet.webhooks.models import Webhook, WebhookDelivery
from fleet.webhooks.posting import Patience
from fleet.webhooks.service import Wanted
from fleet.webhooks.work import deliver_handler, sweep_handler
from tests.fleet.webhooks.receiver import Receiver, running
from tests.lending import Lending, lending_at
from tests.people import FakeClock


@dataclass
class Telling:
    """One webhook, events to tell of, and a worker."""

    database: Database
    settings: Settings
    clock: FakeClock
    receiver: Receiver
    admin: Actor
    tablet: Tablet
    webhook_id: int = 0
    is_copy: bool = False

    def listen(self, *kinds: str, url: str = "") -> Webhook:
        """Add a webhook to the receiver."""
        wanted = Wanted("Sample dashboard", url or self.receiver.url, kinds or ("tablet.*",))
        with self.database.write() as session:
            made, secret = service.add_webhook(
                session, wanted, actor=self.admin, settings=self.settings, now=self.clock()
            )
        self.receiver.secrets.append(secret)
        self.webhook_id = made.id
        return made

    def happen(self, number: int = 1, kind: str = "kit") -> None:
        """So many events of a tablet, each in a transaction of its own."""
        for _ in range(number):
            with self.database.write() as session:
                tablet = tablets.get_tablet(session, self.tablet.id)
                told = Happening(now=self.clock(), reason="Sample Person lives at 1 Example Street")
                tablets.note(session, tablet, kind=kind, words="Sample words", actor=SYSTEM, happening=told)

    def work(self) -> int:
        """Do every job of the webhooks that is due; how many."""
        handlers = {
            service.DELIVER_JOB: deliver_handler(
                self.settings, is_copy=lambda *_: self.is_copy, patience=Patience(connect=1.0, whole=0.2)
            ),
            service.SWEEP_JOB: sweep_handler(),
        }
        due = select(Job.id).where(Job.state == JobState.QUEUED, Job.run_after <= self.clock())
        with self.database.read() as session:
            found = list(session.scalars(due.where(Job.kind.in_(handlers)).order_by(Job.id)))
        for job_id in found:
            run_job(
                job_id,
                database=self.database,
                clock=self.clock,
                handlers=handlers,
                holder="worker",
                lease=timedelta(seconds=60),
                nudge=lambda _: None,
            )
        return len(found)

    def work_through(self, most_days: float = 2) -> None:
        """Work, and jump to whenever something is due next, until nothing is."""
        ends = self.clock() + timedelta(days=most_days)
        while self.work() or self._jump(ends):
            pass

    def _jump(self, ends: datetime) -> bool:
        waiting = select(Job.run_after).where(Job.state == JobState.QUEUED, Job.kind == service.DELIVER_JOB)
        with self.database.read() as session:
            at = session.scalar(waiting.order_by(Job.run_after).limit(1))
        if at is None or at > ends:
            return False
        self.clock.now = max(at, self.clock())
        return True

    def deliveries(self) -> list[WebhookDelivery]:
        with self.database.read() as session:
            return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))

    def webhook(self) -> Webhook:
        with self.database.read() as session:
            return service.get_webhook(session, self.webhook_id)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A demonstration, in which receivers may be on this computer."""
    return settings.model_copy(update={"demo": True})


@pytest.fixture
def receiver(clock: FakeClock) -> Iterator[Receiver]:
    with running() as started:
        started.now = clock
        yield started


@pytest.fixture
def lending(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> Lending:
    return lending_at(database, hub.id, clock, settings)


@pytest.fixture
def telling(
    database: Database,
    settings: Settings,
    clock: FakeClock,
    receiver: Receiver,
    actor: Callable[..., Actor],
    stock: Callable[..., Tablet],
) -> Telling:
    return Telling(database, settings, clock, receiver, actor(Role.HUB_ADMIN), stock(Stage.RECEIVED))
