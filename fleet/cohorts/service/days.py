"""A hub's days: its week, what it keeps otherwise, and the calendar that both make with its nation's bank holidays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from fleet.cohorts import queries
from fleet.cohorts.calendar import LONGEST_CLOSURE_DAYS, ORDINARY_WEEK, Hours, HubCalendar, NoOpenDay, SpecialDays
from fleet.cohorts.models import Closure
from fleet.database.lists import Found, ListQuery
from fleet.errors import BadInput, Conflict, there
from fleet.happening import Happening
from fleet.partners import service as partners
from fleet.users.actor import Actor

YEARS_AHEAD = 10


class NeverOpen(Conflict):
    """With this the hub would not be open on any day of a year."""

    code = "never_open"


def calendar_of(session: Session, hub_id: int, *, besides: int | None = None) -> HubCalendar:
    """The hub's calendar; without the closure `besides`, if that is given."""
    hub = partners.get_organisation(session, hub_id)
    week = tuple(Hours(row.weekday, row.opens_at, row.closes_at) for row in queries.opening_hours(session, hub_id))
    special = tuple(each.days for each in queries.closures(session, hub_id) if each.id != besides)
    return HubCalendar(hub.nation, week or ORDINARY_WEEK, special)


def calendars(session: Session, hub_ids: Collection[int]) -> dict[int, HubCalendar]:
    """hub -> its calendar, for whoever looks at the loans of several hubs at once."""
    return {hub_id: calendar_of(session, hub_id) for hub_id in sorted(set(hub_ids))}


def closures(session: Session, hub_id: int) -> Sequence[Closure]:
    """What the hub keeps otherwise than its week, soonest first; what was withdrawn is left out."""
    return queries.closures(session, hub_id)


def find_closures(session: Session, hub_id: int, query: ListQuery, *, today: date) -> Found[Closure]:
    """A page of them. Filters: `past` (yes: those that are over as well), `withdrawn` (yes: what was taken back)."""
    return queries.find_closures(session, hub_id, query, today=today)


def get_closure(session: Session, closure_id: int) -> Closure:
    """Raises `NotFound`."""
    return there(
        queries.closure(session, closure_id), "There is no such closure.", next_step="Look for it among the hub's days."
    )


def closure_told_before(session: Session, happening: Happening) -> Closure | None:
    """The closure that this very act added, when it was told before."""
    return queries.closure_by_client_id(session, happening.client_id) if happening.client_id else None


def set_week(session: Session, hub_id: int, week: Sequence[Hours], *, actor: Actor, now: datetime) -> HubCalendar:
    """Write down when the hub is open. Raises `BadInput`, or `NeverOpen`; dates that were promised stay as they are."""
    fields = {
        f"closes_{hours.weekday}": "It closes before it opens." for hours in week if hours.closes_at <= hours.opens_at
    }
    if not week:
        fields["opens_0"] = "Enter the hours of at least one weekday."
    if len({hours.weekday for hours in week}) < len(week):
        fields["opens_0"] = "Enter the hours of a weekday once."
    if fields:
        raise BadInput("The hub's week was not changed.", fields=fields)
    queries.replace_opening_hours(session, hub_id, week)
    calendar = calendar_of(session, hub_id)
    _still_opens(calendar, now.date())
    return calendar


def check_days(session: Session, hub_id: int, days: SpecialDays, *, today: date) -> HubCalendar:
    """The hub's calendar as it would be with these days. Raises `BadInput`, or `NeverOpen`."""
    return with_days(calendar_of(session, hub_id), days, today=today)


def with_days(calendar: HubCalendar, *several: SpecialDays, today: date) -> HubCalendar:
    """A calendar as it would be with these days. Raises what `check_days` raises."""
    for days in several:
        _refuse(days, today)
    changed = HubCalendar(calendar.nation, calendar.week, (*calendar.special, *several))
    for days in several:
        _still_opens(changed, max(days.first, today))
    return changed


def _refuse(days: SpecialDays, today: date) -> None:
    problems = {
        "name": "" if 0 < len(days.name.strip()) <= 120 else "Say in a few words why, such as “Staff training”.",
        "last_on": _last_problem(days),
        "first_on": _first_problem(days, today),
    }
    fields = {name: sentence for name, sentence in problems.items() if sentence}
    if fields:
        raise BadInput("The hub's days were not changed.", fields=fields)


def add_closures(
    session: Session,
    hub_id: int,
    several: Sequence[SpecialDays],
    *,
    actor: Actor,
    happening: Happening,
    as_it_was: bool = False,
) -> list[Closure]:
    """Write down all of these days, or none. Loans that are due on them are the caller's to move. `as_it_was` is for
    history: days that have gone by are written down too. Raises what `check_days` raises."""
    today = happening.now.date()
    checked = [days for days in several if not (as_it_was and days.over(today))]
    with_days(calendar_of(session, hub_id), *checked, today=today)
    made = [_made(hub_id, days, actor, happening) for days in several]
    session.add_all(made)
    session.flush()
    return made


def add_closure(session: Session, hub_id: int, days: SpecialDays, *, actor: Actor, happening: Happening) -> Closure:
    """Write these days down. Loans that are due on them are the caller's to move. Raises what `check_days` raises."""
    (made,) = add_closures(session, hub_id, [days], actor=actor, happening=happening)
    return made


def _made(hub_id: int, days: SpecialDays, actor: Actor, happening: Happening) -> Closure:
    return Closure(
        hub_id=hub_id,
        first_on=days.first,
        last_on=days.last,
        name=days.name.strip(),
        opens=days.opens,
        yearly=days.yearly,
        client_id=happening.client_id,
        added_by=actor.name,
        added_at=happening.now,
    )


def withdraw_closure(session: Session, closure_id: int, *, actor: Actor, now: datetime) -> Closure:
    """Take back what was written down. Due dates that moved because of it stay where they are: each person is
    told of the new day, once. Harmless when it is withdrawn. Raises `NotFound`, or `NeverOpen`."""
    found = get_closure(session, closure_id)
    if found.withdrawn_at is None:
        _still_opens(calendar_of(session, found.hub_id, besides=found.id), now.date())
        found.withdrawn_by, found.withdrawn_at = actor.name, now
        session.flush()
    return found


def _last_problem(days: SpecialDays) -> str:
    if days.last < days.first:
        return "It ends before it begins; check both days."
    return (
        "" if days.length < LONGEST_CLOSURE_DAYS else "A hub that is closed for a year cannot lend; enter fewer days."
    )


def _first_problem(days: SpecialDays, today: date) -> str:
    if days.over(today):
        return "These days have gone by; check the year."
    return (
        "" if days.first.year <= today.year + YEARS_AHEAD else "That is more than ten years from now; check the year."
    )


def _still_opens(calendar: HubCalendar, day: date) -> None:
    """Raises `NeverOpen` when somebody would be promised a day that never comes."""
    try:
        calendar.roll_forward(day)
        calendar.roll_forward(day + timedelta(days=LONGEST_CLOSURE_DAYS))
    except NoOpenDay as error:
        raise NeverOpen(
            f"Nothing was changed. {error}", next_step="Leave at least one day of the year on which the hub is open."
        ) from error
