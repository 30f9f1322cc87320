"""Label sheets as PDF: every label where its sheet says, its QR code drawn as one path, no cut marks.

Pages leave as they are finished, so ten thousand labels take no more memory than a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO

from reportlab.lib.units import mm

from labels.drawing import define_logo, draw_line, draw_logo, draw_symbol
from labels.frames import Frame, PrintSize
from labels.kinds import Label
from labels.layouts import frame_for, lines_of
from labels.logo import Logo
from labels.pdf import PageCanvas
from labels.qr import make_symbol
from labels.sheet import Sheet


def render_sheet(
    labels: Iterable[Label],
    sheet: Sheet,
    *,
    start_at: int = 1,
    print_size: PrintSize = PrintSize.CLEAR,
    logo: Logo | None = None,
) -> bytes:
    """A PDF of the labels; `start_at` is the first unused position of a part-used sheet, counted from 1.

    Raises SheetInvalid, LabelDoesNotFit or TextNotPrintable.
    """
    out = BytesIO()
    write_sheet(labels, sheet, out, start_at=start_at, print_size=print_size, logo=logo)
    return out.getvalue()


def write_sheet(
    labels: Iterable[Label],
    sheet: Sheet,
    out: BinaryIO,
    *,
    start_at: int = 1,
    print_size: PrintSize = PrintSize.CLEAR,
    logo: Logo | None = None,
) -> int:
    """Write the PDF of `render_sheet` into `out` page by page; returns how many labels it holds.

    When it raises, `out` holds an unfinished file: write to a place that can be thrown away.
    """
    sheet.check_start(start_at)
    canvas = PageCanvas(
        out, page_width=float(sheet.page_width), page_height=float(sheet.page_height), title=f"Labels on {sheet.name}"
    )
    if logo:
        define_logo(canvas, logo)
    count = 0
    for count, label in enumerate(labels, start=1):
        page, before = divmod(start_at + count - 2, sheet.per_page)
        if before == 0 and page:
            canvas.showPage()
        _draw_label(canvas, sheet, before + 1, label, frame_for(label, sheet, print_size, logo), logo)
    canvas.showPage()
    canvas.finish()
    return count


def _draw_label(canvas: PageCanvas, sheet: Sheet, position: int, label: Label, frame: Frame, logo: Logo | None) -> None:
    left, top = sheet.corner(position)
    wording = label.wording()
    canvas.saveState()
    canvas.translate(float(left) * mm, float(sheet.page_height - top) * mm)
    if frame.qr:
        draw_symbol(canvas, make_symbol(wording.qr_text), frame.qr)
    if frame.logo and logo:
        draw_logo(canvas, logo, frame.logo)
    for line in lines_of(wording, frame):
        draw_line(canvas, line)
    canvas.restoreState()
