"""A page to print on plain paper and hold against a sheet: the outline of every label, and rulers along two edges.

What the rulers and outlines show a person measures; the difference goes into the sheet's nudge.
"""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from labels.fonts import Face, break_lines
from labels.pdf import PageCanvas
from labels.sheet import Sheet

RULER_INSET = 6.0
"""Millimetres from the paper's edge, where even poor printers still print."""
LINE = HexColor("#16202A")
SOFT = HexColor("#4B5B63")
HAIR = 0.3
ADVICE = "Print at 100 %, never “fit to page”. Hold it and a sheet against a window."


def render_ruler_page(sheet: Sheet) -> bytes:
    """One page with the sheet's outlines, numbered, millimetre rulers and a 100 mm line to check the scale with."""
    out = BytesIO()
    width, height = float(sheet.page_width), float(sheet.page_height)
    canvas = PageCanvas(out, page_width=width, page_height=height, title=f"Ruler page for sheet {sheet.name}")
    _outlines(canvas, sheet)
    _ruler_across(canvas, width, height)
    _ruler_down(canvas, height)
    _advice(canvas, sheet)
    canvas.showPage()
    canvas.finish()
    return out.getvalue()


def _outlines(canvas: Canvas, sheet: Sheet) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setFillColor(SOFT)
    canvas.setLineWidth(HAIR)
    canvas.setFont(Face.REGULAR, 7)
    for position in range(1, sheet.per_page + 1):
        left, top = sheet.corner(position)
        x, y = float(left), float(sheet.page_height - top - sheet.label_height)
        canvas.rect(x * mm, y * mm, float(sheet.label_width) * mm, float(sheet.label_height) * mm)
        canvas.drawRightString(
            (x + float(sheet.label_width) - 1.2) * mm, (y + float(sheet.label_height) - 3.6) * mm, str(position)
        )


def _ruler_across(canvas: Canvas, width: float, height: float) -> None:
    canvas.setStrokeColor(LINE)
    for at in range(int(RULER_INSET), int(width - RULER_INSET) + 1):
        canvas.line(at * mm, (height - RULER_INSET) * mm, at * mm, (height - RULER_INSET - _tick(at)) * mm)
        if at % 20 == 0:
            canvas.drawCentredString(at * mm, (height - RULER_INSET + 0.8) * mm, str(at))


def _ruler_down(canvas: Canvas, height: float) -> None:
    for at in range(int(RULER_INSET), int(height - RULER_INSET) + 1):
        y = height - at
        canvas.line(RULER_INSET * mm, y * mm, (RULER_INSET + _tick(at)) * mm, y * mm)
        if at % 20 == 0:
            canvas.drawRightString((RULER_INSET - 0.8) * mm, (y - 0.9) * mm, str(at))


def _tick(at: int) -> float:
    """Longer ticks each five and ten millimetres."""
    return 3.0 if at % 10 == 0 else 2.0 if at % 5 == 0 else 1.2


def _advice(canvas: Canvas, sheet: Sheet) -> None:
    """What to do with the page, on a light ground in the middle of it so that it covers the fewest outlines.

    A page too narrow for a line of 50 mm carries outlines and rulers alone.
    """
    middle, width = float(sheet.page_width) / 2, min(116.0, float(sheet.page_width) - 2 * RULER_INSET - 8)
    measure = min(100, int(width) // 10 * 10 - 10)
    if measure < 50:
        return
    lines = [(f"Ruler page for sheet {sheet.name}", Face.BOLD)]
    for said in (ADVICE, f"This line is {measure} mm long:"):
        lines += [(line, Face.REGULAR) for line in break_lines(said, Face.REGULAR, 8, width - 4) or []]
    height = 11 + 5.0 * len(lines)
    bottom = float(sheet.page_height) / 2 - height / 2
    canvas.setFillColor(HexColor("#FFFFFF"))
    canvas.setStrokeColor(LINE)
    canvas.rect((middle - width / 2) * mm, bottom * mm, width * mm, height * mm, stroke=1, fill=1)
    canvas.setFillColor(LINE)
    for number, (line, face) in enumerate(lines):
        canvas.setFont(face, 8)
        canvas.drawCentredString(middle * mm, (bottom + height - 5.5 - number * 5) * mm, line)
    canvas.setLineWidth(1)
    ends = (middle - measure / 2, middle + measure / 2)
    canvas.line(ends[0] * mm, (bottom + 4.5) * mm, ends[1] * mm, (bottom + 4.5) * mm)
    for end in ends:
        canvas.line(end * mm, (bottom + 3) * mm, end * mm, (bottom + 6) * mm)
