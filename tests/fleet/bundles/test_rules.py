"""A SIM's table of moves, its number, and what a bundle's dates warn of. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.bundles.rules import (
    BY_MOVE,
    MOVES,
    AfterLoan,
    Asks,
    DataFacts,
    Ownership,
    Quality,
    SecretKind,
    SimFacts,
    SimMove,
    SimState,
    advise,
    bundle_end,
    connected_days,
    data_warnings,
    end_after,
    iccid_problem,
    offers,
    pence_per_week,
    period_of,
    phone_problem,
    refusals,
    secret_problem,
    seen_matches,
    tidy_iccid,
    tidy_phone,
)
from fleet.bundles.words import pounds

TODAY = date(2026, 6, 1)
FRESH = SimFacts(
    state=SimState.IN_STOCK,
    has_bundle=True,
    bundle_ends_on=None,
    ownership=Ownership.OURS,
    used_before=False,
    today=TODAY,
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
    grant = replace(FRESH, ownership=Ownership.PERSONS_OWN)
    assert refusals(SimMove.RESERVE, grant) == ()
    assert "one person only" in refusals(SimMove.RESERVE, replace(grant, used_before=True))[0]
    suspended = replace(grant, used_before=True, state=SimState.SUSPENDED)
    assert SimMove.REST not in {row.move for row in offers(suspended)}
    assert refusals(SimMove.RESERVE, replace(grant, used_before=True, same_person=True)) == ()


def test_a_code_that_somebody_spent_is_for_nobody_else() -> None:
    spent = replace(FRESH, used_before=True, spent=True)
    for move, state in (
        (SimMove.RESERVE, SimState.IN_STOCK),
        (SimMove.REST, SimState.SUSPENDED),
        (SimMove.REUSE, SimState.QUARANTINED),
    ):
        assert refusals(move, replace(FRESH, used_before=True, state=state)) == ()
        assert "was spent" in refusals(move, replace(spent, state=state))[0]
    assert {row.move for row in offers(replace(spent, state=SimState.SUSPENDED))} >= {SimMove.KEEP, SimMove.EXPIRE}


def test_data_ends_by_calendar_months_from_the_day_it_was_switched_on() -> None:
    assert bundle_end(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert bundle_end(date(2026, 6, 1), 6) == date(2026, 12, 1)


SWITCHED_ON = DataFacts(
    has_bundle=True,
    months=3,
    ends_on=date(2026, 8, 1),
    allowance_mb=20_000,
    used_mb=None,
    needed_until=date(2026, 8, 1),
    decided=None,
    today=TODAY,
    activated_on=date(2026, 5, 1),
)


def asked(facts: DataFacts) -> list[Asks]:
    return [each.asks for each in data_warnings(facts)]


def test_data_that_ends_before_the_loan_or_outlives_it_asks_for_a_decision() -> None:
    first, last = replace(SWITCHED_ON, needed_until=date(2026, 9, 1)), replace(SWITCHED_ON, needed_until=TODAY)
    assert asked(SWITCHED_ON) == []
    assert (asked(first), asked(last)) == ([Asks.ENDS_FIRST], [Asks.OUTLIVES])
    assert "before the tablet is due on Tuesday 1 September 2026" in data_warnings(first)[0].words
    assert data_warnings(first)[0].act_by == date(2026, 8, 1)
    assert asked(replace(last, decided=AfterLoan.RECLAIM)) == []
    assert asked(replace(SWITCHED_ON, needed_until=None)) == []


def test_data_that_is_not_switched_on_is_reckoned_as_if_it_were_today() -> None:
    waiting = replace(SWITCHED_ON, activated_on=None, ends_on=None)
    assert asked(replace(waiting, needed_until=date(2026, 9, 2))) == [Asks.ENDS_FIRST]
    assert "would end, switched on today," in data_warnings(replace(waiting, needed_until=date(2026, 9, 2)))[0].words
    assert asked(replace(waiting, needed_until=date(2026, 6, 20))) == []


def test_data_that_has_ended_says_so() -> None:
    ended = replace(SWITCHED_ON, ends_on=date(2026, 5, 31))
    for until in (ended.needed_until, ended.ends_on, None):
        words = data_warnings(replace(ended, needed_until=until))[0].words
        assert words.startswith("The data ended on Sunday 31 May 2026")


def test_data_alone_is_topped_up_before_it_ends_though_no_tablet_is_due() -> None:
    alone = replace(SWITCHED_ON, needed_until=None)
    assert asked(replace(alone, today=date(2026, 7, 10))) == []
    soon = data_warnings(replace(alone, today=date(2026, 7, 11)))
    assert (soon[0].asks, soon[0].act_by) == (Asks.ENDS_FIRST, date(2026, 8, 1))
    assert "ends on Saturday 1 August 2026: top it up in time, or end the loan" in soon[0].words


@pytest.mark.parametrize(
    ("used", "asks"), [(15_999, []), (16_000, [Asks.LOW]), (19_999, [Asks.LOW]), (20_000, [Asks.GONE])]
)
def test_four_fifths_are_low_and_all_is_gone(used: int, asks: list[Asks]) -> None:
    assert asked(replace(SWITCHED_ON, used_mb=used)) == asks


def test_a_sim_without_data_says_that_and_nothing_else() -> None:
    assert asked(replace(SWITCHED_ON, has_bundle=False)) == [Asks.NO_DATA]


@given(start=st.dates(date(2024, 1, 1), date(2030, 1, 1)), later=st.integers(0, 900))
def test_every_day_lies_in_one_month_of_the_bundle(start: date, later: int) -> None:
    day = start + timedelta(days=later)
    begins, ends = period_of(start, day)
    assert begins <= day <= ends
    assert period_of(start, ends + timedelta(days=1))[0] == ends + timedelta(days=1)


def test_more_months_are_added_at_the_end_or_from_the_day_of_the_top_up() -> None:
    start = date(2026, 1, 31)
    assert end_after(start, 1) == date(2026, 2, 28)
    assert end_after(start, 1, ((date(2026, 2, 10), 1),)) == date(2026, 3, 31)
    assert end_after(start, 1, ((date(2026, 5, 10), 1), (date(2026, 6, 1), 2))) == date(2026, 8, 10)
    assert end_after(start, 1, ((date(2026, 5, 10), 0),)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("quality", "size"), [(Quality.P480, "9.9 GB"), (Quality.P720, "15.1 GB"), (Quality.P1080, "25.1 GB")]
)
def test_advice_is_a_sum_that_can_be_followed(quality: Quality, size: str) -> None:
    advice = advise(2, 60, quality)
    assert advice.words == f"{size} a month"
    parts = [Decimal(amount.removesuffix(" GB")) for _words, amount in advice.lines]
    assert abs(sum(parts) - Decimal(size.removesuffix(" GB"))) <= Decimal("0.1")
    assert "2 a week × 60 minutes" in advice.lines[0][0]


@given(st.integers(1, 50), st.integers(5, 480))
def test_more_of_anything_never_needs_less(gatherings: int, minutes: int) -> None:
    here = advise(gatherings, minutes, Quality.P720).mb
    assert here <= advise(gatherings + 1, minutes, Quality.P720).mb
    assert here <= advise(gatherings, minutes + 5, Quality.P720).mb
    assert advise(gatherings, minutes, Quality.P480).mb <= here <= advise(gatherings, minutes, Quality.P1080).mb


def test_a_week_costs_what_was_spent_over_the_days_with_somebody() -> None:
    days = connected_days(date(2026, 6, 1), date(2026, 6, 28), date(2026, 9, 1), date(2026, 8, 1))
    assert days == 28
    assert pence_per_week(1200, days) == 300
    assert pence_per_week(1200, 0) is None
    assert connected_days(date(2026, 6, 1), None, date(2026, 6, 14), date(2026, 8, 1)) == 14
    assert connected_days(date(2026, 6, 1), None, None, date(2026, 5, 1)) == 0


@pytest.mark.parametrize(
    ("seen", "same"), [("00018", True), ("8944 1000 0000 0000 0018", True), ("00019", False), ("018", None), ("", None)]
)
def test_the_last_four_digits_tell_one_card_from_another(seen: str, same: bool | None) -> None:
    assert seen_matches(seen, "89441000000000000018") is same


def test_one_phone_number_is_one_number_however_it_is_written() -> None:
    ways = (
        "+44 7700 900123",
        "07700 900-123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
        "447700900123",
        "(07700) 900/123",
    )
    assert {tidy_phone(way) for way in ways} == {"07700900123"}
    assert tidy_phone("+353 85 012 3456") == tidy_phone("00353 (0)85 0123456") == "+353850123456"
    assert phone_problem("07700900123") is None
    assert phone_problem("12") is not None
    assert phone_problem("٠٧٧٠٠٩٠٠١٢٣") is not None


@pytest.mark.parametrize(
    ("kind", "text", "fine"),
    [
        (SecretKind.PIN, "0000", True),
        (SecretKind.PIN, "00", False),
        (SecretKind.PUK, "00000000", True),
        (SecretKind.PUK, "0000", False),
        (SecretKind.CODE, "", False),
    ],
)
def test_a_pin_has_four_digits_or_more_and_a_puk_eight(kind: SecretKind, text: str, fine: bool) -> None:
    assert (secret_problem(kind, text) is None) is fine


def test_a_card_rests_before_the_next_person() -> None:
    resting = replace(FRESH, state=SimState.QUARANTINED, rests_until=TODAY + timedelta(days=1))
    assert "rests until Tuesday 2 June 2026" in refusals(SimMove.REUSE, resting)[0]
    assert refusals(SimMove.REUSE, replace(resting, rests_until=TODAY)) == ()
    assert refusals(SimMove.REUSE, replace(FRESH, state=SimState.SUSPENDED)) != ()
    resting_in_stock = replace(resting, state=SimState.IN_STOCK)
    assert "rests until Tuesday 2 June 2026" in refusals(SimMove.RESERVE, resting_in_stock)[0]


def test_money_is_said_in_pounds() -> None:
    assert [pounds(pence) for pence in (0, 5, 1250, 123456)] == ["£0.00", "£0.05", "£12.50", "£1,234.56"]


def test_what_a_person_presses_on_a_sims_page_is_a_verb() -> None:
    verbs = {row.move: row.verb for row in MOVES if row.offered}
    assert verbs == {
        SimMove.REST: "It is back: let it rest",
        SimMove.REUSE: "Put it back in stock",
        SimMove.EXPIRE: "Record it as expired",
        SimMove.KEEP: "Let the person keep it",
        SimMove.LOSE: "Record it as lost",
        SimMove.FIND: "It was found",
        SimMove.BAR: "It is barred",
        SimMove.LIFT_BAR: "Lift the bar",
        SimMove.DESTROY: "Record it as destroyed",
    }


def test_nothing_is_pressed_on_a_card_that_a_loan_has() -> None:
    for state in (SimState.RESERVED, SimState.INSTALLED, SimState.ACTIVATED):
        assert offers(replace(FRESH, state=state)) == ()
