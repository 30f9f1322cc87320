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

    days: int = DAYS
    tablets: int = 400
    places: int = 7
    rolling_every: int = 12
    """Days from one request outside the cohorts to the next, at each hub."""


@dataclass
class Play:
    """A town, its benches, and how large its year is."""

    town: Town
    benches: Benches
    scale: Scale

    @property
    def days(self) -> Sequence[date]:
        return [FIRST + number * DAY for number in range(self.scale.days)]
