"""A SIM's table of moves, its number, and what a bundle's dates warn of. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fleet.bundles.rules import (
    BY_MOVE,
    MOVES,
    SimFacts,
    SimMove,
    SimState,
    bundle_end,
    bundle_warnings,
    iccid_problem,
    offers,
    refusals,
    tidy_iccid,
)
from fleet.bundles.words import pounds

TODAY = date(2026, 6, 1)
FRESH = SimFacts(
    state=SimState.IN_STOCK, has_bundle=True, bundle_ends_on=None, for_one_person=False, used_before=False, today=TODAY
)


def test_every_move_has_one_row() -> None:
    assert set(BY_MOVE) == set(SimMove)
    assert len(MOVES) == len(BY_MOVE)


@pytest.mark.parametrize("state", sorted(set(SimState) - {SimState.DESTROYED, SimState.KEPT_BY_PARTICIPANT}))
def test_every_state_but_the_last_ones_has_a_way_on(state: SimState) -> None:
    assert any(state in row.sources for row in MOVES)


@pytest.mark.parametrize("typed", ["8944 1000 0000 0000 000", "8944100000000000000F", " 8944100000000000000 "])
def test_a_number_is_tidied_of_spaces_and_filler(typed: str) -> None:
    assert tidy_iccid(typed) == "8944100000000000000"


@pytest.mark.parametrize(
    ("number", "fine"),
    [
        ("8944100000000000000", True),
        ("89441000000000000018", True),
        ("894410000000000000", False),
        ("894410000000000000181", False),
        ("89441000000000000x0", False),
        ("", False),
    ],
)
def test_a_number_has_nineteen_or_twenty_digits(number: str, fine: bool) -> None:
    assert (iccid_problem(number) is None) is fine


def test_a_sim_with_ended_data_is_not_reserved() -> None:
    assert refusals(SimMove.RESERVE, FRESH) == ()
    assert refusals(SimMove.RESERVE, replace(FRESH, bundle_ends_on=TODAY)) == ()
    ended = refusals(SimMove.RESERVE, replace(FRESH, bundle_ends_on=date(2026, 5, 31)))
    assert ended == ("Its data has ended; attach a new bundle first.",)


def test_a_grant_for_one_person_goes_to_one_person() -> None:
    grant = replace(FRESH, for_one_person=True)
    assert refusals(SimMove.RESERVE, grant) == ()
    assert "one person only" in refusals(SimMove.RESERVE, replace(grant, used_before=True))[0]
    suspended = replace(grant, used_before=True, state=SimState.SUSPENDED)
    assert SimMove.REUSE not in {row.move for row in offers(suspended)}


def test_data_ends_by_calendar_months_from_the_day_it_was_switched_on() -> None:
    assert bundle_end(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert bundle_end(date(2026, 6, 1), 6) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("ends", "due", "words"),
    [
        (date(2026, 6, 20), date(2026, 6, 29), "top it up in time"),
        (date(2026, 7, 20), date(2026, 6, 29), "decide whether it is reused or kept"),
    ],
)
def test_dates_that_do_not_agree_ask_for_a_decision(ends: date, due: date, words: str) -> None:
    assert words in bundle_warnings(ends, due)[0]


def test_dates_that_agree_or_are_not_known_ask_for_nothing() -> None:
    assert bundle_warnings(date(2026, 6, 29), date(2026, 6, 29)) == ()
    assert bundle_warnings(None, date(2026, 6, 29)) == ()
    assert bundle_warnings(date(2026, 6, 29), None) == ()


def test_money_is_said_in_pounds() -> None:
    assert [pounds(pence) for pence in (0, 5, 1250, 123456)] == ["£0.00", "£0.05", "£12.50", "£1,234.56"]


def test_what_a_person_presses_on_a_sims_page_is_a_verb() -> None:
    verbs = {row.move: row.verb for row in MOVES if row.offered}
    assert verbs == {
        SimMove.REUSE: "Put it back in stock",
        SimMove.EXPIRE: "Record it as expired",
        SimMove.LIFT_BAR: "Lift the bar",
        SimMove.DESTROY: "Record it as destroyed",
    }
