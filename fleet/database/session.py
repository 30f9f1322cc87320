"""Sessions: who opens one commits it. Services never call commit; the edge that opened the session does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from fleet.database.engine import BUSY_TIMEOUT_MS, for_reading, make_engine


@dataclass(frozen=True)
class Database:
    """An engine and its two kinds of session."""

    engine: Engine
    _write: sessionmaker[Session]
    _read: sessionmaker[Session]

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that commits at the end, or rolls back when the block raises."""
        with self._write() as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction for reading; it takes no write lock and is always rolled back."""
        with self._read() as session:
            yield session

    def new_write_session(self) -> Session:
        """A session whose owner commits it (the HTTP layer does)."""
        return self._write()

    def write_back(self) -> None:
        """Bring what stands in SQLite's log into its file and empty the log, as far as readers allow: what was deleted
        is in neither afterwards. Elsewhere nothing."""
        if self.is_sqlite:
            connection = self.engine.raw_connection()
            cursor = connection.cursor()
            try:
                cursor.execute("PRAGMA busy_timeout=0")  # whoever reads is not waited for: the next hour comes
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
                connection.close()

    def close(self) -> None:
        """Close what is idle, and what somebody still reads with as soon as it is given back."""
        event.listen(self.engine, "checkin", _closed)
        self.engine.dispose()


def _closed(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.invalidate()


def open_database(url: str) -> Database:
    """Open (not migrate) the database at `url`."""
    engine = make_engine(url)
    return Database(
        engine=engine,
        _write=sessionmaker(engine, expire_on_commit=False),
        _read=sessionmaker(for_reading(engine), expire_on_commit=False, autoflush=False),
    )
