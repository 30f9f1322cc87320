"""The note that goes with a consignment, as PDF."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.clock import LONDON, local_date
from fleet.errors import Conflict
from fleet.partners import service as partners
from fleet.partners.models import Organisation
from fleet.recycling import queries
from fleet.recycling.models import Consignment
from fleet.recycling.rules import KEEP_YEARS, ConsignmentKind, is_hazardous, weight_words
from fleet.recycling.service.writer import get_consignment
from fleet.recycling.words import BASIS_WORDS, KIND_WORDS, count_words, number_of
from fleet.tablets.words import name_of
from labels.errors import LabelError
from labels.office_parts import in_words
from labels.waste_note import WasteLine, WasteNote, render_waste_note


def note_pdf(session: Session, consignment_id: int) -> bytes:
    """The note, the same bytes each time while nothing changes. Raises `NotFound`, or `Conflict` where something that
    was typed cannot be printed."""
    try:
        return render_waste_note(_note(session, consignment_id))
    except LabelError as error:
        raise Conflict(str(error), next_step="Change what it names, then print again.") from error


def _note(session: Session, consignment_id: int) -> WasteNote:
    found = get_consignment(session, consignment_id)
    hub = partners.get_organisation(session, found.hub_id)
    contents = queries.packed(session, consignment_id)
    hazardous = is_hazardous(found.waste_code)
    together = f"{count_words(len(contents))}, {weight_words(sum(each.row.weight_grams for each in contents))}"
    return WasteNote(
        number=number_of(found.id),
        note_number=found.note_number,
        hazardous=hazardous,
        made_on=local_date(found.packed_at or found.changed_at),
        issued_by=hub.name,
        holder=_holder(found, hub),
        carrier=_carrier(found, partners.get_organisation(session, found.carrier_id)),
        receiver=(
            ("Site", found.receiver_name),
            ("Address", _one_line(found.receiver_address)),
            (BASIS_WORDS[found.receiver_basis], found.receiver_permit),
        ),
        waste=(
            ("Waste code", found.waste_code),
            ("Description", found.description),
            ("How it is contained", found.contained_in),
            ("Batteries", _batteries(found)),
            ("Quantity", together),
        ),
        lines=tuple(_line(each) for each in contents),
        total=together,
        handed_over=_when(found),
        keep=f"Keep a copy of this paper for {KEEP_YEARS[hazardous]} years.",
    )


def _holder(consignment: Consignment, hub: Organisation) -> tuple[tuple[str, str], ...]:
    return (
        ("Name", hub.name),
        ("Collected from", _one_line(consignment.collected_from)),
        ("Telephone", hub.help_phone),
        ("SIC code", consignment.sic_code),
        ("Waste hierarchy", "Applied, as the law asks" if consignment.hierarchy_applied else "Not confirmed yet"),
    )


def _carrier(consignment: Consignment, carrier: Organisation) -> tuple[tuple[str, str], ...]:
    """Name and registration as they were when it was packed."""
    return (
        ("Name", consignment.carrier_name),
        ("Address", _one_line(carrier.address)),
        ("Waste carrier registration", consignment.carrier_registration),
        ("Looked up in the register", _day(consignment)),
    )


def _line(each: queries.Packed) -> WasteLine:
    return WasteLine(
        number=str(each.tablet.id),
        kind=name_of(each.tablet),
        serial=each.tablet.serial,
        battery="In it" if each.row.battery_in else "Taken out",
        data=each.row.certificate_number or "Not wiped: destroy its storage",
        weight=weight_words(each.row.weight_grams),
    )


def _batteries(consignment: Consignment) -> str:
    if consignment.kind is ConsignmentKind.DAMAGED_BATTERIES:
        return f"{KIND_WORDS[consignment.kind]}. Do not charge, crush or pierce."
    return "Sound as far as was seen; tablets with damaged batteries travel apart"


def _when(consignment: Consignment) -> str:
    at = consignment.handed_over_at
    return f"{in_words(local_date(at))}, {at.astimezone(LONDON):%H:%M}" if at else ""


def _day(consignment: Consignment) -> str:
    return in_words(consignment.register_checked_on) if consignment.register_checked_on else ""


def _one_line(text: str) -> str:
    return ", ".join(line.strip() for line in text.splitlines() if line.strip())
