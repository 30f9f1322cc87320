"""What the law wants kept of waste is there for as long as it wants it, whatever tidies up every day (rule R24)."""

from __future__ import annotations

import threading

from fleet.jobs.service import JobContext
from fleet.recycling import queries, service
from fleet.recycling.rules import KEEP_YEARS
from fleet.tablets import queries as tablet_queries
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.recycling.conftest import Yard
from workers.handlers import handlers
from workers.schedule import SCHEDULE


@ON_SQLITE
def test_weights_and_notes_outlive_years_of_every_days_jobs(yard: Yard) -> None:
    tablet, consignment = yard.wiped(), yard.consignment()
    yard.put_in(consignment, tablet, 480)
    yard.act(service.pack, consignment.id)
    yard.hand_over(consignment)
    yard.clock.advance(days=366 * max(KEEP_YEARS.values()))
    known = handlers(yard.settings)
    for job_id, each in enumerate(SCHEDULE, start=1):
        known[each.kind](
            JobContext(
                database=yard.database,
                clock=yard.clock,
                job_id=job_id,
                args={},
                holder="test",
                nudge=lambda _: None,
                lease_lost=threading.Event(),
            )
        )
    with yard.database.read() as session:
        found = service.get_consignment(session, consignment.id)
        assert (found.note_number, found.carrier_registration) == ("WTN-17", "CBDU000000")
        assert service.weighed(session, consignment.id) == queries.Sum(1, 480, 0)
        event = next(each for each in tablet_queries.events(session, tablet.id) if each.kind == "recycle")
        assert event.details["weight_grams"] == 480
