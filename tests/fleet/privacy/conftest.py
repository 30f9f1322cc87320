"""A hub that lends, with somebody who has had a tablet and is about to be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fleet.database.session import Database
from fleet.partners.models import Organisation
from fleet.privacy import service
from fleet.privacy.rules import WhyErase
from fleet.privacy.service import Standing
from fleet.settings import Settings
from fleet.users.rules import Role
from tests.lending import Lending, lending_at
from tests.people import FakeClock

Erase = Callable[..., Standing]


@pytest.fixture
def lending(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> Lending:
    return lending_at(database, hub.id, clock, settings)


@pytest.fixture
def erase(lending: Lending) -> Erase:
    """`erase(person_id)`: the data protection lead decides it."""

    def decide(person_id: int, **asked: Any) -> Standing:
        return lending.do(
            service.ask_to_erase, person_id, asked.pop("why", WhyErase.ASKED), role=Role.DATA_PROTECTION, **asked
        )

    return decide
