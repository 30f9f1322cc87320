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
from labels.paper.texts import paper_texts
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
WITH_THE_CLOSING = 2
"""Lines that go over the page with the closing, so that it is never alone there."""
_UNBROKEN = re.compile(r"(?<=\d) (?=\d)|(?:(?<=\b\d)|(?<=\b\d\d)) (?=[^\W\d])")
"""The gaps in a phone number and between a day and its month, which stay on one line."""
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
    dated: str = ""
    """The day it is written on, in the words of its language; empty for a letter without one."""


def letter_pdf(letter: Letter) -> bytes:
    """The letter as a PDF. Raises TextNotPrintable for letters that no typeface has, LabelDoesNotFit for a word or an
    address that is too long."""
    return letters_pdf([letter])


def letters_pdf(letters: Sequence[Letter], *, own_sheets: bool = False) -> bytes:
    """Letters one after the other, as one PDF. With `own_sheets` an empty page follows where the next letter would
    begin on the back of this one. Raises as `letter_pdf` does."""
    first, out = letters[0], BytesIO()
    canvas = PageCanvas(
        out,
        page_width=WIDTH,
        page_height=HEIGHT,
        title=first.subject,
        made_on=first.made_on,
        language=first.language,
    )
    ink = Ink(canvas)
    for number, letter in enumerate(letters, start=1):
        pages = _draw_letter(canvas, ink, letter)
        if own_sheets and pages % 2 and number < len(letters):
            canvas.showPage()
    canvas.finish()
    return out.getvalue()


def _draw_letter(canvas: PageCanvas, ink: Ink, letter: Letter) -> int:
    """Its pages, and how many they are."""
    step = letter.points * _POINT * max(LEADING, line_height(letter.language))
    tops = (BODY_TOP + letter.points * _POINT * max(1.0, line_height(letter.language) / LEADING), NEXT_TOP)
    first, next_ones = (int((HEIGHT - FOOT - letter.points * _POINT - top) / step) + 1 for top in tops)
    pages = _pages(_lines(letter), first, next_ones)
    _draw_address(ink, letter.address)
    _draw_date(ink, letter)
    _draw_fold(canvas)
    for number, lines in enumerate(pages, start=1):
        for row, line in enumerate(lines):
            if line is not None:
                _draw(ink, line, tops[number > 1] + row * step, _indent(letter, line))
        _draw(ink, set_line(letter.reference, Writing(), 8), HEIGHT - 12)
        if len(pages) > 1:
            _draw_number(ink, letter, number, len(pages))
        canvas.showPage()
    return len(pages)


def _draw_date(ink: Ink, letter: Letter) -> None:
    """Above the window of the envelope, where the reader's lines end."""
    if not letter.dated:
        return
    line = set_line(letter.dated, Writing(letter.language, letter.rtl), letter.points)
    _draw(ink, line, NEXT_TOP, 0.0 if letter.rtl else WIDTH - 2 * SIDE - line.width / mm)


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


def _draw_fold(canvas: PageCanvas) -> None:
    """Where the sheet is folded for the window envelope."""
    canvas.setLineWidth(0.3)
    canvas.line(5 * mm, (HEIGHT - 99) * mm, 9 * mm, (HEIGHT - 99) * mm)


def _draw_number(ink: Ink, letter: Letter, number: int, of: int) -> None:
    """Which page of how many, in the size of print, at the end of the foot."""
    words = paper_texts(letter.language).say("page", page=number, pages=of)
    line = set_line(words, Writing(letter.language, letter.rtl), letter.points)
    _draw(ink, line, HEIGHT - 12, WIDTH - 2 * SIDE - line.width / mm)


def _pages(lines: list[Line | None], first: int, next_ones: int) -> list[list[Line | None]]:
    """The lines page by page. No page begins with an empty line, or with the closing alone."""
    closing = max((place for place, line in enumerate(lines) if line is None), default=0)
    pages: list[list[Line | None]] = []
    start, room = 0, first
    while len(lines) - start > room:
        stop = start + room
        if closing - WITH_THE_CLOSING < stop <= closing + 1:
            stop = max(start + 1, closing - WITH_THE_CLOSING)
        pages.append(lines[start:stop])
        start = stop + (lines[stop] is None)
        room = next_ones
    return [*pages, lines[start:]]


def _indent(letter: Letter, line: Line) -> float:
    return WIDTH - 2 * SIDE - line.width / mm if letter.rtl else 0.0


def _lines(letter: Letter) -> list[Line | None]:
    """Every line; None for the empty ones that part the paragraphs."""
    width = (WIDTH - 2 * SIDE) * mm
    bold, plain = (Writing(letter.language, letter.rtl, bold) for bold in (True, False))
    found: list[Line | None] = [*break_text(letter.subject, bold, letter.points, width)]
    for paragraph in letter.body.split("\n\n"):
        found.append(None)
        for written in paragraph.splitlines():
            found += break_text(_UNBROKEN.sub("\u00a0", written), plain, letter.points, width)
    return found


def _draw(ink: Ink, line: Line, top: float, indent: float = 0.0) -> None:
    ink.draw(line, (SIDE + indent) * mm, (HEIGHT - top) * mm)
