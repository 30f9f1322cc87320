"""The numbers of a statement, and a tablet's life told from its log."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fleet.proof.rules import FATES, Fate, Happened, HowItEnded, Repair, Stay, numbers, repairs, stays, total_days
from fleet.tablets.rules import Move, Stage

DAY = date(2026, 6, 1)
counts = st.dictionaries(st.sampled_from(Stage), st.integers(1, 1000))


def test_every_stage_has_its_fate() -> None:
    assert set(FATES) == set(Stage)


@given(counts)
def test_the_numbers_always_add_up(by_stage: dict[Stage, int]) -> None:
    found = numbers(by_stage)
    assert sum(found.by_fate.values()) == found.given
    assert found.given + found.still_to_come == sum(by_stage.values())
    assert Fate.STILL_TO_COME not in found.by_fate
    said = [int(word) for word in found.sentence.replace(",", " ").split() if word.isdigit()]
    assert sum(said) == 2 * found.given + found.still_to_come


def test_the_sentence_is_the_one_a_giver_expects() -> None:
    twenty = numbers({Stage.ON_LOAN: 14, Stage.IN_TRANSIT_BACK: 1, Stage.REPAIR: 2, Stage.RECYCLED: 3})
    assert twenty.sentence == "20 given: 15 in use, 2 being repaired, 3 recycled."
    kept = numbers({Stage.GIFTED: 1, Stage.EXPECTED: 1})
    assert kept.sentence == "1 given: 1 given to somebody for good. 1 more is still to come."
    assert numbers({}).sentence == "Nothing has come yet."


def log(*moves: Move) -> list[Happened]:
    """These moves, one a day."""
    return [Happened(move.value, DAY + timedelta(days=place)) for place, move in enumerate(moves)]


def test_a_stay_lasts_from_the_door_to_the_door() -> None:
    told = stays(log(Move.HAND_OVER, Move.COLLECT, Move.HUB_HAND_OVER, Move.LOSE, Move.HAND_OVER))
    assert [stay.how for stay in told] == [HowItEnded.BACK, HowItEnded.LOST, HowItEnded.STILL_OUT]
    assert told[0] == Stay(DAY, DAY + timedelta(days=1), HowItEnded.BACK)
    assert total_days(told, DAY + timedelta(days=4)) == 2 + 2 + 1


def test_a_hand_in_that_was_taken_back_never_was() -> None:
    told = stays(log(Move.HAND_OVER, Move.HAND_IN, Move.UNDO_HAND_IN, Move.GIFT))
    assert told == (Stay(DAY, DAY + timedelta(days=3), HowItEnded.GIVEN),)


def test_a_hand_over_that_was_taken_back_was_no_stay() -> None:
    told = stays(log(Move.HUB_HAND_OVER, Move.UNDO_HUB_HAND_OVER, Move.LOAD, Move.HAND_OVER, Move.UNDO_HAND_OVER))
    assert told == ()
    again = stays(log(Move.HAND_OVER, Move.COLLECT, Move.HAND_OVER, Move.UNDO_HAND_OVER))
    assert [stay.how for stay in again] == [HowItEnded.BACK]


def test_one_that_never_reached_the_door_was_not_lent() -> None:
    assert stays(log(Move.COLLECT, Move.LOSE)) == ()


def test_a_repair_ends_as_it_comes_back_or_is_retired() -> None:
    told = repairs(log(Move.SEND_TO_REPAIR, Move.BACK_FROM_REPAIR, Move.SEND_TO_REPAIR))
    assert told == (Repair(DAY, DAY + timedelta(days=1)), Repair(DAY + timedelta(days=2), None))


@given(st.lists(st.sampled_from(Move), max_size=20))
def test_whatever_the_log_says_stays_follow_one_another(moves: list[Move]) -> None:
    told = stays(log(*moves))
    for before, after in pairwise(told):
        assert before.ended is not None
        assert before.began <= before.ended <= after.began
