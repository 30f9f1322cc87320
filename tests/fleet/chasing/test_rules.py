"""The ladder's days, the guard and the machine, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.chasing.ladder import default_ladder
from fleet.chasing.rules import (
    BEGINNINGS,
    IN_QUEUE,
    MOVES,
    Action,
    Acts,
    ChaseState,
    Dates,
    Facts,
    HoldFacts,
    Rung,
    decide,
    hold_problems,
    is_quiet,
    rung_day,
    standing,
)
from fleet.cohorts.calendar import HubCalendar, SpecialDays
from fleet.loans.rules import LoanState, is_overdue
from fleet.people.rules import Channel

LONDON = ZoneInfo("Europe/London")
LADDER = default_ladder()
DUE = date(2026, 6, 29)
DATES = Dates(due_on=DUE, given_on=date(2026, 6, 1), calendar=HubCalendar("ENG"), grace_days=2)
FACTS = Facts(
    local=datetime(2026, 6, 29, 10, tzinfo=LONDON),
    calendar=HubCalendar("ENG"),
    state=LoanState.ACTIVE,
    contact_stopped=False,
    alive=True,
    opted_out=False,
    with_the_person=True,
    channel=Channel.TEXT,
    reachable=True,
)


def rung(key: str) -> Rung:
    found = LADDER.rung(key)
    assert found is not None
    return found


def day(key: str, *, due_on: date = DUE, nation: str = "ENG", grace_days: int = 2) -> date:
    calendar, ladder_grace = HubCalendar(nation), LADDER.grace_days
    return rung_day(rung(key), due_on, calendar=calendar, grace_days=grace_days, ladder_grace_days=ladder_grace)


def test_the_ladder_is_the_one_that_was_agreed() -> None:
    assert [(each.days, each.stage, each.by) for each in LADDER.rungs] == [
        (-7, 0, Acts.SYSTEM),
        (-2, 0, Acts.SYSTEM),
        (0, 1, Acts.SYSTEM),
        (3, 2, Acts.SYSTEM),
        (7, 3, Acts.CHASER),
        (14, 4, Acts.COORDINATOR),
        (21, 5, Acts.COORDINATOR),
        (42, 6, Acts.COORDINATOR),
    ]


def test_three_working_days_leave_out_weekends_and_the_nations_bank_holidays() -> None:
    assert day("days_after", due_on=date(2026, 6, 29)) == date(2026, 7, 2)
    assert day("days_after", due_on=date(2026, 4, 1)) == date(2026, 4, 8)  # Good Friday and Easter Monday
    assert day("days_after", due_on=date(2026, 4, 1), nation="SCT") == date(2026, 4, 7)  # Scotland has no Easter Monday


def test_a_longer_grace_moves_every_step_after_the_due_date_and_none_before() -> None:
    assert day("week_after", grace_days=10) == DUE + timedelta(days=15)
    assert day("due_day", grace_days=10) == DUE
    assert day("week_before", grace_days=10) == DUE - timedelta(days=7)


@given(grace=st.integers(0, 28), due_on=st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_no_step_after_the_due_date_comes_while_the_days_of_grace_last(grace: int, due_on: date) -> None:
    for each in LADDER.rungs:
        if each.days > 0:
            assert is_overdue(day(each.key, due_on=due_on, grace_days=grace), due_on, grace)


@given(
    due_in=st.integers(0, 60),
    today_in=st.integers(0, 120),
    past=st.sets(st.sampled_from([r.key for r in LADDER.rungs])),
)
def test_the_highest_step_due_is_chosen_and_never_one_that_was_taken_or_lies_below_it(
    due_in: int, today_in: int, past: set[str]
) -> None:
    given_on = date(2026, 6, 1)
    dates = replace(DATES, due_on=given_on + timedelta(days=due_in), given_on=given_on)
    today = given_on + timedelta(days=today_in)
    where = standing(LADDER, dates, today, past)
    order = {each.key: number for number, each in enumerate(LADDER.rungs)}
    if where.rung is not None:
        assert where.rung.key not in past
        assert all(order[where.rung.key] > order[key] for key in past)
        assert {each.key for each in where.skipped}.isdisjoint(past)
        for each in LADDER.rungs[order[where.rung.key] + 1 :]:
            assert day(each.key, due_on=dates.due_on) > today
    if where.next_day is not None:
        assert where.next_day > today


def test_a_date_given_within_the_week_needs_no_reminder_of_a_week_before() -> None:
    dates = replace(DATES, given_on=DUE - timedelta(days=5))
    assert standing(LADDER, dates, DUE - timedelta(days=4), ()).rung is None
    later = standing(LADDER, dates, DUE - timedelta(days=2), ())
    assert later.rung == rung("two_days_before")


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (datetime(2026, 6, 29, 7, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 29, 8, 0, tzinfo=UTC), False),  # 09:00 in summer
        (datetime(2026, 6, 29, 16, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 29, 17, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 7, 8, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 7, 9, 0, tzinfo=UTC), False),  # 09:00 in winter
        (datetime(2026, 3, 29, 9, 0, tzinfo=UTC), True),  # a Sunday, the day the clocks go forward
        (datetime(2026, 10, 26, 8, 30, tzinfo=UTC), True),  # the day after they go back
        (datetime(2026, 6, 27, 10, 0, tzinfo=UTC), False),  # a Saturday
    ],
)
def test_quiet_hours_are_local_hours(moment: datetime, quiet: bool) -> None:
    assert is_quiet(moment.astimezone(LONDON), HubCalendar("ENG")) is quiet


def test_a_bank_holiday_is_quiet_only_where_it_is_kept() -> None:
    easter_monday = datetime(2026, 4, 6, 11, tzinfo=LONDON)
    assert is_quiet(easter_monday, HubCalendar("ENG"))
    assert not is_quiet(easter_monday, HubCalendar("SCT"))
    assert is_quiet(datetime(2026, 11, 30, 11, tzinfo=LONDON), HubCalendar("SCT"))


def test_nothing_leaves_while_the_hub_is_closed_for_a_reason() -> None:
    training = SpecialDays(date(2026, 6, 3), date(2026, 6, 3), "Staff training")
    worked = SpecialDays(date(2026, 8, 31), date(2026, 8, 31), "Open on the bank holiday", opens=True)
    calendar = HubCalendar("ENG", special=(training, worked))
    assert is_quiet(datetime(2026, 6, 3, 11, tzinfo=LONDON), calendar)
    assert not is_quiet(datetime(2026, 6, 4, 11, tzinfo=LONDON), calendar)
    assert not is_quiet(datetime(2026, 8, 31, 11, tzinfo=LONDON), calendar)
    assert not is_quiet(datetime(2026, 6, 6, 11, tzinfo=LONDON), calendar), "a Saturday is only not a working day"


@pytest.mark.parametrize(
    ("facts", "action", "why"),
    [
        (FACTS, Action.MESSAGE, ""),
        (replace(FACTS, alive=False), Action.NEVER, "died"),
        (replace(FACTS, contact_stopped=True), Action.NEVER, "stopped"),
        (replace(FACTS, state=LoanState.COLLECTED), Action.NEVER, "given back"),
        (replace(FACTS, state=LoanState.CLOSED_LOST), Action.NEVER, "ended"),
        (replace(FACTS, state=LoanState.ALLOCATED), Action.NEVER, "does not have the tablet yet"),
        (replace(FACTS, with_the_person=False), Action.NEVER, "not with the person"),
        (replace(FACTS, state=LoanState.RETURN_ARRANGED), Action.WAIT, "a return is arranged"),
        (replace(FACTS, opted_out=True), Action.TASK, "no automatic messages"),
        (replace(FACTS, channel=Channel.CALL), Action.TASK, "prefer a phone call"),
        (replace(FACTS, reachable=False), Action.TASK, "nothing to reach them by text"),
        (replace(FACTS, message_today=True), Action.WAIT, "on this day"),
        (replace(FACTS, messages_this_week=3), Action.WAIT, "seven days"),
        (replace(FACTS, local=datetime(2026, 6, 28, 12, tzinfo=LONDON)), Action.WAIT, "on a Sunday"),
        (
            replace(FACTS, hold=HoldFacts("in hospital", date(2026, 7, 12), "a coordinator", date(2026, 6, 20))),
            Action.WAIT,
            "in hospital until 12 July, hold set by a coordinator on 20 June",
        ),
    ],
)
def test_the_guard_says_what_may_be_done_and_why(facts: Facts, action: Action, why: str) -> None:
    decision = decide(rung("due_day"), facts)
    assert decision.action is action
    assert why in decision.why


def test_a_review_comes_though_a_return_was_arranged_and_forgotten() -> None:
    arranged = replace(FACTS, state=LoanState.RETURN_ARRANGED)
    assert decide(rung("week_after"), arranged).action is Action.WAIT
    assert decide(rung("review"), arranged).action is Action.TASK


def test_a_hold_ends_on_a_day_within_a_year() -> None:
    today = date(2026, 6, 29)
    assert hold_problems(today, today) == {}
    assert "until" in hold_problems(None, today)
    assert "has passed" in hold_problems(date(2026, 6, 28), today)["until"]
    assert "within a year" in hold_problems(date(2028, 1, 1), today)["until"]


def test_every_state_of_the_ledger_can_be_reached_and_sending_always_ends() -> None:
    reached = set(BEGINNINGS)
    for _ in MOVES:
        reached |= {row.target for row in MOVES if set(row.sources) & reached}
    assert reached == set(ChaseState)
    ends = {ChaseState.SENT, ChaseState.TO_PRINT, ChaseState.FAILED}
    assert {row.target for row in MOVES if ChaseState.SENDING in row.sources} == ends
    for state in IN_QUEUE:
        out = {row.target for row in MOVES if state in row.sources}
        assert {ChaseState.PRINTED, ChaseState.FAILED, ChaseState.WITHDRAWN} <= out
