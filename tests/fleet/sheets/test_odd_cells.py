"""Whatever stands in a cell, a file is answered with sentences: nothing that comes in is too odd to be looked at."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet.database.session import Database
from fleet.partners.models import Organisation
from fleet.settings import Settings
from fleet.sheets import service
from fleet.sheets.kinds import KINDS, KindName
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.sheets.world import ORDER, a_file, bring_in, world
from tests.people import FakeClock

ODD = (
    "",
    "0",
    "-1",
    "9" * 30,
    "1e400",
    "nan",
    "0001-01-01",
    "9999-12-31",
    "31/02/2026",
    "25:99",
    "yes",
    "=1+1",
    "é" * 500,
)
PLAIN = (
    "Sample",
    "2026-05-01",
    "2027-05-01",
    "active",
    "closed_returned",
    "TEST",
    "07700 900002",
    "WORLD00005",
    "music",
)
CELLS = st.sampled_from(ODD + PLAIN) | st.text(max_size=8)
ROWS = {name: list(csv.DictReader(io.StringIO(text[1:]))) for name, text in world("Sample one", "Other two").items()}


@st.composite
def odd_files(draw: st.DrawFn) -> tuple[KindName, str]:
    """A row as it should be, with up to three cells as they should not."""
    name = draw(st.sampled_from(ORDER))
    row = dict(draw(st.sampled_from(ROWS[name])))
    columns = st.sampled_from([column.name for column in KINDS[name].comes_in])
    return name, a_file(row | draw(st.dictionaries(columns, CELLS, max_size=3)))


@pytest.fixture
def coordinator(
    database: Database, hub: Organisation, settings: Settings, clock: FakeClock, actor: Callable[..., Actor]
) -> Actor:
    """Of an installation in which everything is that rows may name."""
    who = actor(Role.COORDINATOR)
    with database.write() as session:
        for name, text in world("Sample one", "Other two").items():
            bring_in(session, name, text, actor=who, settings=settings, clock=clock)
    return who


@ON_SQLITE
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(odd_files())
def test_every_row_is_answered(
    database: Database, settings: Settings, clock: FakeClock, coordinator: Actor, odd: tuple[KindName, str]
) -> None:
    name, text = odd
    with database.read() as session:
        looked = service.look(session, KINDS[name], text, actor=coordinator, settings=settings, now=clock())
    assert looked.problem or [row.number for row in looked.rows] == [2]
