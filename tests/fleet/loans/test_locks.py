"""The locks of a loan on PostgreSQL: tablet, loan, SIM, person, each waited for before the next is taken."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from fleet.errors import Conflict
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.loans.service.writer.locks import lock
from tests.fixtures.databases import ON_POSTGRESQL
from tests.lending import Lending

pytestmark = ON_POSTGRESQL

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
ORDER = ("tablet", "loan", "sim", "person")


@pytest.fixture
def loan(lending: Lending) -> Loan:
    return lending.loan_at(LoanState.ACTIVE)


@contextmanager
def statements(lending: Lending) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def write_down(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(lending.database.engine, "before_cursor_execute", write_down)
    try:
        yield asked
    finally:
        event.remove(lending.database.engine, "before_cursor_execute", write_down)


def locked_by_another(lending: Lending, loan: Loan) -> None:
    with lending.database.write() as session:
        lock(session, loan.id)


def wait_until_it_waits(lending: Lending) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with lending.database.read() as session:
            if session.scalar(WAITING):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")


def row_of(lending: Lending, loan: Loan, table: str) -> int:
    link = lending.read(loans.open_sim, loan.id)
    assert link is not None
    return {
        "tablet": lending.tablet_id(loan.id),
        "loan": loan.id,
        "sim": link.sim_id,
        "person": loan.person_id,
    }[table]


@contextmanager
def held(lending: Lending, table: str, row_id: int) -> Iterator[Callable[[], None]]:
    """One row, locked by somebody else meanwhile."""
    with lending.database.new_write_session() as session:
        session.execute(text(f"SELECT id FROM {table} WHERE id = {row_id} FOR UPDATE"))
        yield session.commit


def is_free(lending: Lending, table: str, row_id: int) -> bool:
    with lending.database.new_write_session() as session:
        try:
            session.execute(text(f"SELECT id FROM {table} WHERE id = {row_id} FOR UPDATE NOWAIT"))
        except OperationalError:
            return False
        return True


@pytest.mark.parametrize("table", ORDER)
def test_each_lock_is_waited_for_before_the_next_is_taken(lending: Lending, loan: Loan, table: str) -> None:
    rows = {each: row_of(lending, loan, each) for each in ORDER}
    place = ORDER.index(table)
    with ThreadPoolExecutor(1) as pool, held(lending, table, rows[table]) as let_go:
        other: Future[None] = pool.submit(locked_by_another, lending, loan)
        wait_until_it_waits(lending)
        assert [is_free(lending, each, rows[each]) for each in ORDER[:place]] == [False] * place
        assert all(is_free(lending, each, rows[each]) for each in ORDER[place + 1 :])
        let_go()
        other.result(20)


def test_whoever_waited_for_a_tablet_that_the_loan_has_no_more_is_told(lending: Lending, loan: Loan) -> None:
    tablet_id, other_id = lending.tablet_id(loan.id), lending.tablet().id
    with ThreadPoolExecutor(1) as pool, lending.database.new_write_session() as session:
        lock(session, loan.id)
        other: Future[None] = pool.submit(locked_by_another, lending, loan)
        wait_until_it_waits(lending)
        session.execute(text(f"UPDATE loan_tablet SET tablet_id = {other_id} WHERE tablet_id = {tablet_id}"))
        session.commit()
        with pytest.raises(Conflict, match="Somebody else changed this loan"):
            other.result(20)


def test_a_loan_is_locked_in_three_questions_and_again_in_one(lending: Lending, loan: Loan) -> None:
    with lending.database.write() as session:
        session.connection()
        with statements(lending) as asked:
            lock(session, loan.id)
            assert len(asked) == 3
            lock(session, loan.id)
            assert len(asked) == 4


def test_what_a_savepoint_locked_is_waited_for_anew_once_it_is_rolled_back(lending: Lending, loan: Loan) -> None:
    with lending.database.write() as session:
        with session.begin_nested() as part:
            lock(session, loan.id)
            part.rollback()
        assert is_free(lending, "loan", loan.id)
        with statements(lending) as asked:
            lock(session, loan.id)
        assert len(asked) == 3
        assert not is_free(lending, "loan", loan.id)


def test_whoever_writes_no_more_than_an_entry_waits_for_the_tablet_first(lending: Lending, loan: Loan) -> None:
    """The entry names the tablet, so that the database would wait for it with the loan locked already."""
    tablet_id = row_of(lending, loan, "tablet")
    with ThreadPoolExecutor(1) as phone, held(lending, "tablet", tablet_id) as let_go:
        telling = phone.submit(lending.do, loans.attempts_told, loan.id, 1)
        wait_until_it_waits(lending)
        assert is_free(lending, "loan", loan.id)
        let_go()
        assert telling.result(30).attempts == 1
