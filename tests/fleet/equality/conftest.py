"""A hub that lends, for tests about what people chose to say."""

from __future__ import annotations

import pytest

from fleet.database.session import Database
from fleet.partners.models import Organisation
from fleet.settings import Settings
from tests.lending import Lending, lending_at
from tests.people import FakeClock


@pytest.fixture
def lending(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> Lending:
    return lending_at(database, hub.id, clock, settings)
