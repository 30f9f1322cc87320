"""Closing the hub: what would move, and doing exactly that once somebody confirms it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import HubCalendar, NoOpenDay, SpecialDays
from fleet.cohorts.models import Closure
from fleet.database.lists import Found, ListQuery
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.partners import service as partners
from fleet.planning import queries
from fleet.planning.rules.spreading import Move, digest, spread
from fleet.users.actor import Actor

MOST_A_DAY = 1_000


class NotWhatWasSeen(Conflict):
    """Other loans would move than those that were shown."""

    code = "not_what_was_seen"


@dataclass(frozen=True)
class Preview:
    """What moves. `days` are (day, loans due before, loans due after); `digest` names exactly these moves."""

    moves: tuple[Move, ...]
    days: tuple[tuple[date, int, int], ...]
    digest: str


def find_closures(session: Session, query: ListQuery, *, hub_id: int, now: datetime) -> Found[Closure]:
    """A page of the days on which a hub is closed or exceptionally open. Filters as in the cohorts' room."""
    return cohorts.find_closures(session, hub_id, query, today=today_of(session, hub_id, now))


def preview(session: Session, days: SpecialDays, *, hub_id: int, now: datetime, per_day: int | None = None) -> Preview:
    """What adding these days would move. Writes nothing. Raises `BadInput`, `NeverOpen`."""
    return _closing(session, days, hub_id, today_of(session, hub_id, now), per_day)


@dataclass(frozen=True)
class Ahead:
    """What a hub's days and loans are, read once for many looks: what each closure of a list would move by itself."""

    session: Session
    hub_id: int
    today: date
    calendar: HubCalendar
    due: Mapping[date, int]

    @classmethod
    def of(cls, session: Session, hub_id: int, now: datetime) -> Ahead:
        today = today_of(session, hub_id, now)
        return cls(session, hub_id, today, cohorts.calendar_of(session, hub_id), _due(session, hub_id, today))

    def preview(self, days: SpecialDays) -> Preview:
        """As `preview`."""
        changed = cohorts.with_days(self.calendar, days, today=self.today)
        return _spread(self.session, self.hub_id, changed, self.due, None, before=self.calendar)


def close(
    session: Session,
    days: SpecialDays,
    *,
    hub_id: int,
    seen: str,
    actor: Actor,
    happening: Happening,
    per_day: int | None = None,
) -> Closure:
    """Write the days down and give every loan that is due on one of them another due date. `seen` is the digest of the
    preview that was confirmed: raises `NotWhatWasSeen` when something else would move by now.

    The same `client_id` twice, or the same days confirmed again while nothing would move, adds nothing and answers
    with the same closure.
    """
    told = cohorts.closure_told_before(session, happening)
    if told is not None:
        return told
    asked = _closing(session, days, hub_id, today_of(session, hub_id, happening.now), per_day)
    ensure_seen(asked.digest, seen, asked.moves)
    before = _on_record(session, hub_id, days)
    if before is not None and not asked.moves:
        return before
    made = cohorts.add_closure(session, hub_id, days, actor=actor, happening=happening)
    made.loans_moved = _move(session, asked, f"The hub is closed: {made.name}", actor=actor, now=happening.now)
    session.flush()
    return made


def _on_record(session: Session, hub_id: int, days: SpecialDays) -> Closure | None:
    """The very same days for the same reason: a button that was pressed twice."""
    wanted = replace(days, name=days.name.strip())
    return next((each for each in cohorts.closures(session, hub_id) if each.days == wanted), None)


def stranded(session: Session, *, hub_id: int, now: datetime, per_day: int | None = None) -> Preview:
    """Loans that are due on a day when the hub is closed by its calendar as it stands: after its week was changed, or
    where the bank holidays were not known when the date was given."""
    today = today_of(session, hub_id, now)
    return _moves(session, hub_id, cohorts.calendar_of(session, hub_id), today, per_day)


def move_stranded(
    session: Session, *, hub_id: int, seen: str, actor: Actor, now: datetime, per_day: int | None = None
) -> int:
    """Give them another due date; how many that were. Raises `NotWhatWasSeen`."""
    asked = stranded(session, hub_id=hub_id, now=now, per_day=per_day)
    ensure_seen(asked.digest, seen, asked.moves)
    return _move(session, asked, "The hub is closed on that day", actor=actor, now=now)


def today_of(session: Session, hub_id: int, now: datetime) -> date:
    """The day it is at a hub."""
    return local_date(now, ZoneInfo(partners.get_organisation(session, hub_id).time_zone))


def _closing(session: Session, days: SpecialDays, hub_id: int, today: date, per_day: int | None) -> Preview:
    """What these days move, and nothing that was due on a day closed without them: that is not theirs to explain."""
    before = cohorts.calendar_of(session, hub_id)
    return _moves(session, hub_id, cohorts.check_days(session, hub_id, days, today=today), today, per_day, before)


def _moves(
    session: Session,
    hub_id: int,
    calendar: HubCalendar,
    today: date,
    per_day: int | None,
    before: HubCalendar | None = None,
) -> Preview:
    if per_day is not None and not 1 <= per_day <= MOST_A_DAY:
        raise BadInput("Nothing was changed.", fields={"per_day": f"Enter a number from 1 to {MOST_A_DAY:,}."})
    return _spread(session, hub_id, calendar, _due(session, hub_id, today), per_day, before=before)


def _due(session: Session, hub_id: int, today: date) -> dict[date, int]:
    """How many loans are due on each day to come."""
    due: dict[date, int] = {}
    for (_, due_on), count in queries.due_counts(session, hub_id, first=today).items():
        due[due_on] = due.get(due_on, 0) + count
    return due


def _spread(
    session: Session,
    hub_id: int,
    calendar: HubCalendar,
    already: Mapping[date, int],
    per_day: int | None,
    *,
    before: HubCalendar | None,
) -> Preview:
    """Of every closed day, or of those that were open by the calendar `before`."""
    closed = [day for day in already if not calendar.is_open(day) and (before is None or before.is_open(day))]
    found = queries.loans_due_on(session, hub_id, closed) if closed else ()
    try:
        moves = spread(found, already, calendar, per_day=per_day)
    except NoOpenDay as error:
        raise cohorts.NeverOpen(f"Nothing was changed. {error}", next_step="Open the hub on another day.") from error
    return Preview(moves, _by_day(already, moves), digest(moves))


def _by_day(already: Mapping[date, int], moves: tuple[Move, ...]) -> tuple[tuple[date, int, int], ...]:
    """Every day whose number changes."""
    after = dict(already)
    for move in moves:
        after[move.before] -= 1
        after[move.after] = after.get(move.after, 0) + 1
    changed = sorted(day for day, count in after.items() if count != already.get(day, 0))
    return tuple((day, already.get(day, 0), after[day]) for day in changed)


def ensure_seen(found: str, seen: str, moves: Sequence[Move]) -> None:
    """Raises `NotWhatWasSeen` unless the digest of these moves, `found`, is the one that was confirmed."""
    if found != seen:
        raise NotWhatWasSeen(
            "Nothing was changed. Other loans would move by now than those that were shown.",
            next_step="Look at what would move, then confirm it again.",
            details={"would_move": len(moves), "digest": found},
        )


def _move(session: Session, asked: Preview, why: str, *, actor: Actor, now: datetime) -> int:
    if not asked.moves:
        return 0
    wanted = {move.loan_id: (move.before, move.after) for move in asked.moves}
    return loans.move_due_dates(session, wanted, actor=actor, happening=Happening(now=now, reason=why))
