"""A backup is made, life goes on for some days, and the backup comes back: here, and on somebody's desk elsewhere."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text

from fleet.chasing import service as chasing
from fleet.chasing.channels.folder import FolderChannel
from fleet.database.session import open_database
from fleet.privacy.service import replay
from fleet.users.rules import Role
from tests.year.days import moment
from tests.year.holding import LOGS, Memory
from tests.year.letters import Postman
from tests.year.town import Town

BACKUP_ON = date(2026, 10, 30)
BACK_AFTER = timedelta(days=4)
"""What was done on these days is lost: reminders left on two of them, and somebody was forgotten."""
COUNTS_AFTER = timedelta(days=5)
COPY_ON = date(2027, 3, 22)


@dataclass(frozen=True)
class Backup:
    """A copy of the database, and how many messages had left and facts had been told by then."""

    path: Path
    left: int
    facts: int
    overridden: frozenset[int]


def live_file(town: Town) -> Path:
    return Path(str(town.database.engine.url.database))


def back_up(town: Town) -> Backup:
    kept = live_file(town).with_name("backup.sqlite3")
    kept.unlink(missing_ok=True)
    with town.database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.execute(text("VACUUM INTO :kept"), {"kept": str(kept)})
        connection.exec_driver_sql("BEGIN")
    return Backup(kept, len(town.post.left), town.seen["facts"], frozenset(town.overridden))


def restore(town: Town, backup: Backup, memory: Memory) -> None:
    """The file is put back; before anything else, whoever was forgotten since is forgotten again."""
    live = live_file(town)
    town.database.engine.dispose()
    for part in live.parent.glob(f"{live.name}*"):
        part.unlink()
    shutil.copy(backup.path, live)
    town.seen["forgotten again"] += replay(town.database, town.settings, town.clock)
    town.seen["restores"] += 1
    town.is_copy = True
    town.told_since_the_backup = {(each.to, each.body) for each in town.post.left[backup.left :]}
    town.seen["messages lost with the backup"] += len(town.post.left) - backup.left
    town.seen["facts lost with the backup"] += town.seen["facts"] - backup.facts
    town.overridden &= backup.overridden
    memory.due_versions.clear()
    memory.counts.clear()
    with town.database.read() as session:
        for table in LOGS:
            found = session.execute(text(f"SELECT coalesce(max(id), 0) FROM {table}"))
            memory.marks[table] = found.scalar_one()


def say_that_it_counts(town: Town) -> None:
    """Somebody of the hub looks at it, and decides that from here on this is the database."""
    actor = town.actors[Role.COORDINATOR]
    found = chasing.accept(town.database, town.settings, channel=town.post, clock=town.clock, actor=actor)
    town.seen["messages found to have left before the restore"] += len(found.left)
    town.is_copy = False


def try_a_copy_elsewhere(town: Town, backup: Backup) -> None:
    """A copy for training, opened on another machine with a folder of its own: not one message leaves from it."""
    folder = backup.path.parent / "elsewhere"
    folder.mkdir()
    copy = folder / "copy.sqlite3"
    shutil.copy(backup.path, copy)
    settings = town.settings.model_copy(update={"data_dir": folder, "database_url": f"sqlite:///{copy}"})
    database = open_database(f"sqlite:///{copy}")
    post = Postman(FolderChannel(folder / "outbox"), town.clock)
    ticked = chasing.tick(database, clock=town.clock, settings=settings, channel=post)
    database.close()
    town.seen["copies tried elsewhere"] += 1
    town.seen["messages that waited in a copy"] += ticked.waiting
    if post.left:
        town.wrong.append(f"R9: {len(post.left)} messages left from a copy elsewhere")


@dataclass
class Restores:
    """What is done about backups before a day's work begins."""

    backup: Backup | None = None

    def in_the_morning(self, town: Town, day: date, memory: Memory) -> None:
        if day == BACKUP_ON:
            self.backup = back_up(town)
        if day == BACKUP_ON + BACK_AFTER and self.backup is not None:
            town.clock.now = max(town.clock.now, moment(day, 7))
            restore(town, self.backup, memory)
        if day == BACKUP_ON + COUNTS_AFTER:
            say_that_it_counts(town)
        if day == COPY_ON:
            town.clock.now = max(town.clock.now, moment(day, 9, 5))
            try_a_copy_elsewhere(town, back_up(town))
