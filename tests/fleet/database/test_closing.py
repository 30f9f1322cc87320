"""Closing a database: nothing stays open behind it, not even what a live page was still reading with."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy import text

from fleet.database.session import Database, open_database


@pytest.fixture
def database(database_url: str) -> Database:
    """Opened for this test alone: others go on with theirs."""
    return open_database(database_url)


def test_what_is_still_read_with_when_the_database_closes_is_closed_when_given_back(database: Database) -> None:
    with database.read() as session:
        in_use = session.connection().connection.dbapi_connection
        assert in_use is not None
        database.close()
        assert session.scalar(text("SELECT 1")) == 1
    with pytest.raises((psycopg.OperationalError, sqlite3.ProgrammingError)):
        in_use.cursor()


def test_a_reader_that_comes_too_late_leaves_nothing_open_either(database: Database) -> None:
    database.close()
    with database.read() as session:
        in_use = session.connection().connection.dbapi_connection
    assert in_use is not None
    with pytest.raises((psycopg.OperationalError, sqlite3.ProgrammingError)):
        in_use.cursor()
