"""An owner's logo in one colour, from a small black and white PNG: the form that every printer language can draw.

A thermal head knows black and white only, so a picture with greys is refused here rather than made into dots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from labels.errors import LogoUnfit

LARGEST_FILE = 16_384
LARGEST_SIDE = 600
"""Dots: two inches at 300 dpi, more than any label gives it."""
MOST_RUNS = 12_000
"""Unbroken stretches of black. A drawing has some thousands; a picture made of dots has far more."""
_PNG = b"\x89PNG\r\n\x1a\n"
_SIZE_IN_HEADER = (16, 20)
"""Where a PNG gives its width and height: read before any of it is unpacked."""
WIDEST = 8.0
"""How many times wider than high, or higher than wide, a logo may be."""


@dataclass(frozen=True)
class Logo:
    """A picture of `width` x `height` dots; bit ``row * width + column`` of `bits` is set where it is black."""

    width: int
    height: int
    bits: int

    @property
    def aspect(self) -> float:
        """Width by height."""
        return self.width / self.height

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """Every unbroken stretch of black in a row, as (column, row, length), from the top left."""
        text = format(self.bits, f"0{self.width * self.height}b")[::-1]
        for number in range(self.height):
            row = text[number * self.width : (number + 1) * self.width]
            start = row.find("1")
            while start >= 0:
                end = row.find("0", start)
                end = self.width if end < 0 else end
                yield start, number, end - start
                start = row.find("1", end)


def read_logo(data: bytes) -> Logo:
    """The logo in a PNG of black and white only, cut to what is drawn. Raises LogoUnfit."""
    if len(data) > LARGEST_FILE:
        raise _unfit(f"The file has {len(data)} bytes, and a logo at most {LARGEST_FILE}")
    width, height = (int.from_bytes(data[start : start + 4], "big") for start in _SIZE_IN_HEADER)
    if data.startswith(_PNG) and max(width, height) > LARGEST_SIDE:
        raise _unfit(f"It is {width} x {height} dots, and a logo at most {LARGEST_SIDE} a side")
    try:
        with Image.open(BytesIO(data), formats=("PNG",)) as picture:
            grey = _on_white(picture)
    except (OSError, ValueError, SyntaxError) as error:
        raise _unfit(f"It could not be read as a PNG: {error}") from error
    if not set(grey.tobytes()) <= {0, 255}:
        raise _unfit("It has colours or greys")
    return _cut(grey)


def _on_white(picture: Image.Image) -> Image.Image:
    """In grey, with what is transparent made white."""
    if "A" in picture.getbands() or "transparency" in picture.info:
        coloured = picture.convert("RGBA")
        ground = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(ground, coloured).convert("L")
    return picture.convert("L")


def _cut(grey: Image.Image) -> Logo:
    black = grey.point(lambda level: 255 - level)
    box = black.getbbox()
    if box is None:
        raise _unfit("It is empty")
    black = black.crop(box)
    if not 1 / WIDEST <= black.width / black.height <= WIDEST:
        raise _unfit(f"It is {black.width} x {black.height} dots, more than {WIDEST:.0f} times longer one way")
    digits = "".join("1" if level else "0" for level in reversed(black.tobytes()))
    logo = Logo(black.width, black.height, int(digits, 2))
    runs = sum(1 for _ in logo.runs())
    if runs > MOST_RUNS:
        raise _unfit(f"It is made of {runs} strokes, and {MOST_RUNS} is the most: it seems to be dotted to look grey")
    return logo


def _unfit(why: str) -> LogoUnfit:
    return LogoUnfit(
        f"Nothing was printed. This logo cannot be used. {why}. Save the drawing as a PNG of black and white only, "
        f"without shades or dots, at most {LARGEST_SIDE} dots a side."
    )
