"""Sessions: who opens one commits it. Services never call commit; the edge that opened the session does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from time import monotonic, sleep

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from fleet.database.engine import BUSY_TIMEOUT_MS, for_reading, make_engine

_ASKS_AGAIN_SECONDS = 0.02


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

    def write_back(self, *, patience: float) -> bool:
        """Bring what stands in SQLite's log into its file and empty the log: what was deleted is in neither afterwards.

        Whether it could: nobody may read or write at that very moment, and the jobs of an hour all begin at once. So it
        asks again for up to `patience` seconds, and holds nobody up meanwhile. Elsewhere there is no such log.
        """
        if not self.is_sqlite:
            return True
        until = monotonic() + patience
        with closing(self.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA busy_timeout=0")  # SQLite would keep every writer out while it waits for a reader
            try:
                while not (emptied := _emptied(cursor)) and monotonic() < until:
                    sleep(_ASKS_AGAIN_SECONDS)
            finally:
                cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        return emptied

    def close(self) -> None:
        """Close what is idle, and what somebody still reads with as soon as it is given back."""
        event.listen(self.engine, "checkin", _closed)
        self.engine.dispose()


def _emptied(cursor: DBAPICursor) -> bool:
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    busy, _frames, _written_back = cursor.fetchall()[0]
    return not busy


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
