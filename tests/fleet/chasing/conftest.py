"""A hub that lends and chases, with the few acts that every test of chasing needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from fleet.chasing import service
from fleet.chasing.channels.base import Channel
from fleet.chasing.models import Chase, ChaseHold
from fleet.chasing.rules import ChaseState, HoldReason
from fleet.chasing.service import Planned, Ticked
from fleet.database.session import Database
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.partners.models import Organisation
from fleet.people.rules import Channel as ContactBy
from fleet.settings import Settings
from fleet.users.rules import Role
from tests.lending import Lending, lending_at
from tests.people import FakeClock

LONDON = ZoneInfo("Europe/London")


@dataclass
class Chasing:
    """A hub whose clock the test moves, and whose outbox it reads."""

    lending: Lending
    clock: FakeClock
    settings: Settings
    database: Database

    def loan(self, due_on: date, *, by: ContactBy = ContactBy.TEXT, **asked: Any) -> Loan:
        """A loan that somebody has, due on that day, whose borrower wants to hear from us that way."""
        details = {"channel": by, **asked.pop("details", {})}
        programme = asked.pop("programme", None) or self.lending.programme(**asked.pop("policy", {}))
        person = asked.pop("person", None) or self.lending.person(**details)
        return self.lending.loan_at(LoanState.ACTIVE, programme, person=person, due_on=due_on, **asked)

    def at(self, day: date, hour: int = 10, minute: int = 0) -> None:
        """Let it be that day and hour in London."""
        self.clock.now = datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)

    def tick(self, channel: Channel | None = None) -> Ticked:
        way_out = channel or service.outbox(self.settings)
        return service.tick(self.database, clock=self.clock, settings=self.settings, channel=way_out)

    def outbox(self) -> list[Path]:
        return sorted((self.settings.data_dir / "outbox").rglob("*.txt"))

    def ledger(self, loan: Loan) -> list[tuple[str, ChaseState]]:
        """(rung, state) in the order of the ladder's writing."""
        with self.database.read() as session:
            rows = session.scalars(select(Chase).where(Chase.loan_id == loan.id).order_by(Chase.id)).all()
        return [(row.rung, row.state) for row in rows]

    def entries(self, loan: Loan) -> list[Chase]:
        with self.database.read() as session:
            return list(session.scalars(select(Chase).where(Chase.loan_id == loan.id).order_by(Chase.id)))

    def hold(self, loan: Loan, reason: HoldReason, until: date) -> ChaseHold:
        with self.database.write() as session:
            return service.place_hold(
                session,
                loan.id,
                reason,
                until=until,
                actor=self.lending.actor(Role.COORDINATOR),
                happening=self.lending.happening(),
            )

    def lift(self, hold: ChaseHold) -> None:
        with self.database.write() as session:
            actor, happening = self.lending.actor(Role.COORDINATOR), self.lending.happening()
            service.lift_hold(session, hold.id, actor=actor, happening=happening)

    def planned(self, day: date, *, is_copy: bool = False) -> list[Planned]:
        """What the dry run says is to be done on a day, today or to come."""
        with self.database.read() as session:
            lines = service.dry_run(session, day, now=self.clock(), is_copy=is_copy).lines
        return [each for each in lines if isinstance(each, Planned)]

    def why(self, loan: Loan, on: date | None = None) -> str:
        with self.database.read() as session:
            copied = service.is_copy(session, self.settings)
            return service.why(session, loan.id, now=self.clock(), on=on, is_copy=copied)


@pytest.fixture
def chasing(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> Chasing:
    return Chasing(lending_at(database, hub.id, clock, settings), clock, settings, database)
