"""Why somebody was, or was not, written to on a day: one sentence from the ledger and the guard, without a name.

Of a day gone by it tells how things stood then (as_of.py); of one to come, what happens if nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import Chase
from fleet.chasing.rules import (
    Action,
    Acts,
    ChaseState,
    Decision,
    decide,
    hold_words,
    never,
    short_day,
    week_day,
)
from fleet.chasing.service.as_of import OnDay, on_day, to_come
from fleet.chasing.service.entry_words import entry_words
from fleet.chasing.service.foretelling import foretold
from fleet.chasing.service.naming import step_names
from fleet.chasing.service.planning import Planned
from fleet.chasing.service.situation import situations
from fleet.chasing.words import BY_WORDS
from fleet.clock import LONDON, local_date
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanKind, LoanState
from fleet.people import service as people


def why(session: Session, loan_id: int, *, now: datetime, on: date | None = None, is_copy: bool = False) -> str:
    """The sentence for a day (today unless `on` is given), as in "Not messaged on Thursday 4 June: in hospital until
    12 June, hold set by a coordinator on 2 June." `is_copy` says that this database was restored from a backup.

    Raises `NotFound`."""
    loan = loans.get_loan(session, loan_id)
    today = local_date(now)
    day = on or today
    if day > today:
        return _to_come(session, loan, day, now=now, is_copy=is_copy)
    at = now if day == today else datetime.combine(day, time(12), LONDON)
    situation = next(situations(session, [loan], at=at, is_copy=is_copy and day == today))
    left = next((chase for chase in situation.chases if _left_on(chase, day)), None)
    if left is not None:
        return f"Messaged by {BY_WORDS[left.channel]} on {week_day(day)}: {_what_left(session, left)}."
    asked = on_day(session, situation, day, today=today)
    return _not_messaged("Not messaged", session, asked, _decision(asked))


def _to_come(session: Session, loan: Loan, day: date, *, now: datetime, is_copy: bool) -> str:
    told = foretold(session, [loan], day, now=now, is_copy=is_copy)[loan.id]
    line = told.line
    if line is not None and line.action is Action.MESSAGE:
        by = BY_WORDS[line.channel]
        return f"To be messaged by {by} on {week_day(day)}, if nothing changes: {line.rung.words}."
    asked = to_come(told, day, today=local_date(now))
    decision = Decision(line.action, line.why) if line is not None and not line.again else None
    return _not_messaged("Not to be messaged", session, asked, decision)


def _not_messaged(begins: str, session: Session, asked: OnDay, decision: Decision | None) -> str:
    reason = _reason(session, asked, decision)
    return f"{begins} on {week_day(asked.day)}: {reason}{'' if reason.endswith(('?', '?”')) else '.'}"


def first_step(session: Session, loan: Loan, *, now: datetime) -> str:
    """What the ladder does first about a loan of which nothing was done yet; empty where nothing will be done."""
    situation = next(situations(session, [loan], at=now))
    if never(situation.facts) is not None or loan.state is LoanState.RETURN_ARRANGED:
        return ""
    stands = situation.standing
    if stands.rung is not None:
        return f"The first step of the ladder is due now: {stands.rung.words}."
    if stands.next_rung is None or stands.next_day is None:
        return ""
    return f"The first step of the ladder comes on {week_day(stands.next_day)}, {stands.next_rung.words}."


@dataclass(frozen=True)
class Story:
    """What is told of one loan: the sentence for a day, and the ledger's entries as they stood on that day."""

    loan_id: int
    sentence: str
    ledger: tuple[Mapping[str, object], ...]


def why_person(
    session: Session, person_id: int, *, now: datetime, on: date | None = None, is_copy: bool = False
) -> tuple[Story, ...]:
    """The same for each loan somebody has or had, the newest first. Raises `NotFound`."""
    people.get_person(session, person_id)
    rows = loans.loans_of_person(session, person_id)
    return tuple(
        Story(
            row.id,
            why(session, row.id, now=now, on=on, is_copy=is_copy),
            _entries(session, row.id, on or local_date(now)),
        )
        for row in reversed(rows)
    )


def _entries(session: Session, loan_id: int, day: date) -> tuple[Mapping[str, object], ...]:
    known = [each for each in queries.chases_of_loan(session, loan_id) if local_date(each.created_at) <= day]
    names = step_names(session, known)
    return tuple(
        {
            "rung": chase.rung,
            "step": names[chase.id],
            "due_version": chase.due_version,
            "state": chase.state.value,
            "channel": chase.channel,
            "message_day": chase.message_day.isoformat() if chase.message_day else None,
            "note": chase.note,
        }
        for chase in reversed(known)
    )


def _left_on(chase: Chase, day: date) -> bool:
    return chase.state is ChaseState.SENT and chase.message_day == day


def _what_left(session: Session, chase: Chase) -> str:
    """The step, with the language where it is not simply theirs, and whose message it went in."""
    said = step_names(session, [chase])[chase.id]
    lead = queries.chase(session, chase.along_with) if chase.along_with is not None else None
    others = [lead] if lead is not None else queries.riders(session, chase.id)
    numbers = sorted({each.loan_id for each in others} - {chase.loan_id})
    if numbers:
        said += f", in one message with loan{'s' if len(numbers) > 1 else ''} {' and '.join(map(str, numbers))}"
    return f"{said} ({chase.note[:1].lower()}{chase.note[1:].rstrip('.')})" if chase.note else said


def _decision(asked: OnDay) -> Decision | None:
    """What the guard says of the step that was, or is, due; None when none is, or something lasting speaks first."""
    rung = asked.standing.rung
    if rung is None or never(asked.facts) is not None:
        return None
    return decide(rung, asked.facts)


def _reason(session: Session, asked: OnDay, decision: Decision | None) -> str:
    facts = asked.facts
    reason = never(facts)
    if reason is not None:
        return reason + _since(asked)
    if facts.hold is not None and (not facts.hold.claim or asked.day <= facts.hold.until):
        return hold_words(facts.hold)
    if decision is not None:
        return _of_due(asked, decision)
    if asked.dates is None:
        alone = asked.situation.loan.kind is LoanKind.DATA
        return (
            "data alone is lent, which nobody has to give back, so nobody is reminded"
            if alone
            else "no day is set on which it is due, so nobody is reminded"
        )
    if asked.before is not None:
        return _done_before(*asked.before)
    told = entry_words(session, asked)
    return told or _nothing_due(asked)


def _done_before(on: date, done: Planned) -> str:
    """What one of the days before it will have seen to."""
    if done.action is Action.MESSAGE:
        return (
            f"if nothing changes, that message leaves by {BY_WORDS[done.channel]} on {week_day(on)}, {done.rung.words}"
        )
    return f"if nothing changes, a person is asked on {week_day(on)}, {done.rung.words}"


def _of_due(asked: OnDay, decision: Decision) -> str:
    rung = asked.standing.rung
    assert rung is not None
    past = asked.day < asked.today
    match decision.action:
        case Action.MESSAGE:
            when = "no round was made before the day was over" if past else "it leaves within five minutes"
            return f"a message {'was' if past else 'is'} due ({rung.words}), and {when}"
        case Action.TASK:
            if rung.by is not Acts.SYSTEM and asked.facts.hold is None:
                by = rung.by.value
                return f"a task for a {by} {'was' if past else 'is'} due ({rung.words}), and no message"
            return f"a task for a person {'was' if past else 'is'} due instead ({rung.words}), because {decision.why}"
        case _ if asked.facts.answered_on is not None or asked.facts.state is LoanState.RETURN_ARRANGED:
            return decision.why
        case _:
            return f"a message {'was' if past else 'is'} due ({rung.words}), but {decision.why}"


def _nothing_due(asked: OnDay) -> str:
    """What comes next; where the due date was moved and nothing was done since, that too."""
    following, dates = asked.standing, asked.dates
    assert dates is not None
    moved = ""
    if asked.version > 1 and not asked.entries:
        moved = f"on {short_day(dates.given_on)} the day to give it back was moved to {week_day(dates.due_on)}, and "
    if following.next_rung is not None and following.next_day is not None:
        return f"{moved}nothing is due until {week_day(following.next_day)}, {following.next_rung.words}"
    return f"{moved}every step of the ladder was taken, and a coordinator decides"


def _since(asked: OnDay) -> str:
    """On which day it ended or was stopped."""
    loan = asked.situation.loan
    if asked.facts.contact_stopped and loan.stopped_at is not None:
        return f" on {short_day(local_date(loan.stopped_at, asked.zone))}"
    if loan.returned_on is not None and loan.returned_on <= asked.day:
        day = f" on {short_day(loan.returned_on)}"
        said_already = asked.facts.state is LoanState.COLLECTED or loan.kind is LoanKind.DATA
        return day if said_already else f"; the tablet was given back{day}"
    if loan.closed_at is not None and local_date(loan.closed_at, asked.zone) <= asked.day:
        return f" on {short_day(local_date(loan.closed_at, asked.zone))}"
    return ""
