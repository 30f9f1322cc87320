"""How one message leaves: claimed in one transaction, sent in a second one, and never twice.

Claiming writes its entry in the ledger and asks the guard; what else is due at the same home goes along in the same
message (rule R11). Sending locks the loans and the people and asks the guard once more, so that nothing recorded
before it left can be overlooked. A crash between the two leaves an entry that says "sending": the next tick
(settling.py) looks the reference up before it tries again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.channels.base import Channel, ChannelFailed, ChannelUnsure
from fleet.chasing.models import Chase
from fleet.chasing.rules import MAX_FAILURES, Action, ChaseMove, ChaseState, Decision, Rung, decide
from fleet.chasing.service import ledger
from fleet.chasing.service.composing import compose
from fleet.chasing.service.copying import is_copy, note_sent
from fleet.chasing.service.situation import Situation, situations
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.loans import service as loans
from fleet.logs import get_logger
from fleet.people import service as people
from fleet.settings import Settings

log = get_logger(__name__)


def claim(session: Session, loan_id: int, *, now: datetime, settings: Settings) -> Chase | None:
    """Write down what is about to be done about a loan, asking the guard; None when nothing is due or may be done.

    Rungs below are recorded as passed over; what an earlier rung still asked for is withdrawn.
    """
    found = locked(session, loan_id, now=now, settings=settings)
    situation = found[0] if found else None
    rung = situation.standing.rung if situation is not None else None
    decision = situation.decision if situation is not None else None
    if situation is None or rung is None or decision is None or decision.action in (Action.WAIT, Action.NEVER):
        return None
    if decision.action is Action.TASK:
        return _take(session, situation, rung, ChaseState.TO_DO, now=now, note=rung.task)
    day = situation.facts.local.date()
    chase = _take(session, situation, rung, ChaseState.SENDING, now=now)
    chase.channel = situation.person.channel.value
    chase.reference = f"{day}/{chase.id}-{secrets.token_hex(4)}"
    ledger.take_day(session, chase, day)
    for other in found[1:]:
        _take_along(session, chase, situation, other, now=now)
    return chase


def _take(
    session: Session, situation: Situation, rung: Rung, state: ChaseState, *, now: datetime, note: str = ""
) -> Chase:
    ledger.withdraw_open(session, situation.loan.id, now=now, why="A later step took its place.")
    for lower in situation.standing.skipped:
        ledger.begin(session, situation, lower, ChaseState.SKIPPED, now=now, note="A later step was due already.")
    return ledger.begin(session, situation, rung, state, now=now, note=note)


def _take_along(session: Session, lead: Chase, first: Situation, other: Situation, *, now: datetime) -> None:
    """Put what else is due at this home into the same message, where one text can say both."""
    rung, decision = other.standing.rung, other.decision
    alike = (other.person.language_read, other.person.print_format) == (
        first.person.language_read,
        first.person.print_format,
    )
    if rung is None or decision is None or decision.action is not Action.MESSAGE or not alike:
        return
    chase = _take(session, other, rung, ChaseState.SENDING, now=now)
    chase.channel, chase.along_with = lead.channel, lead.id
    ledger.take_day(session, chase, other.facts.local.date())


def locked(
    session: Session, loan_id: int, *, now: datetime, settings: Settings, besides: int | None = None
) -> list[Situation]:
    """The loan, and the other loans of its home after it: all of them locked in the order of their numbers, then their
    people, and all that the guard looks at read under those locks. Empty when there is no such loan."""
    beside = queries.loans_at_home(session, loan_id)
    held = [loan for each in sorted({loan_id, *beside}) if (loan := loans.loan_locked(session, each)) is not None]
    held.sort(key=lambda loan: (loan.id != loan_id, loan.id))
    if not held or held[0].id != loan_id:
        return []
    for person_id in sorted({loan.person_id for loan in held}):
        people.lock_person(session, person_id)
    copied = is_copy(session, settings)
    return list(situations(session, held, at=now, besides=besides, is_copy=copied))


@dataclass(frozen=True)
class Held:
    """A message under lock: its first entry, those that go along, and the situation of each."""

    chase: Chase
    situation: Situation
    along: tuple[tuple[Chase, Situation], ...]

    @property
    def entries(self) -> tuple[Chase, ...]:
        return (self.chase, *(each for each, _ in self.along))


def locked_message(
    session: Session, chase_id: int, state: ChaseState, *, now: datetime, settings: Settings
) -> Held | None:
    """The message of an entry, with its loans locked; None when it does not stand in that state any more."""
    seen = queries.chase(session, chase_id)
    if seen is None:
        return None
    found = locked(session, seen.loan_id, now=now, settings=settings, besides=chase_id)
    session.refresh(seen)
    if not found or seen.state is not state or seen.along_with is not None:
        return None
    by_loan = {situation.loan.id: situation for situation in found}
    along = [(each, by_loan[each.loan_id]) for each in queries.riders(session, seen.id) if each.loan_id in by_loan]
    return Held(seen, found[0], tuple(along))


def send(database: Database, chase_id: int, *, channel: Channel, clock: Clock, settings: Settings) -> str:
    """Let a claimed message leave, with the guard asked once more under lock; says how it went."""
    with database.write() as session:
        now = clock()
        held = locked_message(session, chase_id, ChaseState.SENDING, now=now, settings=settings)
        if held is None:
            return "nothing"
        kept = _still_wanted(session, held, now)
        if kept is None:
            return "waiting"
        message = compose(kept.situation, kept.chase, [each for _, each in kept.along], settings)
        try:
            channel.deliver(message)
        except ChannelFailed as error:
            _did_not_leave(session, kept, now, str(error))
            return "failed"
        except ChannelUnsure as error:
            kept.chase.note = str(error)
            log.warning("chase_may_have_left", chase=kept.chase.id, channel=kept.chase.channel)
            return "failed"
        arrived(session, kept, now, language=message.language)
    note_sent(settings, chase_id)
    return "sent"


def _still_wanted(session: Session, held: Held, now: datetime) -> Held | None:
    """The message without what must not leave any more; None when nothing of it may. What stays behind stands alone."""
    decision = decision_about(held.situation, held.chase)
    if decision.action is not Action.MESSAGE:
        for entry in held.entries:
            _stays_behind(session, entry, decision, now)
        return None
    kept: list[tuple[Chase, Situation]] = []
    for entry, situation in held.along:
        own = decision_about(situation, entry)
        if own.action is Action.MESSAGE:
            kept.append((entry, situation))
        else:
            _stays_behind(session, entry, own, now)
    return Held(held.chase, held.situation, tuple(kept))


def _stays_behind(session: Session, entry: Chase, decision: Decision, now: datetime) -> None:
    ledger.move(session, entry, ChaseMove.FAIL, now=now, note=f"Held back: {decision.why}.")
    ledger.stand_alone(session, entry)


def _did_not_leave(session: Session, held: Held, now: datetime, why: str) -> None:
    for entry in held.entries:
        entry.failures += 1
        ledger.move(session, entry, ChaseMove.FAIL, now=now, note=why)
        ledger.stand_alone(session, entry)
    log.warning("chase_did_not_leave", chase=held.chase.id, channel=held.chase.channel)


def arrived(session: Session, held: Held, now: datetime, *, language: str = "") -> None:
    """The message left, with all that went along in it."""
    for entry in held.entries:
        entry.language = language or entry.language
        ledger.move(session, entry, ChaseMove.ARRIVE, now=now)


def try_again(database: Database, chase_id: int, *, channel: Channel, clock: Clock, settings: Settings) -> str:
    """A message that did not leave: once more when it may, or given to a person when it failed too often."""
    with database.write() as session:
        now = clock()
        held = locked_message(session, chase_id, ChaseState.FAILED, now=now, settings=settings)
        if held is None:
            return "nothing"
        chase, situation = held.chase, held.situation
        decision = decision_about(situation, chase)
        if chase.failures >= MAX_FAILURES or decision.action is Action.TASK:
            to_a_person(session, situation, chase, now)
            return "tasks"
        if decision.action is not Action.MESSAGE:
            return "waiting"
        ledger.move(session, chase, ChaseMove.TRY_AGAIN, now=now)
        day = situation.facts.local.date()
        chase.channel = situation.person.channel.value
        chase.reference = chase.reference or f"{day}/{chase.id}-{secrets.token_hex(4)}"
        ledger.take_day(session, chase, day)
    return send(database, chase_id, channel=channel, clock=clock, settings=settings)


def to_a_person(session: Session, situation: Situation, chase: Chase, now: datetime) -> None:
    """A message that cannot leave becomes what a person does instead."""
    rung = situation.ladder.rung(chase.rung)
    ledger.move(session, chase, ChaseMove.HAND_TO_A_PERSON, now=now, note=rung.task if rung else "Ring.")


def decision_about(situation: Situation, chase: Chase) -> Decision:
    """Whether this message may leave at this moment."""
    rung = situation.ladder.rung(chase.rung)
    if rung is None:
        return Decision(Action.NEVER, "the ladder has no such step any more")
    if chase.due_version != situation.loan.due_version:
        return Decision(Action.NEVER, "it is due on another day")
    if chase.channel and chase.channel != situation.person.channel.value and chase.state is ChaseState.SENDING:
        return Decision(Action.WAIT, "they want to hear from us another way")
    return decide(rung, situation.facts)
