"""Writers lose nothing, readers wait for nobody, dangling keys are refused."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from fleet.database import engine
from fleet.database.session import Database, open_database
from fleet.partners.models import Organisation
from fleet.tablets.models import Hold
from fleet.tablets.rules import HoldKind
from tests.fixtures.databases import ON_SQLITE
from tests.people import FakeClock

ADD_MANY = """
import sys
from sqlalchemy import text
from fleet.database.session import open_database
database = open_database(sys.argv[1])
for _ in range(100):
    with database.write() as session:
        row = session.execute(text("SELECT vehicle_capacity FROM organisation WHERE id = :i FOR UPDATE"
            if not database.is_sqlite else "SELECT vehicle_capacity FROM organisation WHERE id = :i"),
            {"i": int(sys.argv[2])}).scalar_one()
        session.execute(text("UPDATE organisation SET vehicle_capacity = :n WHERE id = :i"),
            {"n": row + 1, "i": int(sys.argv[2])})
database.close()
"""


def test_four_processes_lose_no_update(database: Database, database_url: str, hub: Organisation) -> None:
    with database.write() as session:
        session.execute(text("UPDATE organisation SET vehicle_capacity = 0"))
    writers = [
        subprocess.Popen([sys.executable, "-c", ADD_MANY, database_url, str(hub.id)], cwd=Path.cwd()) for _ in range(4)
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0, 0]
    with database.read() as session:
        assert session.scalar(select(Organisation.vehicle_capacity).where(Organisation.id == hub.id)) == 400


def test_a_reader_does_not_wait_for_a_writer(database: Database, hub: Organisation) -> None:
    with database.write() as writing:
        writing.execute(text("UPDATE organisation SET name = 'being changed'"))
        seen: list[str | None] = []

        def look() -> None:
            with database.read() as session:
                seen.append(session.scalar(select(Organisation.name)))

        reader = threading.Thread(target=look)
        reader.start()
        reader.join(timeout=5)
        assert seen == ["Test hub"]


def test_a_key_that_leads_nowhere_is_refused(database: Database, clock: FakeClock) -> None:
    dangling = insert(Hold).values(
        tablet_id=987, kind=HoldKind.SAFETY, reason="none", placed_by="nobody", placed_at=clock()
    )
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(dangling)


def test_a_block_that_raises_leaves_nothing_behind(database: Database, hub: Organisation) -> None:
    def rename(session: Session) -> None:
        session.execute(text("UPDATE organisation SET name = 'half done'"))
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError), database.write() as session:
        rename(session)
    with database.read() as session:
        assert session.scalar(select(Organisation.name)) == "Test hub"


def test_the_folder_of_a_new_sqlite_file_is_made(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/deep/down/new.sqlite3")
    with database.read() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
    database.close()


def test_a_database_error_names_no_value_that_could_be_somebodys(database: Database) -> None:
    with pytest.raises(DBAPIError) as refused, database.read() as session:
        session.execute(text("SELECT no_such_column FROM person WHERE last_name = :name"), {"name": "Marked-7Q"})
    assert "no_such_column" in str(refused.value)
    assert "Marked-7Q" not in str(refused.value)


@ON_SQLITE
def test_writers_of_one_process_wait_in_turn_and_none_gives_up(
    database_url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten who write for 30 ms each, where SQLite would have an unlucky one give up after 50 ms."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    busy = open_database(database_url)
    wrote: list[int] = []

    def write(number: int) -> None:
        with busy.write() as session:
            session.execute(text("UPDATE organisation SET name = name"))
            time.sleep(0.03)
        wrote.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    busy.close()
    assert sorted(wrote) == list(range(10))


def test_a_sign_that_no_text_has_is_refused_however_it_is_written(database: Database, hub: Organisation) -> None:
    many = [{"kind": "venue", "name": name, "created_at": hub.created_at} for name in ("Sample hall", "Sample\0barn")]
    for write in (insert(Organisation), insert(Organisation).returning(Organisation.id)):
        with pytest.raises(DBAPIError), database.write() as session:
            session.execute(write, many)
    with database.read() as session:
        assert session.scalars(select(Organisation.name)).all() == [hub.name]
