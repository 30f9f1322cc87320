"""A label printer made for tests that understands the ZPL we send. It shares no code with what writes it.

QR codes come from zxing-cpp's own writer. Text is drawn as the box it would fill at most: the resident font's real
widths are not public, so letters are taken wider than those of any bold condensed face.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import zxingcpp
from PIL import Image, ImageDraw

ASCENT, DESCENT = 0.76, 0.22
"""Of a line's height, over and under its baseline."""


@dataclass(frozen=True)
class Area:
    """A rectangle of dots and what is in it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Area) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass
class Printed:
    """One label as it came out: `symbols` with their quiet zones, `words` as the boxes they fill."""

    width: int = 0
    height: int = 0
    symbols: list[Area] = field(default_factory=list)
    words: list[Area] = field(default_factory=list)
    pictures: list[Area] = field(default_factory=list)
    picture: Image.Image = field(default_factory=lambda: Image.new("L", (1, 1)))

    def decoded(self) -> list[str]:
        return [found.text for found in zxingcpp.read_barcodes(self.picture)]


def print_zpl(stream: bytes) -> list[Printed]:
    """Every label of a stream, in its order. An unknown command or field is an AssertionError."""
    text = stream.decode()
    assert "~" not in text, "a control command"
    labels: list[Printed] = []
    field_: _Field = _Field()
    for command, rest in re.findall(r"\^([A-Z][A-Z0-9@])([^^]*)", text):
        argument = rest.rstrip("\n")
        if command == "XA":
            labels.append(Printed())
            field_ = _Field()
        elif command == "CI":
            assert argument == "28"
        elif command in ("PW", "LL"):
            setattr(labels[-1], {"PW": "width", "LL": "height"}[command], int(argument))
        elif command == "LH":
            assert argument == "0,0"
            labels[-1].picture = Image.new("L", (labels[-1].width, labels[-1].height), 255)
        elif command == "FS":
            field_.end(labels[-1])
            field_ = _Field()
        elif command != "XZ":
            field_.take(command, argument)
    assert text.count("^XA") == text.count("^XZ") == len(labels)
    return labels


@dataclass
class _Field:
    """What was said between two ^FS."""

    origin: tuple[int, int] = (0, 0)
    from_baseline: bool = False
    height: int = 0
    module: int = 0
    hexadecimal: bool = False
    data: str = ""
    graphic: str = ""

    def take(self, command: str, argument: str) -> None:
        if command in ("FO", "FT"):
            left, top = argument.split(",")
            self.origin, self.from_baseline = (int(left), int(top)), command == "FT"
        elif command == "A0":
            turned, height, width = argument.split(",")
            assert (turned, height) == ("N", width)
            self.height = int(height)
        elif command == "BQ":
            turned, model, module = argument.split(",")
            assert (turned, model) == ("N", "2")
            self.module = int(module)
            assert 1 <= self.module <= 10
        elif command == "FH":
            self.hexadecimal = True
        elif command == "FD":
            self.data = self._unescaped(argument)
        elif command == "GF":
            self.graphic = argument
        else:
            raise AssertionError(f"^{command}{argument}")

    def _unescaped(self, text: str) -> str:
        if not self.hexadecimal:
            return text
        return re.sub(r"_([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), text)

    def end(self, label: Printed) -> None:
        if self.module:
            self._draw_symbol(label)
        elif self.graphic:
            self._draw_graphic(label)
        else:
            self._draw_words(label)

    def _draw_symbol(self, label: Printed) -> None:
        assert self.data.startswith("HA,"), "level H, automatic input"
        made = zxingcpp.create_barcode(self.data[3:], zxingcpp.BarcodeFormat.QRCode, ec_level="H")
        modules = memoryview(made.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]  # the stub leaves out that it is a buffer
        side = len(modules.tolist())
        picture = Image.frombytes("L", (side, side), modules.tobytes())
        (left, top), size, quiet = self.origin, side * self.module, 4 * self.module
        label.picture.paste(picture.resize((size, size), Image.Resampling.NEAREST), self.origin)
        label.symbols.append(Area(self.data[3:], left - quiet, top - quiet, left + size + quiet, top + size + quiet))

    def _draw_graphic(self, label: Printed) -> None:
        kind, size, total, row_bytes, digits = self.graphic.split(",")
        data = bytes.fromhex(digits)
        assert (kind, int(size), int(total)) == ("A", len(data), len(data))
        width, height = int(row_bytes) * 8, len(data) // int(row_bytes)
        drawn = Image.frombytes("1", (width, height), bytes(byte ^ 0xFF for byte in data))
        label.picture.paste(drawn.convert("L"), self.origin)
        left, top = self.origin
        label.pictures.append(Area("", left, top, left + width - 7, top + height))

    def _draw_words(self, label: Printed) -> None:
        assert self.height
        assert self.from_baseline
        left, baseline = self.origin
        width = sum(_letter_width(letter) for letter in self.data) * self.height
        area = Area(self.data, left, baseline - ASCENT * self.height, left + width, baseline + DESCENT * self.height)
        label.words.append(area)
        ImageDraw.Draw(label.picture).rectangle((area.left, area.top, area.right, area.bottom), fill=128)


def _letter_width(letter: str) -> float:
    if letter in "MW@%":
        return 0.85
    if letter in " .,:;'!-iljI":
        return 0.3
    return 0.62 if letter.isupper() else 0.55
