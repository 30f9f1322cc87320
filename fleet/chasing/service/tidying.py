"""The journal of departures is kept as long as a backup may come back that knows nothing of what stands in it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from fleet.chasing.departures import forget_day, oldest_before
from fleet.chasing.service.copying import journal_begins
from fleet.clock import LONDON, local_date
from fleet.settings import Settings


def tidy_departures(settings: Settings, *, now: datetime) -> None:
    """Delete the oldest day of the journal when no backup can be that old. One a tick: a clock that jumps takes little
    with it. That the journal is whole only from the day after is written down first."""
    first_kept = local_date(now) - timedelta(days=settings.departure_days)
    oldest = oldest_before(settings.data_dir, first_kept)
    if oldest is not None:
        journal_begins(settings, datetime.combine(oldest + timedelta(days=1), time(), LONDON))
        forget_day(settings.data_dir, oldest)
