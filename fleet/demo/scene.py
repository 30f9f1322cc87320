"""What the acts of a demonstration share: everybody's way in, the bench of tablets, the clock, and a voice.

Every act can be played again after a kill at any moment: what has a place for a client's own id is told under the same
id each time, and everything else is looked for before it is made.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from fleet.clock import MovedClock, local_date
from fleet.cohorts.calendar import HubCalendar
from fleet.database.session import Database
from fleet.demo.client import ApiClient
from fleet.demo.folder import DemoFolder
from fleet.demo.people import DemoPerson
from fleet.jobs.models import Job
from fleet.jobs.rules import JobState
from fleet.settings import Settings
from fleet.users.rules import Role
from provisioning.virtual.bench import VirtualBench
from provisioning.virtual.tablet import VirtualTablet

NAMESPACE = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
PATIENCE_SECONDS = 120.0

Say = Callable[[str], None]


class DemonstrationStuck(Exception):
    """Something that should have happened did not, in the time it may take."""


def act_id(*words: object) -> str:
    """The client id of one act: the same words, the same id, in every attempt."""
    return str(uuid.uuid5(NAMESPACE, " ".join(str(word) for word in words)))


@dataclass(frozen=True)
class Scene:
    folder: DemoFolder
    settings: Settings
    database: Database
    clock: MovedClock
    bench: VirtualBench
    people: Mapping[Role, DemoPerson]
    base: str
    say: Say

    def as_(self, role: Role) -> ApiClient:
        """That role's way in."""
        return ApiClient(self.base, self.people[role].token)

    @property
    def technician(self) -> ApiClient:
        return self.as_(Role.TECHNICIAN)

    @property
    def coordinator(self) -> ApiClient:
        return self.as_(Role.COORDINATOR)

    @property
    def courier(self) -> ApiClient:
        return self.as_(Role.COURIER)

    @property
    def today(self) -> date:
        return local_date(self.clock())

    @property
    def calendar(self) -> HubCalendar:
        """The days that the hub of the demonstration keeps."""
        return HubCalendar(self.settings.hub_nation)

    def tablet(self, name: str) -> dict[str, Any]:
        """A tablet of the cast as the API shows it."""
        serial = self.virtual(name).serial
        found = self.technician.get("/tablets", q=serial)["items"]
        if len(found) != 1:
            raise DemonstrationStuck(f"{len(found)} tablets have the serial {serial}; there should be one.")
        shown: dict[str, Any] = found[0]
        return shown

    def tablet_id(self, name: str) -> int:
        return int(self.tablet(name)["id"])

    def stage(self, name: str) -> str:
        return str(self.tablet(name)["stage"])

    def virtual(self, name: str) -> VirtualTablet:
        """The tablet made of software: for its person's hands, never for reading what the bench should read."""
        return self.bench.slot(name).tablet

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(slot.name for slot in self.bench.slots)

    def wait_for(self, what: str, condition: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait for something to come to pass. Raises `DemonstrationStuck`, saying what did not."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise DemonstrationStuck(f"After {seconds:.0f} seconds this had still not happened: {what}.")
            time.sleep(0.05)

    def let_time_pass_until(self, moment: datetime) -> None:
        """Move the clock of the demonstration forward, once no job is being done."""
        if self.clock() < moment:
            self.wait_for("all work at rest", self._at_rest)
            self.clock.move_to(moment)

    def _at_rest(self) -> bool:
        busy = select(func.count()).where(
            (Job.state == JobState.RUNNING) | ((Job.state == JobState.QUEUED) & (Job.kind == "bench.run"))
        )
        with self.database.read() as session:
            return session.scalar(busy) == 0
