"""A run that kills its worker every time: its job is given up, and a person can still stop the run."""

from __future__ import annotations

import pytest

from fleet.bench import service
from fleet.bench.rules import RunState
from fleet.jobs.rules import MAX_ATTEMPTS
from fleet.jobs.service import sweep
from fleet.tablets.rules import Stage
from tests.fleet.bench.test_kills import Killing, cancel
from tests.fleet.bench.workbench import Killed, Workbench


def test_a_run_that_kills_its_worker_every_time_can_be_stopped_and_gives_its_slot_back(workbench: Workbench) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place)
    taken_in_hand = 2
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(Killed):
            workbench.turn(run, Killing.round(workbench.database, at=taken_in_hand))
    workbench.clock.advance(minutes=5)
    sweep(workbench.database, now=workbench.clock(), nudge=lambda _: None)
    assert workbench.turn(run).state not in (RunState.PASSED, RunState.FAILED)
    cancel(workbench, run)
    assert workbench.turn(run).state is RunState.ABANDONED
    assert workbench.tablet(place).stage is Stage.AWAITING_WIPE
    with workbench.database.read() as session:
        assert service.run_of(session, place.tablet.id) is None
