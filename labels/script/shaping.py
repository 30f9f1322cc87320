"""From text to placed letters: each stretch of one direction is cut where the typeface changes, and shaped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import uharfbuzz as hb

from labels.errors import TextNotPrintable
from labels.script.bidi import MARKS, levels_of, runs_in_order
from labels.script.faces import Face, Family, face, faces_for

_SPACES = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True)
class Writing:
    """How a text is set: its language, which chooses face and rules, its direction and its weight."""

    language: str = "en"
    rtl: bool = False
    bold: bool = False


@dataclass(frozen=True)
class Glyph:
    """One form of the face, in sizes of the face: how far it takes the pen, and where it stands from there.

    `cluster` is the index in its run's text of the first letter that it writes.
    """

    number: int
    advance: float
    right: float
    up: float
    cluster: int


@dataclass(frozen=True)
class Run:
    """Glyphs of one face from left to right, with the text that they write in reading order."""

    face: Face
    glyphs: tuple[Glyph, ...]
    text: str
    rtl: bool

    @property
    def width(self) -> float:
        """In text sizes."""
        return sum(glyph.advance for glyph in self.glyphs) * self.face.scale


def tidied(text: str) -> str:
    """The text composed, with single spaces; one that does not break stays what it is."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")


def shaped(text: str, writing: Writing) -> tuple[Run, ...]:
    """One line of text as runs from the left of the page to the right. Raises TextNotPrintable."""
    runs: list[Run] = []
    levels = levels_of(text, rtl=writing.rtl)
    for start, stop, level in runs_in_order(text, levels, rtl=writing.rtl):
        rtl = level % 2 == 1
        pieces = [_run(piece, chosen, rtl, writing.language) for piece, chosen in _by_face(text[start:stop], writing)]
        runs += reversed(pieces) if rtl else pieces
    return tuple(runs)


def _by_face(text: str, writing: Writing) -> Iterator[tuple[str, Face]]:
    """The text without its marks, cut where the face changes. Spaces and signs stay with what is before them.

    A space between two directions is Latin: Nastaliq's own is so narrow that a word would touch a figure.
    """
    bare = "".join(character for character in text if character not in MARKS)
    words, latin = bare.strip(" "), face(Family.LATIN, bold=writing.bold)
    before = bare[: len(bare) - len(bare.lstrip(" "))]
    after = bare[len(before) + len(words) :]
    if before:
        yield before, latin
    yield from _cut(words, writing)
    if after:
        yield after, latin


def _cut(text: str, writing: Writing) -> Iterator[tuple[str, Face]]:
    faces = faces_for(writing.language, bold=writing.bold)
    piece, current = "", faces[0]
    for character in text:
        chosen = _face_for(character, current if piece else None, faces, writing)
        if piece and chosen is not current:
            yield piece, current
            piece = ""
        piece, current = piece + character, chosen
    if piece:
        yield piece, current


def _face_for(character: str, current: Face | None, faces: tuple[Face, ...], writing: Writing) -> Face:
    """Letters in the first face that has them, and Latin letters and figures always in the Latin face, so that a code
    such as K7F3-QX is of one piece. Everything else stays where it is, if that face has it.
    """
    code = ord(character)
    if character.isascii() and character.isalnum():
        return face(Family.LATIN, bold=writing.bold)
    if current is not None and unicodedata.category(character)[0] not in "LN" and code in current.letters:
        return current
    for each in faces:
        if code in each.letters:
            return each
    raise TextNotPrintable(
        f"Nothing was printed. No font of ours has {character!r} ({unicodedata.name(character, 'unnamed')}). "
        "It holds Latin, Greek, Cyrillic, Arabic, Bengali, Gujarati and Gurmukhi letters; write it in one of these."
    )


def _run(text: str, chosen: Face, rtl: bool, language: str) -> Run:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.language = language
    hb.shape(chosen.hb_font, buffer)
    per_em = chosen.per_em
    glyphs = tuple(
        Glyph(
            info.codepoint,
            place.x_advance / per_em,
            place.x_offset / per_em,
            place.y_offset / per_em,
            info.cluster,
        )
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    )
    return Run(chosen, glyphs, text, rtl)
