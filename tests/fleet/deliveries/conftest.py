"""A courier with a run, and the phone in their hand, for tests about deliveries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page

from fleet.app import furnish
from fleet.database.session import Database
from fleet.partners.models import Organisation
from fleet.settings import Settings
from tests.browser import PHONE, served
from tests.delivering import Delivering
from tests.fleet.deliveries.in_hand import NO_BACKGROUND_SYNC
from tests.lending import lending_at
from tests.people import FakeClock


@pytest.fixture
def delivering(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> Delivering:
    return Delivering(lending_at(database, hub.id, clock, settings))


@pytest.fixture
def address(app: FastAPI, settings: Settings, database: Database, clock: FakeClock, nudged: list[int]) -> Iterator[str]:
    """The app on loopback, furnished as a demonstration is: its cookie needs no HTTPS."""
    furnish(app, settings.model_copy(update={"demo": True}), database, nudge=nudged.append, clock=clock)
    with served(app) as where:
        yield where


@pytest.fixture
def phone(window: Page) -> Page:
    """A phone with no run on it yet."""
    window.context.add_init_script(NO_BACKGROUND_SYNC)
    window.set_viewport_size(PHONE)
    return window
