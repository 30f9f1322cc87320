"""Days that are closed when loans are due on them already: looked at first, then confirmed."""

from __future__ import annotations

from datetime import date

from fleet.cohorts.calendar import SpecialDays
from fleet.planning import service as planning
from tests.year.town import Town

CLOSURES = (
    (date(2026, 7, 27), 0, SpecialDays(date(2026, 8, 3), date(2026, 8, 4), "Staff training")),
    (date(2026, 10, 20), 1, SpecialDays(date(2026, 10, 26), date(2026, 10, 28), "A burst pipe")),
    (date(2026, 12, 14), 2, SpecialDays(date(2026, 12, 29), date(2026, 12, 31), "The days before Hogmanay")),
    (date(2027, 3, 24), 1, SpecialDays(date(2027, 4, 5), date(2027, 4, 6), "Stock-take")),
)
"""On which day, which hub, and which days."""


def close_days(town: Town, day: date) -> None:
    for decided_on, number, days in CLOSURES:
        if decided_on == day:
            _close(town, number, days)


def _close(town: Town, number: int, days: SpecialDays) -> None:
    hub = town.hubs[number]
    seen = town.read(planning.preview, days, now=town.clock(), hub_id=hub.id)
    for _ in range(2):
        made = town.tell(planning.close, days, seen=seen.digest, hub_id=hub.id, client_id=f"close-{days.first}")
    if made.loans_moved != len(seen.moves):
        town.wrong.append(f"R3: {len(seen.moves)} loans were to move, and {made.loans_moved} did")
    hub.closed.append((days.first, days.last))
    town.seen["closures"] += 1
    town.seen["loans moved"] += len(seen.moves)
