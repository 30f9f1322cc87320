"""Lists ask the database as often for many rows as for few, and several locks are taken in one order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.people.rules import NeedCode
from fleet.privacy.queries import rows_about
from fleet.users.rules import Role
from tests.fixtures.databases import ON_POSTGRESQL, ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

LISTS = ("/api/v1/loans", "/api/v1/people", "/loans", "/people")
ORDER = ("tablet", "loan", "sim", "person")
"""The one order in which a change of loans takes its locks."""


@contextmanager
def listened(lending: Lending) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    event.listen(lending.database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(lending.database.engine, "before_cursor_execute", note)


@ON_SQLITE
def test_a_longer_list_asks_no_more_often(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    browser, programme = browser_as(Role.COORDINATOR), lending.programme()

    def asked(path: str) -> int:
        with listened(lending) as said:
            assert browser.get(path).status_code == 200
        return len(said)

    def lend() -> None:
        lending.loan_at(LoanState.ACTIVE, programme, person=lending.person(needs=frozenset({NeedCode.LARGE_TEXT})))

    lend()
    for path in LISTS:  # the first look at a page may read what is kept for the next
        asked(path)
    few = {path: asked(path) for path in LISTS}
    for _ in range(3):
        lend()
    for path in LISTS:  # that these people were seen is written once
        asked(path)
    assert {path: asked(path) for path in LISTS} == few


@ON_SQLITE
def test_who_is_seen_in_a_list_has_it_on_record(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    loan = lending.loan_at(LoanState.APPROVED)
    for looks, path in enumerate(("/loans", "/requests", "/requests/waiting", f"/requests/{loan.id}/place"), start=1):
        assert browser_as(Role.COORDINATOR).get(path).status_code == 200
        assert len(lending.read(rows_about, "person_view", loan.person_id)) == looks, path


def locked(said: list[str]) -> list[str]:
    """The tables of the locks, in the order in which they were asked for."""
    parts = [part for each in said for part in each.split("FOR UPDATE")[:-1]]
    return [(re.findall(r"SELECT (\w+)\.id FROM", part)[-1:] or re.findall(r"FROM (\w+)", part))[0] for part in parts]


def first_taken(tables: list[str]) -> list[str]:
    return [table for number, table in enumerate(tables) if table in ORDER and table not in tables[:number]]


@ON_POSTGRESQL
def test_an_allocation_locks_its_sim_before_its_person(lending: Lending) -> None:
    loan, tablet, sim = lending.loan_at(LoanState.APPROVED), lending.tablet(), lending.sim()
    with listened(lending) as said:
        lending.do(loans.allocate, loan.id, tablet_id=tablet.id, sim_id=sim.id)
    assert first_taken(locked(said)) == list(ORDER)


@ON_POSTGRESQL
def test_a_death_locks_everything_of_every_loan_before_the_person(lending: Lending) -> None:
    person, programme = lending.person(), lending.programme(open_loans_per_person=3)
    last = [lending.loan_at(LoanState.ACTIVE, programme, person=person).id for _ in range(3)][-1]
    with listened(lending) as said:
        lending.do(loans.stop_for_death, last)
    taken = locked(said)
    assert first_taken(taken) == list(ORDER)
    assert taken[:7] == ["tablet"] * 3 + ["loan"] + ["sim"] * 3
