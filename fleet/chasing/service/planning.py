"""What a tick would do at a moment, without doing it: the plan of a tick, and the dry run of any day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.ladder import default_ladder
from fleet.chasing.rules import Action, Rung
from fleet.chasing.service.apart import apart
from fleet.chasing.service.situation import Situation, situations
from fleet.clock import LONDON, local_date
from fleet.errors import BadInput
from fleet.people.rules import Channel

FARTHEST_DAYS = 366


@dataclass(frozen=True)
class Planned:
    """One loan's rung that is due, and what would be done about it."""

    loan_id: int
    person_id: int
    due_version: int
    due_on: date
    rung: Rung
    skipped: tuple[str, ...]
    action: Action
    channel: Channel
    why: str


def day_asked(on: date | None, *, today: date) -> date:
    """The day somebody asks about, today when they do not say. Raises `BadInput` for one more than a year away."""
    if on is not None and abs((on - today).days) > FARTHEST_DAYS:
        raise BadInput("This day is too far away.", fields={"on": "Choose a day within a year of today."})
    return on or today


def plan(session: Session, today: date) -> tuple[Planned, ...]:
    """The highest rung due and not sent of every open loan on a day, seen at noon; the longest overdue first."""
    return tuple(plan_at(session, datetime.combine(today, time(12), LONDON)))


def plan_at(session: Session, at: datetime, troubled: list[int] | None = None) -> Iterator[Planned]:
    """The same at one moment: in quiet hours every message waits.

    A loan whose situation cannot be worked out is logged and left out, and its number added to `troubled`.
    """
    set_apart = troubled if troubled is not None else []
    first_lead = -min(rung.days for rung in default_ladder().rungs)
    loans = queries.loans_to_look_at(session, local_date(at) + timedelta(days=max(0, first_lead) + 1))
    for situation in situations(session, loans, at=at, troubled=set_apart):
        planned = None
        with apart(set_apart, situation.loan.id):
            planned = planned_for(situation)
        if planned is not None:
            yield planned


def planned_for(situation: Situation) -> Planned | None:
    """What is due about one loan; None when nothing is."""
    rung, decision, loan = situation.standing.rung, situation.decision, situation.loan
    if rung is None or decision is None or loan.due_on is None:
        return None
    return Planned(
        loan_id=loan.id,
        person_id=loan.person_id,
        due_version=loan.due_version,
        due_on=loan.due_on,
        rung=rung,
        skipped=tuple(each.key for each in situation.standing.skipped),
        action=decision.action,
        channel=situation.person.channel,
        why=decision.why,
    )
