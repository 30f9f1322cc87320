"""The geometry of one label: which sizes of QR code and text stand together in a given room, or that none do.

Sizes come from the print rules: a QR of 20 mm or more with its quiet zone, the code in 12 points (16 in large print).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from labels.frames import Frame, Part, PrintSize, QrPlace
from labels.words_block import Box, Said, words_in

LEAST_QR = 20.0
"""Millimetres with the quiet zone: 37 modules of 0.54 mm. Below 0.5 mm a module, version 3 scans badly."""
LARGEST_QR = 30.0
QR_MODULES = 37
"""Version 3 and its quiet zone: the largest symbol that a label's text makes."""
QR_EDGE = 0.6
"""Between the quiet zone, itself blank, and the edge of the label."""
TEXT_EDGE = 1.5
"""What a printer may drift before text is cut."""
GAP = 0.8


@dataclass(frozen=True)
class Room:
    """A label's size in millimetres and all that it says except the code, of which only the shape (XXXX-XX) counts.

    `dot` is the size of a thermal head's dot, on whose whole multiples QR modules must lie; 0 where nothing does.
    """

    width: float
    height: float
    said: Said
    print_size: PrintSize
    dot: float = 0.0


@lru_cache(maxsize=512)
def arrange(room: Room, parts: frozenset[Part]) -> Frame | None:
    """The frame that carries exactly `parts`, or None where they do not fit."""
    return next(_frames(room, parts), None)


def _frames(room: Room, parts: frozenset[Part]) -> Iterator[Frame]:
    places = _qr_places(room) if Part.QR in parts else iter([(None, _whole(room))])
    for qr, box in places:
        block = words_in(box, room.said, parts, room.print_size)
        if block:
            yield Frame(parts, qr, block.code, block.below, block.above, block.logo)


def _qr_places(room: Room) -> Iterator[tuple[QrPlace, Box]]:
    """A QR at the left with words beside it, then one above its words; the largest first, then the least allowed."""
    beside = min(LARGEST_QR, room.height - 2 * QR_EDGE, room.width * 0.46)
    for side in _sides(room, beside):
        if side <= room.height - 2 * QR_EDGE:
            left = QR_EDGE + side + GAP
            box = Box(left, QR_EDGE, room.width - left - TEXT_EDGE, room.height - 2 * QR_EDGE)
            yield QrPlace(QR_EDGE, (room.height - side) / 2, side), box
    above = min(LARGEST_QR, room.width - 2 * QR_EDGE)
    for side in _sides(room, above):
        if side <= room.width - 2 * QR_EDGE:
            top = QR_EDGE + side
            box = Box(TEXT_EDGE, top, room.width - 2 * TEXT_EDGE, room.height - top - TEXT_EDGE)
            yield QrPlace((room.width - side) / 2, QR_EDGE, side), box


def _sides(room: Room, largest: float) -> list[float]:
    """The sides to try, largest first: never below the least, and in whole dots a module where there are dots."""
    wanted, least = max(largest, LEAST_QR), LEAST_QR
    if room.dot:
        step = QR_MODULES * room.dot
        least = math.ceil(LEAST_QR / step) * step
        wanted = max(math.floor(wanted / step) * step, least)
    return list(dict.fromkeys((wanted, least)))


def _whole(room: Room) -> Box:
    return Box(TEXT_EDGE, QR_EDGE, room.width - 2 * TEXT_EDGE, room.height - 2 * QR_EDGE)
