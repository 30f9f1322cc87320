"""What a scanner gives at the intake table: a maker's serial, the code of one of our labels, or nothing to go by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from stdnum import luhn

from fleet.errors import BadInput, NotFound
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tags import service as tags
from fleet.tags.rules import looks_like_code, parse

_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/:+-]{3,62}[A-Za-z0-9]")
_SAID_TO_BE_SERIAL = re.compile(r"^\s*\(?(?:S/?N|SERIAL)\)?\s*[:.]?\s*", re.IGNORECASE)
_IMEI = re.compile(r"[0-9]{15}")


@dataclass(frozen=True)
class Scanned:
    """A scan made sense of: the tablet it names, or else the serial of one we do not know."""

    serial: str
    tablet: Tablet | None = None


class NotReadable(BadInput):
    """A scan that is neither a serial nor a code."""

    code = "not_readable"


def make_sense(session: Session, text: str, *, serial_note: str = "") -> Scanned:
    """What was scanned. Raises `NotReadable`, with the sentence that says what to scan instead.

    A serial in the fleet wins over a code; "S/N" in front says that what follows is a serial whatever it looks like,
    unless those two letters are the first of a good code.
    """
    surely_serial = bool(_SAID_TO_BE_SERIAL.match(text)) and not parse(text).good
    bare = _SAID_TO_BE_SERIAL.sub("", text).strip() if surely_serial else text.strip()
    if not bare:
        raise _unreadable("Scan the barcode marked S/N on the back of the tablet, or type it.")
    known = [tablet for tablet in tablets.tablets_with_serial(session, bare) if tablet.serial_note == serial_note]
    if known:
        return Scanned(known[0].serial, known[0])
    if not surely_serial and (looks_like_code(bare) or "://" in bare):
        return _by_code(session, bare)
    return Scanned(_serial(bare, surely_serial))


def sense_of_serial(serial: str, serial_note: str, live: Mapping[str, Sequence[Tablet]]) -> Scanned:
    """What is surely a serial made sense of, by the tablets that have one of a list. Raises `NotReadable`."""
    bare = serial.strip()
    known = next((tablet for tablet in live.get(bare.lower(), ()) if tablet.serial_note == serial_note), None)
    return Scanned(known.serial, known) if known is not None else Scanned(_serial(bare, surely_serial=True))


def find_tablet(session: Session, text: str) -> Tablet:
    """The tablet that a scan names. Raises `NotReadable`, or `NotFound` for a serial that is not in the fleet."""
    found = make_sense(session, text)
    if found.tablet is None:
        raise NotFound(
            f"No tablet in the fleet has the serial {found.serial}.", next_step="Scan it again, or book it in first."
        )
    return found.tablet


def _by_code(session: Session, text: str) -> Scanned:
    reading = parse(text)
    if not reading.good:
        raise _unreadable(f"{reading.problem} If it is the maker's serial, type S/N in front of it.")
    tablet_id = tags.tablet_of(session, text)
    if tablet_id is None:
        if tags.is_blank(session, text):
            raise _unreadable("This label is still blank. Scan the maker's barcode, marked S/N, first; then the label.")
        raise _unreadable("This label is not one of ours. Scan the maker's barcode, marked S/N.")
    tablet = tablets.get_tablet(session, tablet_id)
    return Scanned(tablet.serial, tablet)


def _serial(text: str, surely_serial: bool) -> str:
    if not _SERIAL.fullmatch(text):
        raise _unreadable(
            "This is no serial: those have 5 to 64 letters and digits. Scan the barcode marked S/N on its back."
        )
    if _IMEI.fullmatch(text) and luhn.is_valid(text) and not surely_serial:
        raise _unreadable("This is an IMEI, the number of its phone part. Scan the barcode marked S/N instead.")
    return text


def _unreadable(why: str) -> NotReadable:
    return NotReadable("Nothing was added. The scan could not be used.", fields={"scan": why})
