"""How commands open the installation that the settings describe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, OperationalError

import fleet.schema  # noqa: F401 - a table refers to those of other rooms
from fleet.cli.console import UNREACHABLE, fail
from fleet.clock import installation_clock
from fleet.database.migrate import current_revision, head_revision
from fleet.database.session import Database, open_database
from fleet.errors import NotReady
from fleet.loading import loaded
from fleet.privacy.journal import lines_of_all
from fleet.settings import Settings


@contextmanager
def any_database(settings: Settings) -> Iterator[Database]:
    """The installation's database as it stands. Ends the command with a sentence when it does not answer."""
    try:
        database = open_database(settings.database)
        try:
            yield database
        finally:
            database.close()
    except OperationalError as error:
        raise fail(
            f"The database does not answer ({type(error.orig).__name__}).",
            "Start it, or mend DOORSTEP_DATABASE_URL.",
            code=UNREACHABLE,
        ) from error
    except ArgumentError as error:
        raise fail("The address of the database cannot be read.", "Mend DOORSTEP_DATABASE_URL.") from error


@contextmanager
def the_database(settings: Settings) -> Iterator[Database]:
    """The installation's database, refused when it was not brought up to date. Who was erased is erased here too."""
    with any_database(settings) as database:
        if current_revision(database.engine) != head_revision():
            raise NotReady("The database is not up to date.", next_step="Run `doorstep db upgrade`.")
        erase_again(database, settings)
        yield database


def erase_again(database: Database, settings: Settings) -> None:
    """Who was erased, and came back with a backup, goes before anything else is done. Raises `JournalUnreadable`.

    Erasing reaches into every room, and loading them all takes longer than most commands; where nobody was ever erased
    there is nothing to do.
    """
    if next(lines_of_all(settings.erasure_journals), None) is not None:
        replay = loaded("fleet.privacy.service", "replay")
        replay(database, settings, installation_clock(demo=settings.demo, data_dir=settings.data_dir))
