"""Who hears from us on a day: of a day gone by what the ledger has of it, of today what was done so far and what is
still planned, of a day to come what would be done, the days until then played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import Chase
from fleet.chasing.rules import Action, ChaseState
from fleet.chasing.service.foretelling import planned_on
from fleet.chasing.service.naming import step_names
from fleet.chasing.service.planning import Planned
from fleet.clock import LONDON, local_date
from fleet.people.rules import Channel

_AT_ONCE = 500
_HUMAN = (ChaseState.TO_DO, ChaseState.DONE)


@dataclass(frozen=True, slots=True)
class Done:
    """One entry of the ledger, as something that was done on a day."""

    loan_id: int
    person_id: int
    due_version: int
    due_on: date
    rung: str
    step: str
    state: ChaseState
    action: Action
    channel: Channel
    language: str
    note: str


@dataclass(frozen=True)
class DryRun:
    """Some lines of a day, what was done first, and how many there are in all."""

    lines: tuple[Done | Planned, ...]
    total: int


def dry_run(
    session: Session, day: date, *, now: datetime, is_copy: bool = False, first: int = 0, count: int | None = None
) -> DryRun:
    """The lines of a day from the `first` on, all of them unless `count` is given. No more are kept in memory."""
    today = local_date(now)
    done = queries.count_done(session, _asked(day, today)) if day <= today else 0
    wanted = None if count is None else max(0, min(count, done - first))
    lines: list[Done | Planned] = [*islice(_done(session, day, today, first), wanted)] if first < done else []
    total = done
    if day >= today:
        for each in planned_on(session, day, now=now, is_copy=is_copy):
            if first <= total and (count is None or total < first + count):
                lines.append(each)
            total += 1
    return DryRun(tuple(lines), total)


def _asked(day: date, today: date) -> queries.OnDay:
    """What did not leave today is tried again, and so is planned; what was passed over nobody ever heard of."""
    left_out = (ChaseState.SKIPPED, *((ChaseState.FAILED,) if day == today else ()))
    starts, ends = (datetime.combine(each, time(), LONDON) for each in (day, day + timedelta(days=1)))
    return queries.OnDay(day, starts, ends, left_out)


def _done(session: Session, day: date, today: date, first: int) -> Iterator[Done]:
    while page := queries.done_on(session, _asked(day, today), first=first, limit=_AT_ONCE):
        yield from _told(session, page)
        first += len(page)


def _told(session: Session, entries: Sequence[Chase]) -> Iterator[Done]:
    names = step_names(session, entries)
    people = queries.people(session, sorted({each.person_id for each in entries}))
    for each in entries:
        asked = each.state in _HUMAN or not each.channel
        yield Done(
            loan_id=each.loan_id,
            person_id=each.person_id,
            due_version=each.due_version,
            due_on=each.due_on,
            rung=each.rung,
            step=names[each.id],
            state=each.state,
            action=Action.TASK if asked else Action.MESSAGE,
            channel=Channel(each.channel) if each.channel else people[each.person_id].channel,
            language="" if asked else each.language,
            note=each.note,
        )
