"""The geometry of one label: which sizes of QR code and text stand together in a given room, or that none do.

Sizes come from the print rules: a QR of 20 mm or more with its quiet zone, the code in 12 points (16 in large print).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from labels.fonts import Face, break_lines
from labels.frames import CodePlace, Frame, Part, PrintSize, QrPlace, TextLine

LEAST_QR = 20.0
"""Millimetres with the quiet zone: 37 modules of 0.54 mm. Below 0.5 mm a module, version 3 scans badly."""
LARGEST_QR = 30.0
QR_EDGE = 0.6
"""Between the quiet zone, itself blank, and the edge of the label."""
TEXT_EDGE = 1.5
"""What a printer may drift before text is cut."""
GAP = 0.8
FINDER_GAP = 1.2

CODE_SIZES = {PrintSize.CLEAR: (20, 18, 16, 14, 12), PrintSize.LARGE: (26, 24, 22, 20, 18, 16)}
LEAST_CODE = {PrintSize.CLEAR: 8, PrintSize.LARGE: 12}
"""How far one unusually wide code (WWWW-WW) may shrink rather than hold up its batch."""
READABLE_FINDER = (11, 10, 9, 8.5, 8)
SMALLEST_FINDER = (7.5, 7, 6.5, 6)

LETTER_WIDTH = 0.78
"""Ems of the bold face; the average letter of a code is narrower in nearly every code."""
HYPHEN_WIDTH = 0.42
LEADING = 1.22
BASELINE = 0.95
"""How far a baseline lies below the top of its line, in ems."""
CODE_HEIGHT = 1.0
CODE_BASELINE = 0.78
"""Ems of the bold face: capitals reach 0.73 above the baseline, J and Q up to 0.2 below it."""
MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Room:
    """A label's size in millimetres and all its words except the code, of which only the shape (XXXX-XX) counts."""

    width: float
    height: float
    code_shape: str
    owner_name: str
    help_phone: str
    print_size: PrintSize


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    width: float
    height: float


def shape_of(code_text: str) -> str:
    """The code with every letter as X, so that equal shapes share a frame."""
    return re.sub(r"[^-]", "X", code_text)


def pieces_of(code_text: str) -> list[str]:
    """The code broken after its hyphens, where it may be broken over lines."""
    return re.findall(r"[^-]+-?|-", code_text)


@lru_cache(maxsize=256)
def arrange(room: Room, parts: frozenset[Part]) -> Frame | None:
    """The frame that carries exactly `parts`, or None where they do not fit."""
    return next(_frames(room, parts), None)


def _frames(room: Room, parts: frozenset[Part]) -> Iterator[Frame]:
    places = _qr_places(room) if Part.QR in parts else iter([(None, _whole(room))])
    for qr, box in places:
        words = _words(room, box, with_finder=Part.FINDER in parts)
        if words:
            code, lines = words
            yield Frame(parts, qr, code, lines)


def _qr_places(room: Room) -> Iterator[tuple[QrPlace, _Box]]:
    """A QR at the left with words beside it, then one above its words; the largest first, then the least allowed."""
    beside = min(LARGEST_QR, room.height - 2 * QR_EDGE, room.width * 0.46)
    for side in dict.fromkeys((max(beside, LEAST_QR), LEAST_QR)):
        if side <= room.height - 2 * QR_EDGE:
            left = QR_EDGE + side + GAP
            box = _Box(left, QR_EDGE, room.width - left - TEXT_EDGE, room.height - 2 * QR_EDGE)
            yield QrPlace(QR_EDGE, (room.height - side) / 2, side), box
    above = min(LARGEST_QR, room.width - 2 * QR_EDGE)
    for side in dict.fromkeys((above, LEAST_QR)):
        if LEAST_QR <= side <= room.width - 2 * QR_EDGE:
            top = QR_EDGE + side
            box = _Box(TEXT_EDGE, top, room.width - 2 * TEXT_EDGE, room.height - top - TEXT_EDGE)
            yield QrPlace((room.width - side) / 2, QR_EDGE, side), box


def _whole(room: Room) -> _Box:
    return _Box(TEXT_EDGE, QR_EDGE, room.width - 2 * TEXT_EDGE, room.height - 2 * QR_EDGE)


def _words(room: Room, box: _Box, *, with_finder: bool) -> tuple[CodePlace, tuple[TextLine, ...]] | None:
    for sizes in (READABLE_FINDER, SMALLEST_FINDER):
        for code in _codes(room, box):
            if not with_finder:
                return _centred(box, code, (), _code_height(code))
            lines = _finder_lines(room, box, _code_height(code) + FINDER_GAP, sizes)
            if lines:
                return _centred(box, code, lines, lines[-1].baseline + 0.25 * lines[-1].points * MM_PER_POINT)
    return None


def _codes(room: Room, box: _Box) -> Iterator[CodePlace]:
    """Places at the top of the box for the code: on one line from large to small, then broken at its hyphens."""
    pieces = pieces_of(room.code_shape)
    for lines in dict.fromkeys(((room.code_shape,), tuple(pieces))):
        for points in CODE_SIZES[room.print_size]:
            em = points * MM_PER_POINT
            fits_across = max(_usual_width(line) for line in lines) * em <= box.width
            if fits_across and len(lines) * CODE_HEIGHT * em <= box.height:
                baselines = tuple((CODE_BASELINE + number * CODE_HEIGHT) * em for number in range(len(lines)))
                yield CodePlace(box.left, baselines, box.width, points, LEAST_CODE[room.print_size])


def _usual_width(shape: str) -> float:
    hyphens = shape.count("-")
    return (len(shape) - hyphens) * LETTER_WIDTH + hyphens * HYPHEN_WIDTH


def _code_height(code: CodePlace) -> float:
    return len(code.baselines) * CODE_HEIGHT * code.points * MM_PER_POINT


def _finder_lines(room: Room, box: _Box, top: float, sizes: tuple[float, ...]) -> tuple[TextLine, ...]:
    """Whose it is and whom to ring, below `top`, in the largest of the sizes; empty where none fits."""
    for points in sizes:
        said = [
            (words, face)
            for words, face in (
                (f"Property of {room.owner_name}", Face.REGULAR),
                ("If found call", Face.REGULAR),
                (room.help_phone, Face.BOLD),
            )
        ]
        broken = [(break_lines(words, face, points, box.width), face) for words, face in said]
        if any(lines is None for lines, _ in broken) or len(broken[-1][0] or ()) != 1:
            continue
        em = points * MM_PER_POINT
        flat = [(line, face) for lines, face in broken for line in lines or ()]
        if top + len(flat) * LEADING * em <= box.height:
            return tuple(
                TextLine(line, box.left, top + (BASELINE + number * LEADING) * em, face, points)
                for number, (line, face) in enumerate(flat)
            )
    return ()


def _centred(
    box: _Box, code: CodePlace, lines: tuple[TextLine, ...], height: float
) -> tuple[CodePlace, tuple[TextLine, ...]]:
    """The block of words moved to the middle of its box, from where it was laid out at the top of the label."""
    down = box.top + (box.height - height) / 2
    return (
        replace(code, baselines=tuple(baseline + down for baseline in code.baselines)),
        tuple(replace(line, baseline=line.baseline + down) for line in lines),
    )
