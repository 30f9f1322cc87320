"""Looking at what is plugged into a slot: one round trip that changes nothing on the tablet, written down.

What is written, and whose tablet it is taken for, is in `fleet.bench.service.seen`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.link import OpenTablet, bench_key, open_at, open_tablet
from fleet.bench.models import Slot
from fleet.bench.service.benches import get_bench, get_slot
from fleet.bench.service.seen import BEFORE_ALL, Seen, write_asking, write_reporting, write_seen, write_silence
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.jobs.rules import reason_for
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.health import AT_INTAKE, note_health, wants_health
from fleet.users.actor import Actor
from provisioning.errors import FactUnreadable, NotAuthorised, TransportError
from provisioning.facts.battery import BATTERY
from provisioning.facts.fact import Fact
from provisioning.facts.identity import ANDROID_ID, IDENTITY
from provisioning.facts.observation import Observation
from provisioning.facts.reading import read_facts
from provisioning.facts.trade_in import TRADE_IN, TradeInReport
from provisioning.health.grading import HEALTH_FACTS
from provisioning.transports.base import Transport

LOOK_LASTS = timedelta(seconds=60)
"""After this long a look that never came back no longer keeps others away."""

WHO = (IDENTITY, BATTERY, ANDROID_ID, TRADE_IN)
Connect = Callable[[], Transport]


def look(
    database: Database,
    slot_id: int,
    *,
    actor: Actor,
    settings: Settings,
    clock: Clock,
    opener: OpenTablet = open_tablet,
) -> Seen:
    """Connect to a slot, ask its tablet who it is in one round trip, and write down what was seen.

    Where another slot says that it has the same tablet, that one is looked into as well: it may have been moved.
    Takes the database and not a session: no transaction is open while the tablet is being talked to.
    """
    seen = _look_once(database, slot_id, settings, clock, opener)
    twin = seen.slot.twin_slot_id
    if twin is None or _in_use(database, twin):
        return seen
    _look_once(database, twin, settings, clock, opener)
    return _look_once(database, slot_id, settings, clock, opener)


def _in_use(database: Database, slot_id: int) -> bool:
    with database.read() as session:
        return queries.unfinished_run_in_slot(session, slot_id) is not None


def _look_once(database: Database, slot_id: int, settings: Settings, clock: Clock, opener: OpenTablet) -> Seen:
    def asked() -> None:
        with database.write() as session:
            write_asking(session, slot_id, clock=clock)

    with database.read() as session:
        slot = get_slot(session, slot_id)
        bench, address = get_bench(session, slot.bench_id), slot.address
        session.expunge(bench)
        asked_by = slot.look_asked_at or BEFORE_ALL
        reads_health = _reads_health(session, slot)
    wanted = (*WHO, *(HEALTH_FACTS if reads_health else ()))

    def connect() -> Transport:
        return open_at(bench, address, settings=settings, opener=opener, signer=bench_key(settings), on_prompt=asked)

    try:
        found = _read(connect, wanted, clock)
    except (TransportError, FactUnreadable) as error:
        with database.write() as session:
            asking = isinstance(error, NotAuthorised)
            return write_silence(session, slot_id, str(error), asking=asking, clock=clock, asked_by=asked_by)
    except Exception as error:
        said = (
            f"The look broke off ({reason_for(error)}). Look again; if that ends the same, tell whoever looks after "
            "the bench's computer."
        )
        with database.write() as session:
            write_silence(session, slot_id, said, asking=False, clock=clock, asked_by=asked_by)
        raise
    with database.write() as session:
        if isinstance(found, TradeInReport):
            return write_reporting(session, slot_id, found, clock=clock, asked_by=asked_by)
        seen = write_seen(session, slot_id, found.value(IDENTITY), found, clock=clock, asked_by=asked_by)
        if reads_health and seen.tablet is not None and seen.tablet.stage in AT_INTAKE:
            note_health(session, seen.tablet, found, now=clock())
        return seen


def _read(connect: Connect, wanted: Sequence[Fact[Any]], clock: Clock) -> Observation | TradeInReport:
    """What a tablet tells of itself. One that waits in its first-run setup refuses everything but its report."""
    transport = connect()
    try:
        observed = read_facts(transport, wanted, now=clock)
    finally:
        _close(transport)
    told = observed.readable(TRADE_IN)
    if told is not None and told.report is not None and observed.readable(IDENTITY) is None:
        return told.report
    observed.value(IDENTITY)
    return observed


def _close(transport: Transport) -> None:
    with suppress(TransportError):
        transport.close()


def _reads_health(session: Session, slot: Slot) -> bool:
    """A tablet that has just been plugged in may be one that triage waits for; one that is known to be is read once."""
    if slot.occupied_since is None:
        return True
    tablet = tablets.get_tablet(session, slot.tablet_id) if slot.tablet_id is not None else None
    return wants_health(session, tablet, since=slot.occupied_since)
