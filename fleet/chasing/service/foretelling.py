"""What a day to come would bring if nothing else happened: the days until then are played as their ticks would do them,
home by home, and nothing is written down. What leaves on one of them is not told of a later one."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import Chase
from fleet.chasing.rules import MOVED, Action
from fleet.chasing.service.claiming import read_as, tells_of
from fleet.chasing.service.deciding import planned_again
from fleet.chasing.service.planning import Planned, plan_at, planned_for
from fleet.chasing.service.situation import AT_ONCE, Situation, situations
from fleet.clock import LONDON, local_date
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState

_ACTS = (Action.MESSAGE, Action.TASK)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Foretold:
    """A loan on a day to come: how it would stand, what would be done, and what the days before it would have done."""

    situation: Situation
    line: Planned | None
    before: tuple[date, Planned] | None
    """The last message or task of the days from today on, with its day."""


def planned_on(session: Session, day: date, *, now: datetime, is_copy: bool = False) -> Iterator[Planned]:
    """All that would leave on a day, today or to come: what is due by then, and what did not leave before; the longest
    overdue first, one line for each loan."""
    due = ((each.due_on, each.loan_id, True) for each in plan_at(session, moment(day, now), is_copy=is_copy))
    both = heapq.merge(due, _failed_before(session))
    looked_at = (
        (loan_id, any(each[2] for each in them)) for (_, loan_id), them in groupby(both, lambda each: each[:2])
    )
    while some := dict(islice(looked_at, AT_ONCE)):
        told = foretold(session, queries.loans(session, list(some)), day, now=now, troubled=[], is_copy=is_copy)
        for loan_id, is_due in some.items():
            line = told[loan_id].line if loan_id in told else None
            if line is not None and (is_due or line.action is not Action.NEVER):
                yield line


def _failed_before(session: Session) -> list[tuple[date, int, bool]]:
    failed = sorted({each.loan_id for each in queries.failed_entries(session)})
    return sorted((loan.due_on, loan.id, False) for loan in queries.loans(session, failed) if loan.due_on is not None)


def foretold(
    session: Session,
    loans: Sequence[Loan],
    day: date,
    *,
    now: datetime,
    troubled: list[int] | None = None,
    is_copy: bool = False,
) -> dict[int, Foretold]:
    """loan -> what the days from today to that day would bring, for these and for the others of their homes.

    With `troubled`, a loan that cannot be worked out is left out and its number added; without, that raises.
    """
    found: dict[int, Foretold] = {}
    for home in _homes(session, loans, now=now, troubled=troubled, is_copy=is_copy):
        _play_until(home, day, now)
        at = moment(day, now)
        before = [(home.seen(each, at), each.last) for each in home.loans]
        lines = _play(home, at)
        found |= {seen.loan.id: Foretold(seen, lines.get(seen.loan.id), last) for seen, last in before}
    return found


def moment(day: date, now: datetime) -> datetime:
    """Noon, when messages leave on every open day; of today the present moment once that is over."""
    noon = datetime.combine(day, time(12), LONDON)
    return max(noon, now) if day == local_date(now) else noon


@dataclass
class _Lent:
    """A loan while days are played, with what its ledger would hold."""

    situation: Situation
    failed: Chase | None
    """Its message that did not leave, until it is seen to."""
    played: frozenset[str] = frozenset()
    last: tuple[date, Planned] | None = None
    """The last message or task, with its day."""

    @property
    def id(self) -> int:
        return self.situation.loan.id

    def take(self, line: Planned, on: date) -> None:
        self.played |= {line.rung.key, *line.skipped}
        self.failed = None
        self.last = (on, line)


@dataclass
class _Home:
    """The loans of those whom one message reaches, and the days on which one was, or would be, sent."""

    loans: list[_Lent]
    written_on: set[date]

    def seen(self, each: _Lent, at: datetime) -> Situation:
        return each.situation.at(at, written_on=self.written_on, played=each.played)


def _homes(
    session: Session, loans: Sequence[Loan], *, now: datetime, troubled: list[int] | None, is_copy: bool
) -> Iterator[_Home]:
    mates = queries.housemates(session, sorted({loan.person_id for loan in loans}))
    home_of = {person_id: min(person_id, *those) for person_id, those in mates.items() if those}
    beside = queries.loans_of_people(session, sorted({loan.person_id for loan in loans}.union(*mates.values())))
    every = {loan.id: loan for loan in (*beside, *loans)}
    failed = {each.loan_id: each for each in queries.failed_entries(session)}
    homes: dict[int, list[_Lent]] = defaultdict(list)
    for situation in situations(session, list(every.values()), at=now, troubled=troubled, is_copy=is_copy):
        person_id = situation.loan.person_id
        homes[home_of.get(person_id, person_id)].append(_Lent(situation, failed.get(situation.loan.id)))
    for lent in homes.values():
        lent.sort(key=lambda each: (each.situation.loan.due_on or date.max, each.id))
        days = (each.situation.around.message_days(each.situation.person.id) for each in lent)
        yield _Home(lent, set[date]().union(*days))


def _play_until(home: _Home, day: date, now: datetime) -> None:
    """The days from today to the one before. Those on which nothing can happen are passed over."""
    on = local_date(now)
    while on < day:
        on = min(_next_day(home, _play(home, moment(on, now)), on, now), day)


def _play(home: _Home, at: datetime) -> dict[int, Planned]:
    """One day: each loan's step, the others at the home along in the same message, then what did not leave before."""
    lines: dict[int, Planned] = {}
    for each in sorted(home.loans, key=lambda lent: not _tells_of_move(home, lent, at)):
        if each.id not in lines and (line := _due(home, each, at)) is not None:
            lines[each.id] = line
            if line.action in _ACTS:
                lines.update(_act(home, each, line, at))
    for each in sorted(home.loans, key=lambda lent: lent.failed.id if lent.failed is not None else 0):
        line = planned_again(home.seen(each, at), each.failed) if each.failed is not None else None
        if line is not None and line.action in _ACTS:
            lines[each.id] = line
            _take(home, each, line, at)
        elif line is not None:
            lines.setdefault(each.id, line)
    return lines


def _tells_of_move(home: _Home, each: _Lent, at: datetime) -> bool:
    """Whether its step goes before all else of the day at its home: few have one that could."""
    dates = each.situation.dates
    line = _due(home, each, at) if dates is not None and dates.moved is not None else None
    return line is not None and line.rung == MOVED and line.action is Action.MESSAGE


def _due(home: _Home, each: _Lent, at: datetime) -> Planned | None:
    situation = home.seen(each, at)
    line = planned_for(situation)
    return line if line is None or line.rung.key not in situation.taken else None


def _act(home: _Home, first: _Lent, line: Planned, at: datetime) -> dict[int, Planned]:
    """Take a step, and with a message the steps of this home that one text can say as well."""
    along = list[tuple[_Lent, Planned]]()
    if line.action is Action.MESSAGE:
        for other in home.loans:
            its = _due(home, other, at) if other is not first else None
            if its is not None and its.action is Action.MESSAGE and _says(other, its) == _says(first, line):
                along.append((other, its))
    for each, its in ((first, line), *along):
        _take(home, each, its, at)
    return {other.id: its for other, its in along}


def _says(each: _Lent, line: Planned) -> tuple[object, ...]:
    """What makes two steps of a home one text: how it is read, and that it tells of the same move."""
    return read_as(each.situation, line.rung), tells_of(each.situation, line.rung)


def _take(home: _Home, each: _Lent, line: Planned, at: datetime) -> None:
    on = home.seen(each, at).facts.local.date()
    each.take(line, on)
    if line.action is Action.MESSAGE:
        home.written_on.add(on)


def _next_day(home: _Home, lines: dict[int, Planned], on: date, now: datetime) -> date:
    """The next day on which anything can become of what waits, or another step is due."""
    return min(_wakes(home.seen(each, moment(on, now)), lines.get(each.id), each, on) for each in home.loans)


def _wakes(situation: Situation, line: Planned | None, each: _Lent, on: date) -> date:
    facts, following = situation.facts, situation.standing_on(on).next_day or date.max
    if each.failed is not None:
        return on + _ONE_DAY
    if line is None or line.action in _ACTS:
        return following
    if facts.hold is not None:
        return facts.hold.until + _ONE_DAY
    lasts = line.action is Action.NEVER or facts.is_copy or facts.answered_on is not None
    return following if lasts or facts.state is LoanState.RETURN_ARRANGED else on + _ONE_DAY
