"""What a job's facts amount to, in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.deliveries.facts import Told
from fleet.deliveries.outcomes import outcome
from fleet.deliveries.rules import Action, JobKind, JobState

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def story(*actions: Action) -> list[Told]:
    """These actions, ten minutes apart."""
    return [
        Told(f"fact {place}", action, NOW + timedelta(minutes=10 * place), place)
        for place, action in enumerate(actions)
    ]


def test_a_hand_over_implies_the_loading_nobody_scanned() -> None:
    assert outcome(JobKind.DELIVER, story(Action.HAND_OVER)).state is JobState.HANDED_OVER


def test_the_later_of_loading_and_failing_counts() -> None:
    assert outcome(JobKind.DELIVER, story(Action.LOAD, Action.FAILED)).state is JobState.FAILED
    assert outcome(JobKind.DELIVER, story(Action.LOAD, Action.FAILED, Action.LOAD)).state is JobState.LOADED


def test_coming_back_after_a_failed_attempt_is_the_same_attempt() -> None:
    assert outcome(JobKind.DELIVER, story(Action.LOAD, Action.FAILED, Action.BACK_AT_HUB)).attempts == 1
    twice = story(Action.LOAD, Action.FAILED, Action.LOAD, Action.FAILED, Action.BACK_AT_HUB)
    assert outcome(JobKind.DELIVER, twice).attempts == 2


def test_what_happened_after_the_door_contradicts_it() -> None:
    after = outcome(JobKind.DELIVER, story(Action.LOAD, Action.HAND_OVER, Action.BACK_AT_HUB))
    assert (after.state, after.contested) == (JobState.HANDED_OVER, frozenset({"fact 2"}))


def test_an_arrival_waits_for_its_collection() -> None:
    assert outcome(JobKind.COLLECT, story(Action.BACK_AT_HUB)).contested == {"fact 0"}
    both = outcome(JobKind.COLLECT, story(Action.COLLECT, Action.BACK_AT_HUB))
    assert (both.state, both.contested) == (JobState.CLOSED, frozenset())


def test_a_tablet_is_left_at_a_partners_between_its_collection_and_its_arrival() -> None:
    left = outcome(JobKind.COLLECT, story(Action.COLLECT, Action.DROP))
    assert (left.state, left.contested) == (JobState.DROPPED, frozenset())
    back = outcome(JobKind.COLLECT, story(Action.COLLECT, Action.DROP, Action.BACK_AT_HUB, Action.DROP))
    assert (back.state, back.contested) == (JobState.CLOSED, frozenset({"fact 3"}))
    assert outcome(JobKind.COLLECT, story(Action.DROP)).contested == {"fact 0"}


def test_an_arrival_between_two_tellings_of_one_collection_follows_the_first() -> None:
    after = outcome(JobKind.COLLECT, story(Action.COLLECT, Action.BACK_AT_HUB, Action.COLLECT))
    assert (after.state, after.contested) == (JobState.CLOSED, frozenset())
    assert after.door is not None
    assert after.door.id == "fact 0"


def test_what_is_told_of_one_tablet_of_a_swap_says_nothing_of_the_other() -> None:
    loaded, came_in, swapped, arrived = story(Action.LOAD, Action.BACK_AT_HUB, Action.SWAP, Action.BACK_AT_HUB)
    went_out = replace(came_in, brought=True)
    assert outcome(JobKind.SWAP, [loaded, came_in]).contested == {came_in.id}
    undone = outcome(JobKind.SWAP, [loaded, went_out])
    assert (undone.state, undone.door, undone.attempts) == (JobState.CLOSED, None, 1)
    assert outcome(JobKind.SWAP, [loaded, went_out, swapped]).state is JobState.SWAPPED
    done = outcome(JobKind.SWAP, [loaded, went_out, swapped, arrived])
    assert (done.state, done.home, done.contested) == (JobState.CLOSED, arrived, frozenset())
    assert outcome(JobKind.SWAP, [swapped, replace(arrived, brought=True)]).contested == {arrived.id}


def test_facts_of_one_moment_are_taken_as_a_day_goes() -> None:
    same = [Told(f"id {action}", action, NOW, 0) for action in (Action.BACK_AT_HUB, Action.COLLECT)]
    assert outcome(JobKind.COLLECT, same).state is JobState.CLOSED


def test_once_a_clock_is_in_doubt_the_phones_own_count_decides() -> None:
    failed, loaded = story(Action.FAILED, Action.LOAD)
    counted = [replace(failed, sequence=2), replace(loaded, sequence=1)]
    assert outcome(JobKind.DELIVER, counted).state is JobState.LOADED
    assert outcome(JobKind.DELIVER, [replace(each, flagged=True) for each in counted]).state is JobState.FAILED


STORIES = st.lists(st.sampled_from(Action), max_size=8)


def test_a_way_home_is_on_board_from_the_loading_until_it_is_scanned_in() -> None:
    """No door is on the way: failing takes nothing off board, and what is said of doors contradicts it."""
    assert outcome(JobKind.HOME, story(Action.FAILED)).state is JobState.FAILED
    assert outcome(JobKind.HOME, story(Action.LOAD, Action.FAILED)).state is JobState.LOADED
    home = outcome(JobKind.HOME, story(Action.LOAD, Action.BACK_AT_HUB, Action.LOAD, Action.HAND_OVER))
    assert (home.state, home.contested) == (JobState.CLOSED, frozenset({"fact 2", "fact 3"}))
    assert home.door is None


KINDS = st.sampled_from(JobKind)


@given(actions=STORIES, kind=KINDS, data=st.data())
def test_order_says_nothing(actions: list[Action], kind: JobKind, data: st.DataObject) -> None:
    facts = story(*actions)
    assert outcome(kind, data.draw(st.permutations(facts))) == outcome(kind, facts)


ONWARDS = {
    JobState.ACCEPTED: set(JobState),
    JobState.LOADED: {JobState.LOADED, JobState.FAILED, JobState.CLOSED, JobState.HANDED_OVER, JobState.SWAPPED},
    JobState.FAILED: set(JobState) - {JobState.ACCEPTED},
    JobState.COLLECTED: {JobState.COLLECTED, JobState.DROPPED, JobState.CLOSED},
    JobState.DROPPED: {JobState.DROPPED, JobState.CLOSED},
    JobState.SWAPPED: {JobState.SWAPPED, JobState.CLOSED},
}
ENDS = {
    JobKind.DELIVER: {JobState.CLOSED, JobState.HANDED_OVER},
    JobKind.COLLECT: {JobState.CLOSED},
    JobKind.SWAP: {JobState.CLOSED, JobState.SWAPPED},
    JobKind.HOME: {JobState.CLOSED},
}


@given(actions=STORIES, kind=KINDS, data=st.data())
def test_hearing_more_never_takes_anything_back(actions: list[Action], kind: JobKind, data: st.DataObject) -> None:
    of_which = data.draw(st.lists(st.booleans(), min_size=len(actions), max_size=len(actions)))
    facts = [
        replace(fact, brought=kind is JobKind.SWAP and it) for fact, it in zip(story(*actions), of_which, strict=True)
    ]
    mixed = data.draw(st.permutations(facts))
    heard = [outcome(kind, mixed[:many]) for many in range(len(mixed) + 1)]
    for less, more in pairwise(heard):
        assert more.attempts >= less.attempts
        over = less.state is JobState.CLOSED and less.door is not None
        assert more.state in ({JobState.CLOSED} if over else ONWARDS.get(less.state, ENDS[kind]))
        if less.door is not None:
            assert more.door is not None
            assert more.door.at <= less.door.at


@pytest.mark.parametrize("kind", JobKind)
@given(actions=STORIES)
def test_every_fact_counts_or_is_contested(kind: JobKind, actions: list[Action]) -> None:
    facts = story(*actions)
    after = outcome(kind, facts)
    assert [each for each in facts if each.id not in after.contested] == list(after.story)
