"""The typefaces of printed papers: which one a language is set in, and which one steps in for a letter it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import uharfbuzz as hb


class Family(StrEnum):
    """A family by the name of its files in labels/fonts/noto."""

    LATIN = "NotoSans"
    ARABIC = "NotoSansArabic"
    NASTALIQ = "NotoNastaliqUrdu"
    BENGALI = "NotoSansBengali"
    GUJARATI = "NotoSansGujarati"
    GURMUKHI = "NotoSansGurmukhi"


OWN_FAMILY = {
    "ar": Family.ARABIC,
    "ur": Family.NASTALIQ,
    "bn": Family.BENGALI,
    "gu": Family.GUJARATI,
    "pa": Family.GURMUKHI,
}
"""Languages that are not written in Latin or Cyrillic letters."""

SCALE = {Family.NASTALIQ: 1.25}
"""How much larger a face is drawn than asked for, where its letters are small for their size. Never smaller."""

LINE_HEIGHT = {Family.NASTALIQ: 2.6, Family.ARABIC: 1.75, Family.BENGALI: 1.6, Family.GUJARATI: 1.6}
"""Distance of baselines in text sizes; Nastaliq's words hang from above the line to below it."""
USUAL_LINE_HEIGHT = 1.5


@dataclass(frozen=True, eq=False)
class Face:
    """One font file, loaded. Measures are in units of `per_em`."""

    name: str
    file: bytes
    hb_face: hb.Face
    hb_font: hb.Font
    per_em: int
    letters: frozenset[int]
    ascent: int
    descent: int
    scale: float


@cache
def face(family: Family, *, bold: bool) -> Face:
    """The loaded font. The same object each time, so that fonts can be told apart by identity."""
    name = f"{family}-{'Bold' if bold else 'Regular'}"
    data = (files("labels") / "fonts" / "noto" / f"{name}.ttf").read_bytes()
    hb_face = hb.Face(hb.Blob(data))
    hb_font = hb.Font(hb_face)
    extents = hb_font.get_font_extents("ltr")
    letters, scale = frozenset(hb_face.unicodes), SCALE.get(family, 1.0)
    return Face(name, data, hb_face, hb_font, hb_face.upem, letters, extents.ascender, extents.descender, scale)


def family_of(language: str) -> Family:
    return OWN_FAMILY.get(language, Family.LATIN)


def line_height(language: str) -> float:
    return LINE_HEIGHT.get(family_of(language), USUAL_LINE_HEIGHT)


@cache
def faces_for(language: str, *, bold: bool) -> tuple[Face, ...]:
    """The faces to ask for a letter, in order: the language's own, Latin, then whichever has it."""
    own = family_of(language)
    families = dict.fromkeys((own, Family.LATIN, *Family))
    return tuple(face(each, bold=bold) for each in families)
