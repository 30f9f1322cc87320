"""Which tablets may go into a consignment, and what each step waits for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.recycling.rules import (
    BY_MOVE,
    Candidate,
    ConsignmentKind,
    ConsignmentMove,
    ConsignmentState,
    Packing,
    refusals,
    tablet_refusals,
    tidy_code,
    weight_words,
)
from fleet.tablets.rules import DataState, HoldKind, Stage

SOUND = Candidate(Stage.AWAITING_RECYCLE, DataState.CLEAN, "DW-2026-000001", False, frozenset(), damaged=False)
WHOLE = Packing(
    state=ConsignmentState.OPEN,
    carrier="Sample carrier",
    registration="CBDU000000",
    checked_on=date(2026, 6, 1),
    receiver="Sample site",
    permit="EPR/AB1234CD",
    waste_code="16 02 14",
    description="Tablets",
    contained_in="1 crate",
    collected_from="Test hub",
    sic_code="88.99",
    hierarchy=True,
    tablets=1,
    today=date(2026, 6, 1),
)

candidates = st.builds(
    Candidate,
    stage=st.sampled_from(Stage),
    data=st.sampled_from(DataState),
    certificate=st.sampled_from(["", "DW-2026-000001"]),
    destruction_ordered=st.booleans(),
    holds=st.frozensets(st.sampled_from(HoldKind), max_size=2),
    damaged=st.booleans(),
    elsewhere=st.sampled_from(["", "R00001"]),
)


@given(candidates, st.sampled_from(ConsignmentKind))
def test_whatever_goes_in_is_wiped_or_to_be_destroyed_and_travels_with_its_own_kind(
    tablet: Candidate, kind: ConsignmentKind
) -> None:
    if tablet_refusals(tablet, kind):
        return
    proved = tablet.data is DataState.CLEAN and tablet.certificate != ""
    assert proved or tablet.destruction_ordered
    dangerous = tablet.damaged or HoldKind.SAFETY in tablet.holds
    assert dangerous is (kind is ConsignmentKind.DAMAGED_BATTERIES)
    assert tablet.stage is Stage.AWAITING_RECYCLE
    assert tablet.holds <= {HoldKind.SAFETY}


@given(candidates)
def test_no_tablet_may_travel_both_ways(tablet: Candidate) -> None:
    assert any(tablet_refusals(tablet, kind) for kind in ConsignmentKind)


def test_a_sound_tablet_with_its_certificate_may_go_in() -> None:
    assert tablet_refusals(SOUND, ConsignmentKind.TABLETS) == ()
    swollen = replace(SOUND, data=DataState.DIRTY, certificate="", destruction_ordered=True, damaged=True)
    assert tablet_refusals(swollen, ConsignmentKind.DAMAGED_BATTERIES) == ()


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"tablets": 0}, "Put at least one tablet"),
        ({"registration": ""}, "waste carrier registration of Sample carrier"),
        ({"checked_on": None}, "Look the carrier up"),
        ({"permit": ""}, "permit or exemption"),
        ({"receiver": ""}, "which site receives it"),
        ({"waste_code": "", "sic_code": ""}, "the waste code, your SIC code"),
        ({"hierarchy": False}, "waste hierarchy"),
        ({"exempt_grams": 1_000_000_001}, "More than 1,000 tonnes"),
    ],
)
def test_it_is_packed_only_when_all_that_the_note_must_say_is_known(lacking: dict[str, object], sentence: str) -> None:
    assert refusals(ConsignmentMove.PACK, WHOLE) == ()
    (said,) = refusals(ConsignmentMove.PACK, replace(WHOLE, **lacking))  # type: ignore[arg-type]  # each is a field
    assert sentence in said


def test_the_carrier_takes_it_with_a_note_and_a_receipt_ends_it() -> None:
    packed = replace(WHOLE, state=ConsignmentState.PACKED)
    assert refusals(ConsignmentMove.HAND_OVER, packed) == ("Write down the number of the transfer note.",)
    hazardous = replace(packed, waste_code="16 02 13*")
    assert refusals(ConsignmentMove.HAND_OVER, hazardous) == ("Write down the consignment note code.",)
    gone = replace(WHOLE, state=ConsignmentState.HANDED_OVER, receipt="REC-1", to_destroy=1)
    assert "certificate of destruction" in refusals(ConsignmentMove.RECEIVE, gone)[0]
    assert refusals(ConsignmentMove.RECEIVE, replace(gone, destruction="DES-1")) == ()


def test_every_step_begins_where_the_table_says_and_the_end_is_the_end() -> None:
    for move, transition in BY_MOVE.items():
        for state in ConsignmentState:
            elsewhere = "this is done to one that is" in " ".join(refusals(move, replace(WHOLE, state=state)))
            assert elsewhere is (state not in transition.sources)
    assert not any(ConsignmentState.RECEIVED in each.sources for each in BY_MOVE.values())


def test_codes_and_weights_are_written_one_way() -> None:
    assert tidy_code("160213*") == tidy_code(" 16 02 13* ") == "16 02 13*"
    assert tidy_code("1602") == ""
    assert [weight_words(grams) for grams in (1, 480, 9420, 12000)] == ["0.001 kg", "0.48 kg", "9.42 kg", "12 kg"]
