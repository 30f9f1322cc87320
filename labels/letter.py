"""A letter for one person, as an A4 paper to be printed and posted: in their script and size of print, with an address
that shows in a window envelope, and nothing on it but what the person reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from reportlab.lib.units import mm

from labels.errors import LabelDoesNotFit
from labels.pdf import PageCanvas
from labels.script.faces import line_height
from labels.script.ink import Ink
from labels.script.lines import Line, break_text, set_line
from labels.script.shaping import Writing

WIDTH, HEIGHT = 210.0, 297.0
SIDE = 22.0
ADDRESS_TOP = 52.0
"""Where a DL envelope's window shows, in millimetres from the top edge."""
ADDRESS_WIDTH, ADDRESS_HEIGHT = 84.0, 45.0
ADDRESS_POINTS = (14, 12, 11, 10, 9)
"""The largest that fits: an address is read by whoever carries it."""
ADDRESS_LEADING = 1.3
BODY_TOP = 100.0
NEXT_TOP = 30.0
FOOT = 24.0
LEADING = 1.5
"""Of the size of print: RNIB asks for one and a half to two spaces."""
_NUMBERS = re.compile(r"(?<=\d) (?=\d)")
"""The gaps in a phone number, which stays on one line."""
_POINT = 25.4 / 72


@dataclass(frozen=True)
class Letter:
    """What a letter says. Paragraphs of `body` are parted by empty lines; `reference` stands small at the foot."""

    address: tuple[str, ...]
    """From the name to the postcode. It is written from the left, in whatever script its lines are."""
    subject: str
    body: str
    points: int
    reference: str
    language: str = "en"
    rtl: bool = False
    made_on: date = date(2000, 1, 1)


def letter_pdf(letter: Letter) -> bytes:
    """The letter as a PDF. Raises TextNotPrintable for letters that no typeface has, LabelDoesNotFit for a word or an
    address that is too long."""
    out = BytesIO()
    canvas = PageCanvas(
        out,
        page_width=WIDTH,
        page_height=HEIGHT,
        title=letter.subject,
        made_on=letter.made_on,
        language=letter.language,
    )
    ink = Ink(canvas)
    _draw_address(ink, letter.address)
    top = _folded(canvas, letter)
    step = letter.points * _POINT * max(LEADING, line_height(letter.language))
    for line in _lines(letter):
        if top > HEIGHT - FOOT - letter.points * _POINT:
            _foot(ink, letter)
            canvas.showPage()
            top = NEXT_TOP
        if line is not None:
            indent = WIDTH - 2 * SIDE - line.width / mm if letter.rtl else 0.0
            _draw(ink, line, top, indent)
        top += step
    _foot(ink, letter)
    canvas.showPage()
    canvas.finish()
    return out.getvalue()


def _draw_address(ink: Ink, address: Sequence[str]) -> None:
    points, lines = _fitted(address)
    for number, line in enumerate(lines):
        _draw(ink, line, ADDRESS_TOP + number * points * _POINT * ADDRESS_LEADING)


def _fitted(address: Sequence[str]) -> tuple[int, list[Line]]:
    """The address in the largest print that shows in the window; run together where it has too many lines for it."""
    name, *rest = address or ("",)
    for written in (address, (name, ", ".join(rest))):
        for points in ADDRESS_POINTS:
            try:
                lines = [line for each in written for line in break_text(each, Writing(), points, ADDRESS_WIDTH * mm)]
            except LabelDoesNotFit:
                continue
            if len(lines) * points * _POINT * ADDRESS_LEADING <= ADDRESS_HEIGHT:
                return points, lines
    raise LabelDoesNotFit("Nothing was printed. The address is too long for the window of an envelope; shorten it.")


def _folded(canvas: PageCanvas, letter: Letter) -> float:
    """A fold mark for the window envelope; where the words begin."""
    canvas.setLineWidth(0.3)
    canvas.line(5 * mm, (HEIGHT - 99) * mm, 9 * mm, (HEIGHT - 99) * mm)
    return BODY_TOP + letter.points * _POINT * max(1.0, line_height(letter.language) / LEADING)


def _lines(letter: Letter) -> list[Line | None]:
    """Every line; None for the empty ones that part the paragraphs."""
    width = (WIDTH - 2 * SIDE) * mm
    bold, plain = (Writing(letter.language, letter.rtl, bold) for bold in (True, False))
    found: list[Line | None] = [*break_text(letter.subject, bold, letter.points, width)]
    for paragraph in letter.body.split("\n\n"):
        found.append(None)
        for written in paragraph.splitlines():
            found += break_text(_NUMBERS.sub("\u00a0", written), plain, letter.points, width)
    return found


def _draw(ink: Ink, line: Line, top: float, indent: float = 0.0) -> None:
    ink.draw(line, (SIDE + indent) * mm, (HEIGHT - top) * mm)


def _foot(ink: Ink, letter: Letter) -> None:
    _draw(ink, set_line(letter.reference, Writing(), 8), HEIGHT - 12)
