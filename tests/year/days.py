"""The days of the simulated year: when it begins, which of them are bank holidays, and where a hub's day lies in UTC.

The bank holidays are written out by hand, so that the year does not ask Doorstep's own calendar whether it was right.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST = date(2026, 6, 1)
DAYS = 365
ZONE = ZoneInfo("Europe/London")
CLOCKS_GO_BACK, CLOCKS_GO_FORWARD = date(2026, 10, 25), date(2027, 3, 28)
SATURDAY, SUNDAY = 5, 6

_BOTH = (
    *(date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28), date(2027, 1, 1)),
    *(date(2027, 3, 26), date(2027, 5, 3), date(2027, 5, 31)),
    *(date(2027, 12, 25), date(2027, 12, 27), date(2027, 12, 28)),
)
BANK_HOLIDAYS = {
    "ENG": frozenset({*_BOTH, date(2026, 8, 31), date(2027, 3, 29), date(2027, 8, 30)}),
    "SCT": frozenset(
        {
            *_BOTH,
            *(date(2026, 6, 15), date(2026, 8, 3), date(2026, 11, 30), date(2027, 1, 2), date(2027, 1, 4)),
            *(date(2027, 8, 2), date(2027, 11, 30)),
        }
    ),
}
"""As the governments in London and Edinburgh publish them."""


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """That hour of the hubs' own clocks, in UTC."""
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def whole_day(day: date) -> tuple[datetime, datetime]:
    """From midnight to midnight at the hubs: 23 or 25 hours when the clocks change."""
    return moment(day, 0), moment(day + timedelta(days=1), 0)


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last: written without Doorstep's own arithmetic."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
