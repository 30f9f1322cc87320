"""What labels of a sheet can carry, said in a sentence, and the frame for a label on it.

The fullest set of parts that the sheet holds is chosen once for the sheet, so that all its labels look alike; a
label that then does not fit is refused with what to change, never printed without a part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from labels.arranging import LEAST_QR, Room, arrange, pieces_of, shape_of
from labels.errors import LabelDoesNotFit
from labels.fonts import Face, printable, width_mm
from labels.frames import CodePlace, Frame, Part, PrintSize, TextLine
from labels.sheet import Sheet


@dataclass(frozen=True)
class TabletLabel:
    """What the label on a tablet says. Never a person, an address, a programme or a condition."""

    code_text: str
    url: str
    owner_name: str
    help_phone: str


@dataclass(frozen=True)
class Capacity:
    """What a sheet's labels can carry, with a sentence for the person who chooses a sheet."""

    carries: frozenset[Part]
    sentence: str


LAYOUTS = {
    frozenset({Part.QR, Part.CODE, Part.FINDER}): "Carries the QR code, the code in words, and whom to ring if found.",
    frozenset({Part.QR, Part.CODE}): "Carries the QR code and the code in words; too small to say whom to ring.",
    frozenset({Part.CODE, Part.FINDER}): f"Text only: the code and whom to ring. A QR code needs {LEAST_QR:.0f} mm.",
    frozenset({Part.CODE}): f"Text only: the code. A QR code needs {LEAST_QR:.0f} mm each way.",
}
"""Every layout by the parts it carries, the fullest first."""

SAMPLE = TabletLabel("K7F3-QX", "HTTPS://TABLETS.EXAMPLE/T/K7F3-QX", "Sample Tablet Library", "020 7946 0000")
"""Stands for a usual label when a sheet's capacity is asked for."""


def capacity(sheet: Sheet, print_size: PrintSize = PrintSize.CLEAR) -> Capacity:
    """What the sheet can carry, tried with a code of seven characters and an owner's name of twenty-one.

    Large print never costs a label its QR code: a sheet that carries one only in clear print carries no large print.
    """
    must_have = frozenset[Part]()
    if print_size is PrintSize.LARGE:
        must_have = capacity(sheet).carries & {Part.QR}
    for parts, sentence in LAYOUTS.items():
        if must_have <= parts and arrange(_room(SAMPLE, sheet, print_size), parts):
            return Capacity(parts, sentence)
    return Capacity(frozenset(), _too_small(sheet, print_size))


def frame_for(label: TabletLabel, sheet: Sheet, print_size: PrintSize = PrintSize.CLEAR) -> Frame:
    """The frame for a label on a sheet. Raises LabelDoesNotFit, or TextNotPrintable for letters the font lacks."""
    can = capacity(sheet, print_size)
    if not can.carries:
        raise LabelDoesNotFit(can.sentence)
    frame = arrange(_room(label, sheet, print_size), can.carries)
    if frame is None:
        raise LabelDoesNotFit(
            f"Nothing was printed. {_size(sheet)} cannot hold the code {label.code_text}, {label.owner_name!r} and "
            f"{label.help_phone!r} in letters that can be read. Use a shorter form of the owner's name, or a sheet "
            "with larger labels."
        )
    return frame


def code_lines(code_text: str, place: CodePlace) -> Iterator[TextLine]:
    """The code where its frame wants it, smaller where it is unusually wide. Raises LabelDoesNotFit."""
    pieces = [code_text] if len(place.baselines) == 1 else pieces_of(code_text)
    natural = max(width_mm(piece, Face.BOLD, place.points) for piece in pieces)
    points = min(place.points, place.points * place.width / natural)
    if points < place.least_points:
        raise LabelDoesNotFit(
            f"Nothing was printed. The code {code_text} would be {points:.1f} points high, and "
            f"{place.least_points:.0f} is the least that can be read. Choose a sheet with wider labels."
        )
    for piece, baseline in zip(pieces, place.baselines, strict=True):
        yield TextLine(piece, place.left, baseline, Face.BOLD, points)


def _room(label: TabletLabel, sheet: Sheet, print_size: PrintSize) -> Room:
    return Room(
        width=float(sheet.label_width),
        height=float(sheet.label_height),
        code_shape=shape_of(printable(label.code_text)),
        owner_name=printable(label.owner_name),
        help_phone=printable(label.help_phone),
        print_size=print_size,
    )


def _too_small(sheet: Sheet, print_size: PrintSize) -> str:
    what = "a code in 12 points"
    if print_size is PrintSize.LARGE:
        what = "a code in 16 points for large print, with its QR code where clear print has one"
    return f"Nothing was printed. {_size(sheet)} cannot hold {what}. Choose a sheet with larger labels."


def _size(sheet: Sheet) -> str:
    return f"A label of {sheet.label_width} x {sheet.label_height} mm (sheet {sheet.name})"
