"""How long a chase tick plans: a fixed number of late loans among ten thousand, a hundred thousand and a million.

`python -m tests.bench.chase`, on SQLite and PostgreSQL. Each size is planned twice: before anything was sent (every
late loan is found and decided about), and after (nothing is left to do). Memory is what the plan takes at its peak.
Beside it, on the smallest SQLite database: the coordinator's list of 300 late loans, from the database to its rows.
"""

from __future__ import annotations

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import insert, text

from fleet.chasing import service
from fleet.chasing.models import Chase
from fleet.chasing.rules import Action, ChaseState
from fleet.cohorts.models import Programme
from fleet.database.migrate import upgrade
from fleet.database.session import Database, open_database
from fleet.partners.models import Organisation, OrganisationKind
from tests.bench.scans import postgres

SIZES = (10_000, 100_000, 1_000_000)
LATE = 20_000
"""Of each size; of the smallest, half."""
LISTED = 300
TARGET_SECONDS = 3.0
FLAT_MEMORY_MB = 32.0
GROWS = 2.0
"""With ten times as many loans, as many of them late, a plan may take so many times as long."""
LIST_TARGET_MS = 20.0
AT = datetime(2026, 6, 29, 11, tzinfo=UTC)
TODAY = date(2026, 6, 29)
GIVEN = datetime(2026, 6, 1, 9, tzinfo=UTC)
_CHUNK = 100_000


@dataclass(frozen=True)
class Taken:
    """What one plan took."""

    found: int
    seconds: float
    processor: float
    """Of this process alone: what a machine that is busy with other things would leave of the seconds."""
    megabytes: float


def fill(database: Database, loans: int, late: int) -> None:
    """So many loans of as many people, the last `late` of them out and late; all others were given back long ago."""
    upgrade(database.engine)
    with database.write() as session:
        hub = Organisation(kind=OrganisationKind.HUB, name="Sample hub", covers=[], created_at=AT)
        session.add(hub)
        session.flush()
        session.add(Programme(hub_id=hub.id, name="Sample programme", created_at=AT))
        session.flush()
    for start in range(1, loans + 1, _CHUNK):
        with database.write() as session:
            for statement in _rows(database.is_sqlite):
                session.execute(
                    text(statement),
                    {
                        "first": start,
                        "last": min(start + _CHUNK - 1, loans),
                        "out": loans - late,
                        "now": GIVEN if not database.is_sqlite else GIVEN.strftime("%Y-%m-%d %H:%M:%S.000000"),
                        "today": TODAY if not database.is_sqlite else TODAY.isoformat(),
                    },
                )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET ROLE NONE")  # as the owner, who may analyse every table
        connection.exec_driver_sql("ANALYZE")


def _rows(is_sqlite: bool) -> Sequence[str]:
    """Rows made inside the database: people, what they have, and the ledger of the loans that are over."""
    if is_sqlite:
        numbers = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
        due = "date(:today, '-' || CASE WHEN i > :out THEN 1 + i % 40 ELSE 60 + i % 900 END || ' days')"
        source = "n"
        false, true = "0", "1"
    else:
        numbers = ""
        due = "CAST(:today AS date) - CAST(CASE WHEN i > :out THEN 1 + i % 40 ELSE 60 + i % 900 END AS integer)"
        source = "generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n(i)"
        false, true = "false", "true"
    state = "CASE WHEN i > :out THEN 'active' ELSE 'closed_returned' END"
    people = f"""
        INSERT INTO person (
            id, hub_id, first_name, last_name, phone, email, address_line_1, address_line_2, town, postcode, area,
            door_note, language_spoken, language_read, interpreter, channel, print_format, needs_asked, consent_at,
            opted_out, created_at, changed_at
        )
        {numbers}
        SELECT i, 1, 'Sample', 'Person' || i, '+44' || i, '', '', '', '', '', '', '', 'en', 'en', {false},
            CASE WHEN i % 4 = 0 THEN 'call' ELSE 'text' END, 'print_14', {true}, :now, {false}, :now, :now
        FROM {source}"""
    loans = f"""
        INSERT INTO loan (
            id, hub_id, person_id, programme_id, state, barriers, requested_at, doorstep_phrase, attempts, due_on,
            due_version, condition, kit_missing, changed_at
        )
        {numbers}
        SELECT i, 1, i, 1, {state}, '[]', :now, '', 0, {due}, 1, '', '', :now FROM {source}"""
    versions = f"""
        INSERT INTO loan_due_version (loan_id, number, due_on, days_late_before, reason, actor_name, set_at)
        {numbers}
        SELECT i, 1, {due}, 0, '', 'Sample', :now FROM {source}"""
    ledger = f"""
        INSERT INTO chase (
            loan_id, person_id, due_version, due_on, rung, stage, state, channel, language, reference, failures, note,
            created_at, changed_at
        )
        {numbers}
        SELECT i, i, 1, {due}, 'week_before', 0, 'sent', 'text', 'en', '', 0, '', :now, :now FROM {source}"""
    return people, loans, versions, ledger


def planned(database: Database) -> Taken:
    """One plan, read to its end as a tick does, and its peak of memory in a second one."""
    began, used = time.perf_counter(), time.process_time()
    found = _plan(database)
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    tracemalloc.start()
    _plan(database)
    megabytes = tracemalloc.get_traced_memory()[1] / 1_000_000
    tracemalloc.stop()
    return Taken(found, seconds, processor, megabytes)


def _plan(database: Database) -> int:
    with database.read() as session:
        return sum(each.action in (Action.MESSAGE, Action.TASK) for each in service.plan_at(session, AT))


def all_done(database: Database) -> None:
    """Let every late loan have had what was due: the ledger as it stands after a tick."""
    with database.write() as session:
        session.execute(
            insert(Chase),
            [
                {
                    "loan_id": each.loan_id,
                    "person_id": each.person_id,
                    "due_version": each.due_version,
                    "due_on": each.due_on,
                    "rung": each.rung.key,
                    "stage": each.rung.stage,
                    "state": ChaseState.DONE,
                    "created_at": AT,
                    "changed_at": AT,
                }
                for each in service.plan_at(session, AT)
            ],
        )


def median_ms(ask: Callable[[], object], times: int = 15) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        took.append(1_000 * (time.perf_counter() - began))
    return median(took)


def listed(folder: Path) -> float:
    """Milliseconds for the coordinator's list of 300 late loans among ten thousand: every row of it, in order."""
    database = open_database(f"sqlite:///{folder / 'listed.sqlite3'}")
    fill(database, SIZES[0], LISTED)

    def ask() -> None:
        with database.read() as session:
            assert len(service.queue(session, now=AT, per_page=LISTED).entries) == LISTED

    ask()
    took = median_ms(ask)
    database.close()
    return took


def measure(name: str, database: Database, loans: int) -> tuple[Taken, Taken]:
    fill(database, loans, min(LATE, loans // 2))
    before = planned(database)
    all_done(database)
    after = planned(database)
    database.close()
    for words, took in (("to be planned", before), ("all done", after)):
        sys.stdout.write(
            f"          {name:12} {loans:9,} loans  {words:14} {took.found:6,} found"
            f"  {took.seconds:6.2f} s, {took.processor:5.2f} s of them ours  {took.megabytes:6.1f} MB\n"
        )
    return before, after


def main() -> int:
    """Print the figures; 1 where a plan takes too long, too much memory, or grows with what exists."""
    sys.stdout.write(f"chase: a tick planned with {LATE:,} loans late ({SIZES[0] // 2:,} of the smallest)\n")
    found: list[tuple[str, float, float, str]] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-chase-")))
        server = stack.enter_context(postgres())
        for name in ("SQLite", "PostgreSQL"):
            taken = {loans: measure(name, _database(name, folder, server, loans), loans) for loans in SIZES}
            largest, middle = taken[SIZES[-1]], taken[SIZES[-2]]
            found += [
                (f"{name}, {SIZES[-1]:,} loans planned", largest[0].seconds, TARGET_SECONDS, "s"),
                (f"{name}, memory of that plan", largest[0].megabytes, FLAT_MEMORY_MB, "MB"),
                (f"{name}, ten times the loans", largest[0].seconds / middle[0].seconds, GROWS, "times"),
                (f"{name}, ten times the loans, all done", largest[1].seconds / middle[1].seconds, GROWS, "times"),
            ]
        found.append((f"the list of {LISTED} late loans", listed(folder), LIST_TARGET_MS, "ms"))
    for what, figure, target, unit in found:
        met = "met" if figure <= target else "MISSED"
        sys.stdout.write(f"  {met:6}  {what}: {figure:.2f} {unit} (at most {target:g})\n")
    return int(any(figure > target for _, figure, target, _ in found))


def _database(name: str, folder: Path, server: str, loans: int) -> Database:
    if name == "SQLite":
        return open_database(f"sqlite:///{folder / f'{loans}.sqlite3'}")
    maintenance = open_database(server)
    with maintenance.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE chase_{loans}")
    url = maintenance.engine.url.set(database=f"chase_{loans}").render_as_string(hide_password=False)
    maintenance.close()
    return open_database(url)


if __name__ == "__main__":
    sys.exit(main())
