"""Reads of what data has cost, added up by the database: the work grows with what was bought in the time asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fleet.bundles.models import DataBundle, SimUse, TopUp


@dataclass(frozen=True)
class Bought:
    """What one funder paid for. `funder_id` is None for ourselves."""

    funder_id: int | None
    count: int
    pence: int


@dataclass(frozen=True)
class Days:
    """So many uses with the same dates, of bundles that one funder paid for."""

    funder_id: int | None
    from_on: date
    to_on: date | None
    ends_on: date | None
    count: int


def bundles_bought(session: Session, since: datetime, before: datetime) -> Sequence[Bought]:
    pence = func.coalesce(func.sum(DataBundle.cost_pence), 0)
    query = select(DataBundle.funder_id, func.count(), pence).where(*_bought(since, before))
    return [Bought(*row) for row in session.execute(query.group_by(DataBundle.funder_id))]


def top_ups_bought(session: Session, since: datetime, before: datetime) -> Sequence[Bought]:
    """Top-ups of the bundles that were bought in that time, by who paid for the top-up."""
    pence = func.coalesce(func.sum(TopUp.cost_pence), 0)
    query = select(TopUp.funder_id, func.count(), pence).join(DataBundle, DataBundle.id == TopUp.bundle_id)
    return [Bought(*row) for row in session.execute(query.where(*_bought(since, before)).group_by(TopUp.funder_id))]


def days_used(session: Session, since: datetime, before: datetime) -> Iterator[Days]:
    """The uses of the bundles bought in that time, those with the same dates together."""
    dates = (DataBundle.funder_id, SimUse.from_on, SimUse.to_on, DataBundle.ends_on)
    query = select(*dates, func.count()).join(DataBundle, DataBundle.id == SimUse.bundle_id)
    query = query.where(*_bought(since, before), SimUse.from_on.is_not(None)).group_by(*dates)
    for funder_id, from_on, to_on, ends_on, count in session.execute(query.execution_options(yield_per=1000)):
        if from_on is not None:
            yield Days(funder_id, from_on, to_on, ends_on, count)


def _bought(since: datetime, before: datetime) -> tuple[Any, Any]:
    return (DataBundle.created_at >= since, DataBundle.created_at < before)
