"""The record of one run while a worker has it in hand: every write is short, fenced by the worker's name, committed.

Nothing here talks to a tablet, and no transaction is open while something else does.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from fleet.bench import queries
from fleet.bench.models import Run, RunStep
from fleet.bench.rules import (
    ENDED_STEPS,
    FINISHED,
    RunState,
    StepOutcome,
    hold_for,
    next_look,
    percent_done,
    seconds_left,
)
from fleet.bench.service.made_for import Asks, nobody_asks
from fleet.bench.service.runs import abandon, lock_run, rest, send_back, set_state
from fleet.happening import Happening
from fleet.jobs.service import JobContext, TryAgain
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import HoldKind
from fleet.users.actor import SYSTEM
from provisioning.wipe.blockers import Blocker

_WORKER_LETTERS = 80


class RunOver(Exception):
    """The run has ended, or another worker has it: this one puts it down without a word."""


class Stopped(Exception):
    """A person asked the run to stop."""


class Resting(Exception):
    """A person asked the run to pause."""


@dataclass(frozen=True)
class Record:
    """One worker's grip on one run."""

    context: JobContext
    settings: Settings
    run_id: int
    tablet_id: int
    worker: str
    asks: Asks = nobody_asks
    """For whom the tablet is to be made."""

    @property
    def now(self) -> Callable[[], datetime]:
        return self.context.clock

    def read(self) -> Run:
        """The run as it stands, detached. Raises `RunOver` when it is no longer this worker's."""
        with self.context.database.read() as session:
            run = queries.run(session, self.run_id)
            if run is None or run.state in FINISHED or run.worker != self.worker:
                raise RunOver
            session.expunge(run)
            return run

    def check(self) -> Run:
        """`read`, between two steps: raises `Stopped` or `Resting` when a person asked for that."""
        if self.context.lease_lost.is_set():
            raise RunOver
        run = self.read()
        if run.cancelled_by is not None:
            raise Stopped
        if run.paused_by is not None:
            raise Resting
        return run

    def should_stop(self) -> bool:
        """Whether to leave off between two steps, for whichever reason; `check` then says which."""
        run = self.read()
        return self.context.lease_lost.is_set() or run.cancelled_by is not None or run.paused_by is not None

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, Run]]:
        """A short transaction with tablet and run locked, in that order. Raises `RunOver` like `read`."""
        with self.context.write() as session:
            tablets.lock_tablet(session, self.tablet_id)
            run = lock_run(session, self.run_id)
            if run.state in FINISHED or run.worker != self.worker:
                raise RunOver
            yield session, run
            run.changed_at = self.now()
            flag_modified(run, "changed_at")  # a change of its steps alone is a change of the run as well

    def become(self, target: RunState, doing: str) -> None:
        """Go on to another state; whatever somebody's hands were needed for is done."""
        with self.writing() as (_, run):
            self.progress_to(run, target, doing)

    def progress_to(self, run: Run, target: RunState, doing: str) -> None:
        """`become`, inside a transaction that is open already."""
        set_state(run, target, now=self.now())
        run.doing, run.unanswered = doing, 0
        run.hands, run.hands_guide, run.waiting_since = "", [], None

    def begin_step(self, key: str) -> None:
        with self.writing() as (session, run):
            step = queries.step(session, self.run_id, key)
            if step is None or step.outcome is StepOutcome.RUNNING:
                return
            step.outcome, step.tries, step.started_at, step.ended_at = (
                StepOutcome.RUNNING,
                step.tries + 1,
                self.now(),
                None,
            )
            run.doing = step.sentence
            self.measure(session, run)

    def end_step(self, key: str, outcome: StepOutcome, said: str = "") -> None:
        with self.writing() as (session, run):
            self.note_step(session, run, key, outcome, said)

    def note_step(self, session: Session, run: Run, key: str, outcome: StepOutcome, said: str = "") -> None:
        """`end_step`, inside a transaction that is open already."""
        step = queries.step(session, self.run_id, key)
        if step is not None:
            step.outcome, step.said, step.ended_at = outcome, said, self.now()
            step.started_at = step.started_at or self.now()
            step.tries = max(step.tries, 1)
            session.flush()
            self.measure(session, run)

    def measure(self, session: Session, run: Run) -> None:
        """Say anew how far the run is and how long the rest should take."""
        run.percent = percent_done((step.weight, _part(step)) for step in queries.steps(session, self.run_id))
        elapsed = (self.now() - run.begun_at).total_seconds() if run.begun_at else 0.0
        run.seconds_left = None if run.waiting_since else seconds_left(run.percent, elapsed)

    def wait(self, why: str, *, hands: str = "", guide: Sequence[str] = ()) -> TryAgain:
        """Write down what is waited for, and give the error that puts the run down for a while.

        A run that waits longer than the installation allows is set aside as failed instead; then `RunOver` is given.
        """
        now = self.now()
        with self.writing() as (session, run):
            run.waiting_since = run.waiting_since or now
            run.hands, run.hands_guide, run.doing = hands, list(guide), why
            run.unanswered += 1
            self.measure(session, run)
            waited, pause = now - run.waiting_since, next_look(run.unanswered - 1)
            run.worker = None
        if waited <= timedelta(seconds=self.settings.hands_wait_seconds):
            return TryAgain(pause, why)
        return self._set_aside(why, pause)

    def _set_aside(self, why: str, pause: timedelta) -> TryAgain:
        hours = self.settings.hands_wait_seconds / 3600
        with self.context.write() as session:
            tablets.lock_tablet(session, self.tablet_id)
            run = lock_run(session, self.run_id)
            if run.state not in FINISHED and run.worker is None:
                problem = f"Nobody's hands came within {hours:.0f} hours. {why}"
                self._end_badly(session, run, problem, "Put the tablet back on the bench, then try again from here.")
        return TryAgain(pause, why)

    def refuse(self, blockers: Sequence[Blocker], *, safe: str) -> None:
        """End the run because something has to be settled first. `safe` says what is still as it was."""
        self.fail(f"{safe} {' '.join(blocker.what for blocker in blockers)}", blockers[0].next, blockers=blockers)

    def fail(self, problem: str, next_step: str, *, blockers: Sequence[Blocker] = ()) -> None:
        """End the run without success: its tablet goes back, with a hold where the blockers ask for one."""
        with self.writing() as (session, run):
            run.blockers = [
                {"code": b.code.value, "what": b.what, "why": b.why, "next": b.next, "waivable": b.waivable}
                for b in blockers
            ]
            hold = hold_for(b.code.value for b in blockers)
            then = " Then lift the hold on the tablet's page, and try again from here." if hold else ""
            self._end_badly(session, run, problem, next_step + then)
            if hold is not None:
                self._hold(session, hold, " ".join(b.what for b in blockers))

    def give_up(self, problem: str, next_step: str) -> RunOver:
        """`fail`, and the error that puts the run down."""
        self.fail(problem, next_step)
        return RunOver()

    def _end_badly(self, session: Session, run: Run, problem: str, next_step: str) -> None:
        run.problem, run.next_step, run.doing = problem, next_step, ""
        set_state(run, RunState.FAILED, now=self.now())
        happening = Happening(now=self.now(), source="bench", reason=problem[:500], details={"run_id": run.id})
        send_back(session, run, settings=self.settings, happening=happening)

    def _hold(self, session: Session, kind: HoldKind, reason: str) -> None:
        happening = Happening(now=self.now(), source="bench", reason=reason)
        tablets.place_hold(session, self.tablet_id, kind, actor=SYSTEM, happening=happening)

    def stop(self) -> None:
        """End the run because a person asked for it."""
        with self.writing() as (session, run):
            abandon(session, run, settings=self.settings, now=self.now())

    def rest(self) -> None:
        """Put the run to rest because a person asked for it."""
        with self.writing() as (_, run):
            rest(run, now=self.now())

    def count_fault(self) -> int:
        """Count an error of our own making; how many in this run so far."""
        with self.writing() as (_, run):
            run.faults += 1
            return run.faults


def take(context: JobContext, settings: Settings, asks: Asks = nobody_asks) -> Record | None:
    """Take a run in hand; None when it has ended or rests, or does so here because a person asked for it."""
    run_id = int(context.args["run_id"])
    with context.database.read() as session:
        found = queries.run(session, run_id)
        if found is None or found.state in FINISHED:
            return None
        tablet_id = found.tablet_id
    worker = f"{context.holder[: _WORKER_LETTERS - 9]}#{secrets.token_hex(4)}"
    with context.write() as session:
        tablets.lock_tablet(session, tablet_id)
        run = lock_run(session, run_id)
        if run.state in FINISHED or run.state is RunState.PAUSED:
            return None
        if int(context.args.get("round", 0)) != run.resumes:
            return None
        if run.cancelled_by is not None:
            abandon(session, run, settings=settings, now=context.clock())
            return None
        if run.paused_by is not None:
            rest(run, now=context.clock())
            return None
        run.worker, run.begun_at, run.changed_at = worker, run.begun_at or context.clock(), context.clock()
    return Record(context, settings, run_id, tablet_id, worker, asks)


def _part(step: RunStep) -> float:
    """How much of a step is done, 0 to 1."""
    if step.outcome in ENDED_STEPS:
        return 1.0
    if step.outcome is StepOutcome.RUNNING and step.total_bytes:
        return min(1.0, step.moved_bytes / step.total_bytes)
    return 0.0
