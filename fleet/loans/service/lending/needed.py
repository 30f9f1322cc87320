"""Who would go without a tablet if a loan went on for longer, gathered for the guard of an extension (rule R6)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from sqlalchemy.orm import Session

from fleet.cohorts import service as cohorts
from fleet.loans.queries import needed
from fleet.loans.rules.fitting import is_clear
from fleet.loans.rules.needed import NOBODY_NEEDS_IT, Month, Need, Wanting, met_on, need_told, who_needs_it
from fleet.loans.service.writer.locks import Locked

_OUTLOOK = timedelta(days=2 * 366)
"""As far as taster months are looked for that take what comes back."""


def needed_for(
    session: Session, held: Locked, until: date, *, today: date, with_virtual: bool, tells_when: bool = True
) -> Need:
    """Who needs the loan's tablet before `until`; no words where nobody does, or others are there.

    Only where somebody does is it reckoned when others will be there, and only where `tells_when`.
    """
    if held.tablet is None or held.loan.due_on is None:
        return NOBODY_NEEDS_IT
    hub_id, clear = held.loan.hub_id, is_clear(held.tablet.profile)
    waiting = needed.waiting_by_kind(session, hub_id=hub_id, today=today)
    stock = needed.stock_by_profile(session, hub_id=hub_id, with_virtual=with_virtual)
    of_its_kind = sum(count for profile, count in stock.items() if not profile or is_clear(profile) is clear)
    wanting = Wanting(
        waiting=sum(waiting.values()),
        waiting_for_its_kind=waiting.get(clear, 0),
        stock=sum(stock.values()),
        stock_of_its_kind=of_its_kind,
        months=_months(session, held, max(held.loan.due_on, today), until, today),
    )
    who = who_needs_it(wanting)
    if not who or not tells_when:
        return Need(who)
    return need_told(who, _met_on(session, held, wanting, today))


def _met_on(session: Session, held: Locked, wanting: Wanting, today: date) -> date | None:
    """By the due dates on record and the turnaround, as the readiness forecast counts them: who is late is not counted
    on."""
    hub_id, calendar = held.loan.hub_id, cohorts.calendar_of(session, held.loan.hub_id)
    dues = needed.due_counts(session, hub_id=hub_id, first=today, last=date.max, besides=held.loan.id)
    ready = Counter[date]()
    for day, count in dues.items():
        ready[calendar.ready_again(day, held.programme.turnaround_days)] += count
    ready.pop(date.max, None)
    found = needed.months_between(session, hub_id=hub_id, after=today, before=today + _OUTLOOK)
    months = [Month(cohort.name, cohort.starts_on, places=free, back=0) for cohort, free in found]
    return met_on(wanting, months, ready)


def _months(session: Session, held: Locked, due: date, until: date, today: date) -> tuple[Month, ...]:
    """Those that begin once the tablet would be ready again, and before it would be if it came back on `until`."""
    hub_id, turnaround = held.loan.hub_id, held.programme.turnaround_days
    calendar = cohorts.calendar_of(session, hub_id)
    late = calendar.ready_again(until, turnaround)
    found = needed.months_between(session, hub_id=hub_id, after=today, before=late)
    if not found:
        return ()
    last = found[-1][0].starts_on
    dues = needed.due_counts(session, hub_id=hub_id, first=today, last=last, besides=held.loan.id)
    ready = {day: calendar.ready_again(day, turnaround) for day in (*dues, due)}
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
