"""The loan's table of moves, its guards, and the facts that dates give. No database."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.loans.rules import (
    BY_MOVE,
    DOORSTEP_WORDS,
    ENDED,
    MOVES,
    Against,
    Facts,
    LoanMove,
    LoanState,
    SafeAtHome,
    against,
    days_until_due,
    is_due_soon,
    is_overdue,
    offers,
    overdue_days,
    refusals,
)
from fleet.loans.rules.table import LOOKED_AT
from fleet.users.rules import Role

TODAY = date(2026, 6, 1)
COORDINATOR = frozenset({Role.COORDINATOR})
GOOD = Facts(
    state=LoanState.REQUESTED,
    today=TODAY,
    safe_at_home=SafeAtHome.YES,
    needs_asked=True,
    person_alive=True,
    contact_stopped=False,
    bundle_needed=True,
    has_bundle=True,
    other_open_loans=0,
    open_loans_allowed=1,
    agreement_accepted=True,
    extensions_allowed=2,
    gifts_allowed=True,
)


def test_every_move_has_one_row_and_starts_somewhere() -> None:
    assert set(BY_MOVE) == set(LoanMove)
    assert len(MOVES) == len(BY_MOVE)
    assert all(row.sources and row.words for row in MOVES)


def test_every_state_can_be_reached_from_the_request() -> None:
    reached = {LoanState.REQUESTED}
    while True:
        more = {row.target for row in MOVES if set(row.sources) & reached and row.target is not None} - reached
        if not more:
            break
        reached |= more
    assert reached == set(LoanState)


def test_every_state_that_is_not_an_end_leads_to_one() -> None:
    leads = set(ENDED)
    while True:
        more = {source for row in MOVES if row.target in leads for source in row.sources} - leads
        if not more:
            break
        leads |= more
    assert leads == set(LoanState)


def test_nothing_moves_on_from_an_end_but_a_lost_tablet_that_is_found_and_an_inspection_taken_back() -> None:
    assert {row.move for row in MOVES if set(row.sources) & ENDED and row.target is not None} == {
        LoanMove.FIND,
        LoanMove.UNDO_CLOSE,
    }


def test_a_request_that_has_all_it_needs_is_offered_to_a_coordinator() -> None:
    allowed = {offer.transition.move for offer in offers(GOOD, COORDINATOR) if offer.allowed}
    assert allowed == {LoanMove.APPROVE, LoanMove.WAIT, LoanMove.DECLINE, LoanMove.CANCEL}


def test_nobody_else_is_offered_a_decision() -> None:
    assert offers(GOOD, frozenset({Role.COURIER, Role.REFERRER, Role.DONOR})) == ()


@pytest.mark.parametrize(
    ("move", "state", "wrong", "words"),
    [
        (LoanMove.APPROVE, LoanState.REQUESTED, {"safe_at_home": None}, "safe"),
        (LoanMove.APPROVE, LoanState.WAITING, {"needs_asked": False}, "needs"),
        (LoanMove.APPROVE, LoanState.REQUESTED, {"person_alive": False}, "died"),
        (LoanMove.ALLOCATE, LoanState.APPROVED, {"has_bundle": False}, "SIM"),
        (LoanMove.ALLOCATE, LoanState.APPROVED, {"other_open_loans": 1}, "already"),
        (LoanMove.ALLOCATE, LoanState.APPROVED, {"safe_at_home": None}, "safe"),
        (LoanMove.ALLOCATE, LoanState.APPROVED, {"asked_due_on": TODAY}, "today"),
        (LoanMove.ALLOCATE, LoanState.APPROVED, {"asked_due_on": date.max}, "check the year"),
        (LoanMove.EXTEND, LoanState.ACTIVE, {"asked_due_on": date.max}, "check the year"),
        (LoanMove.DISPATCH, LoanState.ALLOCATED, {"has_bundle": False}, "SIM"),
        (LoanMove.DISPATCH, LoanState.ALLOCATED, {"papers_missing": True}, "no papers"),
        (LoanMove.HUB_HAND_OVER, LoanState.ALLOCATED, {"agreement_accepted": False}, "agreement"),
        (LoanMove.EXTEND, LoanState.ACTIVE, {"extensions": 2}, "allows 2"),
        (LoanMove.EXTEND, LoanState.ACTIVE, {"contact_stopped": True}, "stopped"),
        (LoanMove.GIFT, LoanState.ACTIVE, {"gifts_allowed": False}, "funder"),
    ],
)
def test_one_thing_missing_is_one_sentence(
    move: LoanMove, state: LoanState, wrong: dict[str, object], words: str
) -> None:
    good = replace(GOOD, state=state)
    assert refusals(move, good, COORDINATOR) == ()
    refused = refusals(move, replace(good, **wrong), COORDINATOR)  # type: ignore[arg-type]  # the table names the fields
    assert len(refused) == 1
    assert words in refused[0]
    assert refused[0].endswith(".")


def test_each_guard_is_asked_once_and_says_its_sentence_and_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def no(facts: Facts) -> str | None:
        asked.append("no")
        return "It may not be."

    def well(facts: Facts) -> str | None:
        asked.append("well")
        return None

    row = replace(BY_MOVE[LoanMove.EXTEND], guards=(no, well))
    monkeypatch.setitem(BY_MOVE, LoanMove.EXTEND, row)
    facts = replace(GOOD, state=LoanState.ACTIVE)
    assert against(LoanMove.EXTEND, facts, COORDINATOR) == Against(("It may not be.",), ("no",))
    assert asked == ["no", "well"]
    nobody = against(LoanMove.EXTEND, facts, frozenset())
    assert (len(nobody.sentences), nobody.codes) == (2, ("no",)), "whose it is to do is no guard's word"
    assert against(LoanMove.EXTEND, GOOD, COORDINATOR).codes == ()


def test_a_move_from_the_wrong_state_says_how_it_stands() -> None:
    assert refusals(LoanMove.EXTEND, GOOD, COORDINATOR) == (
        "The loan is requested, and this is done to one that is active.",
    )


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 28), st.integers(-60, 60))
def test_a_day_is_late_only_once_grace_is_over_and_then_counts_from_the_due_date(
    due: date, grace: int, offset: int
) -> None:
    today = due + timedelta(days=offset)
    late = overdue_days(today, due, grace)
    assert late == (offset if offset > grace else 0)
    assert is_overdue(today, due, grace) is (offset > grace)
    assert days_until_due(today, due) == -offset


def test_without_a_due_date_nothing_is_late_or_soon() -> None:
    assert overdue_days(TODAY, None, 0) == 0
    assert days_until_due(TODAY, None) is None
    assert not is_due_soon(TODAY, None)


@pytest.mark.parametrize(("ahead", "soon"), [(-1, False), (0, True), (7, True), (8, False)])
def test_due_soon_is_a_week_ahead(ahead: int, soon: bool) -> None:
    assert is_due_soon(TODAY, TODAY + timedelta(days=ahead)) is soon


def test_the_words_for_the_door_are_easy_and_all_different() -> None:
    assert len(set(DOORSTEP_WORDS)) == len(DOORSTEP_WORDS) > 60
    assert all(word.isalpha() and word.islower() and 4 <= len(word) <= 10 for word in DOORSTEP_WORDS)


@pytest.mark.parametrize("fact", LOOKED_AT)
def test_a_move_is_refused_by_no_fact_that_was_not_asked_for(fact: str) -> None:
    guards = {guard for row in MOVES for guard in row.guards if f"facts.{fact}" in inspect.getsource(guard)}
    assert guards == set(LOOKED_AT[fact])
