"""Which clocks are believed, in which order facts are taken, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fleet.deliveries.facts import (
    GLASS,
    LONGEST_SIGNATURE,
    Details,
    Fact,
    Told,
    believed,
    details_of,
    first_said,
    in_order,
    is_signature,
    kept_details,
)
from fleet.deliveries.rules import Action, Face, FailReason, KitPart, Tick
from fleet.loans.rules import HandedTo

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def fact(at: datetime, *, sequence: int = 0, offset_ms: int = 0) -> Fact:
    return Fact("an id", "K7F3-QX", Action.LOAD, at, sequence, offset_ms)


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
    early, late = NOW - timedelta(hours=1), NOW
    first, second = Told("1", Action.LOAD, late, 1), Told("2", Action.LOAD, early, 2)
    assert in_order([first, second], lambda each: each) == [second, first]
    doubted = replace(second, flagged=True)
    assert in_order([doubted, first], lambda each: each) == [first, doubted]


DETAILS = st.builds(
    Details,
    job=st.none() | st.integers(1, 9),
    handed_to=st.none() | st.sampled_from(HandedTo),
    phrase_heard=st.booleans(),
    agreement_accepted=st.booleans(),
    ticks=st.frozensets(st.sampled_from(Tick)),
    reason=st.none() | st.sampled_from(FailReason),
    condition=st.none() | st.sampled_from(["good", "damaged"]),
    sim_in_tray=st.none() | st.booleans(),
    kit_missing=st.frozensets(st.sampled_from(KitPart)),
    face=st.none() | st.sampled_from(Face),
    place=st.none() | st.integers(1, 9),
    signature=st.just("") | st.just("M1 1L20 30"),
)


@given(details=DETAILS)
def test_what_was_ticked_is_kept_as_it_was_given(details: Details) -> None:
    assert details_of(kept_details(details)) == details


def test_of_two_tellings_the_first_counts_and_the_second_fills_the_gaps() -> None:
    first = Details(handed_to=HandedTo.CARER, condition="good")
    second = Details(handed_to=HandedTo.PARTICIPANT, condition="damaged", sim_in_tray=False, face=Face.BAD)
    assert first_said([first, second]) == replace(first, sim_in_tray=False, face=Face.BAD)


def test_strokes_are_a_signature_and_nothing_else_is() -> None:
    assert is_signature("M20 80L60 40L90 100M100 90L140 60")
    for text in ("", "M1 1", "M1 1L2 2 remarks", "M1 1L2222 2", "m1 1l2 2", "<svg>", "M1 1" + "L2 2" * 1400):
        assert not is_signature(text), text
    assert max(GLASS) < 1000
    assert len("L320 140") * 600 < LONGEST_SIGNATURE
