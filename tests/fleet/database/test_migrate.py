"""One migration history for both engines: up, down, up again, and nothing that the models have and it has not."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from fleet.database.migrate import current_revision, differences, downgrade, head_revision, upgrade
from fleet.database.session import Database, open_database
from fleet.schema import metadata


def test_up_down_and_up_again(database: Database) -> None:
    engine = database.engine
    assert current_revision(engine) == head_revision()
    downgrade(engine, "base")
    with engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    upgrade(engine)
    with engine.connect() as connection:
        assert set(metadata.tables) <= set(inspect(connection).get_table_names())


@pytest.mark.filterwarnings("ignore:autogenerate skipping")
def test_the_models_ask_for_nothing_that_no_migration_makes(database: Database) -> None:
    assert differences(database.engine, metadata) == []


def test_a_database_that_was_never_migrated_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:

    empty = open_database(f"sqlite:///{tmp_path_factory.mktemp('empty')}/empty.sqlite3")
    assert current_revision(empty.engine) is None
    empty.close()
