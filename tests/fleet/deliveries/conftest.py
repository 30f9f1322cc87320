"""A courier with a run, for tests about deliveries."""

from __future__ import annotations

import pytest

from fleet.database.session import Database
from fleet.partners.models import Organisation
from fleet.settings import Settings
from tests.delivering import Delivering
from tests.lending import lending_at
from tests.people import FakeClock


@pytest.fixture
def delivering(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> Delivering:
    return Delivering(lending_at(database, hub.id, clock, settings))
