"""Two weeks of the simulated year on PostgreSQL: with a change of the clocks, and a backup that comes back.

Every rule is looked at on each day as in the whole year, which plays on SQLite; `python -m tests.year --database
postgresql` plays all of it there.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.fixtures.databases import TEMPLATE
from tests.year.days import CLOCKS_GO_BACK
from tests.year.play import Scale
from tests.year.restoring import BACKUPS, COUNTS_AFTER
from tests.year.whole import play_year

DAYS = 14
STRETCH = Scale(
    first=BACKUPS[0] + COUNTS_AFTER - timedelta(days=DAYS - 1),
    days=DAYS,
    fleets=(8, 8, 8),
    lends_for=4,
    by_months=False,
    places=2,
    opens_after=-1,
    rolling_every=1,
)


@pytest.fixture
def own_database(postgres_url: str) -> str:
    """A migrated, empty database that nobody else is connected to, so that it can be copied and put back."""
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS year WITH (FORCE)")
        connection.execute(f"CREATE DATABASE year TEMPLATE {TEMPLATE}")
    return make_url(postgres_url).set(database="year").render_as_string(hide_password=False)


def test_two_weeks_with_a_change_of_the_clocks_and_a_restore_break_no_rule(own_database: str, tmp_path: Path) -> None:
    year = play_year(own_database, tmp_path, STRETCH)
    year.town.database.close()
    assert {rule: found for rule, found in year.broken.items() if found} == {}
    assert year.town.wrong == []
    assert CLOCKS_GO_BACK in year.days
    assert year.counted["loans"] >= 10
    came_about = (
        "restores",
        "forgotten again",
        "messages found to have left before the restore",
        "extended",
        "handed in",
    )
    assert [name for name in came_about if not year.counted[name]] == []
