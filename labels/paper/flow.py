"""What a borrower's paper is made of, from top to bottom, and how it fills A4 pages: a step is never torn apart.

Nothing on a page is smaller than the size that the person asked for, page numbers included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from unicodedata import bidirectional

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from labels.errors import LabelDoesNotFit
from labels.paper.texts import PaperTexts
from labels.pdf import FIXED_DATE, PageCanvas
from labels.script.faces import USUAL_LINE_HEIGHT, line_height
from labels.script.ink import Ink
from labels.script.lines import Line, break_text, set_line

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
SIDE, TOP = 18 * mm, 16 * mm
COLUMN = PAGE_WIDTH * mm - 2 * SIDE
INK = HexColor("#16202A")
PINE = HexColor("#0B5B57")
MIST = HexColor("#F3F6F7")
LINE = HexColor("#4B5B63")


@dataclass(frozen=True)
class Pen:
    """Where and how parts draw: one canvas, its ink, and the side on which lines begin."""

    canvas: PageCanvas
    ink: Ink
    rtl: bool

    def write(self, line: Line, top: float, leading: float, *, indent: float = 0.0, width: float = COLUMN) -> None:
        """A line whose strip begins at `top`, from its own side of the column inwards."""
        left = SIDE + width - indent - line.width if self.rtl else SIDE + indent
        self.ink.draw(line, left, top - baseline(line.points, leading))


@dataclass(frozen=True)
class Part:
    """Something of a known height in points. `draw` is told the top, counted upwards from the page's foot.

    `after` is how much of the height is room below it, which the last part of a page does without.
    """

    height: float
    draw: Callable[[Pen, float], None]
    after: float = 0.0


@dataclass(frozen=True)
class Setting:
    """A paper's words and its text size in points."""

    texts: PaperTexts
    points: float

    def leading(self, points: float) -> float:
        return points * line_height(self.texts.language)


def baseline(points: float, leading: float) -> float:
    """How far below the top of its strip a line stands: the room above and below it shared 2 to 1."""
    return points * 0.8 + (leading - points) * 0.62


def words(
    setting: Setting, text: str, *, points: float = 0.0, bold: bool = False, indent: float = 0.0, after: float = 0.4
) -> Part:
    """A paragraph; `after` is the room below it in text sizes."""
    size = points or setting.points
    leading = setting.leading(size)
    lines = break_text(text, setting.texts.writing(bold=bold), size, COLUMN - indent)

    def draw(pen: Pen, top: float) -> None:
        pen.canvas.setFillColor(INK)
        for number, line in enumerate(lines):
            pen.write(line, top - number * leading, leading, indent=indent)

    below = after * setting.points
    return Part(len(lines) * leading + below, draw, below)


def panel(setting: Setting, texts: Sequence[str], *, points: float = 0.0, beside: Part | None = None) -> Part:
    """What matters most, in bold on a quiet ground with a bar at its beginning. `beside` is a square at its end."""
    size = points or setting.points * 1.25
    inset = setting.points * 0.9
    side = beside.height if beside else 0.0
    lines = _led(setting, texts, size, COLUMN - 2 * inset - side)
    written = sum(leading for _, leading in lines) + inset
    height = max(written, side)
    below = 0.6 * setting.points

    def draw(pen: Pen, top: float) -> None:
        pen.canvas.setFillColor(MIST)
        pen.canvas.rect(SIDE + side if pen.rtl else SIDE, top - height, COLUMN - side, height, stroke=0, fill=1)
        pen.canvas.setFillColor(PINE)
        bar = SIDE + COLUMN - 4 if pen.rtl else SIDE
        pen.canvas.rect(bar, top - height, 4, height, stroke=0, fill=1)
        pen.canvas.setFillColor(INK)
        if beside:
            beside.draw(pen, top - (height - side) / 2)
            pen.canvas.setFillColor(INK)
        top -= (height - written + inset) / 2
        for line, leading in lines:
            pen.write(line, top, leading, indent=inset)
            top -= leading

    return Part(height + below, draw, below)


def _led(setting: Setting, texts: Sequence[str], size: float, width: float) -> list[tuple[Line, float]]:
    """Lines in bold, each with its leading: figures and Latin letters hang from no line as those of Urdu do."""
    found = []
    for text in texts:
        own = not setting.texts.rtl or any(bidirectional(letter) == "AL" for letter in text)
        leading = setting.leading(size) if own else size * USUAL_LINE_HEIGHT
        lines = break_text(text, setting.texts.writing(bold=True), size, width)
        found += [(line, leading) for line in lines]
    return found


def room(height: float) -> Part:
    """Nothing, so high."""
    return Part(height, lambda _pen, _top: None)


def heading(setting: Setting, number: int, text: str) -> Part:
    """A step's number in a disc, and what the step is about."""
    size = setting.points * 1.3
    leading = setting.leading(size)
    disc = size * 0.85
    indent = 2 * disc + size * 0.5
    lines = break_text(text, setting.texts.writing(bold=True), size, COLUMN - indent)
    figure = set_line(str(number), setting.texts.writing(bold=True), size)

    def draw(pen: Pen, top: float) -> None:
        foot = top - baseline(size, leading)
        middle = SIDE + COLUMN - disc if pen.rtl else SIDE + disc
        pen.canvas.setFillColor(PINE)
        pen.canvas.circle(middle, foot + size * 0.36, disc, stroke=0, fill=1)
        pen.canvas.setFillColor(HexColor("#FFFFFF"))
        pen.ink.draw(figure, middle - figure.width / 2, foot)
        pen.canvas.setFillColor(PINE)
        for at, line in enumerate(lines):
            pen.write(line, top - at * leading, leading, indent=indent)

    return Part(len(lines) * leading + setting.points * 0.5, draw)


def write_paper(
    groups: Iterable[Sequence[Part]],
    setting: Setting,
    *,
    title: str,
    foot: str,
    gap: float = 0.8,
    made_on: date = FIXED_DATE,
) -> bytes:
    """The paper as a PDF. Parts of a group stay on one page, and `gap` text sizes lie between groups.

    `foot` stands at the beginning of every page's foot.
    """
    pages = _pages([list(group) for group in groups], setting, gap * setting.points)
    out = BytesIO()
    canvas = PageCanvas(
        out,
        page_width=PAGE_WIDTH,
        page_height=PAGE_HEIGHT,
        title=title,
        made_on=made_on,
        language=setting.texts.language,
    )
    pen = Pen(canvas, Ink(canvas), setting.texts.rtl)
    for number, parts in enumerate(pages, start=1):
        top = PAGE_HEIGHT * mm - TOP
        for part in parts:
            part.draw(pen, top)
            top -= part.height
        _draw_foot(pen, setting, foot, setting.texts.say("page", page=number, pages=len(pages)))
        canvas.showPage()
    canvas.finish()
    return out.getvalue()


def _foot_height(setting: Setting) -> float:
    return setting.leading(setting.points) + 12 * mm


def _pages(groups: list[list[Part]], setting: Setting, gap: float) -> list[list[Part]]:
    """The parts page by page. A group longer than a page begins on a page of its own, its first two parts together."""
    page = PAGE_HEIGHT * mm - TOP - _foot_height(setting)
    pages: list[list[Part]] = [[]]
    used = 0.0
    for group in groups:
        is_long = sum(part.height for part in group) - group[-1].after > page
        for number, piece in enumerate([group[:2], *([part] for part in group[2:])] if is_long else [group]):
            height = sum(part.height for part in piece)
            needed = height - piece[-1].after
            if needed > page:
                raise LabelDoesNotFit(
                    "Nothing was printed. One part of this paper is longer than a page; choose a smaller text size."
                )
            if pages[-1] and (used + needed > page or (is_long and number == 0)):
                pages.append([])
                used = 0.0
            pages[-1] += piece
            used += height
        pages[-1].append(room(gap))
        used += gap
    return pages


def _draw_foot(pen: Pen, setting: Setting, foot: str, page: str) -> None:
    leading = setting.leading(setting.points)
    top = leading + 9 * mm
    pen.canvas.setStrokeColor(LINE)
    pen.canvas.setLineWidth(0.7)
    pen.canvas.line(SIDE, top, SIDE + COLUMN, top)
    pen.canvas.setFillColor(INK)
    begin = set_line(foot, setting.texts.writing(bold=True), setting.points)
    end = set_line(page, setting.texts.writing(), setting.points)
    pen.write(begin, top, leading)
    pen.write(end, top, leading, indent=COLUMN - end.width)
