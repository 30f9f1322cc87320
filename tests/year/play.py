"""What a year is played with: a town, its benches, and how large its year is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.year.bench import Benches
from tests.year.days import DAYS, FIRST
from tests.year.town import Town

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scale:
    """How large a year: with the whole of it every rule comes about."""

    first: date = FIRST
    days: int = DAYS
    fleets: tuple[int, int, int] = (190, 190, 24)
    """Tablets of each hub: the third has so few that people wait for them."""
    lends_for: int = 28
    """Days; the second hub's other programme lends for three quarters of them."""
    by_months: bool = True
    """Whether the first hub's other programme lends by calendar months."""
    places: int = 12
    opens_after: int = 21
    """Days until people outside the cohorts begin to ask."""
    rolling_every: int = 4
    """Days from one request outside the cohorts to the next, at each hub."""


@dataclass
class Play:
    """A town, its benches, and how large its year is."""

    town: Town
    benches: Benches
    scale: Scale

    @property
    def days(self) -> Sequence[date]:
        return [self.scale.first + number * DAY for number in range(self.scale.days)]

    def number(self, day: date) -> int:
        """How many days of the year were played before it."""
        return (day - self.scale.first).days
