"""The mark of Doorstep: a doorstep seen from the side, two steps and a door ajar, drawn in one line.

One list of points serves the pages (SVG) and the papers (PDF).
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

GRID = 24
"""The mark stands on a grid of 24 x 24 units, measured right and down."""
STROKE = 2
"""Units; round caps and joins. At 16 pixels that is a line of 1.3."""
POINTS = ((2, 22), (6, 22), (6, 18), (11, 18), (11, 2), (22, 2), (22, 14), (11, 14), (17, 11.5), (17, 4.5), (11, 2))
"""Ground, first step, second step, door frame and threshold, then the leaf standing open from its hinge."""


def mark_path() -> str:
    """The mark as the `d` of an SVG path."""
    return "M" + "L".join(f"{x} {y}" for x, y in POINTS)


def mark_svg(*, title: str) -> str:
    """The mark in the colour of the text round it, with a name for screen readers."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {GRID} {GRID}" role="img" aria-label={quoteattr(title)}>'
        f'<title>{escape(title)}</title><path d="{mark_path()}" fill="none" stroke="currentColor" '
        f'stroke-width="{STROKE}" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def draw_mark(canvas: Canvas, *, left: float, top: float, side: float, colour: Color) -> None:
    """The mark on a page; `left` and `top` in millimetres from the canvas's origin, top counted upwards."""
    canvas.saveState()
    canvas.translate(left * mm, top * mm)
    canvas.scale(side * mm / GRID, -side * mm / GRID)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(STROKE)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    path = canvas.beginPath()
    path.moveTo(*POINTS[0])
    for point in POINTS[1:]:
        path.lineTo(*point)
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.restoreState()
