"""How far a long file has come, and that somebody wants it stopped: told beside the one transaction that keeps it.

That transaction shows nothing until it ends. PostgreSQL is told by another one. SQLite has one writer, and that is the
file itself; there a small file in a folder beside the database says both. Either is a hint: the row says how it ended.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from fleet.database.session import Database
from fleet.sheets.queries import coming
from fleet.sheets.rules.coming import Progress

FOLDER = "files-coming"


class Beside(ABC):
    """What is told of one file."""

    def __init__(self, database: Database, file_id: int) -> None:
        self._database = database
        self._id = file_id

    @abstractmethod
    def tell(self, progress: Progress) -> None: ...

    @abstractmethod
    def told(self) -> Progress: ...

    def ask_to_stop(self) -> None:
        """Before the row is changed, which on SQLite waits for the file itself."""
        return

    def is_to_stop(self) -> bool:
        with self._database.read() as session:
            return not coming.is_under_way(session, self._id)

    def forget(self) -> None:
        """The file has ended."""
        return


def beside(database: Database, file_id: int) -> Beside:
    return BesideTheFile(database, file_id) if database.is_sqlite else InItsRow(database, file_id)


class InItsRow(Beside):
    """On a database with many writers."""

    def tell(self, progress: Progress) -> None:
        with self._database.write() as session:
            coming.tell(session, self._id, progress)

    def told(self) -> Progress:
        with self._database.read() as session:
            return coming.told(session, self._id)


class BesideTheFile(Beside):
    """On SQLite: in a folder that only this user may read, and without a word of what the file holds."""

    def __init__(self, database: Database, file_id: int) -> None:
        super().__init__(database, file_id)
        folder = Path(str(database.engine.url.database)).parent / FOLDER
        self._far, self._stop = folder / f"{file_id}.json", folder / f"{file_id}.stop"

    def tell(self, progress: Progress) -> None:
        self._make_folder()
        aside = self._far.with_suffix(".part")
        aside.write_text(json.dumps(asdict(progress)), encoding="utf-8")
        aside.replace(self._far)

    def told(self) -> Progress:
        with suppress(OSError, ValueError, TypeError):
            return Progress(**json.loads(self._far.read_text(encoding="utf-8")))
        return Progress()

    def ask_to_stop(self) -> None:
        self._make_folder()
        self._stop.touch()

    def is_to_stop(self) -> bool:
        return self._stop.exists() or super().is_to_stop()

    def forget(self) -> None:
        for each in (self._far, self._stop):
            each.unlink(missing_ok=True)

    def _make_folder(self) -> None:
        self._far.parent.mkdir(mode=0o700, exist_ok=True)
