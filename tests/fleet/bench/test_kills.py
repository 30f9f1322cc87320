"""A run that is stopped by a person or whose worker is killed: it ends as it should, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.models import Run
from fleet.bench.rules import RunKind, RunState, StepOutcome
from fleet.database.lists import ListQuery
from fleet.database.session import Database
from fleet.tablets.rules import Stage
from tests.fleet.bench.test_provisioning import with_home_app
from tests.fleet.bench.workbench import Killed, Place, Workbench


def cancel(workbench: Workbench, run: Run) -> Run:
    with workbench.database.write() as session:
        return service.cancel_run(
            session, run.id, actor=workbench.technician, settings=workbench.settings, happening=workbench.happening()
        )


def test_a_run_nobody_works_on_stops_at_once(workbench: Workbench) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place)
    workbench.turn(run)
    assert cancel(workbench, run).state is RunState.ABANDONED
    assert workbench.tablet(place).stage is Stage.AWAITING_WIPE
    assert workbench.turn(run).state is RunState.ABANDONED
    assert workbench.start_wipe(place).id != run.id


def test_a_run_in_the_middle_of_its_steps_stops_after_the_one_it_is_in(workbench: Workbench) -> None:
    with_home_app(workbench)
    place = workbench.place(stage=Stage.WIPED)
    run = workbench.start_provision(place)

    class StopsSoon(Counted):
        def after_commit(self, number: int) -> None:
            if number == 12:
                cancel(workbench, run)

    ended = workbench.turn(run, StopsSoon.round(workbench.database))
    assert ended.state is RunState.ABANDONED
    assert workbench.technician.name in ended.problem
    done = [step.outcome for step in workbench.steps(run)]
    assert StepOutcome.OK in done
    assert StepOutcome.PENDING in done
    assert workbench.tablet(place).stage is Stage.WIPED


@dataclass(frozen=True)
class Counted(Database):
    """A database that counts the commits of one worker and lets a test act after each."""

    count: list[int] = field(default_factory=lambda: [0])

    @classmethod
    def round(cls, database: Database, **more: Any) -> Counted:
        return cls(engine=database.engine, _write=database._write, _read=database._read, **more)

    def after_commit(self, number: int) -> None:
        """Overridden by tests."""

    @contextmanager
    def write(self) -> Iterator[Session]:
        with super().write() as session:
            yield session
        self.count[0] += 1
        self.after_commit(self.count[0])


@dataclass(frozen=True)
class Killing(Counted):
    """The process dies right after its commit number `at`."""

    at: int = 0

    def after_commit(self, number: int) -> None:
        if number == self.at:
            raise Killed(f"after commit {number}")


def live_through(workbench: Workbench, run: Run, place: Place, at: int) -> bool:
    """Whether a kill after commit `at` of some turn happened before the run ended by itself."""
    for _ in range(12):
        try:
            now = workbench.turn(run, Killing.round(workbench.database, at=at))
        except Killed:
            return True
        if now.finished_at is not None:
            return False
        workbench.lend_hands(place)
    raise AssertionError("the run did not end")


@pytest.mark.parametrize("kind", list(RunKind))
@pytest.mark.parametrize("at", [2, 4, 6, 8, 11, 15, 22, 33])
def test_a_worker_killed_after_any_commit_leaves_a_run_that_ends_the_same(
    workbench: Workbench, kind: RunKind, at: int
) -> None:
    with_home_app(workbench)
    place = workbench.place(stage=Stage.AWAITING_WIPE if kind is RunKind.WIPE else Stage.WIPED)
    run = workbench.start_wipe(place) if kind is RunKind.WIPE else workbench.start_provision(place)
    live_through(workbench, run, place, at)
    ended = workbench.finish(run, place) if workbench.run(run).finished_at is None else workbench.run(run)
    assert ended.state is RunState.PASSED, ended.problem
    assert {step.outcome for step in workbench.steps(run)} == {StepOutcome.OK}
    tablet = workbench.tablet(place)
    assert tablet.stage is (Stage.WIPED if kind is RunKind.WIPE else Stage.PROVISIONED)
    with workbench.database.read() as session:
        certificates = queries.find_certificates(session, ListQuery()).total
    assert certificates == (1 if kind is RunKind.WIPE else 0)
