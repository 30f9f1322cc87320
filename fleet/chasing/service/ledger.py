"""The one writer of the ledger: entries begin here, and every change of their state asks the table in rules.py."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.departures import Departure, Taken
from fleet.chasing.models import Chase
from fleet.chasing.rules import BY_MOVE, MOVED, RECALLED, ChaseMove, ChaseState, Rung, decide, week_day
from fleet.chasing.service.situation import Situation
from fleet.chasing.words import MOVED_WORDS
from fleet.errors import MoveRefused

LONGEST_NOTE = 300
_THE_REFERRER = re.compile(r"\b(the|their) referrer\b", re.IGNORECASE)


def begin(session: Session, situation: Situation, rung: Rung, state: ChaseState, *, now: datetime, note: str) -> Chase:
    """Add the entry of one rung for the loan's present due date. The database refuses a second one."""
    loan = situation.loan
    assert loan.due_on is not None
    chase = Chase(
        loan_id=loan.id,
        person_id=loan.person_id,
        due_version=loan.due_version,
        due_on=loan.due_on,
        rung=rung.key,
        stage=rung.stage,
        state=state,
        note=note,
        created_at=now,
        changed_at=now,
    )
    session.add(chase)
    session.flush()
    return chase


def new_reference(chase: Chase, day: date) -> str:
    """Our own id for the message of an entry, which nobody can guess."""
    return f"{day}/{chase.id}-{secrets.token_hex(4)}"


_TO_SENT: dict[ChaseState, tuple[ChaseMove, ...]] = {
    ChaseState.TO_DO: (ChaseMove.LET_LEAVE, ChaseMove.TRY_AGAIN, ChaseMove.SEND, ChaseMove.ARRIVE),
    ChaseState.FAILED: (ChaseMove.TRY_AGAIN, ChaseMove.SEND, ChaseMove.ARRIVE),
    ChaseState.PREPARING: (ChaseMove.SEND, ChaseMove.ARRIVE),
    ChaseState.SENDING: (ChaseMove.ARRIVE,),
}
_TO_PRINTED: dict[ChaseState, tuple[ChaseMove, ...]] = {
    state: (*names[:-1], ChaseMove.QUEUE, ChaseMove.PRINT) for state, names in _TO_SENT.items()
} | {ChaseState.TO_PRINT: (ChaseMove.PRINT,)}


def found_to_have_left(session: Session, chase: Chase, *, now: datetime, note: str, on_paper: bool = False) -> None:
    """Let an entry say that its message left, or (`on_paper`) that its letter was printed, by the moves of the table;
    one that is over stays as it is."""
    day = chase.message_day
    for name in (_TO_PRINTED if on_paper else _TO_SENT).get(chase.state, ()):
        move(session, chase, name, now=now, note=note)
    chase.message_day = chase.message_day or day


def put_back(session: Session, departure: Departure, step: Taken, *, now: datetime, note: str) -> Chase:
    """Add the entry of a message that left and that this ledger, restored from a backup, does not know of."""
    chase = Chase(
        loan_id=step.loan_id,
        person_id=step.person_id,
        due_version=step.due_version,
        due_on=step.due_on,
        rung=step.rung,
        stage=step.stage,
        state=ChaseState.PREPARING,
        language=departure.language,
        created_at=departure.at,
        changed_at=departure.at,
    )
    session.add(chase)
    session.flush()
    found_to_have_left(session, chase, now=now, note=note, on_paper=departure.printed)
    return chase


def left_with(session: Session, chase: Chase, departure: Departure, lead: Chase | None) -> None:
    """Let an entry say in which message it left; `lead` is the entry whose message that is, if another one is."""
    chase.channel, chase.language = departure.channel, departure.language
    chase.along_with = lead.id if lead is not None else None
    chase.reference = departure.reference if lead is None else ""
    taken = queries.message_days(session, [chase.person_id], departure.day, besides=chase.id)
    if lead is not None or departure.day not in taken.get(chase.person_id, ()):
        chase.message_day = departure.day
    session.flush()


def move(session: Session, chase: Chase, name: ChaseMove, *, now: datetime, note: str = "") -> Chase:
    """Make one move of the table. What did not leave gives its day back: another message may leave on it."""
    row = BY_MOVE[name]
    if chase.state not in row.sources:
        raise MoveRefused(
            f"Nothing was changed. Entry {chase.id} of the ledger is {chase.state.value.replace('_', ' ')}.",
            next_step="Reload the page to see how it stands.",
        )
    chase.state = row.target
    chase.changed_at = now
    chase.note = note or chase.note
    if row.target in (ChaseState.FAILED, ChaseState.TO_DO, ChaseState.WITHDRAWN):
        chase.message_day = None
    session.flush()
    return chase


def task_words(situation: Situation, rung: Rung) -> str:
    """What a person does at a rung; where nobody has decided how somebody hears from us, that comes first."""
    referred = (situation.loan.referrer_id or situation.person.referrer_id) is not None
    task = rung.task if referred else _THE_REFERRER.sub("them", rung.task)
    if task != rung.task:
        task = f"Nobody referred them. {task}"
    if rung == MOVED or still_tells_of_move(situation):
        task = f"{_move_words(situation)}{task}"
    if not decide(rung, situation.facts).asks_language:
        return task[:LONGEST_NOTE]
    words = f"They read {situation.facts.reading.name}: decide on the loan's page how they hear from us. {task}"
    return words[:LONGEST_NOTE]


def still_tells_of_move(situation: Situation) -> bool:
    """Whether somebody is still to hear that the hub moved the day, which has not come yet."""
    dates, version = situation.dates, situation.loan.due_version
    if dates is None or situation.facts.local.date() > dates.due_on:
        return False
    told = (each for each in situation.chases if each.rung == MOVED.key and each.due_version == version)
    return any(each.state in RECALLED for each in told)


def _move_words(situation: Situation) -> str:
    """What whoever rings tells them first."""
    dates = situation.dates
    if dates is None or dates.moved is None:
        return ""
    before, after = week_day(dates.moved.before), week_day(dates.due_on)
    return f"We moved the day it is due from {before} to {after}: {MOVED_WORDS[dates.moved.because]}. "


def take_day(session: Session, chase: Chase, day: date) -> None:
    """The person's one message of the day is this one."""
    chase.message_day = day
    session.flush()


def stand_alone(session: Session, chase: Chase) -> None:
    """It goes along with no other message any more: tried again, it is one of its own."""
    chase.along_with = None
    session.flush()


def withdraw_open(session: Session, loan_id: int, *, now: datetime, why: str, but: str = "") -> Sequence[Chase]:
    """Whatever was still asked for about a loan is no longer needed, `but` for one step."""
    entries = [each for each in queries.open_entries(session, loan_id) if each.rung != but]
    for entry in entries:
        withdraw(session, entry, now=now, why=why)
    return entries


def withdraw(session: Session, entry: Chase, *, now: datetime, why: str) -> None:
    """It is no longer needed. What went along in its letter is a message of its own again."""
    along = queries.riders(session, entry.id) if entry.state is ChaseState.TO_PRINT else ()
    move(session, entry, ChaseMove.WITHDRAW, now=now, note=why)
    stand_alone(session, entry)
    for each in along:
        if each.state is ChaseState.TO_PRINT:
            move(session, each, ChaseMove.FAIL, now=now, note="Held back: the letter it went along in is not needed.")
            stand_alone(session, each)
