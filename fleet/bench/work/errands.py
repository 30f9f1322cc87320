"""Two errands that must run where the bench is: look into its slots once, and find the places of its hub.

They are jobs of the bench's lane, so that a bench behind a firewall does them itself.
"""

from __future__ import annotations

from datetime import timedelta

from fleet.bench import queries
from fleet.bench.link import OpenTablet, SeeTablets, open_tablet, see_tablets
from fleet.bench.service.benches import get_bench, learn_slots
from fleet.bench.service.looking import look
from fleet.errors import DoorstepError
from fleet.jobs.service import Handler, JobContext, TryAgain
from fleet.logs import get_logger
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

log = get_logger(__name__)

_LEARN_FOR = timedelta(minutes=2)
_LEARN_AGAIN = timedelta(seconds=3)


def look_handler(settings: Settings, *, opener: OpenTablet = open_tablet) -> Handler:
    """What does `bench.look` jobs."""

    def handle(context: JobContext) -> None:
        """Look once into every slot of a bench that no run is busy in."""
        with context.database.read() as session:
            bench = get_bench(session, int(context.args["bench_id"]))
            slots = [slot.id for slot in queries.slots(session, bench.id)]
            free = [each for each in slots if queries.unfinished_run_in_slot(session, each) is None]
        for slot_id in free:
            look(context.database, slot_id, actor=SYSTEM, settings=settings, clock=context.clock, opener=opener)

    return handle


def learn_handler(settings: Settings, *, see: SeeTablets = see_tablets) -> Handler:
    """What does `bench.learn` jobs."""

    def handle(context: JobContext) -> None:
        """Make a slot of each hub port where a tablet is plugged in, waiting two minutes for the first."""
        bench_id, place = int(context.args["bench_id"]), str(context.args["place"])
        with context.database.read() as session:
            bench = get_bench(session, bench_id)
            session.expunge(bench)
        seen = see(bench, settings)
        try:
            with context.write() as session:
                learn_slots(session, bench_id, seen.sightings, place=place, actor=SYSTEM)
        except DoorstepError as nothing:
            began = float(context.args["asked_at"])
            if context.clock().timestamp() - began < _LEARN_FOR.total_seconds():
                raise TryAgain(_LEARN_AGAIN, nothing.message) from nothing
            log.info("bench_learned_nothing", bench=bench_id, unseen=len(seen.unseen))

    return handle
