"""What every test may ask for: a database, a clock that stands still, the app, and people.

`database` runs a test twice, on SQLite and on PostgreSQL; where they come from: tests/fixtures/databases.py.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from fleet.database.session import Database, open_database
from fleet.partners.models import Organisation, OrganisationKind
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import Browser, FakeClock, make_user, signed_in

pytest_plugins = (
    "tests.fixtures.app",
    "tests.fixtures.databases",
    "tests.fixtures.web",
    "tests.fixtures.tablets",
    "tests.fixtures.broker",
)

hypothesis_settings.register_profile("doorstep", deadline=None)  # a busy machine is slow now and then
hypothesis_settings.load_profile("doorstep")

LONG = (
    "tests/fleet/test_pages.py",
    "tests/workers/",
    "tests/fleet/demo/",
    "tests/fleet/cli/test_serve.py",
    "tests/fleet/test_openapi.py",
    "tests/fleet/deliveries/",
)
"""Begun first, so that no core waits at the end for one of them alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


gc.disable()  # what is loaded and collected stays: looking through it for rubbish would be a third of the work


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What was collected lives to the end, and need not be looked through again and again either."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def opened() -> Iterator[dict[str, Database]]:
    """By URL, each opened once: an engine works out the words of every statement anew, and keeps them."""
    found: dict[str, Database] = {}
    yield found
    for each in found.values():
        _hang_up(each.engine)


@pytest.fixture
def database(database_url: str, opened: dict[str, Database]) -> Iterator[Database]:
    """An empty database of this test's own. PostgreSQL's connections are kept: each new one reads its catalogue again,
    which costs more than most tests."""
    kept = opened.get(database_url) or opened.setdefault(database_url, open_database(database_url))
    if kept.is_sqlite:
        _hang_up(kept.engine)  # a live page of the test before may have asked since
    yield kept
    if kept.is_sqlite or _is_in_use(kept.engine):
        _hang_up(kept.engine)


def _is_in_use(engine: Engine) -> bool:
    """Whether somebody, such as a live page, holds a connection still."""
    return isinstance(engine.pool, QueuePool) and engine.pool.checkedout() > 0


def _hang_up(engine: Engine) -> None:
    """No connection of before is used again."""
    pool = engine.pool
    engine.dispose()
    event.listen(pool, "checkin", _closed)
    pool.dispose()  # whatever came back between the two


def _closed(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    """What somebody still reads with is closed as it is given back."""
    record.invalidate()


@pytest.fixture
def clock() -> FakeClock:
    """Monday 1 June 2026, 10:00 in London, until the test moves it."""
    return FakeClock(datetime(2026, 6, 1, 9, 0, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(
        data_dir=tmp_path / "var",
        database_url=database_url,
        secret_key=SecretStr("a secret that only tests use, and only here"),
        hub_name="Test hub",
        hub_phone="020 7946 0000",
        public_url="https://t.example",
    )


@pytest.fixture
def hub(database: Database, clock: FakeClock) -> Organisation:
    """The hub that owns the stock."""
    with database.write() as session:
        made = Organisation(
            kind=OrganisationKind.HUB, name="Test hub", help_phone="020 7946 0000", covers=[], created_at=clock()
        )
        session.add(made)
    return made


@pytest.fixture
def nudged() -> list[int]:
    """The jobs that were nudged, in order; nothing is sent anywhere."""
    return []


@pytest.fixture
def actor(database: Database, clock: FakeClock) -> Callable[..., Actor]:
    """`actor(Role.TECHNICIAN)`: somebody with that role, in the database, as services receive them."""
    return lambda *roles, organisation_id=None: make_user(database, clock, *roles, organisation_id=organisation_id)


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """The loop that answers browsers; without it each request begins and ends a loop of its own."""
    with start_blocking_portal() as opened:
        yield opened


@pytest.fixture
def browser_as(
    app: FastAPI, database: Database, clock: FakeClock, portal: BlockingPortal
) -> Iterator[Callable[..., Browser]]:
    """`browser_as(Role.TECHNICIAN)`: a client signed in with that role; `browser_as()` is a stranger."""
    opened: list[Browser] = []

    def open_browser(*roles: Role, organisation_id: int | None = None) -> Browser:
        browser = signed_in(app, database, clock, *roles, organisation_id=organisation_id)
        browser.answer_in(portal)
        opened.append(browser)
        return browser

    yield open_browser
    for browser in opened:
        browser.close()
