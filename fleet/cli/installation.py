"""How commands open the installation that the settings describe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fleet.database.migrate import current_revision, head_revision
from fleet.database.session import Database, open_database
from fleet.errors import NotReady
from fleet.settings import Settings


@contextmanager
def the_database(settings: Settings) -> Iterator[Database]:
    """The installation's database, refused when it was not brought up to date."""
    database = open_database(settings.database)
    try:
        if current_revision(database.engine) != head_revision():
            raise NotReady("The database is not up to date.", next_step="Run `doorstep db upgrade`.")
        yield database
    finally:
        database.close()
