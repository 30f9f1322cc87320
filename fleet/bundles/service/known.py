"""What is known of some bundles' use, read at once: the readings of the months in question, and who had data when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from fleet.bundles.models import UsageReading
from fleet.bundles.queries import usage

LONGEST_MONTH = timedelta(days=31)
"""A reading is compared with earlier ones of its own month, so nothing older is read."""


@dataclass(frozen=True)
class Known:
    """Readings in the order of their days, and from when to when somebody could be online, by bundle."""

    readings: dict[int, list[UsageReading]]
    uses: Mapping[int, Sequence[tuple[date, date]]]

    def before(self, bundle_id: int, day: date) -> UsageReading | None:
        earlier = [each for each in self.readings.get(bundle_id, ()) if each.read_on < day]
        return max(earlier, key=lambda each: each.read_on, default=None)

    def on(self, bundle_id: int, day: date) -> UsageReading | None:
        return next((each for each in self.readings.get(bundle_id, ()) if each.read_on == day), None)

    def had_it_between(self, bundle_id: int, first: date, last: date) -> bool:
        """Whether somebody could be online by this bundle on any of these days, both counted."""
        return any(from_on <= last and to_on >= first for from_on, to_on in self.uses.get(bundle_id, ()))


def known(session: Session, bundle_ids: Sequence[int], days: Sequence[date]) -> Known:
    """All that readings of these days are compared with, in two reads however many there are."""
    first = min(days) - LONGEST_MONTH if days else date.max
    return Known(usage.readings_since(session, bundle_ids, first), usage.uses_since(session, bundle_ids, first))
