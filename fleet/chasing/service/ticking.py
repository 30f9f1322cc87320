"""One tick: every open loan's next message or task, each in short transactions of its own, none of them twice.

A loan that something is wrong with is passed over and counted; the others do not wait for it. How one message leaves is
in sending.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.channels.base import Channel
from fleet.chasing.channels.folder import FolderChannel
from fleet.chasing.models import Chase
from fleet.chasing.rules import Action, ChaseMove, ChaseState
from fleet.chasing.service import ledger
from fleet.chasing.service.apart import apart
from fleet.chasing.service.planning import plan_at
from fleet.chasing.service.sending import claim, locked, locked_message, send, try_again
from fleet.chasing.service.situation import Situation
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.jobs.service import Handler, JobContext
from fleet.loans.rules import WITH_THE_PERSON
from fleet.logs import get_logger
from fleet.settings import Settings

log = get_logger(__name__)

TICK_JOB = "chasing.tick"
GIVEN_UP_AFTER = timedelta(minutes=10)
"""A message that began to leave this long ago belongs to a process that died."""


@dataclass(frozen=True)
class Ticked:
    """What one tick did. `failed` counts messages that did not leave, `troubled` what could not be handled at all."""

    sent: int = 0
    failed: int = 0
    tasks: int = 0
    waiting: int = 0
    withdrawn: int = 0
    troubled: int = 0


def outbox(settings: Settings) -> FolderChannel:
    """The way out of an installation: a folder in its data folder."""
    return FolderChannel(settings.data_dir / "outbox")


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
    done["withdrawn"] = _withdraw_overtaken(database, clock, troubled)
    _settle_abandoned(database, channel, clock, troubled)
    with database.read() as session:
        planned = [(each.loan_id, each.action) for each in plan_at(session, clock(), troubled)]
    for loan_id, action in planned:
        if should_stop():
            break
        with apart(troubled, loan_id):
            done[_act(database, loan_id, action, channel, clock, settings)] += 1
    with database.read() as session:
        failed = queries.failed(session)
    for chase_id in failed:
        if should_stop():
            break
        with apart(troubled, chase_id, "entry"):
            done[try_again(database, chase_id, channel=channel, clock=clock, settings=settings)] += 1
    return _told(done, troubled)


def _told(done: Counter[str], troubled: list[int]) -> Ticked:
    result = Ticked(done["sent"], done["failed"], done["tasks"], done["waiting"], done["withdrawn"], len(troubled))
    log.info(
        "chasing_tick",
        sent=result.sent,
        failed=result.failed,
        tasks=result.tasks,
        waiting=result.waiting,
        troubled=result.troubled,
    )
    return result


def _act(database: Database, loan_id: int, action: Action, channel: Channel, clock: Clock, settings: Settings) -> str:
    if action in (Action.WAIT, Action.NEVER):
        return "waiting" if action is Action.WAIT else "nothing"
    with database.write() as session:
        chase = claim(session, loan_id, now=clock())
    if chase is None:
        return "nothing"
    if chase.state is ChaseState.TO_DO:
        return "tasks"
    return send(database, chase.id, channel=channel, clock=clock, settings=settings)


def _settle_abandoned(database: Database, channel: Channel, clock: Clock, troubled: list[int]) -> None:
    """Find out what became of messages whose sender died: looked up by reference, never sent again blindly."""
    with database.read() as session:
        abandoned = queries.abandoned(session, clock() - GIVEN_UP_AFTER)
    for chase_id in abandoned:
        with apart(troubled, chase_id, "entry"), database.write() as session:
            held = locked_message(session, chase_id, ChaseState.SENDING, now=clock())
            if held is not None:
                _settle(session, held[0], channel, clock)


def _settle(session: Session, chase: Chase, channel: Channel, clock: Clock) -> None:
    """A message that ends its sender each time becomes a person's task, as one that cannot leave does."""
    if channel.has_left(chase.reference):
        ledger.move(session, chase, ChaseMove.ARRIVE, now=clock())
    else:
        chase.failures += 1
        ledger.move(session, chase, ChaseMove.FAIL, now=clock(), note="The sender stopped before it left.")


def _withdraw_overtaken(database: Database, clock: Clock, troubled: list[int]) -> int:
    with database.read() as session:
        loan_ids = queries.overtaken(session)
    withdrawn = 0
    for loan_id in loan_ids:
        with apart(troubled, loan_id), database.write() as session:
            situation = locked(session, loan_id, now=clock())
            if situation is not None:
                withdrawn += len(_no_longer_needed(session, situation, now=clock()))
    return withdrawn


def _no_longer_needed(session: Session, situation: Situation, *, now: datetime) -> list[Chase]:
    loan = situation.loan
    over = loan.state not in WITH_THE_PERSON or loan.stopped_at is not None or not situation.facts.alive
    entries = [
        entry for entry in queries.open_entries(session, loan.id) if over or entry.due_version != loan.due_version
    ]
    why = "The loan is over or stopped." if over else "It is due on another day."
    for entry in entries:
        ledger.move(session, entry, ChaseMove.WITHDRAW, now=now, note=why)
    return entries
