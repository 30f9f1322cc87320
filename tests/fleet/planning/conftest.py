"""A hub that lends, for tests about what is to come."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fleet.database.session import Database
from fleet.partners.models import Organisation
from fleet.settings import Settings
from tests.lending import Lending, lending_at
from tests.people import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """Monday 1 June 2026, ten in the morning in London."""
    return FakeClock(datetime(2026, 6, 1, 9, tzinfo=UTC))


@pytest.fixture
def lending(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> Lending:
    return lending_at(database, hub.id, clock, settings)
