"""Why somebody was, or was not, written to on a day: one sentence from the ledger and the guard, without a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import Chase, ChaseHold
from fleet.chasing.rules import (
    Action,
    ChaseState,
    Facts,
    HoldReason,
    decide,
    hold_words,
    never,
    short_day,
    week_day,
)
from fleet.chasing.service.around import hold_facts
from fleet.chasing.service.naming import step_names
from fleet.chasing.service.situation import Situation, situations
from fleet.chasing.words import BY_WORDS
from fleet.clock import LONDON, local_date
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.people import service as people


def why(session: Session, loan_id: int, *, now: datetime, on: date | None = None) -> str:
    """The sentence for a day (today unless `on` is given), as in "Not messaged on Thursday 4 June: in hospital until
    12 June, hold set by a coordinator on 2 June." Raises `NotFound`."""
    loan = loans.get_loan(session, loan_id)
    today = local_date(now)
    day = on or today
    at = now if day == today else datetime.combine(day, time(12), LONDON)
    situation = next(situations(session, [loan], at=at))
    sent = next((chase for chase in situation.chases if _left_on(chase, day)), None)
    if sent is not None:
        step = step_names(session, [sent])[sent.id]
        return f"Messaged by {BY_WORDS[sent.channel]} on {week_day(day)}: {step}."
    hold = _hold_on(queries.holds_about(session, loan), day, ZoneInfo(situation.hub.time_zone))
    facts = replace(
        situation.facts, hold=hold_facts(hold, ZoneInfo(situation.hub.time_zone)) if hold is not None else None
    )
    begins = "Not messaged" if day <= today else "Not to be messaged"
    return f"{begins} on {week_day(day)}: {_reason(situation, facts, day)}."


@dataclass(frozen=True)
class Story:
    """What is told of one loan: the sentence for a day, and the ledger's entries as they stood on that day."""

    loan_id: int
    sentence: str
    ledger: tuple[Mapping[str, object], ...]


def why_person(session: Session, person_id: int, *, now: datetime, on: date | None = None) -> tuple[Story, ...]:
    """The same for each loan somebody has or had, the newest first. Raises `NotFound`."""
    people.get_person(session, person_id)
    rows = loans.loans_of_person(session, person_id)
    return tuple(
        Story(row.id, why(session, row.id, now=now, on=on), _entries(session, row.id, on or local_date(now)))
        for row in reversed(rows)
    )


def _entries(session: Session, loan_id: int, day: date) -> tuple[Mapping[str, object], ...]:
    return tuple(
        {
            "rung": chase.rung,
            "due_version": chase.due_version,
            "state": chase.state.value,
            "channel": chase.channel,
            "message_day": chase.message_day.isoformat() if chase.message_day else None,
            "note": chase.note,
        }
        for chase in reversed(queries.chases_of_loan(session, loan_id))
        if local_date(chase.created_at) <= day
    )


def _left_on(chase: Chase, day: date) -> bool:
    return chase.state is ChaseState.SENT and chase.message_day == day


def _hold_on(holds: Sequence[ChaseHold], day: date, zone: ZoneInfo) -> ChaseHold | None:
    """The hold that was in force on a day, the longest of several; claims of a return do not run out."""
    in_force = [
        hold
        for hold in holds
        if local_date(hold.placed_at, zone) <= day
        and (day <= hold.until or hold.reason is HoldReason.SAYS_GIVEN_BACK)
        and (hold.lifted_at is None or local_date(hold.lifted_at, zone) > day)
    ]
    return max(in_force, key=lambda hold: hold.until, default=None)


def _reason(situation: Situation, facts: Facts, day: date) -> str:
    reason = never(facts)
    if reason is not None:
        return reason + _since(situation)
    if facts.hold is not None and (not facts.hold.claim or day <= facts.hold.until):
        return hold_words(facts.hold)
    standing = situation.standing_on(day)
    if standing.rung is not None:
        decision = decide(standing.rung, facts)
        if decision.action is Action.WAIT:
            return decision.why
        what = "a message" if decision.action is Action.MESSAGE else "a task for a person"
        return f"{what} is due ({standing.rung.words}) and comes with the next round"
    waiting = next((chase for chase in situation.chases if chase.state in (ChaseState.TO_DO, ChaseState.FAILED)), None)
    if waiting is not None:
        return _waiting_words(waiting, ZoneInfo(situation.hub.time_zone))
    if standing.next_rung is not None and standing.next_day is not None:
        return f"nothing is due until {week_day(standing.next_day)}, {standing.next_rung.words}"
    return "every step of the ladder was taken, and a coordinator decides"


def _waiting_words(chase: Chase, zone: ZoneInfo) -> str:
    if chase.state is ChaseState.FAILED:
        return f"the message did not leave ({chase.note.rstrip('.')})"
    return f"a person was asked on {short_day(local_date(chase.created_at, zone))} to do this: {chase.note.rstrip('.')}"


def _since(situation: Situation) -> str:
    """On which day it ended or was stopped."""
    loan = situation.loan
    if loan.stopped_at is not None:
        return f" on {short_day(local_date(loan.stopped_at, ZoneInfo(situation.hub.time_zone)))}"
    if loan.returned_on is not None:
        given_back = f" on {short_day(loan.returned_on)}"
        return given_back if loan.state is LoanState.COLLECTED else f"; the tablet was given back{given_back}"
    return ""
