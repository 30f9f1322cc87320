"""Finding what a row names: a tablet by its code or serial, a person by what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from fleet.errors import NotFound
from fleet.people import service as people
from fleet.people.models import Person
from fleet.sheets.rules import Line
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tags import service as tags
from fleet.tags.rules import parse

Live = Mapping[str, Sequence[Tablet]]
"""Serial in lower case -> the tablets that have it, those that left the fleet last, for all that the rows of a file
name."""


def live_of(session: Session, lines: Sequence[Line]) -> Live:
    return tablets.tablets_ever_with_serials(session, [line.get("serial", "") for line in lines])


def tablet_of(session: Session, line: Line, live: Live) -> tuple[Tablet | None, str]:
    """The tablet that a row names, by the code on its label or by its serial; or why there is none."""
    code, serial = line.get("label_code", ""), line.get("serial", "")
    if not code and not serial:
        return None, "serial: say which tablet, by its serial or the code on its label."
    if serial:
        tablet, problem = tablet_by_serial(live, serial, line.get("serial_note", ""))
        return tablet, f"serial: {problem}" if problem else ""
    reading = parse(code)
    if not reading.good:
        return None, f"label_code: {reading.problem}"
    try:
        tablet_id = tags.tablet_of(session, reading.code)
    except NotFound:
        tablet_id = None
    if tablet_id is None:
        return None, f"label_code: {code} is on no tablet on record; bring tablets and labels in first."
    return tablets.get_tablet(session, tablet_id), ""


def tablet_by_serial(live: Live, serial: str, note: str) -> tuple[Tablet | None, str]:
    """The one tablet in the fleet with this serial, or the latest that left it; or why there is none."""
    if not serial:
        return None, "say which tablet it is on."
    found = [each for each in live.get(serial.strip().lower(), ()) if each.serial_note == note]
    if found:
        return found[0], ""
    return None, f"no tablet in the fleet has the serial {serial}; bring tablets in first."


def person_of(session: Session, line: Line) -> tuple[Person | None, str]:
    """The one person to whom all that a row says of them belongs; or why there is none."""
    reference, email, phone = line.get("person", ""), line.get("person_email", ""), line.get("person_phone", "")
    name = "person" if reference else "person_email" if email else "person_phone"
    if not (reference or email or phone):
        return None, "person: say who, by their number in the file of people, their email address or their phone."
    found = people.known_by(session, reference=reference, email=email, phone=phone)
    if len(found) == 1:
        return found[0], ""
    if found:
        return None, f"{name}: this belongs to more than one person; give their number in the file of people too."
    return None, f"{name}: nobody on record is known by this; bring people in first."
