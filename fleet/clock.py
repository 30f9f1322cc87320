"""What time it is, as a value that can be passed in; days are days in the hub's own time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Returns an aware time in UTC."""

LONDON = ZoneInfo("Europe/London")


def utc_now() -> datetime:
    """The wall clock, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, zone: ZoneInfo = LONDON) -> date:
    """The calendar day at the hub when `moment` happens."""
    return moment.astimezone(zone).date()
