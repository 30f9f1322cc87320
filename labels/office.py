"""An A4 paper of the office with a head and a foot on each page, the same bytes for the same values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import BinaryIO

from reportlab.lib.units import mm
from reportlab.platypus import Flowable
from reportlab.platypus import Frame as PageFrame

from labels.errors import LabelDoesNotFit
from labels.fonts import Face, printable
from labels.mark import draw_mark
from labels.office_parts import LINE, MUTED, PAGE_WIDTH, PINE, SIDE
from labels.pdf import PageCanvas

PAGE_HEIGHT = 297.0
HEAD = 30.0
FOOT = 20.0


@dataclass(frozen=True)
class OfficePaper:
    """`title` names the file, `foot` stands on every page, `issued_by` at its head. `parts` makes the flowables anew:
    the paper is laid out twice, because the foot says how many pages there are."""

    title: str
    foot: str
    issued_by: str
    made_on: date
    parts: Callable[[], list[Flowable]]


def render_office_paper(paper: OfficePaper) -> bytes:
    """The paper as a PDF. Raises TextNotPrintable, or LabelDoesNotFit where one value fills more than a page."""
    pages = _write(paper, BytesIO(), of=0)
    out = BytesIO()
    _write(paper, out, of=pages)
    return out.getvalue()


def _write(paper: OfficePaper, out: BinaryIO, *, of: int) -> int:
    """Write the paper into `out`; `of` is the page count that the foot of each page shows. Returns the real one."""
    canvas = PageCanvas(
        out, page_width=PAGE_WIDTH, page_height=PAGE_HEIGHT, title=printable(paper.title), made_on=paper.made_on
    )
    canvas.setAuthor(printable(paper.issued_by))
    parts = paper.parts()
    page = 0
    while parts:
        page += 1
        _furnish(canvas, paper, page, of)
        _fill_page(canvas, parts)
        canvas.showPage()
    canvas.finish()
    return page


def _fill_page(canvas: PageCanvas, parts: list[Flowable]) -> None:
    """Take parts from the front until the page is full; only a part longer than a whole page is broken."""
    width, height = (PAGE_WIDTH - 2 * SIDE) * mm, (PAGE_HEIGHT - HEAD - FOOT) * mm
    frame = PageFrame(SIDE * mm, FOOT * mm, width, height, 0, 0, 0, 0)
    waiting = len(parts)
    while parts and frame.add(parts[0], canvas):
        del parts[0]
    if len(parts) == waiting:
        pieces = frame.split(parts[0], canvas)
        if not pieces:
            raise LabelDoesNotFit(
                "Nothing was printed and the record is safe. One value of this paper is longer than a page; "
                "shorten it and print again."
            )
        frame.add(pieces[0], canvas)
        parts[:1] = pieces[1:]


def _furnish(canvas: PageCanvas, paper: OfficePaper, page: int, of: int) -> None:
    top = PAGE_HEIGHT - 12
    draw_mark(canvas, left=SIDE, top=top, side=11, colour=PINE)
    canvas.setFillColor(PINE)
    canvas.setFont(Face.BOLD, 13)
    canvas.drawString((SIDE + 14) * mm, (top - 7.4) * mm, "Doorstep")
    canvas.setFillColor(MUTED)
    canvas.setFont(Face.REGULAR, 9.5)
    canvas.drawRightString((PAGE_WIDTH - SIDE) * mm, (top - 7.4) * mm, printable(paper.issued_by))
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(SIDE * mm, 15 * mm, (PAGE_WIDTH - SIDE) * mm, 15 * mm)
    canvas.drawString(SIDE * mm, 10 * mm, printable(paper.foot))
    canvas.drawRightString((PAGE_WIDTH - SIDE) * mm, 10 * mm, f"Page {page} of {of}")
