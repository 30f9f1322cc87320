"""Plays the year by hand: `python -m tests.year`, and `--database postgresql` for the other engine.

Says what was found wrong on which day, how often what came about, and how long it took; answers 1 for a broken rule.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from fleet.database.migrate import upgrade
from fleet.database.session import open_database
from fleet.logs import configure_logs
from tests.bench.scans import postgres
from tests.year.days import DAYS, FIRST
from tests.year.play import Scale
from tests.year.whole import Year, play_year


def main(arguments: list[str] | None = None) -> int:
    """1 where a rule was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--first", type=date.fromisoformat, default=FIRST, help="the first day, %(default)s")
    parser.add_argument("--days", type=int, default=DAYS)
    asked = parser.parse_args(arguments)
    configure_logs(level=logging.ERROR)
    folder = Path(tempfile.mkdtemp(prefix="doorstep-year-"))
    began, at_work = time.perf_counter(), time.process_time()
    with _empty(asked.database, folder) as url:
        year = play_year(url, folder, Scale(first=asked.first, days=asked.days))
        year.town.database.close()
    broken = _told(year)
    took, busy = time.perf_counter() - began, time.process_time() - at_work
    sys.stdout.write(f"{len(year.days)} days on {asked.database}: {took:.0f} s, {busy:.0f} s of them this process.\n")
    shutil.rmtree(folder)
    return int(broken)


@contextmanager
def _empty(engine: str, folder: Path) -> Iterator[str]:
    """The URL of a migrated, empty database."""
    if engine == "sqlite":
        yield _migrated(f"sqlite:///{folder / 'doorstep.sqlite3'}")
        return
    with postgres() as server:
        with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE DATABASE year")
        yield _migrated(make_url(server).set(database="year").render_as_string(hide_password=False))


def _migrated(url: str) -> str:
    database = open_database(url)
    upgrade(database.engine)
    database.close()
    return url


def _told(year: Year) -> bool:
    """Say what came about and what was wrong; whether anything was."""
    for name, count in sorted(year.counted.items()):
        sys.stdout.write(f"{count:6}  {name}\n")
    complaints = [*year.town.wrong, *(each for found in year.broken.values() for each in found)]
    sys.stdout.writelines(f"{each}\n" for each in complaints)
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
