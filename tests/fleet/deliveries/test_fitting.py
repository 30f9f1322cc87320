"""Where a stop goes among others, and which orders a courier cannot keep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fleet.deliveries.fitting import Slot, first_clash, place_for

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)


def slot(begins: int, ends: int) -> Slot:
    return Slot(NINE + timedelta(minutes=begins), NINE + timedelta(minutes=ends))


SLOTS = st.builds(lambda begins, long: slot(begins, begins + long), st.integers(0, 600), st.integers(1, 240))


def can_be_kept(slots: list[Slot]) -> bool:
    """By walking: be at each stop as early as its window and the one before allow."""
    now = NINE
    for each in slots:
        now = max(now, each.begins)
        if now >= each.ends:
            return False
    return True


@given(st.lists(SLOTS, max_size=8))
def test_a_clash_is_found_exactly_where_no_courier_could_keep_the_order(slots: list[Slot]) -> None:
    clash = first_clash(slots)
    assert (clash is None) is can_be_kept(slots)
    if clash is not None:
        late, early = clash
        assert early < late
        assert slots[late].ends <= slots[early].begins


@given(st.lists(SLOTS, max_size=8), SLOTS)
def test_one_more_stop_goes_where_nothing_clashes_if_there_is_such_a_place(slots: list[Slot], fresh: Slot) -> None:
    if first_clash(slots) is not None:
        return
    place = place_for(slots, fresh)
    assert first_clash([*slots[:place], fresh, *slots[place:]]) is None


def test_stops_of_one_window_stay_in_the_order_they_were_added() -> None:
    assert place_for([slot(60, 120), slot(60, 120), slot(180, 240)], slot(60, 120)) == 2
