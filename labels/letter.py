"""A letter for one person, as an A4 paper to be printed and posted: large print, an address that shows in a window
envelope, and nothing on it but what the person reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from reportlab.lib.units import mm

from labels.fonts import Face, break_lines, load_fonts, printable
from labels.pdf import PageCanvas

WIDTH, HEIGHT = 210.0, 297.0
SIDE = 22.0
ADDRESS_TOP = 52.0
"""Where a DL envelope's window shows, in millimetres from the top edge."""
BODY_TOP = 100.0
NEXT_TOP = 30.0
FOOT = 24.0
LEADING = 1.5
"""Of the size of print: RNIB asks for one and a half to two spaces."""
_POINT = 25.4 / 72


@dataclass(frozen=True)
class Letter:
    """What a letter says. Paragraphs of `body` are parted by empty lines; `reference` stands small at the foot."""

    address: tuple[str, ...]
    subject: str
    body: str
    points: int
    reference: str
    language: str = "en"
    made_on: date = date(2000, 1, 1)


def letter_pdf(letter: Letter) -> bytes:
    """The letter as a PDF. Raises TextNotPrintable for letters that the typeface has not."""
    load_fonts()
    out = BytesIO()
    canvas = PageCanvas(
        out, page_width=WIDTH, page_height=HEIGHT, title=printable(letter.subject), made_on=letter.made_on
    )
    canvas.setAuthor("Doorstep")
    for number, line in enumerate(letter.address):
        _draw(canvas, printable(line), ADDRESS_TOP + number * 14 * _POINT * 1.3, Face.REGULAR, 14)
    top = _folded(canvas, letter)
    for line, face in _lines(letter):
        if top > HEIGHT - FOOT - letter.points * _POINT:
            _foot(canvas, letter)
            canvas.showPage()
            top = NEXT_TOP
        _draw(canvas, line, top, face, letter.points)
        top += letter.points * _POINT * LEADING
    _foot(canvas, letter)
    canvas.showPage()
    canvas.finish()
    return out.getvalue()


def _folded(canvas: PageCanvas, letter: Letter) -> float:
    """A fold mark for the window envelope; where the words begin."""
    canvas.setLineWidth(0.3)
    canvas.line(5 * mm, (HEIGHT - 99) * mm, 9 * mm, (HEIGHT - 99) * mm)
    return BODY_TOP + letter.points * _POINT


def _lines(letter: Letter) -> list[tuple[str, Face]]:
    """Every line with its typeface; empty ones part the paragraphs."""
    width = WIDTH - 2 * SIDE
    found = [(line, Face.BOLD) for line in _broken(printable(letter.subject), Face.BOLD, letter.points, width)]
    for paragraph in letter.body.split("\n\n"):
        found.append(("", Face.REGULAR))
        for written in paragraph.splitlines():
            found += [(line, Face.REGULAR) for line in _broken(printable(written), Face.REGULAR, letter.points, width)]
    return found


def _broken(text: str, face: Face, points: int, width: float) -> list[str]:
    return break_lines(text, face, points, width) or [text]


def _draw(canvas: PageCanvas, text: str, top: float, face: Face, points: float) -> None:
    canvas.setFont(face.value, points)
    canvas.drawString(SIDE * mm, (HEIGHT - top) * mm, text)


def _foot(canvas: PageCanvas, letter: Letter) -> None:
    _draw(canvas, printable(letter.reference), HEIGHT - 12, Face.REGULAR, 8)
