"""What a job's facts amount to, and which clocks are believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fleet.deliveries.facts import Fact, Told, believed, in_order, outcome, told
from fleet.deliveries.rules import Action, JobKind, JobState

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def story(*actions: Action) -> list[Told]:
    """These actions, ten minutes apart."""
    return [
        told(NOW + timedelta(minutes=10 * place), place, f"fact {place}", action)
        for place, action in enumerate(actions)
    ]


def fact(at: datetime, *, sequence: int = 0, offset_ms: int = 0) -> Fact:
    return Fact("an id", "K7F3-QX", Action.LOAD, at, sequence, offset_ms)


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


def test_facts_of_one_moment_are_taken_as_a_day_goes() -> None:
    same = [told(NOW, 0, f"id {action}", action) for action in (Action.BACK_AT_HUB, Action.COLLECT)]
    assert outcome(JobKind.COLLECT, same).state is JobState.CLOSED


@given(actions=st.lists(st.sampled_from(Action), max_size=8), kind=st.sampled_from(JobKind), data=st.data())
def test_hearing_more_never_takes_an_attempt_away_and_order_says_nothing(
    actions: list[Action], kind: JobKind, data: st.DataObject
) -> None:
    facts = story(*actions)
    mixed = data.draw(st.permutations(facts))
    assert outcome(kind, mixed) == outcome(kind, facts)
    attempts = [outcome(kind, mixed[:heard]).attempts for heard in range(len(mixed) + 1)]
    assert attempts == sorted(attempts)


def test_a_clock_that_is_wrong_by_a_known_amount_is_set_right() -> None:
    ahead = timedelta(hours=7)
    when = believed(fact(NOW - timedelta(hours=1) + ahead, offset_ms=int(ahead.total_seconds() * 1000)), NOW)
    assert (when.at, when.flagged) == (NOW - timedelta(hours=1), False)


def test_a_clock_a_little_ahead_counts_as_ours() -> None:
    assert believed(fact(NOW + timedelta(seconds=90)), NOW).at == NOW
    assert not believed(fact(NOW + timedelta(seconds=90)), NOW).flagged


@given(
    at=st.datetimes(timezones=st.just(UTC)),
    offset_ms=st.integers(min_value=-4_000_000_000_000, max_value=4_000_000_000_000),
)
def test_no_clock_makes_a_fact_future_or_ancient(at: datetime, offset_ms: int) -> None:
    when = believed(fact(at, offset_ms=offset_ms), NOW)
    assert NOW - timedelta(hours=72) <= when.at <= NOW


def test_a_phone_whose_clock_is_in_doubt_is_ordered_by_its_own_count() -> None:
    right, wrong = fact(NOW, sequence=1), fact(datetime(1970, 1, 1, tzinfo=UTC), sequence=2)
    batch = [(each, believed(each, NOW), each.sequence) for each in (wrong, right)]
    assert [place for _, _, place in in_order(batch)] == [1, 2]
