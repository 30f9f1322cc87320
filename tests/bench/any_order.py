"""Ten thousand days of two couriers, each told twice over: mixed up as it comes, and all at once in the evening.

`python -m tests.bench.any_order [SEED]`. Every day must end the same both ways, with nothing lost and every invariant
kept; the days are those of the property test. Two processes share them, each with a database of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from pydantic import SecretStr

from fleet.database.migrate import upgrade
from fleet.database.session import open_database
from fleet.partners.models import Organisation, OrganisationKind
from fleet.settings import Settings
from tests.delivering import Delivering
from tests.fleet.deliveries.days import Books, Day, days, differences, end_of, prepare
from tests.lending import lending_at
from tests.people import FakeClock

PROCESSES = 2
TARGET_DAYS = 10_000


@dataclass(frozen=True)
class Played:
    """What one process played, and the first thing that was wrong, if anything was."""

    counted: Counter[str]
    seconds: float
    wrong: str = ""


def play(days_to_play: int, seed_of_days: int) -> Played:
    """Play days until they are all played or one ends otherwise than it should."""
    counted = Counter[str]()

    @seed(seed_of_days)
    @settings(
        max_examples=days_to_play,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(day=days())
    def each(day: Day) -> None:
        mixed = end_of(books, day, day.arrivals)
        counted.update(
            {
                "days": 1,
                "facts": len(day.said),
                "tellings": sum(len(batch.places) for batch in day.arrivals),
                "days with something for a person to look at": bool(mixed["to be looked at"]),
            }
        )
        assert (found := differences(mixed, end_of(books, day, day.told_at_once))) == {}, f"{found} after {day}"

    with tempfile.TemporaryDirectory(prefix="doorstep-days-") as folder:
        books = _books(Path(folder))
        began, wrong = time.perf_counter(), ""
        try:
            each()
        except AssertionError as error:
            wrong = str(error) or repr(error)
        seconds = time.perf_counter() - began
        books.database.close()
    return Played(counted, seconds, wrong)


def _books(folder: Path) -> Books:
    url = f"sqlite:///{folder / 'days.sqlite3'}"
    database, clock = open_database(url), FakeClock(datetime(2026, 6, 1, 9, 0, tzinfo=UTC))
    upgrade(database.engine)
    chosen = Settings(
        data_dir=folder,
        database_url=url,
        secret_key=SecretStr("a secret that only this benchmark uses"),
        hub_name="Sample hub",
        hub_phone="020 7946 0000",
        public_url="https://tablets.example",
    )
    with database.write() as session:
        hub = Organisation(
            kind=OrganisationKind.HUB, name="Sample hub", help_phone="020 7946 0000", covers=[], created_at=clock()
        )
        session.add(hub)
    return prepare(Delivering(lending_at(database, hub.id, clock, chosen)))


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; 1 where a day ended otherwise, or fewer days were played than the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--days", type=int, default=TARGET_DAYS)
    chosen = parser.parse_args(arguments)
    shares = [chosen.days // PROCESSES + (number < chosen.days % PROCESSES) for number in range(PROCESSES)]
    seeds = [chosen.seed * PROCESSES + number for number in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES) as pool:
        played = list(pool.map(play, shares, seeds))
    counted = sum((each.counted for each in played), Counter[str]())
    wrong = [each.wrong for each in played if each.wrong]
    met = counted["days"] >= TARGET_DAYS and not wrong
    sys.stdout.write(
        f"any order: seed {chosen.seed}, {PROCESSES} processes, {max(each.seconds for each in played):.0f} s\n"
        f"  {'met' if met else 'MISSED':6}  {counted['days']} days, {len(wrong)} that ended otherwise\n"
        + "".join(f"          {number} {what}\n" for what, number in counted.items() if what != "days")
        + "".join(f"{each}\n" for each in wrong)
    )
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
