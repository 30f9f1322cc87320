"""The certificate of data sanitisation as an A4 paper of one or two pages, the same bytes for the same values."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from reportlab.lib.units import mm
from reportlab.platypus import Flowable
from reportlab.platypus import Frame as PageFrame

from labels.certificate import CertificateValues
from labels.certificate_parts import LINE, MUTED, PAGE_WIDTH, PINE, SIDE, certificate_parts
from labels.errors import LabelDoesNotFit
from labels.fonts import Face, printable
from labels.mark import draw_mark
from labels.pdf import PageCanvas

PAGE_HEIGHT = 297.0
HEAD = 30.0
FOOT = 20.0


def render_certificate(values: CertificateValues) -> bytes:
    """The certificate as a PDF. Raises TextNotPrintable, or LabelDoesNotFit where one value fills more than a page."""
    pages = _write(values, BytesIO(), of=0)
    out = BytesIO()
    _write(values, out, of=pages)
    return out.getvalue()


def _write(values: CertificateValues, out: BinaryIO, *, of: int) -> int:
    """Write the paper into `out`; `of` is the page count that the foot of each page shows. Returns the real one."""
    canvas = PageCanvas(
        out,
        page_width=PAGE_WIDTH,
        page_height=PAGE_HEIGHT,
        title=f"Certificate of data sanitisation {printable(values.number)}",
        made_on=values.issued_on,
    )
    canvas.setAuthor(printable(values.issued_by))
    parts = certificate_parts(values)
    page = 0
    while parts:
        page += 1
        _furnish(canvas, values, page, of)
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
                "Nothing was printed and the record is safe. One value of this certificate is longer than a page; "
                "shorten it and print again."
            )
        frame.add(pieces[0], canvas)
        parts[:1] = pieces[1:]


def _furnish(canvas: PageCanvas, values: CertificateValues, page: int, of: int) -> None:
    top = PAGE_HEIGHT - 12
    draw_mark(canvas, left=SIDE, top=top, side=11, colour=PINE)
    canvas.setFillColor(PINE)
    canvas.setFont(Face.BOLD, 13)
    canvas.drawString((SIDE + 14) * mm, (top - 7.4) * mm, "Doorstep")
    canvas.setFillColor(MUTED)
    canvas.setFont(Face.REGULAR, 9.5)
    canvas.drawRightString((PAGE_WIDTH - SIDE) * mm, (top - 7.4) * mm, printable(values.issued_by))
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(SIDE * mm, 15 * mm, (PAGE_WIDTH - SIDE) * mm, 15 * mm)
    canvas.drawString(SIDE * mm, 10 * mm, f"Certificate {printable(values.number)}")
    canvas.drawRightString((PAGE_WIDTH - SIDE) * mm, 10 * mm, f"Page {page} of {of}")
