"""One tick: every open loan's next message or task, each in short transactions of its own, none of them twice.

A loan that something is wrong with is passed over and counted; the others do not wait for it. How one message leaves is
in sending.py, what becomes of those that nobody finished in settling.py.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.channels.base import Channel
from fleet.chasing.channels.half_set import half_set
from fleet.chasing.channels.ways import Ways, ways_out
from fleet.chasing.rules import Action, ChaseState
from fleet.chasing.service.apart import apart
from fleet.chasing.service.beats import beat, remember
from fleet.chasing.service.claiming import claim
from fleet.chasing.service.coming_back import note_come_back
from fleet.chasing.service.copying import is_copy, make_known, note_off
from fleet.chasing.service.planning import plan_at
from fleet.chasing.service.sending import send, try_again
from fleet.chasing.service.settling import empty_outbox_of_the_dead, settle_abandoned, withdraw_overtaken
from fleet.chasing.service.tidying import tidy_departures
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.jobs.service import Handler, JobContext, enqueue
from fleet.logs import get_logger
from fleet.settings import Settings

log = get_logger(__name__)

TICK_JOB = "chasing.tick"
FAILURES_A_TICK = 5
"""A way out that is shut is not tried by everybody in turn: each try may take seconds. The next tick comes in five
minutes."""


@dataclass(frozen=True)
class Ticked:
    """What one tick did. `to_print` counts letters that wait to be printed and posted, `failed` messages that did not
    leave, `troubled` what could not be handled at all."""

    sent: int = 0
    to_print: int = 0
    failed: int = 0
    tasks: int = 0
    waiting: int = 0
    withdrawn: int = 0
    troubled: int = 0


def outbox(settings: Settings) -> Ways:
    """The ways out of an installation, as its settings ask for them."""
    return ways_out(settings)


def say_what_is_half_set(settings: Settings) -> None:
    """Log each way out that somebody began to set up and that lets nothing leave."""
    for each in half_set(settings):
        log.warning("way_out_half_set", channels=each.channels, what=each.what, next_step=each.next_step)


def tick_handler(settings: Settings) -> Handler:
    """The job `chasing.tick`."""

    def handle(context: JobContext) -> None:
        """Write to every borrower whose step of the ladder is due, and make the tasks that people do."""
        tick(
            context.database,
            clock=context.clock,
            settings=settings,
            channel=outbox(settings),
            should_stop=context.should_stop,
        )

    return handle


def ask_to_go_on(session: Session, *, now: datetime) -> None:
    """Have the worker tick now, once for all who ask in the same minute."""
    enqueue(session, TICK_JOB, key=f"{TICK_JOB}@by-hand-{int(now.timestamp() // 60)}", now=now)


def tick(
    database: Database,
    *,
    clock: Clock,
    settings: Settings,
    channel: Channel,
    should_stop: Callable[[], bool] = lambda: False,
) -> Ticked:
    """Send what is due, make tasks of what a person must do, and withdraw what is no longer needed.

    May be run at any time, by any number of processes at once, and stopped at any point.
    """
    done, troubled = Counter[str](), list[int]()
    with database.write() as session:
        make_known(session, settings, now=clock())
        note_off(session, settings, now=clock())
        counted = None if is_copy(session, settings) else beat(session)
    if counted is not None:
        remember(settings, counted)
        tidy_departures(settings, now=clock())
        done["tasks"] += note_come_back(database, channel, clock, settings, troubled)
    done["withdrawn"] = withdraw_overtaken(database, clock, settings, troubled)
    empty_outbox_of_the_dead(database, clock, settings, troubled)
    settle_abandoned(database, channel, clock, settings, troubled)
    for loan_id in _to_act_on(database, clock, settings, done, troubled):
        if should_stop() or done["failed"] >= FAILURES_A_TICK:
            break
        with apart(troubled, loan_id):
            done[_act(database, loan_id, channel, clock, settings)] += 1
    with database.read() as session:
        failed = queries.failed(session)
    for chase_id in failed:
        if should_stop() or done["failed"] >= FAILURES_A_TICK:
            break
        with apart(troubled, chase_id, "entry"):
            done[try_again(database, chase_id, channel=channel, clock=clock, settings=settings)] += 1
    return _told(done, troubled)


def _told(done: Counter[str], troubled: list[int]) -> Ticked:
    counted = {name: done[name] for name in ("sent", "to_print", "failed", "tasks", "waiting", "withdrawn")}
    result = Ticked(**counted, troubled=len(troubled))
    log.info(
        "chasing_tick",
        sent=result.sent,
        to_print=result.to_print,
        failed=result.failed,
        tasks=result.tasks,
        waiting=result.waiting,
        troubled=result.troubled,
    )
    return result


def _to_act_on(
    database: Database, clock: Clock, settings: Settings, done: Counter[str], troubled: list[int]
) -> Sequence[int]:
    """The loans that a message or a task is due for; what waits is only counted."""
    found = array("q")
    with database.read() as session:
        for each in plan_at(session, clock(), troubled, is_copy=is_copy(session, settings)):
            if each.action in (Action.MESSAGE, Action.TASK):
                found.append(each.loan_id)
            else:
                done["waiting" if each.action is Action.WAIT else "nothing"] += 1
    return found


def _act(database: Database, loan_id: int, channel: Channel, clock: Clock, settings: Settings) -> str:
    with database.write() as session:
        chase = claim(session, loan_id, now=clock(), settings=settings)
    if chase is None:
        return "nothing"
    if chase.state is ChaseState.TO_DO:
        return "tasks"
    return send(database, chase.id, channel=channel, clock=clock, settings=settings)
