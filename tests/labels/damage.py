"""What happens to a label in a year on the back of a tablet, done to its picture the same way each time.

Every damage takes a picture of one label at 300 dots to the inch, grey, and where its symbol is; what is left must be
read by a decoder that is not ours.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from labels.bitmap import render_label
from labels.layouts import TabletLabel, frame_for
from labels.roll import Roll
from labels.sheet import Sheet
from labels.sheet_pdf import render_sheet
from tests.labels.reading import DPI, pictures

DOTS_PER_MM = DPI / 25.4
MODULES = 37
"""Of a version 3 symbol across, with its quiet zone of four at each side."""
COVERED = 0.15
BLUR_MM = 0.25
SKEW = (5, 85)
"""Degrees; further round is the same again for a symbol with three corner squares."""


@dataclass(frozen=True)
class Pictured:
    """One label's picture, the text its symbol should give, and the symbol without its quiet zone, in dots."""

    picture: Image.Image
    text: str
    symbol: tuple[float, float, float, float]
    dots_per_mm: float


Damage = Callable[[Pictured, random.Random], Image.Image]


def as_printed(one: Pictured, chosen: random.Random) -> Image.Image:
    return one.picture


def blurred(one: Pictured, chosen: random.Random) -> Image.Image:
    """Out of focus by a Gaussian of a quarter of a millimetre."""
    return one.picture.filter(ImageFilter.GaussianBlur(BLUR_MM * one.dots_per_mm))


def rotated(one: Pictured, chosen: random.Random) -> Image.Image:
    return one.picture.rotate(chosen.uniform(*SKEW), resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def half_contrast(one: Pictured, chosen: random.Random) -> Image.Image:
    """Faded: black became a dark grey and white a light one, half as far apart."""
    return one.picture.point(lambda level: 64 + level // 2)


def covered_inside(one: Pictured, chosen: random.Random) -> Image.Image:
    """A square of black or white over 15 % of the symbol that leaves its three corner squares alone.

    Such a patch spoils 7 to 13 codewords of a block of 35 and level H mends 11, so that by reckoning nine labels in
    ten survive it, whoever reads them.
    """
    return _covered(one, chosen, corners=False)


def covered_anywhere(one: Pictured, chosen: random.Random) -> Image.Image:
    """The same square anywhere on the symbol, corner squares and all."""
    return _covered(one, chosen, corners=True)


DAMAGES: Mapping[str, Damage] = {
    "as printed": as_printed,
    "blurred": blurred,
    "rotated": rotated,
    "half contrast": half_contrast,
    "15 % covered, corners free": covered_inside,
    "15 % covered anywhere": covered_anywhere,
}


def _covered(one: Pictured, chosen: random.Random, *, corners: bool) -> Image.Image:
    left, top, right, bottom = one.symbol
    side = (right - left) * COVERED**0.5
    while True:
        x, y = chosen.uniform(left, right - side), chosen.uniform(top, bottom - side)
        if corners or not _touches_a_corner_square(x - left, y - top, side, right - left):
            break
    covered = one.picture.copy()
    ImageDraw.Draw(covered).rectangle((x, y, x + side, y + side), fill=chosen.choice((0, 255)))
    return covered


def _touches_a_corner_square(x: float, y: float, patch: float, symbol: float) -> bool:
    square = symbol * 8 / (MODULES - 8)
    at_left, at_right = x < square, x + patch > symbol - square
    at_top, at_bottom = y < square, y + patch > symbol - square
    return (at_top and (at_left or at_right)) or (at_bottom and at_left)


def reads(picture: Image.Image, text: str) -> bool:
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [code.text for code in found] == [text]


def share_read(made: list[Pictured], damage: str, seed: int = 1) -> float:
    """Which share of the labels is still read after the damage."""
    chosen = random.Random(f"{damage} {seed}")
    return sum(reads(DAMAGES[damage](one, chosen), one.text) for one in made) / len(made)


def on_sheet(wanted: list[TabletLabel], sheet: Sheet) -> Iterator[Pictured]:
    """The labels as pdfium prints them on their sheet, cut apart."""
    frame = frame_for(wanted[0], sheet)
    assert frame.qr
    left, top, side = frame.qr.left, frame.qr.top, frame.qr.side
    rest = iter(wanted)
    for page in pictures(render_sheet(wanted, sheet)):
        for position, one in enumerate(islice(rest, sheet.per_page), start=1):
            x, y = (float(axis) * DOTS_PER_MM for axis in sheet.corner(position))
            size = (float(sheet.label_width) * DOTS_PER_MM, float(sheet.label_height) * DOTS_PER_MM)
            cut = page.crop((round(x), round(y), round(x + size[0]), round(y + size[1])))
            yield Pictured(cut, one.url, _symbol(left, top, side, DOTS_PER_MM), DOTS_PER_MM)


def on_roll(wanted: list[TabletLabel], roll: Roll) -> Iterator[Pictured]:
    """The labels as a thermal head prints them, at the head's own dots."""
    frame = frame_for(wanted[0], roll)
    assert frame.qr
    for one in wanted:
        place = _symbol(frame.qr.left, frame.qr.top, frame.qr.side, 1 / roll.dot)
        yield Pictured(render_label(one, roll).convert("L"), one.url, place, 1 / roll.dot)


def _symbol(left: float, top: float, side: float, scale: float) -> tuple[float, float, float, float]:
    quiet = side * 4 / MODULES
    edges = (left + quiet, top + quiet, left + side - quiet, top + side - quiet)
    return (edges[0] * scale, edges[1] * scale, edges[2] * scale, edges[3] * scale)
