"""What a phone's camera sees of our own labels: cut from the very PDF we print, held at an angle, moving, in the dark.

Chromium plays such a film instead of a camera (`camera_film` in tests/fixtures/web.py): the file is read anew with each
opening of the camera, played from its beginning, and round again at its end.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pypdfium2
import qrcode
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from labels.layouts import TabletLabel
from labels.qr import tag_url
from labels.sheet_pdf import render_sheet
from labels.sheets import preset

SIZE = (640, 480)
FRAMES_EACH = 10
EACH_STANDS = 4
"""A frame is shown so many times: more than a second of every label, for a computer that has other things to do."""
DPI = 200
_TABLE = (120, 124, 128)


@dataclass(frozen=True)
class Shot:
    """A label in front of the camera. `tilt`: by how much of its width the far edge is shorter; `light`: 1 by day."""

    picture: Image.Image
    tilt: float = 0.0
    turn: float = 0.0
    light: float = 1.0


def label_pictures(codes: Sequence[str], base: str = "https://t.example") -> list[Image.Image]:
    """The labels of these codes, as a printer puts them on paper."""
    sheet = preset("L7160")
    labels = [TabletLabel(code, tag_url(base, code), "Sample Tablet Library", "020 7946 0000") for code in codes]
    with pypdfium2.PdfDocument(render_sheet(labels, sheet)) as document:
        page = document[0].render(scale=DPI / 72).to_pil().convert("RGB")
    dots = DPI / 25.4
    corners = [tuple(float(side) * dots for side in sheet.corner(place)) for place in range(1, len(codes) + 1)]
    width, height = float(sheet.label_width) * dots, float(sheet.label_height) * dots
    return [page.crop((int(x), int(y), int(x + width), int(y + height))) for x, y in corners]


def square_of(text: str) -> Image.Image:
    """A QR code that is none of ours."""
    picture: Image.Image = qrcode.make(text, box_size=8).get_image().convert("RGB")
    return picture


def make_film(path: Path, shots: Sequence[Shot], seed: int = 4) -> None:
    """Put a film of these shots, an empty table between them, in the camera. One that plays goes on as it was."""
    chance = random.Random(seed)
    grain = Image.effect_noise(SIZE, 9).convert("RGB")
    empty = _jpeg(Image.new("RGB", SIZE, _TABLE)) * 3
    cut = path.with_suffix(".cutting")
    with cut.open("wb") as film:
        for shot in shots:
            held = _held(shot)
            sharp, blurred = (held.filter(ImageFilter.GaussianBlur(radius)) for radius in (0.5, 2))
            film.write(empty)
            for frame in range(FRAMES_EACH):
                seen = _frame(blurred if frame < 2 else sharp, frame, chance)
                film.write(_jpeg(seen if shot.light == 1.0 else _in_the_dark(seen, shot.light, grain)) * EACH_STANDS)
    cut.replace(path)


def _frame(held: Image.Image, frame: int, chance: random.Random) -> Image.Image:
    """The label over the table, drifting and shaking a little."""
    table = Image.new("RGB", SIZE, _TABLE)
    drift = frame - FRAMES_EACH // 2
    across = (SIZE[0] - held.width) // 2 + 4 * drift + chance.randint(-2, 2)
    down = (SIZE[1] - held.height) // 2 + 2 * drift + chance.randint(-2, 2)
    table.paste(held, (across, down), held)
    return table


def _in_the_dark(seen: Image.Image, light: float, grain: Image.Image) -> Image.Image:
    return ImageChops.add(ImageEnhance.Brightness(seen).enhance(light), grain, offset=-128)


def _held(shot: Shot) -> Image.Image:
    """The label as it lies in a hand: far edge shorter, turned, and see-through where it is not."""
    scale = min(500 / shot.picture.width, 380 / shot.picture.height)
    width, height = round(scale * shot.picture.width), round(scale * shot.picture.height)
    paper = shot.picture.resize((width, height)).convert("RGBA")
    inset = width * shot.tilt / 2
    paper = paper.transform(
        (width, height),
        Image.Transform.PERSPECTIVE,
        _perspective(width, height, inset),
        Image.Resampling.BICUBIC,
    )
    return paper.rotate(shot.turn, Image.Resampling.BICUBIC, expand=True)


def _perspective(width: int, height: int, inset: float) -> tuple[float, ...]:
    """Eight numbers for Pillow: the top edge runs from `inset` to `width - inset`, the bottom edge the whole width."""
    shrunk = (width - 2 * inset) / width
    return (
        1 / shrunk,
        inset / (shrunk * height),
        -inset / shrunk,
        0.0,
        1 / shrunk,
        0.0,
        0.0,
        (1 / shrunk - 1) / height,
    )


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
