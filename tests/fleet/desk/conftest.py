"""A hub with a desk, for tests about what is scanned there."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from fleet.database.session import Database
from fleet.desk import service
from fleet.desk.models import DeskScan, Shelf
from fleet.desk.rules import shelf_text
from fleet.partners.models import Organisation
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.lending import Lending, lending_at
from tests.people import FakeClock


@dataclass
class AtTheDesk:
    """Somebody at a desk with a scanner. `device` is the computer they scan at."""

    lending: Lending
    delivering: Delivering
    actor: Actor
    device: str = "desk-1"

    def scan(self, *texts: str, **asked: object) -> DeskScan:
        """Scan one after the other; the row of the last."""
        for text in texts:
            with self.lending.database.write() as session:
                made = service.scan(
                    session,
                    text,
                    device=self.device,
                    actor=self.actor,
                    settings=self.lending.settings,
                    now=self.lending.clock(),
                    **asked,  # type: ignore[arg-type]  # only `missing` and `client_id` are ever given
                )
        return made

    def said(self, *texts: str, **asked: object) -> tuple[str, str]:
        """How the last of these scans ended, and what was said."""
        made = self.scan(*texts, **asked)
        return made.outcome.value, made.said

    def shelf(self, name: str) -> Shelf:
        with self.lending.database.write() as session:
            return service.add_shelf(session, name, actor=self.actor, happening=self.lending.happening())

    def label(self, shelf: Shelf) -> str:
        return shelf_text(shelf.code)

    def tablet(self, stage: Stage) -> tuple[Tablet, str]:
        """A tablet at this stage, and the code on its label."""
        made = self.lending.tablet(stage)
        return made, self.delivering.code(made.id)

    def again(self, tablet_id: int) -> Tablet:
        return self.lending.read(tablets.get_tablet, tablet_id)

    def lies_on(self, tablet_id: int) -> int | None:
        with self.lending.database.read() as session:
            return service.shelf_of(session, tablets.get_tablet(session, tablet_id))


@pytest.fixture
def desk(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> AtTheDesk:
    lending = lending_at(database, hub.id, clock, settings)
    return AtTheDesk(lending, Delivering(lending), lending.actor(Role.TECHNICIAN))
