"""Tablets by their maker's serial: those that will arrive, those that are here, those that left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.database.locking import count_as_locked
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.tablets import queries
from fleet.tablets.models import Tablet
from fleet.tablets.service.writer import note
from fleet.users.actor import Actor


class SerialAlreadyHere(Conflict):
    """A serial that already lives in the fleet was given for another tablet."""

    code = "serial_already_here"


def tablets_with_serial(session: Session, serial: str) -> Sequence[Tablet]:
    """Those in the fleet with this serial: one as a rule, several where a maker used it twice."""
    return queries.live_tablets_with_serial(session, serial)


def tablets_with_serials(session: Session, serials: Iterable[str]) -> dict[str, list[Tablet]]:
    """The same for a whole list: serial in lower case -> those in the fleet that have it."""
    found: dict[str, list[Tablet]] = {}
    live = queries.live_tablets_with_serials(session, sorted({serial.strip().lower() for serial in serials}))
    count_as_locked(session, *live)
    for tablet in live:
        found.setdefault(tablet.serial.lower(), []).append(tablet)
    return found


def tablets_ever_with_serials(session: Session, serials: Iterable[str]) -> dict[str, list[Tablet]]:
    """The same with those that left for good, which come last: history names them too."""
    found: dict[str, list[Tablet]] = {}
    for tablet in queries.tablets_ever_with_serials(session, sorted({serial.strip().lower() for serial in serials})):
        count_as_locked(session, tablet)
        found.setdefault(tablet.serial.lower(), []).append(tablet)
    return found


@dataclass(frozen=True)
class Gone:
    """A tablet of ours that left the fleet for good, and when."""

    tablet: Tablet
    at: datetime


def gone_with_serial(session: Session, serial: str) -> Gone | None:
    """The latest with this serial that left the fleet for good, unless one with it is in the fleet."""
    return None if tablets_with_serial(session, serial) else latest_gone(session, serial)


def latest_gone(session: Session, serial: str) -> Gone | None:
    """The latest with this serial that left the fleet for good."""
    tablet = queries.latest_gone_with_serial(session, serial)
    if tablet is None:
        return None
    return Gone(tablet, queries.first_event_at_stage(session, tablet) or tablet.changed_at)


def expect_tablet(
    session: Session,
    *,
    hub_id: int,
    serial: str,
    actor: Actor,
    happening: Happening,
    manufacturer: str = "",
    model: str = "",
    serial_note: str = "",
    is_virtual: bool = False,
) -> Tablet:
    """Write down a tablet that will arrive. Raises `SerialAlreadyHere`, naming where the other one stands."""
    refuse_known_serial(session, serial.strip(), serial_note)
    return expect_unknown(
        session,
        hub_id=hub_id,
        serial=serial,
        actor=actor,
        happening=happening,
        manufacturer=manufacturer,
        model=model,
        serial_note=serial_note,
        is_virtual=is_virtual,
    )


def expect_unknown(
    session: Session,
    *,
    hub_id: int,
    serial: str,
    actor: Actor,
    happening: Happening,
    manufacturer: str = "",
    model: str = "",
    serial_note: str = "",
    is_virtual: bool = False,
) -> Tablet:
    """The same for a serial of which the caller knows, from `tablets_with_serials`, that it is not in the fleet."""
    serial = serial.strip()
    if not serial or len(serial) > 64:
        raise BadInput("The tablet was not added.", fields={"serial": "Enter the serial, up to 64 characters."})
    tablet = Tablet(
        hub_id=hub_id,
        serial=serial,
        serial_note=serial_note,
        manufacturer=manufacturer.strip(),
        model=model.strip(),
        is_virtual=is_virtual,
        created_at=happening.now,
        changed_at=happening.now,
    )
    session.add(tablet)
    session.flush()
    note(session, tablet, kind="expected", words="Expected", actor=actor, happening=happening)
    return tablet


def refuse_known_serial(session: Session, serial: str, serial_note: str = "") -> None:
    """Raises `SerialAlreadyHere` when a tablet in the fleet has this serial and the same note."""
    for other in queries.live_tablets_with_serial(session, serial):
        if other.serial_note == serial_note:
            raise SerialAlreadyHere(
                f"Serial {serial} is already in the fleet: tablet {other.id}, {other.stage.value.replace('_', ' ')}. "
                "Nothing was added.",
                next_step="If it is the same tablet coming back, open that one. If a maker used a serial twice, "
                "add a note that tells the two apart.",
                details={"tablet_id": other.id},
            )
