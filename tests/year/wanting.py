"""Whether others need a tablet that somebody would like to keep for longer, reckoned by the year's own books.

Rule R6 in other words than Doorstep's: its sentences are held against this at the end of every day.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fleet.cohorts.models import Cohort, Programme
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import Stage
from tests.year.bench import is_large
from tests.year.life import Life
from tests.year.people import wants_large
from tests.year.town import Hub

DAY = timedelta(days=1)
_SET_UP = (Stage.PROVISIONING, Stage.PROVISIONED, Stage.READY)
_ON_THEIR_WAY = (
    *(Stage.IN_TRANSIT_BACK, Stage.RETURNED, Stage.CLEANED),
    *(Stage.AWAITING_WIPE, Stage.WIPING, Stage.WIPED),
)
_FILLS_NO_PLACE = ("requested", "waiting", "approved", "declined", "cancelled", "closed_lost")


@dataclass(frozen=True)
class Wanted:
    """Who asks for a tablet besides, and whether one of them would go without."""

    waiting: int
    """People who wait for one of its kind."""
    short: bool


@dataclass(frozen=True)
class _Shop:
    """What a hub has, and who waits for it: by kind, large and clear or not."""

    waiting: Counter[bool]
    stock: Counter[bool | None]
    """None for those that can still become either."""

    def is_short_of(self, large: bool) -> bool:
        return self.waiting[large] > self.stock[large] + self.stock[None]


def wanted_by_others(session: Session, each: Life, hub: Hub, until: date) -> Wanted:
    """Were it kept until that day."""
    shop = _shop(session, hub, each.today)
    short = shop.is_short_of(each.large) or _a_cohort_is_short(session, each, hub, until, shop)
    return Wanted(shop.waiting[each.large], short)


def _shop(session: Session, hub: Hub, today: date) -> _Shop:
    waits = (
        select(wants_large(Loan.person_id))
        .select_from(Loan)
        .outerjoin(Cohort, Cohort.id == Loan.cohort_id)
        .where(Loan.hub_id == hub.id, Loan.state.in_((LoanState.WAITING, LoanState.APPROVED)))
        .where(Loan.cohort_id.is_(None) | (Cohort.starts_on <= today))
    )
    held = select(Hold.tablet_id).where(Hold.lifted_at.is_(None))
    have = select(Tablet.stage, Tablet.profile).where(
        Tablet.hub_id == hub.id,
        Tablet.stage.in_(_SET_UP + _ON_THEIR_WAY),
        Tablet.retiring.is_(False),
        Tablet.id.not_in(held),
    )
    stock = (is_large(profile) if stage in _SET_UP else None for stage, profile in session.execute(have))
    return _Shop(Counter(bool(large) for (large,) in session.execute(waits)), Counter(stock))


def _a_cohort_is_short(session: Session, each: Life, hub: Hub, until: date, shop: _Shop) -> bool:
    """Whether a taster month that could have had the tablet, and then could not, would lack one."""
    turnaround = select(Programme.turnaround_days).join(Loan, Loan.programme_id == Programme.id)
    days = session.scalars(turnaround.where(Loan.id == each.loan_id)).one()
    first, last = _ready(hub, max(each.due_on, each.today), days), _ready(hub, until, days)
    others = select(Loan.due_on).where(
        Loan.hub_id == hub.id,
        Loan.state.in_((LoanState.ACTIVE, LoanState.RETURN_ARRANGED)),
        Loan.stopped_at.is_(None),
        Loan.due_on >= each.today,
        Loan.id != each.loan_id,
    )
    back = [_ready(hub, due, days) for due in session.scalars(others) if due is not None]
    wanted, stock = shop.waiting.total(), shop.stock.total()
    for cohort_id, starts_on, _, places in sorted(hub.cohorts, key=lambda cohort: cohort[1]):
        if not max(first, each.today + DAY) <= starts_on < last:
            continue
        wanted += places - _filled(session, cohort_id)
        if wanted > stock + sum(day <= starts_on for day in back):
            return True
    return False


def _filled(session: Session, cohort_id: int) -> int:
    query = select(func.count()).where(Loan.cohort_id == cohort_id, Loan.state.not_in(_FILLS_NO_PLACE))
    return session.scalars(query).one()


def _ready(hub: Hub, day: date, turnaround: int) -> date:
    """So many open days after it came back."""
    while not hub.is_open(day):
        day += DAY
    for _ in range(turnaround):
        day += DAY
        while not hub.is_open(day):
            day += DAY
    return day
