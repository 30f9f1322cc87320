"""Benches and slots: setting them up, and looking at what is plugged into one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.link import OpenTablet, bench_key, open_tablet
from fleet.bench.models import Bench, Slot
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.errors import BadInput, Conflict, NotFound
from fleet.partners import service as partners
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.users.actor import Actor
from provisioning.errors import AddressInvalid, FactUnreadable, TransportError
from provisioning.facts.battery import BATTERY, Battery
from provisioning.facts.identity import IDENTITY, Identity
from provisioning.facts.reading import read_facts
from provisioning.transports.address import parse_address

_PLACE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\- ]{0,29}")


def get_bench(session: Session, bench_id: int) -> Bench:
    """Raises `NotFound`."""
    found = queries.bench(session, bench_id)
    if found is None:
        raise NotFound(f"There is no bench number {bench_id}.", next_step="Choose one from the bench page.")
    return found


def get_slot(session: Session, slot_id: int) -> Slot:
    """Raises `NotFound`."""
    found = queries.slot(session, slot_id)
    if found is None:
        raise NotFound(f"There is no slot number {slot_id}.", next_step="Choose one from the bench wall.")
    return found


def hub_name(session: Session, bench: Bench) -> str:
    """The name of the hub a bench stands at."""
    return partners.get_organisation(session, bench.hub_id).name


def add_bench(session: Session, *, name: str, actor: Actor, clock: Clock, hub_id: int | None = None) -> Bench:
    """Set up a bench at a hub (the only one when none is named). Raises `BadInput`, or `Conflict` for a name in use."""
    name = name.strip()
    if not name or len(name) > 60:
        raise BadInput("No bench was added.", fields={"name": "Enter a name, up to 60 letters, such as Bench 1."})
    hub = partners.get_organisation(session, hub_id) if hub_id is not None else partners.get_hub(session)
    if queries.bench_named(session, hub.id, name) is not None:
        raise Conflict(f"{hub.name} has a bench called {name} already.", next_step="Choose another name.")
    made = Bench(hub_id=hub.id, name=name, created_at=clock())
    session.add(made)
    session.flush()
    return made


def add_slot(session: Session, *, bench_id: int, place: str, address: str, actor: Actor) -> Slot:
    """Add a slot to a bench. Raises `BadInput` for an address no tablet can have, `Conflict` for one in use."""
    get_bench(session, bench_id)
    place = place.strip()
    problems: dict[str, str] = {}
    if not _PLACE.fullmatch(place):
        problems["place"] = "Enter the port's name as it stands on the hub, such as 1-1.2."
    try:
        address = str(parse_address(address))
    except AddressInvalid as error:
        problems["address"] = str(error)
    if problems:
        raise BadInput("No slot was added.", fields=problems)
    if queries.slot_in_place(session, bench_id, place) is not None:
        raise Conflict(f"This bench has a slot {place} already.", next_step="Choose another place.")
    taken = queries.slot_at(session, address)
    if taken is not None:
        raise Conflict(
            f"Slot {taken.place} looks at {address} already.", next_step="Use that slot, or another address."
        )
    slot = Slot(bench_id=bench_id, place=place, address=address)
    session.add(slot)
    session.flush()
    return slot


@dataclass(frozen=True)
class Seen:
    """What a look found. `tablet` is ours, if it is known; `problem` is a sentence when nothing could be read.

    `namesakes` are several of ours with the serial that was read: the bench cannot tell them apart.
    """

    slot: Slot
    identity: Identity | None = None
    battery: Battery | None = None
    tablet: Tablet | None = None
    namesakes: tuple[int, ...] = ()
    problem: str = ""

    @property
    def unknown(self) -> bool:
        """There is a tablet that is not in our records: it can be booked in."""
        return self.identity is not None and self.tablet is None and not self.namesakes


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

    Takes the database and not a session: no transaction is open while the tablet is being talked to.
    """
    with database.read() as session:
        address = get_slot(session, slot_id).address
    try:
        identity, battery = _ask(address, settings, clock, opener)
    except (TransportError, FactUnreadable) as error:
        with database.write() as session:
            return _write_silence(session, slot_id, str(error), clock)
    with database.write() as session:
        return write_seen(session, slot_id, identity, battery, clock=clock)


def _ask(address: str, settings: Settings, clock: Clock, opener: OpenTablet) -> tuple[Identity, Battery | None]:
    transport = opener(address, signer=bench_key(settings), on_prompt=lambda: None)
    try:
        observed = read_facts(transport, (IDENTITY, BATTERY), now=clock)
    finally:
        transport.close()
    return observed.value(IDENTITY), observed.readable(BATTERY)


def write_seen(session: Session, slot_id: int, identity: Identity, battery: Battery | None, *, clock: Clock) -> Seen:
    """Write down which tablet is in a slot, in the slot's row and in the tablet's own if it is ours."""
    namesakes = tablets.tablets_with_serial(session, identity.serial) if identity.serial else ()
    tablet = _recognised(session, slot_id, namesakes)
    level = battery.level_percent if battery and not battery.faked else None
    if tablet is not None:
        tablets.identify(
            session,
            tablets.lock_tablet(session, tablet.id),
            manufacturer=(identity.manufacturer or "")[:60],
            model=(identity.model or "")[:80],
            os_release=release_number(identity.release),
            battery_percent=level,
            now=clock(),
        )
    slot = _locked(session, slot_id)
    slot.seen_serial = (identity.serial or "")[:64]
    slot.seen_kind = f"{identity.manufacturer or ''} {identity.model or ''}".strip()[:140]
    slot.seen_battery_percent, slot.seen_at, slot.seen_problem = level, clock(), ""
    slot.tablet_id = tablet.id if tablet else None
    session.flush()
    several = () if tablet else tuple(each.id for each in namesakes)
    return Seen(slot, identity, battery, tablet, several)


def release_number(release: str) -> int | None:
    """13 of ``13`` or ``8.1.0``; None for a release that is no number."""
    digits = re.match(r"\d+", release)
    return int(digits.group()) if digits else None


def _recognised(session: Session, slot_id: int, namesakes: Sequence[Tablet]) -> Tablet | None:
    """The only one with this serial; among several, the one whose unfinished run is in this very slot."""
    if len(namesakes) == 1:
        return namesakes[0]
    run = queries.unfinished_run_in_slot(session, slot_id)
    return next((each for each in namesakes if run is not None and each.id == run.tablet_id), None)


def _write_silence(session: Session, slot_id: int, problem: str, clock: Clock) -> Seen:
    slot = _locked(session, slot_id)
    slot.seen_serial, slot.seen_kind, slot.seen_battery_percent = "", "", None
    slot.seen_at, slot.seen_problem, slot.tablet_id = clock(), problem, None
    session.flush()
    return Seen(slot, problem=problem)


def _locked(session: Session, slot_id: int) -> Slot:
    slot = queries.slot_locked(session, slot_id)
    if slot is None:
        raise NotFound(f"There is no slot number {slot_id}.", next_step="Choose one from the bench wall.")
    return slot
