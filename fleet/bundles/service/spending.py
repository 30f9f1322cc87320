"""What data has cost, by who paid for it, and what a connected week came to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from fleet.bundles.queries import spending
from fleet.bundles.rules import connected_days, pence_per_week
from fleet.clock import LONDON
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind

OURSELVES = "Ourselves"


@dataclass(frozen=True)
class Spent:
    """What one payer's money bought, and how long people have been connected by it so far."""

    payer: str
    bundles: int
    bundle_pence: int
    top_ups: int
    top_up_pence: int
    days: int

    @property
    def pence(self) -> int:
        return self.bundle_pence + self.top_up_pence

    @property
    def weeks(self) -> float:
        return self.days / 7

    @property
    def pence_per_week(self) -> int | None:
        return pence_per_week(self.pence, self.days)


@dataclass(frozen=True)
class SpendingReport:
    """Bundles bought from `since` to `until` (both counted), with all their top-ups and all their weeks so far."""

    since: date
    until: date
    today: date
    rows: tuple[Spent, ...]
    total: Spent


def spending_report(session: Session, since: date, until: date, *, today: date) -> SpendingReport:
    """What the bundles bought in that time have cost and brought about, by who paid.

    A top-up counts for whoever paid it; the weeks count for whoever paid the bundle.
    """
    begins, ends = _midnight(since), _midnight(until + timedelta(days=1))
    names = {each.id: each.name for each in partners.organisations_of_kind(session, *OrganisationKind)}
    days: defaultdict[int | None, int] = defaultdict(int)
    for each in spending.days_used(session, begins, ends):
        days[each.funder_id] += each.count * connected_days(each.from_on, each.to_on, each.ends_on, today)
    bought = {each.funder_id: each for each in spending.bundles_bought(session, begins, ends)}
    added = {each.funder_id: each for each in spending.top_ups_bought(session, begins, ends)}
    rows = [_spent(payer, names, bought.get(payer), added.get(payer), days[payer]) for payer in {*bought, *added}]
    ordered = tuple(sorted(rows, key=lambda row: (-row.pence, row.payer)))
    return SpendingReport(since, until, today, ordered, _total(ordered))


def _spent(
    payer: int | None,
    names: dict[int, str],
    bought: spending.Bought | None,
    added: spending.Bought | None,
    days: int,
) -> Spent:
    return Spent(
        payer=names.get(payer, f"Organisation {payer}") if payer is not None else OURSELVES,
        bundles=bought.count if bought else 0,
        bundle_pence=bought.pence if bought else 0,
        top_ups=added.count if added else 0,
        top_up_pence=added.pence if added else 0,
        days=days,
    )


def _total(rows: tuple[Spent, ...]) -> Spent:
    return Spent(
        "All together",
        sum(row.bundles for row in rows),
        sum(row.bundle_pence for row in rows),
        sum(row.top_ups for row in rows),
        sum(row.top_up_pence for row in rows),
        sum(row.days for row in rows),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
