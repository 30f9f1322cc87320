"""A label as a picture of black and white dots, from the same frame that the PDF draws: what a thermal head prints."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import as_file, files

from PIL import Image, ImageDraw, ImageFont

from labels.fonts import FILES, Face
from labels.frames import LogoPlace, PrintSize, QrPlace, TextLine
from labels.kinds import Label
from labels.layouts import frame_for, lines_of
from labels.logo import Logo
from labels.qr import QUIET_ZONE, Symbol, make_symbol
from labels.roll import Roll
from labels.words_block import MM_PER_POINT

WHITE, BLACK = 1, 0
"""Of a picture of mode 1."""


def render_label(
    label: Label, roll: Roll, *, print_size: PrintSize = PrintSize.CLEAR, logo: Logo | None = None
) -> Image.Image:
    """One label as a person reads it, `roll.dots_wide` by `roll.dots_high`. Raises as `frame_for` does."""
    frame = frame_for(label, roll, print_size, logo)
    picture = Image.new("1", (roll.dots_wide, roll.dots_high), WHITE)
    wording = label.wording()
    if frame.qr:
        symbol = make_symbol(wording.qr_text)
        left, top, module = symbol_place(symbol, frame.qr, roll)
        picture.paste(_symbol_picture(symbol, module), (left, top))
    if frame.logo and logo:
        left, top, drawn = logo_picture(logo, frame.logo, roll)
        picture.paste(drawn, (left, top))
    draw = ImageDraw.Draw(picture)
    for line in lines_of(wording, frame):
        draw.text(text_origin(line, roll), line.text, fill=BLACK, font=_font(line, roll), anchor="ls")
    return picture


def symbol_place(symbol: Symbol, place: QrPlace, roll: Roll) -> tuple[int, int, int]:
    """Left and top of a symbol without its quiet zone, and the dots to a module: whole ones, in the middle."""
    side = int(place.side / roll.dot + 1e-6)
    across = symbol.size + 2 * QUIET_ZONE
    module = side // across
    inset = (side - module * across) // 2 + QUIET_ZONE * module
    return int(place.left / roll.dot) + inset, int(place.top / roll.dot) + inset, module


def text_origin(line: TextLine, roll: Roll) -> tuple[int, int]:
    """The left end of a line's baseline in dots."""
    return roll.dots(line.left), roll.dots(line.baseline)


def text_height(line: TextLine, roll: Roll) -> int:
    """An em of a line in dots."""
    return roll.dots(line.points * MM_PER_POINT)


def text_picture(line: TextLine, roll: Roll) -> tuple[int, int, Image.Image]:
    """A line of text by itself: left, top, picture."""
    font = _font(line, roll)
    left, top, right, bottom = font.getbbox(line.text, mode="1", anchor="ls")
    picture = Image.new("1", (int(right - left), int(bottom - top)), WHITE)
    ImageDraw.Draw(picture).text((-left, -top), line.text, fill=BLACK, font=font, anchor="ls")
    x, y = text_origin(line, roll)
    return x + int(left), y + int(top), picture


def logo_picture(logo: Logo, place: LogoPlace, roll: Roll) -> tuple[int, int, Image.Image]:
    """The logo at the size of its place: left, top, picture."""
    size = (max(1, int(place.width / roll.dot)), max(1, int(place.height / roll.dot)))
    drawn = Image.new("L", (logo.width, logo.height), 255)
    for column, row, length in logo.runs():
        drawn.paste(0, (column, row, column + length, row + 1))
    fitted = drawn.resize(size, Image.Resampling.BOX).point(lambda level: 255 if level > 127 else 0)
    return roll.dots(place.left), roll.dots(place.top), fitted.convert("1")


def _symbol_picture(symbol: Symbol, module: int) -> Image.Image:
    drawn = Image.new("1", (symbol.size, symbol.size), WHITE)
    for column, row, length in symbol.runs():
        drawn.paste(BLACK, (column, row, column + length, row + 1))
    return drawn.resize((symbol.size * module, symbol.size * module), Image.Resampling.NEAREST)


def _font(line: TextLine, roll: Roll) -> ImageFont.FreeTypeFont:
    return _loaded(line.face, text_height(line, roll))


@lru_cache(maxsize=64)
def _loaded(face: Face, dots: int) -> ImageFont.FreeTypeFont:
    with as_file(files("labels") / "fonts" / FILES[face]) as path:
        return ImageFont.truetype(str(path), dots, layout_engine=ImageFont.Layout.BASIC)
