"""A row is locked once a transaction, is seen as it stands, and is free again when its savepoint is rolled back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from fleet.database.locking import count_as_locked, locked
from fleet.database.session import Database
from fleet.partners.models import Organisation, OrganisationKind
from tests.fixtures.databases import ON_POSTGRESQL, ON_SQLITE
from tests.people import FakeClock


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """What the database is asked meanwhile, of organisations."""
    statements: list[str] = []

    def write_down(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM organisation" in statement:
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", write_down)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", write_down)


def lock(session: Session, hub: Organisation) -> Organisation:
    found = locked(session, Organisation, hub.id)
    assert found is not None
    return found


def test_a_row_is_asked_for_once_a_transaction(database: Database, hub: Organisation) -> None:
    with asked(database) as statements, database.write() as session:
        first = lock(session, hub)
        first.name = "Changed"
        assert lock(session, hub) is first
        assert lock(session, hub).name == "Changed"
    assert len(statements) == 1


def test_another_transaction_asks_again_and_sees_what_was_changed_between(
    database: Database, hub: Organisation
) -> None:
    with database.new_write_session() as session:
        assert lock(session, hub).name == hub.name
        session.commit()
        with database.write() as other:
            other.execute(text("UPDATE organisation SET name = 'changed between'"))
        assert lock(session, hub).name == "changed between"


def test_what_is_not_there_is_none(database: Database) -> None:
    with database.write() as session:
        assert locked(session, Organisation, 999) is None


@ON_SQLITE
def test_a_deleted_row_is_not_at_hand_any_more(database: Database, hub: Organisation, clock: FakeClock) -> None:
    with database.write() as session:
        gone = Organisation(kind=OrganisationKind.VENUE, name="Gone soon", covers=[], created_at=clock())
        session.add(gone)
        session.flush()
        session.delete(lock(session, gone))
        session.flush()
        assert locked(session, Organisation, gone.id) is None


@ON_SQLITE
def test_what_the_only_writer_has_read_is_locked(database: Database, hub: Organisation) -> None:
    with asked(database) as statements, database.write() as session:
        count_as_locked(session, session.get(Organisation, hub.id), None)
        assert lock(session, hub).id == hub.id
    assert len(statements) == 1


@ON_POSTGRESQL
def test_what_was_only_read_is_not_locked_where_others_write(database: Database, hub: Organisation) -> None:
    with asked(database) as statements, database.write() as session:
        count_as_locked(session, session.get(Organisation, hub.id))
        lock(session, hub)
    assert len(statements) == 2


@ON_POSTGRESQL
@pytest.mark.parametrize("rolled_back", [True, False])
def test_a_rolled_back_savepoint_forgets_what_it_locked(
    database: Database, hub: Organisation, rolled_back: bool
) -> None:
    with ThreadPoolExecutor(1) as elsewhere, database.write() as session:
        with suppress(LookupError), session.begin_nested():
            lock(session, hub)
            if rolled_back:
                raise LookupError
        if rolled_back:
            elsewhere.submit(rename, database, "changed meanwhile").result(10)
            assert lock(session, hub).name == "changed meanwhile"
        else:
            free = threading.Event()
            waits = elsewhere.submit(rename, database, "changed afterwards")
            waits.add_done_callback(lambda _: free.set())
            assert not free.wait(0.05)
            assert lock(session, hub).name == hub.name
            session.commit()
            waits.result(10)


def rename(database: Database, name: str) -> None:
    with database.write() as session:
        session.execute(text("UPDATE organisation SET name = :name"), {"name": name})
