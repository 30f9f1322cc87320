"""Where loans go whose day is closed: forward, open, and never all on one day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.cohorts.calendar import HubCalendar, SpecialDays
from fleet.planning.rules.spreading import FEWEST_DAYS, MOST_DAYS, digest, spread

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 6, 3), date(2026, 6, 4), date(2026, 6, 5)
MONDAY = date(2026, 6, 8)


def closed(first: date, last: date) -> HubCalendar:
    return HubCalendar("ENG", special=(SpecialDays(first, last, "Training"),))


def test_the_loans_of_one_closed_day_go_to_three_open_ones() -> None:
    loans = [(number, WEDNESDAY) for number in range(1, 10)]
    moves = spread(loans, {WEDNESDAY: 9}, closed(WEDNESDAY, WEDNESDAY))
    assert Counter(move.after for move in moves) == {THURSDAY: 3, FRIDAY: 3, MONDAY: 3}
    assert [move.loan_id for move in moves] == list(range(1, 10)), "in the order of their numbers"


def test_days_that_are_busy_already_take_fewer() -> None:
    loans = [(number, WEDNESDAY) for number in range(1, 7)]
    moves = spread(loans, {WEDNESDAY: 6, THURSDAY: 4, FRIDAY: 1}, closed(WEDNESDAY, WEDNESDAY))
    assert Counter(move.after for move in moves) == {FRIDAY: 3, MONDAY: 3}


def test_a_week_is_spread_over_as_many_days_as_were_closed() -> None:
    week = closed(date(2026, 6, 1), FRIDAY)
    loans = [(number, date(2026, 6, 1) + timedelta(days=number % 5)) for number in range(50)]
    after = Counter(move.after for move in spread(loans, {}, week))
    assert after == {MONDAY + timedelta(days=ahead): 10 for ahead in range(5)}


def test_somebody_may_want_fewer_a_day_and_the_quietest_days_take_the_rest() -> None:
    loans = [(number, WEDNESDAY) for number in range(25)]
    after = Counter(move.after for move in spread(loans, {}, closed(WEDNESDAY, WEDNESDAY), per_day=2))
    assert (len(after), set(after.values())) == (MOST_DAYS, {2, 3})


def test_two_closures_are_spread_each_by_itself() -> None:
    calendar = HubCalendar(
        "ENG",
        special=(SpecialDays(WEDNESDAY, WEDNESDAY, "One"), SpecialDays(date(2026, 7, 1), date(2026, 7, 1), "Two")),
    )
    moves = spread([(1, WEDNESDAY), (2, date(2026, 7, 1))], {}, calendar)
    assert [(move.loan_id, move.after) for move in moves] == [(1, THURSDAY), (2, date(2026, 7, 2))]


def open_days(calendar: HubCalendar, first: date, count: int) -> list[date]:
    return [calendar.working_days_after(first, number) for number in range(count)]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 500), st.integers(0, 20)), max_size=60, unique_by=lambda each: each[0]),
    st.integers(0, 12),
    st.integers(0, 8),
    st.one_of(st.none(), st.integers(1, 9)),
)
def test_every_loan_on_a_closed_day_moves_forward_to_an_open_one(
    loans: list[tuple[int, int]], begins: int, length: int, per_day: int | None
) -> None:
    first = date(2026, 6, 1) + timedelta(days=begins)
    calendar = closed(first, first + timedelta(days=length))
    due = [(number, date(2026, 6, 1) + timedelta(days=ahead)) for number, ahead in loans]
    already = Counter(day for _, day in due)
    moves = spread(due, already, calendar, per_day=per_day)
    assert {(move.loan_id, move.before) for move in moves} == {
        (number, day) for number, day in due if not calendar.is_open(day)
    }
    for move in moves:
        assert calendar.is_open(move.after)
        opens = calendar.roll_forward(move.before)
        assert opens <= move.after <= calendar.working_days_after(opens, MOST_DAYS - 1)
    together = Counter(calendar.roll_forward(move.before) for move in moves)
    on_the_first = Counter(move.after for move in moves)
    for opens, count in together.items():
        if per_day is None:
            assert count <= FEWEST_DAYS or on_the_first[opens] < count or already[opens] == 0
            continue
        filled = [already[day] + on_the_first[day] for day in open_days(calendar, opens, MOST_DAYS)]
        assert filled[0] <= max(per_day, already[opens]) or min(filled) >= per_day
    assert digest(moves) == digest(spread(reversed(due), already, calendar, per_day=per_day))
