"""Reads what an adapter brings: each file in a transaction of its own, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.bundles.service.using import RowsRefused, import_usage
from fleet.bundles.sources import FolderSource, UsageFile, UsageSource
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.jobs.service import Handler, JobContext
from fleet.logs import get_logger
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

USAGE_JOB = "bundles.usage"
log = get_logger(__name__)


@dataclass(frozen=True)
class Fetched:
    """How many files were recorded with how many readings, and how many were refused."""

    recorded: int = 0
    readings: int = 0
    refused: int = 0


def usage_folder(settings: Settings) -> FolderSource:
    """The adapter of this installation: the folder `usage` in the data folder."""
    return FolderSource(settings.data_dir / "usage")


def fetch_usage(database: Database, source: UsageSource, *, clock: Clock) -> Fetched:
    """Record everything that waits. The readings are committed before the source is told: a file may come again."""
    recorded = readings = refused = 0
    for file in source.waiting():
        problems, count = _record(database, source, file, clock)
        source.settle(file, problems)
        recorded, readings, refused = recorded + (not problems), readings + count, refused + bool(problems)
    if recorded or refused:
        log.info("usage_fetched", source=source.name, recorded=recorded, readings=readings, refused=refused)
    return Fetched(recorded, readings, refused)


def _record(database: Database, source: UsageSource, file: UsageFile, clock: Clock) -> tuple[list[str], int]:
    if file.problem:
        return [file.problem], 0
    happening = Happening(now=clock(), source=source.name)
    try:
        with database.write() as session:
            return [], import_usage(session, file.text, actor=SYSTEM, happening=happening, source=source.name)
    except RowsRefused as refused:
        return [f"Line {row['line']}: {row['problem']}" for row in refused.rows] or [refused.message], 0
    except BadInput as refused:
        return [refused.message, refused.next_step], 0


def usage_handler(settings: Settings) -> Handler:
    """What does `bundles.usage` jobs."""

    def fetch(context: JobContext) -> None:
        """Records the files of usage that lie in the folder, each whole or not at all."""
        fetch_usage(context.database, usage_folder(settings), clock=context.clock)

    return fetch
