"""Two errands that must run where the bench is: look into the slots asked for, and find the places of its hub.

They are jobs of the bench's lane, so that a bench behind a firewall does them itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from fleet.bench import queries
from fleet.bench.link import OpenTablet, SeeTablets, open_tablet, see_tablets
from fleet.bench.service.benches import get_bench, learn_slots
from fleet.bench.service.looking import look
from fleet.bench.service.seen import forget_if_busy
from fleet.bench.work.turn import turn_at
from fleet.errors import DoorstepError
from fleet.jobs.service import Handler, JobContext, TryAgain
from fleet.logs import get_logger
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

log = get_logger(__name__)

_LOOKS_AT_ONCE = 8
_LOOK_AGAIN = timedelta(seconds=1)
_LEARN_FOR = timedelta(minutes=2)
_LEARN_AGAIN = timedelta(seconds=3)


def look_handler(settings: Settings, *, opener: OpenTablet = open_tablet) -> Handler:
    """What does `bench.look` jobs."""

    def handle(context: JobContext) -> None:
        """Look once into every slot of a bench that somebody asked for and that no run is busy in."""
        asked = _asked(context)
        if not asked:
            return
        with ThreadPoolExecutor(min(_LOOKS_AT_ONCE, len(asked)), thread_name_prefix="bench-look") as pool:
            for ended in [pool.submit(_look_once, context, each, settings, opener) for each in asked]:
                ended.result()
        if _asked(context):
            raise TryAgain(_LOOK_AGAIN, "Somebody else looks into a slot that was asked for")

    return handle


def _asked(context: JobContext) -> Sequence[int]:
    with context.database.read() as session:
        return queries.slots_asked_to_look(session, get_bench(session, int(context.args["bench_id"])).id)


def _look_once(context: JobContext, slot_id: int, settings: Settings, opener: OpenTablet) -> None:
    """One look, unless somebody looks already; where a run is under way the question has answered itself."""
    with turn_at(context, slot_id, mark="?", pause=timedelta(0)) as turn:
        if turn is not None:
            look(context.database, slot_id, actor=SYSTEM, settings=settings, clock=context.clock, opener=opener)
            return
    with context.database.write() as session:
        forget_if_busy(session, slot_id)


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
