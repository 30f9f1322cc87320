"""Drawing label values on a canvas, in millimetres right and down from wherever the canvas has its origin."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from labels.frames import LogoPlace, QrPlace, TextLine
from labels.logo import Logo
from labels.qr import QUIET_ZONE, Symbol


def draw_symbol(canvas: Canvas, symbol: Symbol, place: QrPlace) -> None:
    """A QR code as one path of row-runs in whole modules, so that no viewer shows seams between modules."""
    module = place.side / (symbol.size + 2 * QUIET_ZONE)
    canvas.saveState()
    canvas.translate((place.left + QUIET_ZONE * module) * mm, -(place.top + QUIET_ZONE * module) * mm)
    canvas.scale(module * mm, -module * mm)
    runs = [f"{x} {y} {length} 1 re" for x, y, length in symbol.runs()]
    canvas.drawPath(PDFPathObject(code=["n", *runs]), stroke=0, fill=1)
    canvas.restoreState()


def draw_line(canvas: Canvas, line: TextLine) -> None:
    canvas.setFont(line.face, line.points)
    canvas.drawString(line.left * mm, -line.baseline * mm, line.text)


def define_logo(canvas: Canvas, logo: Logo) -> None:
    """Put the logo into the file once, one unit a dot, for every label that `draw_logo` draws."""
    canvas.beginForm(_LOGO, 0, 0, logo.width, logo.height)
    runs = [f"{x} {logo.height - y - 1} {length} 1 re" for x, y, length in logo.runs()]
    canvas.drawPath(PDFPathObject(code=["n", *runs]), stroke=0, fill=1)
    canvas.endForm()


def draw_logo(canvas: Canvas, logo: Logo, place: LogoPlace) -> None:
    canvas.saveState()
    canvas.translate(place.left * mm, -(place.top + place.height) * mm)
    canvas.scale(place.width * mm / logo.width, place.height * mm / logo.height)
    canvas.doForm(_LOGO)
    canvas.restoreState()


_LOGO = "logo"
