"""The readiness forecast: its arithmetic, its reasons, and what earlier cohorts take away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.cohorts.calendar import HubCalendar
from fleet.planning.chart import chart
from fleet.planning.rules.forecast import Fleet, Forecast, Reason, Record, Wanted, Why, forecasts
from fleet.planning.words import REASON_HELP, REASON_WORDS, outlook
from fleet.tablets.rules import HoldKind, Stage

ENGLAND = HubCalendar("ENG")
TODAY = date(2021, 9, 20)
SECOND = Wanted(2, "Cohort 2", "Sample months", date(2021, 10, 4), date(2021, 11, 1), 20, 0, 4)


def one(fleet: Fleet, wanted: Wanted = SECOND) -> Forecast:
    [found] = forecasts(fleet, [wanted], ENGLAND)
    return found


def test_twenty_out_and_twenty_wanted_falls_short_by_what_is_late_and_broken() -> None:
    """The board of the first service: twenty tablets shared by three cohorts."""
    fleet = Fleet(TODAY, {Stage.REPAIR: 1}, due={date(2021, 9, 24): 17, date(2021, 9, 13): 2})
    found = one(fleet)
    assert (found.ready, found.short) == (17, 3)
    assert outlook(found) == "Short by 3 on Monday 4 October 2021: 2 overdue, 1 in repair."
    returned = replace(
        fleet, due={date(2021, 9, 24): 17, date(2021, 9, 13): 1}, stages={Stage.REPAIR: 1, Stage.RETURNED: 1}
    )
    assert one(returned).short == 2, "one came back"


def test_a_tablet_must_be_back_cleaned_and_made_ready_before_the_first_day() -> None:
    in_time, too_late = date(2021, 9, 28), date(2021, 9, 29)
    found = one(Fleet(TODAY, due={in_time: 5, too_late: 4}))
    assert (found.ready, found.reasons) == (5, (Why(Reason.BACK_TOO_LATE, 4),))
    assert found.points[-1].day == date(2021, 10, 4)
    assert one(Fleet(TODAY, due={too_late: 4}), replace(SECOND, turnaround_days=3)).ready == 4


def test_what_stands_at_the_hub_needs_the_rest_of_the_turnaround() -> None:
    soon = replace(SECOND, starts_on=TODAY + timedelta(days=2))
    found = one(Fleet(TODAY, {Stage.READY: 1, Stage.PROVISIONED: 2, Stage.WIPED: 3, Stage.RETURNED: 4}), soon)
    assert found.ready == 6
    assert found.reasons == (Why(Reason.NOT_READY_IN_TIME, 4),)
    assert [(point.day, point.ready) for point in found.points] == [
        *((TODAY, 1), (TODAY + timedelta(days=1), 3), (TODAY + timedelta(days=2), 6))
    ]


def test_every_other_reason_is_named() -> None:
    fleet = Fleet(
        TODAY,
        {Stage.LOST: 1, Stage.EXPECTED: 2, Stage.REPAIR: 3},
        held={HoldKind.SAFETY: 4, HoldKind.DATA: 1},
        retiring=6,
        stopped=7,
        due={TODAY - timedelta(days=1): 9},
        fetched=1,
    )
    found = one(fleet)
    assert {why.reason: why.count for why in found.reasons} == {
        Reason.OVERDUE: 8,
        Reason.STOPPED: 7,
        Reason.RETIRING: 6,
        Reason.HELD: 5,
        Reason.REPAIR: 3,
        Reason.NOT_HERE_YET: 2,
        Reason.LOST: 1,
    }
    assert found.ready == 1, "the one whose return is arranged"
    assert [why.count for why in found.reasons] == sorted((why.count for why in found.reasons), reverse=True)


def test_places_that_have_their_tablet_ask_for_none() -> None:
    found = one(Fleet(TODAY, {Stage.READY: 3}, leaving={SECOND.ends_on: 15}), replace(SECOND, have_theirs=15))
    assert (found.wanted.need, found.ready, found.short) == (5, 3, 2)
    assert found.reasons == (Why(Reason.BACK_TOO_LATE, 15),)


def test_what_an_earlier_cohort_takes_is_gone_until_it_comes_back() -> None:
    third = Wanted(3, "Cohort 3", "Sample months", date(2021, 11, 29), date(2022, 1, 3), 20, 0, 4)
    between = Wanted(4, "Cohort 2b", "Sample months", date(2021, 10, 11), date(2021, 11, 8), 8, 0, 4)
    found = forecasts(Fleet(TODAY, {Stage.READY: 25}), [third, between, SECOND], ENGLAND)
    assert [(each.wanted.cohort_id, each.ready, each.short) for each in found] == [(2, 25, 0), (4, 5, 3), (3, 25, 0)]
    assert found[1].reasons == (Why(Reason.EARLIER_COHORT, 20),)


def test_people_who_wait_already_are_served_first() -> None:
    found = one(Fleet(TODAY, {Stage.READY: 20}, promised=4))
    assert (found.ready, found.reasons) == (16, (Why(Reason.PROMISED, 4),))


def test_what_people_did_of_late_is_expected_of_them_again() -> None:
    """Of twenty that came back five were a week late or more, and two needed repair."""
    record = Record((*[0] * 15, 7, 7, 10, 12, 30), needed_repair=2)
    due = Fleet(TODAY, due={date(2021, 9, 28): 20}, record=record)
    assert {why.reason: why.count for why in one(due).reasons} == {Reason.OFTEN_LATE: 5, Reason.OFTEN_BROKEN: 2}
    assert one(due).ready == 13
    early = replace(due, due={date(2021, 9, 20): 20})
    assert {why.reason: why.count for why in one(early).reasons} == {Reason.OFTEN_LATE: 2, Reason.OFTEN_BROKEN: 2}
    few = replace(due, record=Record((30, 30), 2))
    assert one(few).ready == 20, "two returns say nothing"


def test_a_cohort_without_tablets_is_short_by_all_its_places() -> None:
    found = one(Fleet(TODAY))
    assert (found.ready, found.short, found.reasons) == (0, 20, ())
    assert outlook(found) == "Short by 20 on Monday 4 October 2021, and no more tablets are there."
    assert outlook(one(Fleet(TODAY, {Stage.READY: 22}))) == "Enough on Monday 4 October 2021, and 2 to spare."


def test_every_reason_has_its_words() -> None:
    assert set(REASON_WORDS) == set(REASON_HELP) == set(Reason)


counts = st.integers(0, 30)
fleets = st.builds(
    Fleet,
    today=st.just(TODAY),
    stages=st.dictionaries(st.sampled_from(Stage), counts, max_size=8),
    held=st.dictionaries(st.sampled_from(HoldKind), counts, max_size=2),
    retiring=counts,
    due=st.dictionaries(st.dates(TODAY - timedelta(days=30), TODAY + timedelta(days=90)), counts, max_size=8),
    stopped=counts,
    leaving=st.dictionaries(st.dates(TODAY, TODAY + timedelta(days=90)), counts, max_size=3),
    promised=counts,
    record=st.builds(
        lambda days, share: Record(tuple(sorted(days)), len(days) * share // 100),
        st.lists(st.integers(0, 60), max_size=30),
        st.integers(0, 100),
    ),
)
wanted = st.builds(
    lambda number, begins, length, places, have, turnaround: Wanted(
        number,
        f"Cohort {number}",
        "Sample",
        TODAY + timedelta(days=begins),
        TODAY + timedelta(days=begins + length),
        places,
        have,
        turnaround,
    ),
    st.integers(1, 99),
    st.integers(0, 120),
    st.integers(1, 60),
    st.integers(1, 40),
    counts,
    st.integers(0, 10),
)


@settings(max_examples=60)
@given(fleets, st.lists(wanted, max_size=4, unique_by=lambda each: each.cohort_id))
def test_nobody_is_promised_a_tablet_that_is_not_there(fleet: Fleet, cohorts: list[Wanted]) -> None:
    moving = sum(fleet.due.values()) + sum(fleet.leaving.values()) + fleet.fetched
    everything = sum(fleet.stages.values()) + moving
    for found in forecasts(fleet, cohorts, ENGLAND):
        assert 0 <= found.ready <= everything
        assert found.short == max(0, found.wanted.need - found.ready)
        assert all(why.count > 0 for why in found.reasons)
        assert found.points[0].day == TODAY
        assert (found.points[-1].day, found.points[-1].ready) == (found.day, found.ready)
        assert [point.day for point in found.points] == sorted({point.day for point in found.points})


@settings(max_examples=60)
@given(fleets, wanted)
def test_the_picture_stays_in_its_box_and_shows_a_gap_where_there_is_one(fleet: Fleet, cohort: Wanted) -> None:
    found = one(fleet, cohort)
    drawn = chart(found)
    corners = [tuple(map(float, corner.split(","))) for corner in drawn.ready.split()]
    assert all(0 <= across <= 1000 and 0 <= down <= 400 for across, down in corners)
    assert (corners[0][0], corners[-1][0]) == (0, 1000)
    assert bool(drawn.gap) == bool(found.short)
    assert drawn.gap is None or (drawn.gap[3] > 0 and drawn.gap[1] + drawn.gap[3] <= 400.1)
