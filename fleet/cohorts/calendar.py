"""Which days a hub is open: its week, its nation's bank holidays, and the days it keeps otherwise. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cached_property, lru_cache

from fleet.clock import add_months

NATIONS = ("ENG", "SCT", "WLS", "NIR")
LONGEST_CLOSURE_DAYS = 366
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class NoOpenDay(Exception):
    """A calendar has no open day within a year, so no day can be promised."""


@dataclass(frozen=True)
class Hours:
    """When a hub is open on one weekday; Monday is 0."""

    weekday: int
    opens_at: time
    closes_at: time


ORDINARY_WEEK = tuple(Hours(weekday, time(9), time(17)) for weekday in range(5))
"""The hours of a hub that wrote none down."""


@dataclass(frozen=True)
class SpecialDays:
    """Days on which a hub keeps other hours than its week: closed, or (`opens`) open though it would be closed.

    With `yearly` they come again every year on the same days, however the weekdays fall.
    """

    first: date
    last: date
    name: str
    opens: bool = False
    yearly: bool = False

    def over(self, today: date) -> bool:
        """Whether they have gone by and do not come again."""
        return self.last < today and not self.yearly

    def covers(self, day: date) -> bool:
        """Whether `day` is one of them."""
        if not self.yearly:
            return self.first <= day <= self.last
        return any(self._begins(year) <= day <= self._ends(year) for year in (day.year - 1, day.year))

    def beginnings(self, first: date, last: date) -> list[date]:
        """The first days of all that lie at least partly between two days, both counted."""
        years = range(max(first.year - 1, self.first.year), last.year + 1) if self.yearly else (self.first.year,)
        return [self._begins(year) for year in years if self._begins(year) <= last and self._ends(year) >= first]

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    def _begins(self, year: int) -> date:
        years = max(0, year - self.first.year)
        return add_months(self.first, 12 * years)

    def _ends(self, year: int) -> date:
        return self._begins(year) + (self.last - self.first)


@dataclass(frozen=True)
class HubCalendar:
    """One hub's days. Of two special entries for the same day the shorter counts, then the one that does not come
    again, then the closure: "closed at Christmas, but open on the 29th" reads as it is meant."""

    nation: str
    week: tuple[Hours, ...] = ORDINARY_WEEK
    special: tuple[SpecialDays, ...] = ()
    _weekdays: frozenset[int] = field(init=False, compare=False, repr=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_weekdays", frozenset(hours.weekday for hours in self.week))

    def is_open(self, day: date) -> bool:
        """Whether the hub works on this day."""
        special = self._special(day)
        if special is not None:
            return special.opens
        return day.weekday() in self._weekdays and day not in bank_holidays(day.year, self.nation)

    def is_holiday(self, day: date) -> bool:
        """Whether it is a day off beyond the hub's week: a bank holiday it keeps, or a closed day with a reason."""
        special = self._special(day)
        return not special.opens if special is not None else day in bank_holidays(day.year, self.nation)

    def why_closed(self, day: date) -> str:
        """What keeps the hub closed on this day: a holiday's name, "Saturday" or what somebody wrote; empty if open."""
        if self.is_open(day):
            return ""
        special = self._special(day)
        if special is not None:
            return special.name
        return _holiday_names(day.year, self.nation).get(day) or f"a {WEEKDAYS[day.weekday()]}"

    def roll_forward(self, day: date) -> date:
        """`day`, or the next day on which the hub works. Raises `NoOpenDay` rather than look for ever."""
        for ahead in range(LONGEST_CLOSURE_DAYS):
            candidate = day + timedelta(days=ahead)
            if self.is_open(candidate):
                return candidate
        raise NoOpenDay(f"The hub's calendar has no open day in the year after {day:%-d %B %Y}.")

    def working_days_after(self, day: date, count: int) -> date:
        """The working day that is `count` working days after `day`; with 0, `day` rolled forward."""
        reached = self.roll_forward(day)
        for _ in range(count):
            reached = self.roll_forward(reached + timedelta(days=1))
        return reached

    def ready_again(self, back: date, turnaround: int) -> date:
        """When a tablet that comes back on a day stands ready again; never, where no day is open for it."""
        try:
            return self.working_days_after(back, turnaround)
        except NoOpenDay:
            return date.max

    @cached_property
    def _by_month(self) -> Mapping[tuple[int, int], Sequence[SpecialDays]]:
        """What may cover a day of a month, but for what comes again every year; that is under month 0 of year 0."""
        found: dict[tuple[int, int], list[SpecialDays]] = {}
        for each in self.special:
            last, month = each.last.replace(day=1), each.first.replace(day=1)
            while not each.yearly and month <= last:
                found.setdefault((month.year, month.month), []).append(each)
                month = add_months(month, 1)
            if each.yearly:
                found.setdefault((0, 0), []).append(each)
        return found

    def _special(self, day: date) -> SpecialDays | None:
        may = (*self._by_month.get((day.year, day.month), ()), *self._by_month.get((0, 0), ()))
        named = [each for each in may if each.covers(day)]
        return min(named, key=lambda each: (each.length, each.yearly, each.opens)) if named else None


def bank_holidays(year: int, nation: str) -> frozenset[date]:
    """The bank holidays of ENG, SCT, WLS or NIR in a year. Raises `ValueError` for any other nation."""
    return _holidays(year, nation)


@lru_cache(maxsize=256)
def _holidays(year: int, nation: str) -> frozenset[date]:
    return frozenset(_holiday_names(year, nation))


@lru_cache(maxsize=256)
def _holiday_names(year: int, nation: str) -> Mapping[date, str]:
    """The nation is always given: the library's plain "GB" leaves out real bank holidays."""
    if nation not in NATIONS:
        raise ValueError(f"{nation} is none of {', '.join(NATIONS)}")
    from holidays import country_holidays  # importing it takes most of a second, and few processes ask for a calendar

    return {day: str(name) for day, name in country_holidays("GB", subdiv=nation, years=year).items()}
