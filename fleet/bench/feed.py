"""Tells open pages that something changed: one reader thread per web process, fanned out in memory.

The reader looks at versions of rows, five times a second and only while somebody listens; what is sent is the state
as it stands, so nothing can be missed. It ends with its last listener: there is nothing to shut down.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from fleet.bench import queries
from fleet.database.session import Database
from fleet.logs import get_logger

log = get_logger(__name__)

POLL_SECONDS = 0.2
_RECENT = timedelta(seconds=60)
"""A run that ended is looked at for this much longer, so that every listener hears of its end."""

Versions = Mapping[str, object]


class Listener:
    """One open page. Use it on the event loop it was made on."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._changed = asyncio.Event()

    def tell(self) -> None:
        """Called by the reader's thread. A page whose loop has ended hears nothing any more."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._changed.set)

    async def change(self) -> None:
        """Wait until something changed since the last call."""
        await self._changed.wait()
        self._changed.clear()


class Feed:
    """The one reader of a web process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: set[Listener] = set()
        self._lock = threading.Lock()
        self._pause = threading.Event()
        self._reader: threading.Thread | None = None

    @property
    def listener_count(self) -> int:
        return len(self._listeners)

    @property
    def is_reading(self) -> bool:
        return self._reader is not None

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """Listen for changes until the block ends. Call on an event loop."""
        listener = Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.add(listener)
            if self._reader is None:
                self._reader = threading.Thread(target=self._read, name="bench feed", daemon=True)
                self._reader.start()
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def _read(self) -> None:
        known: Versions = {}
        while True:
            try:
                versions = self._versions()
            except SQLAlchemyError as error:  # the database will be back, and the pages with it
                log.warning("bench_feed_blind", error=type(error).__name__)
                versions = known
            with self._lock:
                if not self._listeners:
                    self._reader = None
                    return
                told = tuple(self._listeners) if versions != known else ()
            known = versions
            for listener in told:
                listener.tell()
            self._pause.wait(POLL_SECONDS)

    def _versions(self) -> Versions:
        with self._database.read() as session:
            return queries.versions(session, changed_since=datetime.now(UTC) - _RECENT)
