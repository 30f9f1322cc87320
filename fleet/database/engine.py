"""Engines for SQLite and PostgreSQL that behave the same where it matters: no lost update, no dangling key.

On SQLite, Python's default transaction handling loses read-modify-write updates without an error; here every
transaction begins by hand: ``BEGIN IMMEDIATE`` for writers, plain ``BEGIN`` for readers (docs/decisions/0003).
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, ExecutionContext
from sqlalchemy.exc import DataError
from sqlalchemy.pool import ConnectionPoolEntry

from fleet.database.apart import work_as_lending

BUSY_TIMEOUT_MS = 15_000
_TURN_SECONDS = 30
"""How long a writer waits for those of its own process before it asks SQLite all the same."""
READ_ONLY = "doorstep_read_only"
_TURN = "doorstep_turn"


def make_engine(url: str) -> Engine:
    """An engine for `url`; for SQLite the folder is made and the pragmas are set.

    Its errors name no values: they end in logs and in job rows, and a value may be somebody's name or address.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)
        if parsed.get_backend_name() == "postgresql":
            event.listen(engine, "connect", lambda connection, _record: work_as_lending(connection))
        return engine
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed, connect_args={"check_same_thread": False}, pool_size=10, max_overflow=30, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "before_cursor_execute", _refuse_what_no_text_has)
    turns = _Turns()
    event.listen(engine, "begin", turns.begin)
    event.listen(engine, "checkin", turns.give_back)
    return engine


def is_unmade(url: str) -> bool:
    """Whether `url` means an SQLite file that is not there. Looking makes nothing."""
    parsed = make_url(url)
    return parsed.get_backend_name() == "sqlite" and bool(parsed.database) and not Path(str(parsed.database)).exists()


def for_reading(engine: Engine) -> Engine:
    """The same engine and pool, whose transactions take no write lock."""
    return engine.execution_options(**{READ_ONLY: True})


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _refuse_what_no_text_has(
    _connection: Connection,
    _cursor: DBAPICursor,
    statement: str,
    parameters: Any,
    context: ExecutionContext | None,
    _executemany: bool,
) -> None:
    """SQLite keeps the sign NUL in a text, and no file that leaves with it comes in again; PostgreSQL refuses it so.

    Rows come as a list, or many in one row where one statement writes them all.
    """
    if context is None or not (context.isinsert or context.isupdate):
        return
    for row in parameters if isinstance(parameters, list) else (parameters,):
        for value in row:
            if type(value) is str and "\0" in value:
                raise DataError(statement, None, ValueError("a text holds the sign NUL"), hide_parameters=True)


class _Turns:
    """Lets the writers of this process come one after the other, in about the order they asked.

    SQLite has one writer at a time. Left to itself each of the others sleeps and asks again, and with many of them an
    unlucky one gives up (`busy_timeout`) while later ones had their turn. Writers in other processes still meet that.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def begin(self, connection: Connection) -> None:
        options: dict[str, Any] = dict(connection.get_execution_options())
        if options.get(READ_ONLY):
            connection.exec_driver_sql("BEGIN")
            return
        held = connection.connection.record_info
        if held is not None and _TURN not in held:
            held[_TURN] = self._turn.acquire(timeout=_TURN_SECONDS)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def give_back(self, _connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        if record.record_info is not None and record.record_info.pop(_TURN, False):
            self._turn.release()
