"""What time it is, as a value that can be passed in; days are days in the hub's own time zone."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
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


def add_months(day: date, months: int) -> date:
    """The same day `months` calendar months later, or that month's last day: 31 January and one is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class MovedClock:
    """The wall clock moved by a number of seconds kept in a file: how a demonstration lets a month pass.

    Every process of the demonstration reads the same file. A real installation never has one.
    """

    def __init__(self, offset_file: Path) -> None:
        self._file = offset_file

    def __call__(self) -> datetime:
        return utc_now() + timedelta(seconds=self.offset_seconds)

    @property
    def offset_seconds(self) -> int:
        try:
            return int(self._file.read_text())
        except FileNotFoundError:
            return 0

    def move_to(self, moment: datetime) -> None:
        """Let time pass until `moment`; never backwards."""
        offset = max(self.offset_seconds, int((moment - utc_now()).total_seconds()))
        staged = self._file.with_suffix(".new")
        staged.write_text(str(offset))
        staged.replace(self._file)


def installation_clock(*, demo: bool, data_dir: Path) -> Clock:
    """The clock of every process of an installation: the wall clock, which only a demonstration may move."""
    return MovedClock(data_dir / "clock-offset-seconds") if demo else utc_now
