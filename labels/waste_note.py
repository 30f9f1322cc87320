"""The note that goes with tablets to a waste carrier, as an A4 paper with room for both signatures.

For waste that is not hazardous it is the transfer note. For hazardous waste it is the list of what is in the load, and
says so: the consignment note itself is the regulator's own form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer

from labels.office import OfficePaper, render_office_paper
from labels.office_parts import COLUMN, NAME, STRONG, VALUE, Cells, listed, named, opening, ruled, safe

TRANSFER = "Waste transfer note"
CONTENTS = "What is in this consignment"
ROOM = "<br/><br/>"
"""Above a line that somebody signs on."""


@dataclass(frozen=True)
class WasteLine:
    """One tablet: its number in our books, what it is, its weight in words, and what says that its data is gone."""

    number: str
    kind: str
    serial: str
    battery: str
    data: str
    weight: str


@dataclass(frozen=True)
class WasteNote:
    """Everything on the note. `handed_over` is empty for one that is printed before the carrier comes."""

    number: str
    note_number: str
    hazardous: bool
    made_on: date
    issued_by: str
    holder: tuple[tuple[str, str], ...]
    carrier: tuple[tuple[str, str], ...]
    receiver: tuple[tuple[str, str], ...]
    waste: tuple[tuple[str, str], ...]
    lines: tuple[WasteLine, ...]
    total: str
    handed_over: str
    keep: str


def render_waste_note(note: WasteNote) -> bytes:
    """The note as a PDF. Raises TextNotPrintable, or LabelDoesNotFit where one value fills more than a page."""
    title = CONTENTS if note.hazardous else TRANSFER
    return render_office_paper(
        OfficePaper(
            title=f"{title} {note.number}",
            foot=f"{title} {note.number}",
            issued_by=note.issued_by,
            made_on=note.made_on,
            parts=lambda: _parts(note, title),
        )
    )


def _parts(note: WasteNote, title: str) -> list[Flowable]:
    lead = (
        "This list goes with the consignment note that the law asks for. It does not take that note's place."
        if note.hazardous
        else "Both sides sign, and each keeps a copy."
    )
    number = "Consignment note code" if note.hazardous else "Transfer note"
    panel = [("Our number", note.number), (number, note.note_number or "still to be written"), ("Together", note.total)]
    half = COLUMN / 2
    return [
        *opening(title, lead, panel),
        ruled("Who hands it over", named(note.holder), (46, COLUMN - 46)),
        ruled("Who carries it", named(note.carrier), (46, COLUMN - 46)),
        ruled("Who receives it", named(note.receiver), (46, COLUMN - 46)),
        ruled("What it is", named(note.waste), (46, COLUMN - 46)),
        ruled(
            f"Each tablet in it ({len(note.lines)})",
            listed(("Tablet", "Kind", "Serial", "Battery", "Data", "Weight"), [_cells(line) for line in note.lines]),
            (14, 34, 37, 22, 41, COLUMN - 148),
            head_rows=2,
        ),
        ruled(f"Signed by both for {safe(note.number)}: {safe(note.total)}", _signatures(note), (half, half)),
        Spacer(1, 4 * mm),
        Paragraph(safe(note.keep), NAME),
    ]


def _cells(line: WasteLine) -> tuple[str, ...]:
    return (line.number, line.kind, line.serial, line.battery, line.data, line.weight)


def _signatures(note: WasteNote) -> Cells:
    """Room to sign, with the day and the hour where they are known."""
    when = note.handed_over or "______________"
    rows: Cells = [[Paragraph("For the holder", STRONG), Paragraph("For the carrier", STRONG)]]
    for label, text in (
        ("Name", "____________________________"),
        ("Signature", "____________________________"),
        ("Day and time", when),
    ):
        cell = f"{ROOM if label == 'Signature' else ''}{safe(label)}: {safe(text)}"
        rows.append([Paragraph(cell, VALUE), Paragraph(cell, VALUE)])
    return rows
