"""The tables of runs and jobs, capacity, coverage, and the hours of an address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from fleet.clock import LONDON
from fleet.deliveries.rules import (
    JOB_MOVES,
    RUN_MOVES,
    Door,
    JobMove,
    JobState,
    RunMove,
    RunState,
    Vehicle,
    address_open,
    address_until,
    capacity_of,
    coverage_problem,
    job_refusals,
    room_problem,
    run_refusals,
)
from fleet.users.rules import Role

EVERYBODY = frozenset(Role)
NOON = datetime(2026, 6, 1, 11, tzinfo=UTC)
DOOR = Door(JobState.ACCEPTED, date(2026, 6, 1), None, NOON, 24, ZoneInfo("Europe/London"))


def test_every_state_is_reached_and_all_but_the_last_have_a_way_out() -> None:
    assert {row.target for row in JOB_MOVES} == set(JobState)
    ways_out = {source for row in JOB_MOVES for source in row.sources if row.target is not source}
    assert ways_out == set(JobState)
    assert {source for row in RUN_MOVES for source in row.sources} == set(RunState) - {RunState.DONE}


def test_a_move_from_elsewhere_or_by_another_role_says_so() -> None:
    assert job_refusals(JobMove.TAKE_OFF, JobState.LOADED, EVERYBODY) == (
        "The job is loaded, and this is done to one that is planned or offered or accepted or failed.",
    )
    courier = frozenset({Role.COURIER})
    assert run_refusals(RunMove.OFFER, RunState.PLANNED, courier) == ("This is done by a coordinator.",)
    assert run_refusals(RunMove.ACCEPT, RunState.OFFERED, courier) == ()


def test_an_organisations_number_outranks_the_vehicles() -> None:
    assert [capacity_of(vehicle, None) for vehicle in (Vehicle.BIKE, Vehicle.CAR)] == [6, 20]
    assert capacity_of(Vehicle.CAR, 4) == 4
    assert room_problem(3, 4) is None
    assert room_problem(4, 4) == "This run carries 4 kits, and has that many stops already."


def test_an_organisation_that_lists_nothing_goes_anywhere() -> None:
    assert coverage_problem({"N19", "E1"}, ()) is None
    assert coverage_problem({"N19", "E1"}, ["E1"]) == "That courier's organisation does not cover N19."


def test_an_address_opens_with_the_acceptance() -> None:
    assert not address_open(replace(DOOR, state=JobState.OFFERED))
    for state in (JobState.ACCEPTED, JobState.LOADED, JobState.FAILED):
        assert address_open(replace(DOOR, state=state))


def test_an_address_closes_some_hours_after_the_door_and_with_its_day() -> None:
    done = replace(DOOR, state=JobState.HANDED_OVER, done_at=NOON)
    assert address_open(replace(done, now=NOON + timedelta(hours=24)))
    assert not address_open(replace(done, now=NOON + timedelta(hours=24, seconds=1)))
    assert not address_open(replace(DOOR, now=NOON + timedelta(hours=36)))
    assert not address_open(replace(DOOR, state=JobState.CLOSED))


@given(
    state=st.sampled_from(JobState),
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    done=st.none() | st.integers(-48, 72),
    after=st.integers(0, 72),
    seen=st.integers(-48, 96),
)
def test_an_open_address_closes_at_the_moment_its_copies_are_given(
    state: JobState, day: date, done: int | None, after: int, seen: int
) -> None:
    start = datetime.combine(day, time(12), LONDON)
    door = Door(
        state=state,
        run_day=day,
        done_at=None if done is None else start + timedelta(hours=done),
        now=start + timedelta(hours=seen),
        hours_after=after,
        zone=LONDON,
    )
    until = address_until(door)
    assert (until is not None) is address_open(door)
    if until is not None:
        assert door.now <= until
        assert not address_open(replace(door, now=until + timedelta(seconds=1)))
        if until - timedelta(seconds=1) > door.now:
            assert address_open(replace(door, now=until - timedelta(seconds=1)))
