"""The table of a run's states, what blockers hold, and the arithmetic of waiting and progress."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from fleet.bench.rules import (
    FINISHED,
    STEPS,
    UNFINISHED,
    RunKind,
    RunState,
    certificate_number,
    hold_for,
    may_become,
    next_look,
    percent_done,
    sdk_of_release,
    seconds_left,
)
from fleet.tablets.rules import HoldKind
from provisioning.wipe.blockers import BlockerCode

kinds, states = st.sampled_from(list(RunKind)), st.sampled_from(list(RunState))


@given(kinds, states)
def test_every_unfinished_state_has_a_failed_twin_and_a_way_out_a_person_can_press(
    kind: RunKind, state: RunState
) -> None:
    out = state in UNFINISHED
    assert may_become(kind, state, RunState.FAILED) is out
    assert may_become(kind, state, RunState.ABANDONED) is out


@given(kinds, states, states)
def test_a_run_that_ended_never_changes_again(kind: RunKind, source: RunState, target: RunState) -> None:
    assert not (source in FINISHED and may_become(kind, source, target))


@given(kinds)
def test_a_pass_is_reached_only_through_a_verification(kind: RunKind) -> None:
    assert [source for source in RunState if may_become(kind, source, RunState.PASSED)] == [RunState.VERIFYING]


def test_a_wipe_is_verified_only_after_somebodys_hands() -> None:
    reach = [source for source in RunState if may_become(RunKind.WIPE, source, RunState.VERIFYING)]
    assert reach == [RunState.WAITING_HANDS]


@given(kinds)
def test_every_state_of_a_kind_can_be_reached_from_queued(kind: RunKind) -> None:
    reached, waiting = {RunState.QUEUED}, [RunState.QUEUED]
    while waiting:
        here = waiting.pop()
        for each in RunState:
            if each not in reached and may_become(kind, here, each):
                reached.add(each)
                waiting.append(each)
    named = {change.target for change in STEPS if kind in change.kinds} | {RunState.QUEUED}
    assert reached == named


def test_every_blocker_either_holds_the_tablet_or_is_settled_by_waiting() -> None:
    holds = {code.value: hold_for([code.value]) for code in BlockerCode}
    assert {code for code, hold in holds.items() if hold is HoldKind.IDENTITY} == {
        "google_account",
        "samsung_account",
        "lock_account",
        "reset_protection",
        "managed",
        "knox_guard",
    }
    assert {code for code, hold in holds.items() if hold is HoldKind.DATA} == {"work_profile"}
    assert hold_for(["battery_low", "work_profile", "google_account"]) is HoldKind.IDENTITY


@given(st.integers(0, 10_000))
def test_looks_come_less_often_but_never_more_than_fifteen_seconds_apart(unanswered: int) -> None:
    assert timedelta(seconds=1) <= next_look(unanswered) <= next_look(unanswered + 1) <= timedelta(seconds=15)


@given(st.lists(st.tuples(st.integers(1, 300), st.floats(0, 1)), max_size=30))
def test_a_run_is_never_said_to_be_whole_before_it_passed(steps: list[tuple[int, float]]) -> None:
    assert 0 <= percent_done(steps) <= 99


def test_time_left_is_said_only_once_there_is_something_to_judge_by() -> None:
    assert seconds_left(4, 60) is None
    assert seconds_left(25, 60) == 180


def test_androids_have_their_api_levels() -> None:
    assert [sdk_of_release(release) for release in (9, 12, 13, 14, 15, 16)] == [28, 31, 33, 34, 35, 36]


def test_certificate_numbers_sort_as_they_were_issued() -> None:
    assert certificate_number(2026, 7) == "DW-2026-000007"
    assert certificate_number(2026, 9) < certificate_number(2026, 10) < certificate_number(2027, 1)
