"""The table of a tablet's life: no dead ends, no short cuts, and a sentence for every refusal."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.tablets.rules import (
    BY_MOVE,
    FINAL,
    MOVES,
    Custody,
    DataState,
    Facts,
    Grade,
    HoldKind,
    Move,
    Stage,
    Transition,
    offers,
    refusals,
)
from fleet.tablets.rules.table import LOOKED_AT
from fleet.users.rules import Role

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)

FINE = Facts(
    stage=Stage.TRIAGED,
    data=DataState.CLEAN,
    custody=Custody.HUB,
    holds=frozenset(),
    grade=Grade.A,
    os_release=14,
    os_floor=13,
    os_floor_waived=False,
    certificate_at=NOW,
    left_hub_at=None,
    verified_at=NOW,
    verify_valid=timedelta(days=14),
    label_confirmed=True,
    battery_percent=95,
    battery_needed=80,
    kit_complete=True,
    retiring=False,
    accounts_answered=True,
    destruction_ordered=False,
    now=NOW,
)

EVERYBODY = frozenset(Role)
FORWARD = (
    Move.QUEUE_WIPE,
    Move.START_WIPE,
    Move.WIPE_PASSED,
    Move.START_PROVISION,
    Move.PROVISION_PASSED,
    Move.MAKE_READY,
    Move.ALLOCATE,
    Move.LOAD,
    Move.QUEUE_WIPE_AGAIN,
)


def at_source_of(move: Move, facts: Facts = FINE) -> Facts:
    return replace(facts, stage=BY_MOVE[move].sources[0])


def test_every_move_stands_in_the_table_once() -> None:
    assert [transition.move for transition in MOVES] == list(dict.fromkeys(Move))


def test_every_stage_can_be_reached_and_left() -> None:
    reached = {transition.target for transition in MOVES} | {Stage.EXPECTED}
    left = {source for transition in MOVES for source in transition.sources}
    assert reached == set(Stage)
    assert set(Stage) - left == set(FINAL)


def test_every_stage_in_progress_has_a_way_back() -> None:
    for stage in (Stage.WIPING, Stage.PROVISIONING, Stage.IN_TRANSIT_OUT, Stage.ALLOCATED):
        targets = {transition.target for transition in MOVES if stage in transition.sources}
        assert len(targets - {stage}) >= 2, stage


@given(hold=st.sampled_from(list(HoldKind)), move=st.sampled_from(FORWARD))
def test_a_hold_blocks_every_move_forward(hold: HoldKind, move: Move) -> None:
    held = replace(at_source_of(move), holds=frozenset({hold}))
    assert any("lift the hold first" in reason for reason in refusals(move, held, EVERYBODY))


@given(data=st.sampled_from([DataState.UNKNOWN, DataState.DIRTY, DataState.WIPED_UNVERIFIED]))
def test_nothing_unwiped_is_provisioned_made_ready_lent_or_loaded(data: DataState) -> None:
    for move in (Move.START_PROVISION, Move.REFRESH, Move.MAKE_READY, Move.ALLOCATE, Move.LOAD, Move.HUB_HAND_OVER):
        facts = replace(at_source_of(move), data=data)
        assert any("wipe" in reason for reason in refusals(move, facts, EVERYBODY)), move


def test_a_wipe_from_before_the_last_loan_does_not_count() -> None:
    facts = replace(at_source_of(Move.ALLOCATE), certificate_at=NOW - timedelta(days=2), left_hub_at=NOW)
    assert refusals(Move.ALLOCATE, facts, EVERYBODY)[0].startswith(
        "It has been out of our hands, with a person or lost"
    )


@pytest.mark.parametrize("move", [Move.LOAD, Move.HUB_HAND_OVER])
def test_a_tablet_that_came_back_undelivered_keeps_its_wipe(move: Move) -> None:
    """The refusal speaks of being out of our hands, so a trip with the courier alone must not count as that."""
    trip = BY_MOVE[Move.LOAD], BY_MOVE[Move.BACK_UNDELIVERED]
    assert not any(step.leaves_hub or step.data for step in trip)
    assert refusals(move, at_source_of(move), EVERYBODY) == ()


def test_only_hands_that_are_not_ours_count_as_being_away() -> None:
    """So that the refusal is true of every tablet it is said of."""
    away = {move for move, row in BY_MOVE.items() if row.leaves_hub}
    assert away == {
        Move.HAND_OVER,
        Move.HUB_HAND_OVER,
        Move.COLLECT,
        Move.HAND_IN,
        Move.LEAVE_AT_PARTNER,
        Move.HAND_IN_ELSEWHERE,
        Move.ARRIVE_ELSEWHERE,
        Move.ARRIVE_BACK,
        Move.LOSE,
        Move.FIND,
        Move.FIND_ELSEWHERE,
        Move.CAME_ON_LOAN,
        Move.CAME_LOST,
        Move.CAME_GIFTED,
    }


def test_ready_needs_everything_and_says_all_that_is_missing_at_once() -> None:
    bare = replace(
        at_source_of(Move.MAKE_READY),
        label_confirmed=False,
        battery_percent=40,
        kit_complete=False,
        verified_at=NOW - timedelta(days=20),
    )
    reasons = " ".join(refusals(Move.MAKE_READY, bare, EVERYBODY))
    for word in ("label", "40 %", "kit", "14 days"):
        assert word in reasons


def test_an_android_below_the_floor_needs_a_waiver() -> None:
    old = replace(at_source_of(Move.QUEUE_WIPE), os_release=10)
    assert "Android 10" in refusals(Move.QUEUE_WIPE, old, EVERYBODY)[0]
    assert refusals(Move.QUEUE_WIPE, replace(old, os_floor_waived=True), EVERYBODY) == ()


def test_a_tablet_that_has_left_for_good_accepts_nothing() -> None:
    for stage in FINAL:
        assert offers(replace(FINE, stage=stage), EVERYBODY) == ()
        assert all(refusals(move, replace(FINE, stage=stage), EVERYBODY) for move in Move)


def test_nobody_else_may_say_that_a_tablet_is_lost() -> None:
    facts = at_source_of(Move.LOSE)
    agrees = {Role.COORDINATOR, Role.HUB_ADMIN}
    assert all(refusals(Move.LOSE, facts, frozenset({role})) == () for role in agrees)
    for role in set(Role) - agrees:
        assert refusals(Move.LOSE, facts, frozenset({role})), role


def _makes_clean(transition: Transition) -> bool:
    return transition.data is DataState.CLEAN


def test_the_only_move_that_makes_data_clean_is_a_verified_wipe() -> None:
    """A hand-over that never was leaves it as clean as its wipe did."""
    never_was = [Move.UNDO_HAND_OVER, Move.UNDO_HUB_HAND_OVER]
    assert [transition.move for transition in MOVES if _makes_clean(transition)] == [Move.WIPE_PASSED, *never_was]
    for move in never_was:
        assert BY_MOVE[move].takes_leaving_back
        facts = replace(at_source_of(move), last_move=Move.UNDO_HAND_IN)
        assert refusals(move, facts, EVERYBODY) == ("More has happened to it since it was handed over.",)


@given(path=st.lists(st.sampled_from(list(Move)), max_size=40))
def test_no_path_from_unwiped_to_ready_avoids_a_verified_wipe(path: list[Move]) -> None:
    facts = replace(FINE, stage=Stage.RECEIVED, data=DataState.UNKNOWN, certificate_at=None, verified_at=None)
    wiped = False
    for move in path:
        if refusals(move, facts, EVERYBODY):
            continue
        transition = BY_MOVE[move]
        facts = replace(facts, stage=transition.target, data=transition.data or facts.data)
        if move is Move.WIPE_PASSED:
            wiped, facts = True, replace(facts, certificate_at=NOW)
        if move is Move.PROVISION_PASSED:
            facts = replace(facts, verified_at=NOW)
        if transition.leaves_hub:
            wiped, facts = False, replace(facts, left_hub_at=NOW)
        if facts.stage is Stage.READY:
            assert wiped


@pytest.mark.parametrize("fact", LOOKED_AT)
def test_a_move_is_refused_by_no_fact_that_was_not_asked_for(fact: str) -> None:
    guards = {guard for row in MOVES for guard in row.guards if f"facts.{fact}" in inspect.getsource(guard)}
    assert guards == set(LOOKED_AT[fact])
