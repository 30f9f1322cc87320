"""One tick: every open loan's next message or task, each in short transactions of its own, none of them twice.

A message is claimed (its entry in the ledger, the guard asked), and then sent in a second transaction in which the
loan and the person are locked and the guard is asked again, so that nothing recorded before it left can be overlooked.
A crash between the two leaves an entry that says "sending": the next tick looks the reference up before it tries again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.channels.base import Channel, ChannelFailed, Outgoing
from fleet.chasing.channels.folder import FolderChannel
from fleet.chasing.models import Chase
from fleet.chasing.rules import MAX_FAILURES, Action, ChaseMove, ChaseState, Decision, decide
from fleet.chasing.service import ledger
from fleet.chasing.service.planning import plan_at
from fleet.chasing.service.situation import Situation, address_for, situations
from fleet.chasing.wording import Blanks, fill_in, text_for
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.jobs.service import Handler, JobContext
from fleet.loans import service as loans
from fleet.loans.rules import WITH_THE_PERSON
from fleet.logs import get_logger
from fleet.people import service as people
from fleet.settings import Settings

log = get_logger(__name__)

TICK_JOB = "chasing.tick"
GIVEN_UP_AFTER = timedelta(minutes=10)
"""A message that began to leave this long ago belongs to a process that died."""


@dataclass(frozen=True)
class Ticked:
    """What one tick did."""

    sent: int = 0
    failed: int = 0
    tasks: int = 0
    waiting: int = 0
    withdrawn: int = 0


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
    done: Counter[str] = Counter()
    done["withdrawn"] = _withdraw_overtaken(database, clock)
    _settle_abandoned(database, channel, clock)
    with database.read() as session:
        planned = [(each.loan_id, each.action) for each in plan_at(session, clock())]
    for loan_id, action in planned:
        if should_stop():
            break
        done[_act(database, loan_id, action, channel, clock, settings)] += 1
    with database.read() as session:
        failed = queries.failed(session)
    for chase_id in failed:
        if should_stop():
            break
        done[_try_again(database, chase_id, channel, clock, settings)] += 1
    result = Ticked(done["sent"], done["failed"], done["tasks"], done["waiting"], done["withdrawn"])
    log.info("chasing_tick", sent=result.sent, failed=result.failed, tasks=result.tasks, waiting=result.waiting)
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


def claim(session: Session, loan_id: int, *, now: datetime) -> Chase | None:
    """Write down what is about to be done about a loan, asking the guard; None when nothing is due or may be done.

    Rungs below are recorded as passed over; what an earlier rung still asked for is withdrawn.
    """
    situation = _locked(session, loan_id, now=now)
    rung = situation.standing.rung if situation is not None else None
    decision = situation.decision if situation is not None else None
    if situation is None or rung is None or decision is None or decision.action in (Action.WAIT, Action.NEVER):
        return None
    ledger.withdraw_open(session, loan_id, now=now, why="A later step took its place.")
    for lower in situation.standing.skipped:
        ledger.begin(session, situation, lower, ChaseState.SKIPPED, now=now, note="A later step was due already.")
    if decision.action is Action.TASK:
        return ledger.begin(session, situation, rung, ChaseState.TO_DO, now=now, note=rung.task)
    chase = ledger.begin(session, situation, rung, ChaseState.SENDING, now=now, note="")
    chase.channel = situation.person.channel.value
    chase.reference = f"{situation.facts.local.date()}/{chase.id}"
    ledger.take_day(session, chase, situation.facts.local.date())
    return chase


def send(database: Database, chase_id: int, *, channel: Channel, clock: Clock, settings: Settings) -> str:
    """Let a claimed message leave, with the guard asked once more under lock; says how it went."""
    with database.write() as session:
        now = clock()
        held = _locked_message(session, chase_id, ChaseState.SENDING, now=now)
        if held is None:
            return "nothing"
        chase, situation = held
        decision = _decision(situation, chase)
        if decision.action is not Action.MESSAGE:
            ledger.move(session, chase, ChaseMove.FAIL, now=now, note=f"Held back: {decision.why}.")
            return "waiting"
        message = _compose(situation, chase, settings)
        chase.language = message.language
        try:
            channel.deliver(message)
        except ChannelFailed as error:
            chase.failures += 1
            ledger.move(session, chase, ChaseMove.FAIL, now=now, note=str(error))
            log.warning("chase_did_not_leave", chase=chase.id, channel=chase.channel)
            return "failed"
        ledger.move(session, chase, ChaseMove.ARRIVE, now=now)
        return "sent"


def _try_again(database: Database, chase_id: int, channel: Channel, clock: Clock, settings: Settings) -> str:
    """A message that did not leave: once more when it may, or given to a person when it failed too often."""
    with database.write() as session:
        now = clock()
        held = _locked_message(session, chase_id, ChaseState.FAILED, now=now)
        if held is None:
            return "nothing"
        chase, situation = held
        decision = _decision(situation, chase)
        if chase.failures >= MAX_FAILURES or decision.action is Action.TASK:
            rung = situation.ladder.rung(chase.rung)
            ledger.move(session, chase, ChaseMove.HAND_TO_A_PERSON, now=now, note=rung.task if rung else "Ring.")
            return "tasks"
        if decision.action is not Action.MESSAGE:
            return "waiting"
        ledger.move(session, chase, ChaseMove.TRY_AGAIN, now=now)
        ledger.take_day(session, chase, situation.facts.local.date())
    return send(database, chase_id, channel=channel, clock=clock, settings=settings)


def _settle_abandoned(database: Database, channel: Channel, clock: Clock) -> None:
    """Find out what became of messages whose sender died: looked up by reference, never sent again blindly."""
    with database.read() as session:
        abandoned = queries.abandoned(session, clock() - GIVEN_UP_AFTER)
    for chase_id in abandoned:
        with database.write() as session:
            held = _locked_message(session, chase_id, ChaseState.SENDING, now=clock())
            if held is None:
                continue
            left = channel.has_left(held[0].reference)
            words = "" if left else "The sender stopped before it left."
            ledger.move(session, held[0], ChaseMove.ARRIVE if left else ChaseMove.FAIL, now=clock(), note=words)


def _withdraw_overtaken(database: Database, clock: Clock) -> int:
    with database.read() as session:
        loan_ids = queries.overtaken(session)
    withdrawn = 0
    for loan_id in loan_ids:
        with database.write() as session:
            situation = _locked(session, loan_id, now=clock())
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


def _locked(session: Session, loan_id: int, *, now: datetime, besides: int | None = None) -> Situation | None:
    """The loan and its person locked, and all that the guard looks at read under that lock."""
    loan = loans.loan_locked(session, loan_id)
    if loan is None:
        return None
    people.lock_person(session, loan.person_id)
    return next(situations(session, [loan], at=now, besides=besides))


def _locked_message(
    session: Session, chase_id: int, state: ChaseState, *, now: datetime
) -> tuple[Chase, Situation] | None:
    """The entry with its loan locked; None when it does not stand in that state any more."""
    seen = queries.chase(session, chase_id)
    situation = _locked(session, seen.loan_id, now=now, besides=chase_id) if seen is not None else None
    if seen is None or situation is None:
        return None
    session.refresh(seen)
    return (seen, situation) if seen.state is state else None


def _decision(situation: Situation, chase: Chase) -> Decision:
    """Whether this message may leave at this moment."""
    rung = situation.ladder.rung(chase.rung)
    if rung is None or chase.due_version != situation.loan.due_version:
        return Decision(Action.NEVER, "it is due on another day")
    return decide(rung, situation.facts)


def _compose(situation: Situation, chase: Chase, settings: Settings) -> Outgoing:
    person, hub = situation.person, situation.hub
    text = text_for(chase.rung, person.language_read)
    blanks = Blanks(
        first_name=person.first_name, due_on=chase.due_on, hub=hub.name, phone=hub.help_phone or settings.hub_phone
    )
    subject, body = fill_in(text, blanks)
    return Outgoing(
        reference=chase.reference,
        channel=chase.channel,
        to=address_for(person),
        subject=subject,
        body=body,
        language=text.language,
        print_format=person.print_format.value,
    )
