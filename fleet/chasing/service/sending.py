"""How one message leaves, and never twice: the attempt is written down, the message leaves outside every transaction,
and what became of it is written down.

The guard is asked once more in the transaction that writes the attempt down, with the loans and the people locked, so
that nothing recorded until then is overlooked. What is recorded in the moment between that commit and the way out's
taking it comes too late: no lock can be held over a network. A crash in between leaves an attempt without an outcome:
settling.py looks it up, and does nothing as long as its sender is alive (leaving.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.channels.base import Channel, ChannelFailed, ChannelUnsure, Handed, Outgoing
from fleet.chasing.channels.ways import take_back
from fleet.chasing.departures import Departure, Taken, note_leaving, note_outcome
from fleet.chasing.models import Chase
from fleet.chasing.rules import MAX_FAILURES, Action, ChaseMove, ChaseState, decide, how_written
from fleet.chasing.service import ledger
from fleet.chasing.service.claiming import Held, locked_entries, locked_message
from fleet.chasing.service.composing import compose
from fleet.chasing.service.copying import note_sent
from fleet.chasing.service.deciding import decision_about, decision_again, is_asked_for
from fleet.chasing.service.keeping import still_wanted
from fleet.chasing.service.leaving import alone_with
from fleet.chasing.service.situation import Situation
from fleet.clock import Clock, local_date
from fleet.database.session import Database
from fleet.logs import get_logger
from fleet.settings import Settings

log = get_logger(__name__)


@dataclass(frozen=True)
class _Attempt:
    """A message that may leave: its attempt is on record. `failed_before` is how often it did not leave."""

    message: Outgoing
    departure: Departure
    failed_before: int


@dataclass(frozen=True)
class _Outcome:
    """What became of it: it left, it did not, or (None) nobody can say."""

    left: bool | None
    why: str = ""
    tried_enough: bool = False
    to_print: bool = False
    """Whether it waits for somebody to print and post it, where a way out took it."""

    @property
    def word(self) -> str:
        if not self.left:
            return "failed"
        return "to_print" if self.to_print else "sent"


def send(database: Database, chase_id: int, *, channel: Channel, clock: Clock, settings: Settings) -> str:
    """Let a claimed message leave, with the guard asked once more under lock; says how it went."""
    with alone_with(settings, chase_id) as ours:
        if not ours:
            return "nothing"
        with database.write() as session:
            begun = _begin(session, chase_id, now=clock(), settings=settings)
        if isinstance(begun, str):
            return begun
        note_sent(settings, chase_id, now=clock())
        note_leaving(settings.data_dir, begun.departure)
        outcome = _deliver(channel, begun)
        if outcome.left is not None:
            note_outcome(settings.data_dir, begun.departure, left=outcome.left and not outcome.to_print)
        with database.write() as session:
            if write_down(session, chase_id, outcome, now=clock()):
                take_back(settings, begun.message.reference)
    return outcome.word


def _begin(session: Session, chase_id: int, *, now: datetime, settings: Settings) -> _Attempt | str:
    """Ask the guard and write the attempt down; or say why there is none."""
    held = locked_message(session, chase_id, ChaseState.PREPARING, now=now, settings=settings)
    if held is None:
        return "nothing"
    kept = still_wanted(session, held, decision_about, now=now)
    if kept is None:
        return "waiting"
    needs = queries.needs_of(session, kept.situation.person.id)
    message = compose(kept.situation, kept.chase, [each for _, each in kept.along], settings, needs=needs)
    day = kept.situation.facts.local.date()
    for entry, situation in ((kept.chase, kept.situation), *kept.along):
        if entry.message_day != day:
            ledger.take_day(session, entry, day)  # the process stood still since it was claimed
        rung = situation.ladder.rung(entry.rung)
        told = how_written(rung, situation.facts.reading, message.language) if rung is not None else ""
        entry.language, entry.note = message.language, " ".join(filter(None, (told, message.note)))
        ledger.move(session, entry, ChaseMove.SEND, now=now)
    return _Attempt(message, departure(kept, now=now), kept.chase.failures)


def departure(held: Held, *, now: datetime, printed: bool = False) -> Departure:
    """What the journal is told of a message under lock."""
    steps = (Taken(e.loan_id, e.person_id, e.due_version, e.due_on, e.rung, e.stage) for e in held.entries)
    chase, day = held.chase, held.chase.message_day or local_date(now)
    return Departure(chase.reference, chase.channel, chase.language, now, day, tuple(steps), printed=printed)


def _deliver(channel: Channel, attempt: _Attempt) -> _Outcome:
    """Hand it over, with no transaction open. One that did not leave before is looked up first (rule R10)."""
    message = attempt.message
    try:
        before = channel.has_left(message.reference, message.channel) if attempt.failed_before else False
        if before is None:
            return _Outcome(False, "Nobody can say whether it left.", tried_enough=True)
        handed = None if before else channel.deliver(message)
    except ChannelFailed as error:
        return _Outcome(False, str(error))
    except ChannelUnsure as error:
        return _Outcome(None, str(error))
    return _Outcome(True, to_print=handed is Handed.TO_PRINT)


def write_down(session: Session, chase_id: int, outcome: _Outcome, *, now: datetime) -> bool:
    """What became of an attempt, for the message and all that went along in it; whether somebody it speaks to was
    erased meanwhile, and no file of it may stay."""
    entries = locked_entries(session, chase_id)
    if not entries or entries[0].state is not ChaseState.SENDING:
        return False
    for entry in entries:
        if outcome.left is None:
            entry.note = outcome.why
        elif outcome.left:
            ledger.move(session, entry, ChaseMove.QUEUE if outcome.to_print else ChaseMove.ARRIVE, now=now)
        else:
            entry.failures = MAX_FAILURES if outcome.tried_enough else entry.failures + 1
            ledger.move(session, entry, ChaseMove.FAIL, now=now, note=outcome.why)
            ledger.stand_alone(session, entry)
    if not outcome.left:
        words = "chase_may_have_left" if outcome.left is None else "chase_did_not_leave"
        log.warning(words, chase=chase_id, channel=entries[0].channel)
    people = queries.people(session, [entry.person_id for entry in entries])
    return any(person.erased_at is not None for person in people.values())


def try_again(database: Database, chase_id: int, *, channel: Channel, clock: Clock, settings: Settings) -> str:
    """A message that did not leave: once more when it may, or given to a person when it failed too often, or by a way
    that they no longer want: only that way could be asked whether it left."""
    with database.write() as session:
        now = clock()
        held = locked_message(session, chase_id, ChaseState.FAILED, now=now, settings=settings)
        if held is None:
            return "nothing"
        chase, situation = held.chase, held.situation
        decision = decision_again(situation, chase)
        if decision.action is Action.TASK:
            to_a_person(session, situation, chase, now)
            return "tasks"
        if decision.action is not Action.MESSAGE:
            return "waiting"
        ledger.move(session, chase, ChaseMove.TRY_AGAIN, now=now)
        day = situation.facts.local.date()
        rung = situation.ladder.rung(chase.rung)
        if rung is None or not is_asked_for(rung, chase):
            chase.channel = situation.person.channel.value
        chase.reference = chase.reference or ledger.new_reference(chase, day)
        ledger.take_day(session, chase, day)
    return send(database, chase_id, channel=channel, clock=clock, settings=settings)


def to_a_person(session: Session, situation: Situation, chase: Chase, now: datetime, because: str = "") -> None:
    """A message that cannot leave, or did not arrive, becomes what a person does instead. `because` comes first."""
    rung = situation.ladder.rung(chase.rung)
    words = ledger.task_words(situation, rung) if rung is not None else "Ring."
    note = f"{because} {words}".strip()[: ledger.LONGEST_NOTE]
    ledger.move(session, chase, ChaseMove.HAND_TO_A_PERSON, now=now, note=note)
    asks = rung is not None and decide(rung, situation.facts).asks_language
    chase.language = situation.facts.reading.language if asks else ""
