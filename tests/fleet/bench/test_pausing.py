"""A run that rests: at every step it can be paused, taken up again, stopped, and ends as it would have."""

from __future__ import annotations

import pytest

from fleet.bench import service
from fleet.bench.models import Run
from fleet.bench.rules import RunKind, RunState
from fleet.errors import Conflict
from fleet.tablets.rules import Stage
from provisioning.virtual import person
from tests.fleet.bench.test_kills import Counted
from tests.fleet.bench.test_provisioning import with_home_app
from tests.fleet.bench.workbench import Place, Workbench


def pause(workbench: Workbench, run: Run) -> Run:
    with workbench.database.write() as session:
        return service.pause_run(session, run.id, actor=workbench.technician, happening=workbench.happening())


def resume(workbench: Workbench, run: Run) -> Run:
    with workbench.database.write() as session:
        return service.resume_run(session, run.id, actor=workbench.technician, happening=workbench.happening())


def begin(workbench: Workbench, kind: RunKind) -> tuple[Place, Run]:
    with_home_app(workbench)
    place = workbench.place(stage=Stage.AWAITING_WIPE if kind is RunKind.WIPE else Stage.WIPED)
    return place, workbench.start_wipe(place) if kind is RunKind.WIPE else workbench.start_provision(place)


@pytest.mark.parametrize("kind", list(RunKind))
@pytest.mark.parametrize("at", [2, 6, 9, 14])
def test_a_run_paused_after_any_commit_rests_and_then_ends_as_it_would_have(
    workbench: Workbench, kind: RunKind, at: int
) -> None:
    place, run = begin(workbench, kind)
    asked: list[int] = []

    class Pausing(Counted):
        def after_commit(self, number: int) -> None:
            if not asked and number >= at and workbench.run(run).state is not RunState.PASSED:
                asked.append(number)
                pause(workbench, run)

    database = Pausing.round(workbench.database)
    for _ in range(12):
        now = workbench.turn(run, database)
        if now.state is RunState.PAUSED:
            break
        workbench.lend_hands(place)
    assert now.state is RunState.PAUSED
    stage = workbench.tablet(place).stage
    assert workbench.turn(run).state is RunState.PAUSED
    assert workbench.tablet(place).stage is stage
    workbench.lend_hands(place)
    resume(workbench, run)
    ended = workbench.finish(run, place)
    assert ended.state is RunState.PASSED, ended.problem


def test_a_run_nobody_works_on_rests_at_once_and_keeps_its_tablet(workbench: Workbench) -> None:
    place, run = begin(workbench, RunKind.WIPE)
    workbench.turn(run)
    assert pause(workbench, run).state is RunState.PAUSED
    with pytest.raises(Conflict, match="paused already"):
        pause(workbench, run)
    with pytest.raises(service.RunInProgress):
        workbench.start_wipe(place)
    workbench.clock.advance(days=3)
    assert workbench.turn(run).state is RunState.PAUSED, "it waits for as long as it rests"
    assert resume(workbench, run).state is RunState.WAITING_HANDS
    with pytest.raises(Conflict, match="is not paused"):
        resume(workbench, run)
    assert workbench.finish(run, place).state is RunState.PASSED


def test_what_happened_to_the_tablet_while_its_run_rested_is_looked_at_before_anything_else(
    workbench: Workbench,
) -> None:
    place, run = begin(workbench, RunKind.WIPE)
    workbench.turn(run)
    pause(workbench, run)
    person.press_home(place.device)
    person.add_account(place.device, "sample.one@example.org", "com.google")
    resume(workbench, run)
    ended = workbench.finish(run, place)
    assert ended.state is RunState.FAILED
    assert [blocker["code"] for blocker in ended.blockers] == ["google_account"]
    assert place.device.content.generation == 1


def test_a_paused_run_can_be_stopped(workbench: Workbench) -> None:
    place, run = begin(workbench, RunKind.PROVISION)
    pause(workbench, run)
    with workbench.database.write() as session:
        stopped = service.cancel_run(
            session, run.id, actor=workbench.technician, settings=workbench.settings, happening=workbench.happening()
        )
    assert stopped.state is RunState.ABANDONED
    assert workbench.tablet(place).stage is Stage.WIPED
    with pytest.raises(Conflict, match="over already"):
        pause(workbench, run)


def test_the_job_of_an_earlier_round_leaves_a_resumed_run_alone(workbench: Workbench) -> None:
    _, run = begin(workbench, RunKind.WIPE)
    first = service.job_key(workbench.run(run))
    pause(workbench, run)
    resume(workbench, run)
    assert service.job_key(workbench.run(run)) != first
    assert workbench.turn_job(first, run).state is RunState.IDENTITY_CHECK
    assert workbench.turn(run).state is RunState.WAITING_HANDS
