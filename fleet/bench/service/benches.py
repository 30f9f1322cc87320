"""Benches and slots: setting them up, here or on another machine, and finding the places of a hub by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import Bench, Slot
from fleet.bench.reach import BenchKind, kept_address, lane_of, usb_path
from fleet.clock import Clock
from fleet.errors import BadInput, Conflict, NotFound, NotReady, there
from fleet.jobs.service import reserve_lane
from fleet.partners import service as partners
from fleet.users.actor import Actor
from provisioning.benches.host_keys import HostKey, parse_host_key, read_host_key
from provisioning.errors import AddressInvalid, BenchError, BenchSettingsInvalid
from provisioning.transports.address import parse_address
from provisioning.transports.sighting import Sighting

_PLACE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\- ]{0,29}")
_HOST = re.compile(r"[0-9A-Za-z][0-9A-Za-z.:\-]{0,119}")
_SIGN_IN = re.compile(r"[a-z_][a-z0-9_.\-]{0,59}")


@dataclass(frozen=True)
class Elsewhere:
    """A machine that a bench's tablets are plugged into, reached by SSH."""

    host: str
    sign_in_as: str
    port: int = 22


def get_bench(session: Session, bench_id: int) -> Bench:
    """Raises `NotFound`."""
    return there(
        queries.bench(session, bench_id),
        f"There is no bench number {bench_id}.",
        next_step="Choose one from the bench page.",
    )


def get_slot(session: Session, slot_id: int) -> Slot:
    """Raises `NotFound`."""
    return there(
        queries.slot(session, slot_id),
        f"There is no slot number {slot_id}.",
        next_step="Choose one from the bench wall.",
    )


def hub_name(session: Session, bench: Bench) -> str:
    """The name of the hub a bench stands at."""
    return partners.get_organisation(session, bench.hub_id).name


def find_bench(session: Session, name: str) -> Bench:
    """The bench of this name, or of this number. Raises `NotFound`, or `Conflict` when several hubs have one."""
    found = [each for each in queries.benches(session) if name.strip().lower() in (each.name.lower(), str(each.id))]
    if not found:
        there = ", ".join(f"“{each.name}”" for each in queries.benches(session)) or "none so far"
        raise NotFound(f"There is no bench called “{name}”.", next_step=f"The benches are: {there}.")
    if len(found) > 1:
        numbers = " or ".join(str(each.id) for each in found)
        raise Conflict(f"Several hubs have a bench called “{name}”.", next_step=f"Use its number: {numbers}.")
    return found[0]


def lane_of_bench(bench: Bench) -> str:
    """The queue that this bench's own worker takes its jobs from."""
    return lane_of(bench.id, bench.name)


def add_bench(
    session: Session,
    *,
    name: str,
    actor: Actor,
    clock: Clock,
    hub_id: int | None = None,
    elsewhere: Elsewhere | None = None,
) -> Bench:
    """Set up a bench at a hub (that of whoever sets it up when none is named), here or on another machine.

    One elsewhere is used only once its key is confirmed. Raises `BadInput`, or `Conflict` for a name in use.
    """
    name = name.strip()
    problems = _problems_elsewhere(elsewhere) if elsewhere else {}
    if not name or len(name) > 60:
        problems["name"] = "Enter a name, up to 60 letters, such as Bench 1."
    if problems:
        raise BadInput("No bench was added.", fields=problems)
    hub = partners.get_organisation(session, hub_id) if hub_id is not None else partners.hub_of(session, actor)
    if queries.bench_named(session, hub.id, name) is not None:
        raise Conflict(f"{hub.name} has a bench called {name} already.", next_step="Choose another name.")
    made = Bench(hub_id=hub.id, name=name, created_at=clock())
    if elsewhere is not None:
        made.kind, made.host, made.port = BenchKind.SSH, elsewhere.host.strip(), elsewhere.port
        made.sign_in_as = elsewhere.sign_in_as.strip()
    session.add(made)
    session.flush()
    return made


def _problems_elsewhere(elsewhere: Elsewhere) -> dict[str, str]:
    problems = {}
    if not _HOST.fullmatch(elsewhere.host.strip()):
        problems["host"] = "Enter the name or the address of the bench's computer, such as bench.example."
    if not _SIGN_IN.fullmatch(elsewhere.sign_in_as.strip()):
        problems["sign_in_as"] = "Enter the name to sign in with there, such as bench."
    if not 0 < elsewhere.port < 65536:
        problems["port"] = "Enter a port from 1 to 65535; SSH has 22 as a rule."
    return problems


def ask_host_key(bench: Bench) -> HostKey:
    """The key that a bench's machine shows at this moment, for a person to compare. Pins nothing.

    Takes seconds: call it with no transaction open. Raises `NotReady` when the machine does not answer.
    """
    try:
        return read_host_key(bench.host, bench.port)
    except BenchError as error:
        raise NotReady(
            f"No key was pinned. {error}", next_step="Check its name, its port and that it is switched on."
        ) from error


def confirm_host_key(session: Session, bench_id: int, key: str, *, actor: Actor) -> Bench:
    """Pin the key a person has compared: from then on this bench is the machine that has it, and no other.

    Raises `BadInput` for what is no key.
    """
    bench = _locked_bench(session, bench_id)
    try:
        bench.host_key, bench.host_key_by = str(parse_host_key(key)), actor.name
    except BenchSettingsInvalid as error:
        raise BadInput("No key was pinned.", fields={"host_key": str(error)}) from error
    session.flush()
    return bench


def give_own_worker(session: Session, bench_id: int, *, own_worker: bool, actor: Actor) -> Bench:
    """Say whether only a worker started for this bench (`doorstep worker --bench`) takes its work."""
    bench = _locked_bench(session, bench_id)
    bench.own_worker = own_worker
    reserve_lane(session, lane_of_bench(bench), reserved=own_worker)
    session.flush()
    return bench


def _locked_bench(session: Session, bench_id: int) -> Bench:
    bench = queries.bench_locked(session, bench_id)
    if bench is None:
        raise NotFound(f"There is no bench number {bench_id}.", next_step="Choose one from the bench page.")
    return bench


def add_slot(session: Session, *, bench_id: int, place: str, address: str, actor: Actor) -> Slot:
    """Add a slot to a bench. Raises `BadInput` for an address no tablet can have, `Conflict` for one in use."""
    bench = get_bench(session, bench_id)
    place = place.strip()
    problems: dict[str, str] = {}
    if not _PLACE.fullmatch(place):
        problems["place"] = "Enter the port's name as it stands on the hub, such as 1-1.2."
    try:
        kept = kept_address(bench.id, bench.kind, str(parse_address(address)))
    except AddressInvalid as error:
        problems["address"] = str(error)
    if problems:
        raise BadInput("No slot was added.", fields=problems)
    if queries.slot_in_place(session, bench_id, place) is not None:
        raise Conflict(f"This bench has a slot {place} already.", next_step="Choose another place.")
    taken = queries.slot_at(session, kept)
    if taken is not None:
        raise Conflict(
            f"Slot {taken.place} looks at {taken.reached_at} already.", next_step="Use that slot, or another address."
        )
    slot = Slot(bench_id=bench_id, place=place, address=kept)
    session.add(slot)
    session.flush()
    return slot


def learn_slots(
    session: Session, bench_id: int, sightings: Sequence[Sighting], *, place: str = "", actor: Actor
) -> tuple[Slot, ...]:
    """Make a slot of every hub port where a tablet is seen and that has none so far, named after the port.

    `place` is another name for it where exactly one such port is seen. What is seen over a network is left out.
    """
    bench = get_bench(session, bench_id)
    have = {usb_path(slot.address) for slot in queries.slots(session, bench_id)}
    new = {each.usb_path: each for each in sightings if each.usb_path and each.usb_path not in have}
    if not new:
        raise NotFound(
            f"No slot was added. No tablet is seen in a port of {bench.name} that has no slot yet.",
            next_step="Plug a tablet into the port, wait until it shows that it charges, then learn again.",
        )
    if place.strip() and len(new) > 1:
        raise BadInput(
            "No slot was added.",
            fields={
                "place": f"{len(new)} ports have a tablet. Leave one plugged in, or let each have its port's name."
            },
        )
    return tuple(
        add_slot(session, bench_id=bench_id, place=place.strip() or path, address=each.address, actor=actor)
        for path, each in sorted(new.items())
    )
