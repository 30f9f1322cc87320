"""What a tick would do at a moment, without doing it: the plan of a tick, and the dry run of any day.

Loans are read set-wise, a page at a time, by the stretches of due dates for which each rung is the highest that is due;
so the work grows with what is due and not yet done, and memory with nothing. The same answer for one loan at a time is
in situation.py: claiming and sending ask that one, under lock, and a test holds the two against each other.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.queries import Candidate, Place, Stream
from fleet.chasing.rules import (
    EARLIEST,
    MOVED,
    Action,
    Decision,
    Facts,
    Ladder,
    Reading,
    Rung,
    Segment,
    decide,
    is_written,
    language_for,
    segments,
)
from fleet.chasing.service.apart import apart
from fleet.chasing.service.around import Around, around
from fleet.chasing.service.ladders import ladders_of
from fleet.chasing.service.situation import AT_ONCE, Situation, situations
from fleet.clock import LONDON, local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import HubCalendar
from fleet.errors import BadInput
from fleet.loans.models import Loan
from fleet.people.rules import Channel
from fleet.tablets.rules import Stage

FARTHEST_DAYS = 366


@dataclass(frozen=True, slots=True)
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
    language: str
    """Which language a message would be in; empty for all else."""
    is_written: bool = False
    """Whether the system writes to them at this step, now or when nothing makes it wait any more."""
    again: bool = False
    """Whether it is a message that did not leave before."""


def day_asked(on: date | None, *, today: date) -> date:
    """The day somebody asks about, today when they do not say. Raises `BadInput` for one more than a year away."""
    if on is not None and abs((on - today).days) > FARTHEST_DAYS:
        raise BadInput("This day is too far away.", fields={"on": "Choose a day within a year of today."})
    return on or today


def plan_at(
    session: Session, at: datetime, troubled: list[int] | None = None, *, is_copy: bool = False
) -> Iterator[Planned]:
    """The highest rung due and not sent of every open loan at one moment, the longest overdue first: in quiet hours
    every message waits, in a restored copy (`is_copy`) all of the time.

    A loan whose situation cannot be worked out is logged and left out, and its number added to `troubled`.
    """
    set_apart = troubled if troubled is not None else []
    ladders, streams = ladders_of(session), queries.streams(session)
    calendars = cohorts.calendars(session, {stream.hub_id for stream in streams})
    runs = [
        _of_stream(
            session, _Moment(stream, ladders.of(stream.programme_id), calendars[stream.hub_id], at, is_copy), set_apart
        )
        for stream in streams
    ]
    runs.append(_moved(session, at, set_apart, is_copy))
    runs.append(_one_by_one(session, at, set_apart, is_copy))
    yield from heapq.merge(*runs, key=lambda each: (each.due_on, each.loan_id))


@dataclass(frozen=True)
class _Moment:
    """A stream of loans at one moment, by one ladder."""

    stream: Stream
    ladder: Ladder
    calendar: HubCalendar
    at: datetime
    is_copy: bool

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.stream.time_zone)

    def segments(self) -> tuple[Segment, ...]:
        today = local_date(self.at, self.zone)
        cut = segments(self.ladder, today, calendar=self.calendar, grace_days=self.stream.grace_days)
        return tuple(segment for segment in cut if segment.until >= self.stream.first_due)


def _of_stream(session: Session, moment: _Moment, set_apart: list[int]) -> Iterator[Planned]:
    stretches: tuple[Segment, ...] = ()
    with apart(set_apart, moment.stream.programme_id, "programme"):
        stretches = moment.segments()
    for segment in stretches:
        after: Place | None = None
        while True:
            page = _page(session, moment, segment, after)
            yield from _planned(session, moment, moment.ladder.rungs[segment.number], page, set_apart)
            if len(page) < AT_ONCE:
                break
            after = (page[-1].due_on, page[-1].loan_id)


def _page(session: Session, moment: _Moment, segment: Segment, after: Place | None) -> Sequence[Candidate]:
    tomorrow = local_date(moment.at, moment.zone) + timedelta(days=1)
    return queries.candidates(
        session,
        moment.stream,
        due_after=segment.after,
        due_until=segment.until,
        taken_by=[rung.key for rung in moment.ladder.rungs[segment.number :]],
        known_until=datetime.combine(tomorrow, time(), moment.zone),
        after=after,
        limit=AT_ONCE,
    )


def _planned(
    session: Session, moment: _Moment, rung: Rung, page: Sequence[Candidate], set_apart: list[int]
) -> Iterator[Planned]:
    kept = [each for each in page if each.alive and not _just_heard(each, rung, moment)]
    if not kept:
        return
    zone = moment.zone
    local = moment.at.astimezone(zone)
    known = around(session, [each.person_id for each in kept], [each.loan_id for each in kept], moment.at)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), time(), zone)
    taken = queries.rungs_taken(session, [each.loan_id for each in kept], tomorrow)
    below = [each.key for each in moment.ladder.rungs[: moment.ladder.rungs.index(rung)]]
    for each in kept:
        if each.moved and each.due_on >= local.date() and MOVED.key not in taken.get(each.loan_id, ()):
            continue  # `_moved` asks it whether they were told
        found = None
        with apart(set_apart, each.loan_id):
            facts = _facts(each, moment, known, local, zone)
            decision = decide(rung, facts)
            past = taken.get(each.loan_id, ())
            found = Planned(
                loan_id=each.loan_id,
                person_id=each.person_id,
                due_version=each.due_version,
                due_on=each.due_on,
                rung=rung,
                skipped=tuple(key for key in below if key not in past),
                action=decision.action,
                channel=each.channel,
                why=decision.why,
                language=language_of(rung, facts.reading, decision),
                is_written=is_written(rung, facts),
            )
        if found is not None:
            yield found


def language_of(rung: Rung, reading: Reading, decision: Decision) -> str:
    """Which language a message would be in; empty for all else."""
    return language_for(rung, reading) or "" if decision.action is Action.MESSAGE else ""


def _just_heard(each: Candidate, rung: Rung, moment: _Moment) -> bool:
    """Whether the date was given on or after the day of a rung before it, so that the rung is passed over."""
    if rung.days > 0:
        return False
    return each.due_on + timedelta(days=rung.days) <= local_date(each.given_at or moment.at, moment.zone)


def _facts(each: Candidate, moment: _Moment, known: Around, local: datetime, zone: ZoneInfo) -> Facts:
    days = known.message_days(each.person_id)
    return Facts(
        local=local,
        calendar=moment.calendar,
        state=moment.stream.state,
        contact_stopped=False,
        alive=True,
        opted_out=each.opted_out,
        with_the_person=each.stage is None or each.stage is Stage.ON_LOAN,
        channel=each.channel,
        reachable=_reachable(each),
        wrong_number=each.wrong_number,
        reading=known.reading(each.person_id, each.language_read),
        hold=known.hold(each.person_id, each.loan_id, local.date(), zone),
        message_today=local.date() in days,
        messages_this_week=len(days),
        answered_on=known.answered_on(each.person_id, zone),
        is_copy=moment.is_copy,
    )


def _reachable(each: Candidate) -> bool:
    match each.channel:
        case Channel.TEXT:
            return bool(each.phone)
        case Channel.EMAIL:
            return bool(each.email)
        case Channel.LETTER:
            return bool(each.address_line_1 and each.postcode)
        case Channel.CALL:
            return False


def _moved(session: Session, at: datetime, set_apart: list[int], is_copy: bool) -> Iterator[Planned]:
    """The loans whose day the hub moved and whose people have not been told, each by its own situation."""
    today = local_date(at)
    tomorrow = datetime.combine(today + timedelta(days=1), time(), LONDON)
    after: Place | None = None
    while True:
        page = queries.loans_moved(session, today, known_until=tomorrow, after=after, limit=AT_ONCE)
        yield from _each(session, page, at, set_apart, is_copy)
        if len(page) < AT_ONCE or page[-1].due_on is None:
            break
        after = (page[-1].due_on, page[-1].id)


def _one_by_one(session: Session, at: datetime, set_apart: list[int], is_copy: bool) -> Iterator[Planned]:
    """The few loans that no stream has, each by its own situation."""
    loans = queries.loans_elsewhere(session, local_date(at) + timedelta(days=1 - EARLIEST))
    yield from _each(session, loans, at, set_apart, is_copy)


def _each(
    session: Session, loans: Sequence[Loan], at: datetime, set_apart: list[int], is_copy: bool
) -> Iterator[Planned]:
    for situation in situations(session, loans, at=at, troubled=set_apart, is_copy=is_copy):
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
        language=language_of(rung, situation.facts.reading, decision),
        is_written=is_written(rung, situation.facts),
    )
