"""What tests of labels share: somebody who prints, and blank labels that came out of the printer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from fleet.database.session import Database
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tags import printing, queries, service
from fleet.tags.models import PrintBatch, Tag
from fleet.tags.rules import shown
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import FakeClock

WANTED = printing.Wanted()


@dataclass
class Labelling:
    """The labelling table: tablets that were booked in, blank labels, and somebody who brings them together."""

    database: Database
    settings: Settings
    clock: FakeClock
    technician: Actor
    stock: Callable[..., Tablet]

    def happening(self, client_id: str | None = None, reason: str = "") -> Happening:
        return Happening(self.clock(), client_id=client_id, reason=reason)

    def tablet(self, stage: Stage = Stage.RECEIVED) -> Tablet:
        return self.stock(stage, label_confirmed_at=None)

    def blanks(self, count: int, wanted: printing.Wanted = WANTED) -> PrintBatch:
        with self.database.write() as session:
            return printing.print_blanks(
                session,
                count,
                wanted=wanted,
                settings=self.settings,
                actor=self.technician,
                happening=self.happening(),
            )

    def codes(self, batch: PrintBatch) -> list[str]:
        with self.database.read() as session:
            return [shown(tag.code) for tag in queries.tags_of_batch(session, batch.id)]

    def claim(self, code: str, tablet: Tablet, client_id: str | None = None) -> Tag:
        with self.database.write() as session:
            happening = self.happening(client_id)
            return service.claim(session, code, tablet.id, actor=self.technician, happening=happening)

    def confirm(self, code: str, tablet: Tablet) -> Tag:
        with self.database.write() as session:
            return service.confirm_scan(session, code, tablet.id, actor=self.technician, happening=self.happening())

    def take_back(self, tablet: Tablet, reason: str) -> Tag:
        with self.database.write() as session:
            happening = self.happening(reason=reason)
            return service.take_back(session, tablet.id, actor=self.technician, happening=happening)

    def replace(self, tablet: Tablet, with_code: str = "") -> Tag:
        with self.database.write() as session:
            return service.replace(
                session,
                tablet.id,
                reason="Torn",
                with_code=with_code,
                actor=self.technician,
                happening=self.happening(),
            )

    def tag(self, code: str) -> Tag:
        with self.database.read() as session:
            return service.lookup(session, code)


@pytest.fixture
def labelling(
    database: Database,
    settings: Settings,
    clock: FakeClock,
    actor: Callable[..., Actor],
    stock: Callable[..., Tablet],
) -> Labelling:
    return Labelling(database, settings, clock, actor(Role.TECHNICIAN), stock)
