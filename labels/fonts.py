"""The two embedded typefaces: measuring text, breaking it into lines, refusing what they cannot print."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import lru_cache
from importlib.resources import as_file, files

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont

from labels.errors import TextNotPrintable


class Face(StrEnum):
    """A typeface by the name that reportlab knows it by."""

    REGULAR = "Doorstep-Regular"
    BOLD = "Doorstep-Bold"


FILES = {Face.REGULAR: "DejaVuSans.ttf", Face.BOLD: "DejaVuSans-Bold.ttf"}


@lru_cache(maxsize=2)
def font(face: Face) -> TTFont:
    """The loaded typeface, known to reportlab from then on."""
    with as_file(files("labels") / "fonts" / FILES[face]) as path:
        loaded = TTFont(face.value, str(path))
    registerFont(loaded)
    return loaded


def load_fonts() -> None:
    """Make both faces known to reportlab, and which is the bold one. There is no italic: clear print has none."""
    for face in Face:
        font(face)
    registerFontFamily(Face.REGULAR, normal=Face.REGULAR, bold=Face.BOLD, italic=Face.REGULAR, boldItalic=Face.BOLD)


def width_mm(text: str, face: Face, points: float) -> float:
    """How wide a line of text is in millimetres."""
    return float(font(face).stringWidth(text, points)) / mm


def printable(text: str) -> str:
    """The text composed and with single spaces. Raises TextNotPrintable naming the first character that is missing."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    known = font(Face.REGULAR).face.charToGlyph
    for character in tidy:
        if ord(character) not in known:
            raise TextNotPrintable(
                f"Nothing was printed. The label font has no {character!r} "
                f"({unicodedata.name(character, 'unnamed')}), which is in {tidy!r}. It holds Latin, Greek and Cyrillic "
                "letters; write the name in one of these."
            )
    return tidy


def break_lines(text: str, face: Face, points: float, width: float) -> list[str] | None:
    """The text in lines of at most `width` millimetres, words kept whole; None where a word is wider than a line."""
    lines: list[str] = []
    for word in text.split():
        if width_mm(word, face, points) > width:
            return None
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_mm(joined, face, points) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines
