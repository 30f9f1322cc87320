"""All that is known of loans at one moment, read in a few wide queries: for one loan under lock, or for thousands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import Chase, ChaseHold
from fleet.chasing.rules import (
    HEARD,
    Dates,
    Decision,
    Facts,
    Ladder,
    Moved,
    Standing,
    decide,
    standing,
)
from fleet.chasing.service.apart import apart
from fleet.chasing.service.around import Around, around, hold_facts
from fleet.chasing.service.ladders import Ladders, ladders_of
from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import HubCalendar
from fleet.cohorts.models import Programme
from fleet.loans.models import DueVersion, Loan
from fleet.loans.rules import overdue_days
from fleet.partners.models import Organisation
from fleet.people.models import Person
from fleet.people.rules import Channel, phone_words
from fleet.people.sight import address_lines
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage

AT_ONCE = 500
"""How many loans are read together; also what keeps memory flat."""


@dataclass(frozen=True)
class Situation:
    """A loan, whose it is, where it stands on the ladder, and what may be done about it at one moment."""

    loan: Loan
    person: Person
    programme: Programme
    hub: Organisation
    tablet: Tablet | None
    hold: ChaseHold | None
    chases: tuple[Chase, ...]
    facts: Facts
    ladder: Ladder
    dates: Dates | None
    """None while no due date runs."""
    around: Around
    played: frozenset[str] = frozenset()
    """The rungs that the days up to this moment would have taken, where it is one to come."""

    @property
    def taken(self) -> set[str]:
        """The rungs that the ledger has for the present due date, those of days to come too: the database allows no
        second entry of any."""
        return {chase.rung for chase in self.chases if chase.due_version == self.loan.due_version}.union(self.played)

    def at(self, moment: datetime, *, written_on: Collection[date], played: frozenset[str]) -> Situation:
        """The same at a later moment, by the days on which their home would have been written to and the rungs that
        would have been taken until then."""
        zone = ZoneInfo(self.hub.time_zone)
        local = moment.astimezone(zone)
        today = local.date()
        hold = self.around.hold_row(self.person.id, self.loan.id, today)
        facts = replace(
            self.facts,
            local=local,
            hold=hold_facts(hold, zone) if hold is not None else None,
            message_today=today in written_on,
            messages_this_week=sum(day > today - timedelta(days=7) for day in written_on),
        )
        return replace(self, hold=hold, facts=facts, played=played)

    @property
    def standing(self) -> Standing:
        """Where the loan stands on the ladder on the day of this moment."""
        return self.standing_on(self.facts.local.date())

    def standing_on(self, day: date) -> Standing:
        """Where it stood, or will stand, on a day, by what the ledger holds from before that day and of it."""
        if self.dates is None:
            return Standing(rung=None, skipped=(), next_rung=None, next_day=None)
        zone = ZoneInfo(self.hub.time_zone)
        past = {
            chase.rung
            for chase in self.chases
            if chase.due_version == self.loan.due_version and local_date(chase.created_at, zone) <= day
        }
        return standing(self.ladder, self.dates, day, past | self.played)

    @property
    def decision(self) -> Decision | None:
        """What is done about the rung that is due; None when none is."""
        rung = self.standing.rung
        return decide(rung, self.facts) if rung is not None else None

    @property
    def days_late(self) -> int:
        return overdue_days(self.facts.local.date(), self.loan.due_on, self.programme.grace_days)


@dataclass(frozen=True)
class _Read:
    """What was read of some loans together, keyed by loan or person."""

    people: dict[int, Person]
    programmes: dict[int, Programme]
    hubs: dict[int, Organisation]
    tablets: dict[int, Tablet]
    versions: dict[int, list[DueVersion]]
    chases: dict[int, list[Chase]]
    around: Around
    ladders: Ladders
    calendars: dict[int, HubCalendar]


def situations(
    session: Session,
    loans: Sequence[Loan],
    *,
    at: datetime,
    besides: int | None = None,
    troubled: list[int] | None = None,
    is_copy: bool = False,
) -> Iterator[Situation]:
    """Each loan's situation, in the order given. `besides` is a message of the ledger that does not count as sent;
    `is_copy` says that this database was restored from a backup.

    With `troubled`, a loan whose situation cannot be worked out is left out and its number added; without, that raises.
    """
    for start in range(0, len(loans), AT_ONCE):
        some = loans[start : start + AT_ONCE]
        read = _read(session, some, at, besides)
        for loan in some:
            found = None
            with apart(troubled, loan.id) if troubled is not None else nullcontext():
                found = _situation(loan, read, at, is_copy)
            if found is not None:
                yield found


def _read(session: Session, loans: Sequence[Loan], at: datetime, besides: int | None) -> _Read:
    loan_ids, programme_ids = [loan.id for loan in loans], sorted({loan.programme_id for loan in loans})
    person_ids = sorted({loan.person_id for loan in loans})
    chases = defaultdict(list)
    for chase in queries.chases_of_loans(session, loan_ids):
        chases[chase.loan_id].append(chase)
    return _Read(
        people=queries.people(session, person_ids),
        programmes=queries.programmes(session, programme_ids),
        hubs=queries.hubs(session, sorted({loan.hub_id for loan in loans})),
        tablets=queries.tablets(session, loan_ids),
        versions=queries.due_versions_of(session, loan_ids),
        chases=chases,
        around=around(session, person_ids, loan_ids, at, besides=besides),
        ladders=ladders_of(session, programme_ids),
        calendars=cohorts.calendars(session, {loan.hub_id for loan in loans}),
    )


def _situation(loan: Loan, read: _Read, at: datetime, is_copy: bool) -> Situation:
    person, programme, hub = read.people[loan.person_id], read.programmes[loan.programme_id], read.hubs[loan.hub_id]
    tablet, chases = read.tablets.get(loan.id), tuple(read.chases.get(loan.id, ()))
    zone = ZoneInfo(hub.time_zone)
    local = at.astimezone(zone)
    hold = read.around.hold_row(person.id, loan.id, local.date())
    days = read.around.message_days(person.id)
    return Situation(
        loan=loan,
        person=person,
        programme=programme,
        hub=hub,
        tablet=tablet,
        hold=hold,
        chases=chases,
        facts=Facts(
            local=local,
            calendar=read.calendars[hub.id],
            state=loan.state,
            contact_stopped=loan.stopped_at is not None,
            alive=person.deceased_on is None,
            opted_out=person.opted_out,
            with_the_person=tablet is None or tablet.stage is Stage.ON_LOAN,
            channel=person.channel,
            reachable=bool(address_for(person)),
            wrong_number=person.phone_wrong_on is not None,
            reading=read.around.reading(person.id, person.language_read),
            hold=hold_facts(hold, zone) if hold is not None else None,
            message_today=local.date() in days,
            messages_this_week=len(days),
            answered_on=read.around.answered_on(person.id, zone),
            is_copy=is_copy,
        ),
        ladder=read.ladders.of(programme.id),
        dates=_dates(loan, read, at, calendar=read.calendars[hub.id], zone=zone),
        around=read.around,
    )


def is_from_before_a_stop(chase: Chase, loan: Loan) -> bool:
    """Whether everything was stopped, and that taken back, since this was asked for: it never leaves (rule R12)."""
    return loan.stop_lifted_at is not None and chase.created_at < loan.stop_lifted_at


def _dates(loan: Loan, read: _Read, at: datetime, *, calendar: HubCalendar, zone: ZoneInfo) -> Dates | None:
    if loan.due_on is None:
        return None
    versions = [each for each in read.versions.get(loan.id, ()) if each.number <= loan.due_version]
    return Dates(
        due_on=loan.due_on,
        given_on=local_date(versions[-1].set_at if versions else at, zone),
        calendar=calendar,
        grace_days=read.programmes[loan.programme_id].grace_days,
        moved=moved_by_us(versions, read.chases.get(loan.id, ())),
    )


def moved_by_us(versions: Sequence[DueVersion], chases: Sequence[Chase]) -> Moved | None:
    """Whether the hub moved the day that the last of these due versions gives, from the last one that the person has
    heard of; None where they asked for it, or it is the day that they know."""
    last = versions[-1] if versions else None
    if last is None or last.moved_because is None:
        return None
    heard = {chase.due_version for chase in chases if chase.state in HEARD}
    earlier = (each for each in reversed(versions[:-1]) if each.moved_because is None or each.number in heard)
    known = next(earlier, None)
    return Moved(known.due_on, last.moved_because) if known is not None and known.due_on != last.due_on else None


def address_for(person: Person, by: Channel | None = None) -> str:
    """Where the person's preferred channel, or another one, reaches them; empty when nothing on record does."""
    match by or person.channel:
        case Channel.TEXT:
            return phone_words(person.phone)
        case Channel.EMAIL:
            return person.email
        case Channel.LETTER:
            return ", ".join(address_lines(person)) if person.address_line_1 and person.postcode else ""
        case Channel.CALL:
            return ""
