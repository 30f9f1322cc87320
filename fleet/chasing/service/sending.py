"""How one message leaves: claimed in one transaction, sent in a second one, and never twice.

Claiming writes its entry in the ledger and asks the guard. Sending locks the loan and the person and asks the guard
once more, so that nothing recorded before it left can be overlooked. A crash between the two leaves an entry that says
"sending": the next tick (ticking.py) looks the reference up before it tries again.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.channels.base import Channel, ChannelFailed, Outgoing
from fleet.chasing.models import Chase
from fleet.chasing.rules import MAX_FAILURES, Action, ChaseMove, ChaseState, Decision, decide
from fleet.chasing.service import ledger
from fleet.chasing.service.situation import Situation, address_for, situations
from fleet.chasing.wording import Blanks, fill_in, text_for
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.loans import service as loans
from fleet.logs import get_logger
from fleet.people import service as people
from fleet.settings import Settings

log = get_logger(__name__)


def claim(session: Session, loan_id: int, *, now: datetime) -> Chase | None:
    """Write down what is about to be done about a loan, asking the guard; None when nothing is due or may be done.

    Rungs below are recorded as passed over; what an earlier rung still asked for is withdrawn.
    """
    situation = locked(session, loan_id, now=now)
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
        held = locked_message(session, chase_id, ChaseState.SENDING, now=now)
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


def try_again(database: Database, chase_id: int, *, channel: Channel, clock: Clock, settings: Settings) -> str:
    """A message that did not leave: once more when it may, or given to a person when it failed too often."""
    with database.write() as session:
        now = clock()
        held = locked_message(session, chase_id, ChaseState.FAILED, now=now)
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


def locked(session: Session, loan_id: int, *, now: datetime, besides: int | None = None) -> Situation | None:
    """The loan and its person locked, and all that the guard looks at read under that lock."""
    loan = loans.loan_locked(session, loan_id)
    if loan is None:
        return None
    people.lock_person(session, loan.person_id)
    return next(situations(session, [loan], at=now, besides=besides))


def locked_message(
    session: Session, chase_id: int, state: ChaseState, *, now: datetime
) -> tuple[Chase, Situation] | None:
    """The entry with its loan locked; None when it does not stand in that state any more."""
    seen = queries.chase(session, chase_id)
    situation = locked(session, seen.loan_id, now=now, besides=chase_id) if seen is not None else None
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
