"""How a loan stood on a day, for whoever asks why somebody was, or was not, written to on it: the due date, the holds,
the answers and the wishes of that day, not of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import Chase, ChaseHold, ChaseReply
from fleet.chasing.rules import ENDS_WITH_A_NEW_DAY, Dates, Facts, HoldReason, Standing, standing
from fleet.chasing.service.around import hold_facts
from fleet.chasing.service.foretelling import Foretold
from fleet.chasing.service.planning import Planned
from fleet.chasing.service.situation import Situation, moved_by_us
from fleet.clock import local_date
from fleet.loans import service as loans
from fleet.loans.models import DueVersion, Loan
from fleet.loans.rules import ENDED, LoanState


@dataclass(frozen=True)
class OnDay:
    """A loan as it stood at the end of a day; of today and of days to come, as it stands."""

    situation: Situation
    facts: Facts
    dates: Dates | None
    version: int
    day: date
    today: date
    zone: ZoneInfo
    before: tuple[date, Planned] | None = None
    """Of a day to come, the last message or task of the days before it, with its day."""

    @property
    def entries(self) -> tuple[Chase, ...]:
        """What the ledger had by the end of that day for the due date that counted then, the newest last."""
        return tuple(
            each
            for each in self.situation.chases
            if each.due_version == self.version and local_date(each.created_at, self.zone) <= self.day
        )

    @property
    def standing(self) -> Standing:
        if self.dates is None:
            return Standing(rung=None, skipped=(), next_rung=None, next_day=None)
        past = {each.rung for each in self.entries}.union(self.situation.played)
        return standing(self.situation.ladder, self.dates, self.day, past)


def to_come(told: Foretold, day: date, *, today: date) -> OnDay:
    """The same of a day to come, by the days that were played until then."""
    situation, loan = told.situation, told.situation.loan
    zone, version = ZoneInfo(situation.hub.time_zone), loan.due_version
    return OnDay(situation, situation.facts, situation.dates, version, day, today, zone, told.before)


def on_day(session: Session, situation: Situation, day: date, *, today: date) -> OnDay:
    """Read what has changed since that day."""
    loan, zone = situation.loan, ZoneInfo(situation.hub.time_zone)
    versions = queries.due_versions(session, loan.id)
    hold = _hold_on(queries.holds_about(session, loan, _who_had_it(session, loan, day)), versions, day, zone)
    facts = replace(situation.facts, hold=hold_facts(hold, zone) if hold is not None else None)
    known = _versions_on(versions, day, zone)
    version = known[-1] if known else None
    if day < today:
        ends = datetime.combine(day + timedelta(days=1), time(), zone)
        facts = replace(
            facts,
            state=_state_on(loan, day, zone),
            with_the_person=facts.with_the_person or _was_with_them(loan, day, zone),
            contact_stopped=loan.stopped_at is not None and loan.stopped_at < ends,
            alive=_was_alive(session, situation, ends),
            opted_out=_opted_out(session, situation, ends),
            wrong_number=situation.person.phone_wrong_on is not None and situation.person.phone_wrong_on <= day,
            answered_on=_answered_on(queries.replies_of_person(session, loan.person_id), ends, zone),
        )
    return OnDay(situation, facts, _dates(situation, known), version.number if version else 0, day, today, zone)


def _dates(situation: Situation, known: Sequence[DueVersion]) -> Dates | None:
    if not known:
        return None
    version = known[-1]
    return Dates(
        due_on=version.due_on,
        given_on=local_date(version.set_at, ZoneInfo(situation.hub.time_zone)),
        calendar=situation.facts.calendar,
        grace_days=situation.programme.grace_days,
        moved=moved_by_us(known, situation.chases),
    )


def _versions_on(versions: Sequence[DueVersion], day: date, zone: ZoneInfo) -> Sequence[DueVersion]:
    """The due dates that were given by the end of a day; of a day before the first, that one."""
    return [each for each in versions if local_date(each.set_at, zone) <= day] or versions[:1]


def _state_on(loan: Loan, day: date, zone: ZoneInfo) -> LoanState:
    """By the days that the loan keeps; what it does not keep is as it is."""
    if loan.started_on is not None and day < loan.started_on:
        return LoanState.ALLOCATED
    if loan.state in ENDED and loan.closed_at is not None and local_date(loan.closed_at, zone) > day:
        return LoanState.ACTIVE if _was_with_them(loan, day, zone) else LoanState.COLLECTED
    if loan.state is LoanState.COLLECTED and _was_with_them(loan, day, zone):
        return LoanState.ACTIVE
    arranged = loan.return_arranged_at
    if loan.state is LoanState.RETURN_ARRANGED and arranged is not None and local_date(arranged, zone) > day:
        return LoanState.ACTIVE
    return loan.state


def _was_with_them(loan: Loan, day: date, zone: ZoneInfo) -> bool:
    if loan.started_on is None or day < loan.started_on:
        return False
    over = loan.returned_on or (local_date(loan.closed_at, zone) if loan.closed_at is not None else None)
    return over is not None and over > day


_WISHES = ("opted_out", "opted_in")
_DIED = ("died",)


def _opted_out(session: Session, situation: Situation, ends: datetime) -> bool:
    """By the log of the person; what it does not say is as it is."""
    noted = queries.noted(session, situation.person.id, _WISHES)
    before = [kind for kind, at in noted if at < ends]
    if before or not noted:
        return before[-1] == "opted_out" if before else situation.facts.opted_out
    return noted[0][0] == "opted_in"


def _was_alive(session: Session, situation: Situation, ends: datetime) -> bool:
    """Whether nobody here had heard of a death."""
    noted = queries.noted(session, situation.person.id, _DIED)
    return noted[0][1] >= ends if noted else situation.facts.alive


def _answered_on(replies: Sequence[ChaseReply], ends: datetime, zone: ZoneInfo) -> date | None:
    open_then = [
        local_date(each.received_at, zone)
        for each in replies
        if each.received_at < ends and (each.read_at is None or each.read_at >= ends)
    ]
    return min(open_then, default=None)


def _who_had_it(session: Session, loan: Loan, day: date) -> int:
    """Whoever looked after a tablet of a venue on that day; of any other loan, its person."""
    if loan.venue_loan_id is None:
        return loan.person_id
    looked_after = [each for each in loans.custodians_of(session, loan.venue_loan_id) if each.from_on <= day]
    return looked_after[-1].person_id if looked_after else loan.person_id


def _hold_on(holds: Sequence[ChaseHold], versions: Sequence[DueVersion], day: date, zone: ZoneInfo) -> ChaseHold | None:
    """The hold that was in force on a day, the longest of several; claims of a return do not run out."""
    in_force = [
        hold
        for hold in holds
        if local_date(hold.placed_at, zone) <= day
        and (day <= hold.until or hold.reason is HoldReason.SAYS_GIVEN_BACK)
        and (hold.lifted_at is None or local_date(hold.lifted_at, zone) > day)
        and not (hold.reason in ENDS_WITH_A_NEW_DAY and _given_since(hold, versions, day, zone))
    ]
    return max(in_force, key=lambda hold: hold.until, default=None)


def _given_since(hold: ChaseHold, versions: Sequence[DueVersion], day: date, zone: ZoneInfo) -> bool:
    """Whether another due date was given by the end of a day, by somebody and not by a closure."""
    own = (each.set_at for each in versions if each.moved_because is None)
    return any(set_at > hold.placed_at and local_date(set_at, zone) <= day for set_at in own)
