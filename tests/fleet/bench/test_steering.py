"""What comes next for a tablet in a slot, by its stage and by what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fleet.bench.steering import MOST_FAILURES, Act, Need, Picture, Standing, next_thing
from fleet.tablets.rules import Stage

DONE = Standing(Stage.PROVISIONED, verified=True, labelled=True, battery_percent=95, battery_needed=80)
HANDS_ONLY = frozenset(
    {
        Stage.RECEIVED,
        Stage.REPAIR,
        Stage.ALLOCATED,
        Stage.IN_TRANSIT_OUT,
        Stage.ON_LOAN,
        Stage.IN_TRANSIT_BACK,
        Stage.RETURNED,
        Stage.LOST,
        Stage.GIFTED,
        Stage.RETIRED,
        Stage.AWAITING_RECYCLE,
        Stage.RECYCLED,
    }
)


@pytest.mark.parametrize(
    ("standing", "act"),
    [
        (Standing(Stage.EXPECTED), Act.RECEIVE),
        (Standing(Stage.TRIAGED), Act.QUEUE_WIPE),
        (Standing(Stage.CLEANED), Act.QUEUE_WIPE),
        (Standing(Stage.AWAITING_WIPE), Act.WIPE),
        (Standing(Stage.WIPED), Act.PROVISION),
        (Standing(Stage.PROVISIONED), Act.PROVISION),
        (replace(DONE, as_wanted=False), Act.PROVISION),
        (replace(DONE, labelled=False), Act.PRINT_LABEL),
        (DONE, Act.MAKE_READY),
        (Standing(Stage.READY), Act.CHECK_AGAIN),
    ],
)
def test_each_stage_has_its_next_thing(standing: Standing, act: Act) -> None:
    assert next_thing(standing).act is act


@pytest.mark.parametrize("stage", list(Stage))
def test_a_held_tablet_is_never_worked_on(stage: Stage) -> None:
    coming = next_thing(Standing(stage, holds=("It was hot when it came.",)))
    assert (coming.act, coming.need, coming.second) == (None, Need.HANDS, "It was hot when it came.")


@pytest.mark.parametrize("stage", sorted(HANDS_ONLY))
def test_what_is_not_for_the_bench_is_never_worked_on(stage: Stage) -> None:
    coming = next_thing(Standing(stage, verified=True))
    assert (coming.act, coming.need) == (None, Need.HANDS)
    assert coming.second


@pytest.mark.parametrize("stage", list(Stage))
def test_a_serial_that_many_share_is_never_worked_on_alone(stage: Stage) -> None:
    assert next_thing(Standing(stage, own_serial=False)).act is None


@pytest.mark.parametrize("stage", [Stage.AWAITING_WIPE, Stage.WIPED])
def test_what_failed_waits_for_a_person(stage: Stage) -> None:
    here = next_thing(Standing(stage, failed_here="There is an account on it."))
    assert (here.act, here.second) == (None, "There is an account on it.")
    assert next_thing(Standing(stage, failures=MOST_FAILURES - 1)).act is not None
    assert next_thing(Standing(stage, failures=MOST_FAILURES)).act is None


def test_the_last_wipe_of_a_retired_tablet_is_not_followed_by_a_profile() -> None:
    assert next_thing(Standing(Stage.WIPED, retiring=True)).act is None


def test_one_that_must_charge_stays_in_and_any_other_comes_out() -> None:
    low = replace(DONE, not_ready=("Its battery is low.",), battery_percent=40)
    assert (next_thing(low).need, next_thing(low).picture) == (Need.TIME, Picture.BATTERY)
    assert next_thing(replace(low, battery_percent=95)).need is Need.TAKE_OUT
