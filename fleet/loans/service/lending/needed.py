"""Who would go without a tablet if a loan went on for longer, gathered for the guard of an extension (rule R6)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import HubCalendar, NoOpenDay
from fleet.loans.queries import needed
from fleet.loans.rules.needed import Month, Wanting, who_needs_it
from fleet.loans.service.writer.locks import Locked


def needed_for(session: Session, held: Locked, until: date, *, today: date, with_virtual: bool) -> str:
    """Who needs the loan's tablet before `until`, as a sentence; empty where nobody does, or others are there."""
    if held.tablet is None or held.loan.due_on is None:
        return ""
    hub_id, clear = held.loan.hub_id, "large" in held.tablet.profile
    waiting = needed.waiting_by_kind(session, hub_id=hub_id, today=today)
    stock = needed.stock_by_profile(session, hub_id=hub_id, with_virtual=with_virtual)
    of_its_kind = sum(count for profile, count in stock.items() if not profile or ("large" in profile) is clear)
    wanting = Wanting(
        waiting=sum(waiting.values()),
        waiting_for_its_kind=waiting.get(clear, 0),
        stock=sum(stock.values()),
        stock_of_its_kind=of_its_kind,
        months=_months(session, held, max(held.loan.due_on, today), until, today),
    )
    return who_needs_it(wanting)


def _months(session: Session, held: Locked, due: date, until: date, today: date) -> tuple[Month, ...]:
    """Those that begin once the tablet would be ready again, and before it would be if it came back on `until`."""
    hub_id, turnaround = held.loan.hub_id, held.programme.turnaround_days
    calendar = cohorts.calendar_of(session, hub_id)
    found = needed.months_between(session, hub_id=hub_id, after=today, until=until)
    if not found:
        return ()
    last = found[-1][0].starts_on
    dues = needed.due_counts(session, hub_id=hub_id, first=today, last=last, besides=held.loan.id)
    ready = {day: _ready(calendar, day, turnaround) for day in (*dues, due)}
    return tuple(
        Month(
            name=cohort.name,
            starts_on=cohort.starts_on,
            places=free,
            back=sum(count for day, count in dues.items() if ready[day] <= cohort.starts_on),
        )
        for cohort, free in found
        if ready[due] <= cohort.starts_on
    )


def _ready(calendar: HubCalendar, day: date, turnaround: int) -> date:
    """When a tablet that comes back on a day stands ready again."""
    try:
        return calendar.working_days_after(day, turnaround)
    except NoOpenDay:
        return date.max
