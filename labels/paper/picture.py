"""The picture of a tablet in a guide: plain lines, the parts a finger looks for, their names at the text's size."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from labels.paper.flow import COLUMN, INK, PINE, SIDE, Part, Pen, Setting
from labels.paper.tablets import Edge, Look, Spot
from labels.script.lines import Line, set_line

BODY_WIDTH, BODY_HEIGHT = 150.0, 232.0
"""Points, at the smallest text size; the whole picture grows with the text."""
SMALLEST_TEXT, MOST_GROWTH = 14, 1.4
CORNER = 12.0
BEZEL = 9.0
REACH = 16.0
"""How far a name stands from the edge it belongs to."""
BUTTON = {"on": 20.0, "sound": 36.0, "charger": 16.0}
"""Lengths along the edge."""


@dataclass(frozen=True)
class _Named:
    kind: str
    spot: Spot
    name: Line


def picture(setting: Setting, look: Look) -> Part:
    """The tablet, upright, in the middle of the column."""
    growth = min(setting.points / SMALLEST_TEXT, MOST_GROWTH)
    names = [_Named(kind, spot, _name(setting, word, growth)) for kind, word, spot in _spots(look)]
    leading = setting.leading(setting.points) / growth
    above = [each for each in names if each.spot.edge is Edge.TOP]
    below = [each for each in names if each.spot.edge is Edge.BOTTOM]
    room_above = len(above) * leading + REACH if above else 4.0
    room_below = len(below) * leading + REACH if below else 4.0
    aside = (_widest(names, Edge.RIGHT) - _widest(names, Edge.LEFT)) / 2

    def draw(pen: Pen, top: float) -> None:
        pen.canvas.saveState()
        pen.canvas.translate(SIDE + COLUMN / 2 - aside * growth, top)
        pen.canvas.scale(growth, growth)
        pen.canvas.translate(-BODY_WIDTH / 2, -room_above)
        _draw_body(pen.canvas)
        for each in names:
            _draw_button(pen.canvas, each)
        for number, each in enumerate(above):
            _name_above(pen, each, leading, number)
        for number, each in enumerate(below):
            _name_below(pen, each, leading, number)
        for each in names:
            if each.spot.edge in (Edge.LEFT, Edge.RIGHT):
                _name_beside(pen, each)
        pen.canvas.restoreState()

    return Part((room_above + BODY_HEIGHT + room_below) * growth + setting.points, draw)


def _spots(look: Look) -> list[tuple[str, str, Spot]]:
    places = (("on", "on_button", look.on), ("sound", "sound_button", look.sound), ("charger", "charger", look.charger))
    return [(kind, word, spot) for kind, word, spot in places if spot is not None]


def _widest(names: list[_Named], edge: Edge) -> float:
    return max((each.name.width for each in names if each.spot.edge is edge), default=0.0)


def _name(setting: Setting, word: str, growth: float) -> Line:
    """A part's name, at the text's size once the picture has grown."""
    return set_line(setting.texts.say(word), setting.texts.writing(bold=True), setting.points / growth)


def _draw_body(canvas: Canvas) -> None:
    """The case, the screen, six tiles and the three signs at the bottom; its top left corner is the origin."""
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(2)
    canvas.roundRect(0, -BODY_HEIGHT, BODY_WIDTH, BODY_HEIGHT, CORNER, stroke=1, fill=0)
    canvas.setLineWidth(1)
    width, height = BODY_WIDTH - 2 * BEZEL, BODY_HEIGHT - 4 * BEZEL
    canvas.rect(BEZEL, -2 * BEZEL - height, width, height, stroke=1, fill=0)
    canvas.circle(BODY_WIDTH / 2, -BEZEL, 2, stroke=1, fill=0)
    tile, gap = 44.0, 14.0
    for row in range(3):
        for column in range(2):
            x = BODY_WIDTH / 2 + (column - 1) * (tile + gap) + gap / 2
            canvas.roundRect(x, -36 - row * (tile + gap) - tile, tile, tile, 6, stroke=1, fill=0)
    _draw_signs(canvas, BODY_WIDTH / 2, -2 * BEZEL - height + 10)


def _draw_signs(canvas: Canvas, middle: float, height: float) -> None:
    """Back, home and recent, as Android draws its three buttons; the round one is what the words speak of."""
    triangle = canvas.beginPath()
    triangle.moveTo(middle - 44, height)
    triangle.lineTo(middle - 35, height + 5)
    triangle.lineTo(middle - 35, height - 5)
    triangle.close()
    canvas.drawPath(triangle, stroke=1, fill=0)
    canvas.circle(middle, height, 5, stroke=1, fill=0)
    canvas.rect(middle + 35, height - 4.5, 9, 9, stroke=1, fill=0)


def _place(part: _Named) -> tuple[float, float]:
    """The middle of a button, on its edge."""
    match part.spot.edge:
        case Edge.TOP:
            return part.spot.at * BODY_WIDTH, 0.0
        case Edge.BOTTOM:
            return part.spot.at * BODY_WIDTH, -BODY_HEIGHT
        case Edge.LEFT:
            return 0.0, -part.spot.at * BODY_HEIGHT
        case Edge.RIGHT:
            return BODY_WIDTH, -part.spot.at * BODY_HEIGHT


def _draw_button(canvas: Canvas, part: _Named) -> None:
    x, y = _place(part)
    length = BUTTON[part.kind]
    across = part.spot.edge in (Edge.TOP, Edge.BOTTOM)
    width, height = (length, 7.0) if across else (7.0, length)
    canvas.setFillColor(PINE)
    canvas.roundRect(x - width / 2, y - height / 2, width, height, 2.5, stroke=0, fill=1)


def _lead(pen: Pen, x: float, y: float, to_x: float, to_y: float) -> None:
    pen.canvas.setStrokeColor(PINE)
    pen.canvas.setLineWidth(1.6)
    pen.canvas.line(x, y, to_x, to_y)
    pen.canvas.setFillColor(INK)


def _name_above(pen: Pen, part: _Named, leading: float, number: int) -> None:
    x, y = _place(part)
    foot = y + REACH + number * leading
    _lead(pen, x, y + 3, x, foot - 3)
    pen.ink.draw(part.name, x - part.name.width / 2, foot + part.name.points * 0.15)


def _name_below(pen: Pen, part: _Named, leading: float, number: int) -> None:
    x, y = _place(part)
    head = y - REACH - number * leading
    _lead(pen, x, y - 3, x, head)
    pen.ink.draw(part.name, x - part.name.width / 2, head - part.name.points)


def _name_beside(pen: Pen, part: _Named) -> None:
    x, y = _place(part)
    outwards = 1 if part.spot.edge is Edge.RIGHT else -1
    end = x + outwards * REACH
    _lead(pen, x + outwards * 3, y, end, y)
    start = end + 4 if outwards > 0 else end - 4 - part.name.width
    pen.ink.draw(part.name, start, y - part.name.points * 0.33)
