"""The hub before a day happens: two couriers with a run each, and what their phones send as the hub receives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from fleet.database.session import Database
from fleet.deliveries import service
from fleet.deliveries.facts import Details, Fact
from fleet.deliveries.service import Window
from fleet.happening import Happening
from fleet.loans.service import DROP_PLACES
from fleet.partners.service import add_organisation
from fleet.settings import Settings
from fleet.tablets.rules import HoldKind
from fleet.tablets.service import place_hold
from fleet.users.actor import Actor
from tests.delivering import Delivering
from tests.fleet.deliveries.days.said import TICKED, Batch, Day, Said


@dataclass(frozen=True)
class Books:
    """Two couriers with a run each, before anything happened; every day is told in a transaction and undone."""

    database: Database
    settings: Settings
    began: datetime
    couriers: tuple[Actor, Actor]
    runs: tuple[int, int]
    jobs: tuple[int, ...]
    codes: tuple[str, ...]
    others: tuple[str, ...]
    """The labels of the tablets that go out to swaps; of any other stop its own."""
    places: tuple[int, int]
    """Partners at whose place tablets are left."""

    def facts(self, day: Day) -> list[Fact]:
        """What the phones send. A phone whose clock is off by a known amount tells both."""
        return [
            Fact(
                id=str(UUID(int=place + 1)),
                code=(self.others if said.other else self.codes)[said.stop],
                action=said.action,
                occurred_at=self.began + timedelta(minutes=said.at) + day.clocks[said.courier],
                sequence=place,
                clock_offset_ms=day.clocks[said.courier] // timedelta(milliseconds=1),
                run=self.runs[said.courier] if said.names_run else None,
                details=self._ticked(said),
            )
            for place, said in enumerate(day.said)
        ]

    def _ticked(self, said: Said) -> Details:
        details = TICKED[said.action][said.ticked]
        return replace(
            details,
            job=None if said.opened is None else self.jobs[said.opened],
            place=None if details.place is None else self.places[details.place - 1],
            second_code={"other": self.others, "own": self.codes}[details.second_code][said.stop]
            if details.second_code
            else "",
        )

    def received(self, day: Day, arrivals: Sequence[Batch]) -> Iterator[tuple[Batch, datetime]]:
        """When each batch arrives: after the last thing it tells of, and after those before it."""
        at = self.began
        for batch in arrivals:
            told = max(timedelta(minutes=day.said[place].at) for place in batch.places)
            at = max(at, self.began + told) + timedelta(minutes=batch.delay)
            yield batch, at


def prepare(delivering: Delivering) -> Books:
    """The two runs: what is brought, fetched and swapped on each; a tablet is held, and a stop changed its run."""
    first, second = delivering.another_courier(), delivering.another_courier()
    runs = delivering.run(first), delivering.run(second)
    moved = delivering.delivery(runs[0])
    jobs = [
        delivering.delivery(runs[0]),
        delivering.delivery(runs[0]),
        delivering.collection(runs[0]),
        delivering.delivery(runs[1]),
        delivering.collection(runs[1]),
        delivering.do(
            service.move_to_run,
            moved.id,
            runs[1].id,
            window=Window(moved.window_from.time(), moved.window_to.time()),
            settings=delivering.lending.settings,
        ),
        delivering.swap(runs[0]),
        delivering.swap(runs[1]),
    ]
    hot = Happening(now=delivering.lending.clock(), reason="It is hot.")
    with delivering.lending.database.write() as session:
        place_hold(session, jobs[3].tablet_id, HoldKind.SAFETY, actor=delivering.planner, happening=hot)
    with delivering.lending.database.write() as session:
        places = [
            add_organisation(session, kind=kind, name="Sample Library", now=delivering.lending.clock()).id
            for kind in DROP_PLACES
        ]
    return Books(
        database=delivering.lending.database,
        settings=delivering.lending.settings,
        began=delivering.lending.clock(),
        couriers=(first, second),
        runs=(runs[0].id, runs[1].id),
        jobs=tuple(job.id for job in jobs),
        places=(places[0], places[1]),
        codes=tuple(delivering.code(job.tablet_id) for job in jobs),
        others=tuple(delivering.code(job.brings_id or job.tablet_id) for job in jobs),
    )
