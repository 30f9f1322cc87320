"""What the rooms give a worker to do."""

from __future__ import annotations

from fleet.chasing.service import say_what_is_half_set
from fleet.clock import installation_clock
from fleet.database.session import Database
from fleet.privacy.service import replay
from fleet.settings import Settings
from workers.given import Given
from workers.handlers import handlers
from workers.schedule import ask_for_due_jobs


def work_of_rooms(settings: Settings) -> Given:
    say_what_is_half_set(settings)
    return Given(handlers(settings), ask_for_due_jobs, erase_again)


def erase_again(database: Database, settings: Settings) -> None:
    """Whoever was erased and came back with a backup goes before any job is done. Raises `JournalUnreadable`."""
    replay(database, settings, installation_clock(demo=settings.demo, data_dir=settings.data_dir))
