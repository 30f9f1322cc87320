"""A backup is made, life goes on for some days, and the backup comes back: here, and on somebody's desk elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text

from fleet.chasing import service as chasing
from fleet.chasing.channels.folder import FolderChannel
from fleet.database.session import open_database
from fleet.privacy.service import replay
from fleet.users.rules import Role
from tests.people import FakeClock
from tests.year.days import moment
from tests.year.holding import LOGS, Memory
from tests.year.keeping import copy_of, put_back
from tests.year.letters import Postman
from tests.year.town import Town

BACKUPS = (date(2026, 10, 30), date(2027, 4, 23))
BACK_AFTER = timedelta(days=4)
"""What was done on these days is lost: reminders left on two of them, and somebody was forgotten."""
FORGOTTEN_AFTER = timedelta(days=3)
COUNTS_AFTER = timedelta(days=5)
COPY_ON = date(2027, 3, 22)
_BACKUP, _ELSEWHERE = "backup", "elsewhere"


@dataclass(frozen=True)
class Backup:
    """What had left, been told and been asked when a copy of the database was made."""

    left: int
    facts: int
    asked: int
    overridden: frozenset[int]


def back_up(town: Town) -> Backup:
    copy_of(town.database, _BACKUP)
    facts = town.seen["facts"] - town.seen["facts lost with the backup"]
    return Backup(len(town.post.left), facts, len(town.asked_longer), frozenset(town.overridden))


def restore(town: Town, backup: Backup, memory: Memory) -> None:
    """The copy is put back; before anything else, whoever was forgotten since is forgotten again."""
    put_back(town.database, _BACKUP)
    town.seen["forgotten again"] += replay(town.database, town.settings, town.clock)
    town.seen["restores"] += 1
    town.is_copy = True
    town.told_since_the_backup = {(each.to, each.body) for each in town.post.left[backup.left :]}
    town.seen["messages lost with the backup"] += len(town.post.left) - backup.left
    town.seen["facts lost with the backup"] = town.seen["facts"] - backup.facts
    town.overridden &= backup.overridden
    del town.asked_longer[backup.asked :]
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
    assert found is not None, "nobody else said so before"
    town.seen["messages found to have left before the restore"] += len(found.left)
    town.is_copy = False


def try_a_copy_elsewhere(town: Town) -> None:
    """A copy for training, opened on another machine with a folder of its own: not one message leaves from it, today
    or tomorrow."""
    folder = town.settings.data_dir.parent / _ELSEWHERE
    folder.mkdir()
    url = copy_of(town.database, _ELSEWHERE)
    settings = town.settings.model_copy(update={"data_dir": folder, "database_url": url})
    database, clock = open_database(url), FakeClock(town.clock())
    post = Postman(FolderChannel(folder / "outbox"), clock)
    for _ in range(2):
        ticked = chasing.tick(database, clock=clock, settings=settings, channel=post)
        town.seen["messages that waited in a copy"] += ticked.waiting
        clock.advance(days=1)
    database.close()
    town.seen["copies tried elsewhere"] += 1
    if post.left:
        town.wrong.append(f"R9: {len(post.left)} messages left from a copy elsewhere")


@dataclass
class Restores:
    """What is done about backups before a day's work begins."""

    backup: Backup | None = None

    def in_the_morning(self, town: Town, day: date, memory: Memory) -> None:
        if day in BACKUPS:
            self.backup = back_up(town)
        if day - BACK_AFTER in BACKUPS and self.backup is not None:
            town.clock.now = max(town.clock.now, moment(day, 7))
            restore(town, self.backup, memory)
        if day - COUNTS_AFTER in BACKUPS and self.backup is not None:
            say_that_it_counts(town)
        if day == COPY_ON:
            town.clock.now = max(town.clock.now, moment(day, 9, 5))
            try_a_copy_elsewhere(town)
