"""The words of a label as one block in the box that is left beside or under its QR code: sizes, lines, the middle.

From the top: the owner's logo, what the label is of, the code, details, whose it is and whom to ring.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from labels.fonts import Face, break_lines
from labels.frames import CodePlace, LogoPlace, Part, PrintSize, TextLine

CODE_SIZES = {PrintSize.CLEAR: (20, 18, 16, 14, 12), PrintSize.LARGE: (26, 24, 22, 20, 18, 16)}
LEAST_CODE = {PrintSize.CLEAR: 8, PrintSize.LARGE: 12}
"""How far one unusually wide code (WWWW-WW) may shrink rather than hold up its batch."""
READABLE = (11, 10, 9, 8.5, 8)
SMALLEST = (7.5, 7, 6.5, 6)
"""Points of the small words."""
LOGO_HEIGHTS = (9.0, 7.0, 5.5, 4.5)
LEAST_LOGO_HEIGHT = 3.0
"""Millimetres; a wide logo may be this low where its width is what it fills."""

LETTER_WIDTH = 0.78
"""Ems of the bold face; the average letter of a code is narrower in nearly every code."""
HYPHEN_WIDTH = 0.42
LEADING = 1.22
BASELINE = 0.95
"""How far a baseline lies below the top of its line, in ems."""
CODE_HEIGHT = 1.0
CODE_BASELINE = 0.78
"""Ems of the bold face: capitals reach 0.73 above the baseline, J and Q up to 0.2 below it."""
DESCENT = 0.25
SMALL_GAP = 1.2
"""Between the code and the small words under it."""
LOGO_GAP = 0.8
HEADING_GAP = 0.6
"""More than the leading under a heading, so that its tails stay clear of the large code."""
MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Said:
    """All the words of a label but its code, of which only the shape counts. `logo_aspect` is 0 without a logo."""

    code_shape: str
    heading: str = ""
    details: tuple[str, ...] = ()
    owner_name: str = ""
    help_phone: str = ""
    logo_aspect: float = 0.0


@dataclass(frozen=True)
class Box:
    """Room for words, in millimetres from the label's top left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Block:
    """The words where they stand, and how high they are together."""

    code: CodePlace
    above: tuple[TextLine, ...]
    below: tuple[TextLine, ...]
    logo: LogoPlace | None
    height: float


def shape_of(code_text: str) -> str:
    """The code with every letter as X, so that equal shapes share a frame."""
    return re.sub(r"[^- ]", "X", code_text)


def pieces_of(code_text: str) -> list[str]:
    """The code broken after its hyphens and at its spaces, where it may be broken over lines."""
    return re.findall(r"[^- ]+-?|-", code_text)


def words_in(box: Box, said: Said, parts: frozenset[Part], print_size: PrintSize) -> Block | None:
    """The block in the middle of its box, in the largest sizes that fit; None where none do."""
    has_small = bool(parts & {Part.HEADING, Part.DETAILS, Part.FINDER})
    logo_heights = LOGO_HEIGHTS if Part.LOGO in parts else (0.0,)
    for sizes in (READABLE, SMALLEST) if has_small else ((0.0,),):
        for code, points, logo_height in product(_codes(box, said, print_size), sizes, logo_heights):
            block = _block(box, said, parts, code, points, logo_height)
            if block and block.height <= box.height:
                return _centred(box, block)
    return None


def _codes(box: Box, said: Said, print_size: PrintSize) -> Iterator[CodePlace]:
    """Places at the top of the box for the code: on one line from large to small, then broken over lines."""
    for lines in dict.fromkeys(((said.code_shape,), tuple(pieces_of(said.code_shape)))):
        for points in CODE_SIZES[print_size]:
            em = points * MM_PER_POINT
            fits_across = max(_usual_width(line) for line in lines) * em <= box.width
            if fits_across and len(lines) * CODE_HEIGHT * em <= box.height:
                baselines = tuple((CODE_BASELINE + number * CODE_HEIGHT) * em for number in range(len(lines)))
                yield CodePlace(box.left, baselines, box.width, points, LEAST_CODE[print_size])


def _usual_width(shape: str) -> float:
    narrow = shape.count("-") + shape.count(" ")
    return (len(shape) - narrow) * LETTER_WIDTH + narrow * HYPHEN_WIDTH


def _block(
    box: Box, said: Said, parts: frozenset[Part], code: CodePlace, points: float, logo_height: float
) -> Block | None:
    """Everything from the top of the label down, or None where a line is too wide or a logo would be too small."""
    logo, top = None, 0.0
    if logo_height:
        logo = _logo(box, said.logo_aspect, logo_height)
        if logo is None:
            return None
        top = logo.height + LOGO_GAP
    heading = [(said.heading, Face.REGULAR)] if Part.HEADING in parts else []
    above = _lines(box, heading, points, top)
    under = top + len(heading) * (LEADING * points * MM_PER_POINT + HEADING_GAP)
    end = under + len(code.baselines) * CODE_HEIGHT * code.points * MM_PER_POINT
    below = _lines(box, _small_words(said, parts), points, end + SMALL_GAP)
    if above is None or below is None or len(above) != len(heading):
        return None
    if below:
        end = below[-1].baseline + DESCENT * points * MM_PER_POINT
    return Block(
        replace(code, baselines=tuple(baseline + under for baseline in code.baselines)), above, below, logo, end
    )


def _logo(box: Box, aspect: float, height: float) -> LogoPlace | None:
    width = min(height * aspect, box.width)
    if width / aspect < min(height, LEAST_LOGO_HEIGHT):
        return None
    return LogoPlace(box.left, 0.0, width, width / aspect)


def _small_words(said: Said, parts: frozenset[Part]) -> list[tuple[str, Face]]:
    words = [(detail, Face.REGULAR) for detail in said.details] if Part.DETAILS in parts else []
    if Part.FINDER in parts:
        words += [
            (f"Property of {said.owner_name}", Face.REGULAR),
            ("If found call", Face.REGULAR),
            (said.help_phone, Face.BOLD),
        ]
    return words


def _lines(box: Box, words: list[tuple[str, Face]], points: float, top: float) -> tuple[TextLine, ...] | None:
    """The words broken into lines below `top`; None where a word is wider than the box or bold words would break."""
    flat: list[tuple[str, Face]] = []
    for text, face in words:
        broken = break_lines(text, face, points, box.width)
        if broken is None or (face is Face.BOLD and len(broken) != 1):
            return None
        flat += [(line, face) for line in broken]
    em = points * MM_PER_POINT
    return tuple(
        TextLine(line, box.left, top + (BASELINE + number * LEADING) * em, face, points)
        for number, (line, face) in enumerate(flat)
    )


def _centred(box: Box, block: Block) -> Block:
    """The block moved to the middle of its box, from where it was laid out at the top of the label."""
    down = box.top + (box.height - block.height) / 2
    return replace(
        block,
        code=replace(block.code, baselines=tuple(baseline + down for baseline in block.code.baselines)),
        above=tuple(replace(line, baseline=line.baseline + down) for line in block.above),
        below=tuple(replace(line, baseline=line.baseline + down) for line in block.below),
        logo=replace(block.logo, top=block.logo.top + down) if block.logo else None,
    )
