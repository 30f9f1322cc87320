"""Labels as the raster that DYMO's LabelWriters print: the 450's line by line, the 550's as one block a label.

450: from DYMO's LabelWriter 450 Series Technical Reference as two public drivers carry it out. They differ in the
length given with ESC L, which only bounds the search for the gap between labels; the label and an inch are given here.
550: from DYMO's LW 550 Technical Reference as two public drivers carry it out. Certain from both: ESC s, n, D, G, E, Q
and their fields, lowest byte first. From one alone: the 2 of ESC A between labels. A 550 prints on DYMO's own rolls
only, and answers 32 bytes to each ESC A, which the sender may leave unread. Neither was tried on a printer yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from PIL import Image

from labels.bitmap import render_label
from labels.errors import SheetInvalid
from labels.frames import PrintSize
from labels.kinds import Label
from labels.logo import Logo
from labels.roll import Family, Roll


class DymoModel(StrEnum):
    """The two languages: LabelWriter 400 and 450, and LabelWriter 550."""

    LW_450 = "450"
    LW_550 = "550"


HEAD_DOTS = 672
LINE_BYTES = HEAD_DOTS // 8
INCH = 300
WAKE = b"\x1b" * 100
"""More escapes than a line has bytes: a printer left in the middle of one comes back to reading commands."""
RESET = b"\x1b@"
"""On a 550 the same bytes restart the printer, so that they are for a 450 alone."""
TEXT_MODE = b"\x1bh"
"""300 x 300 dots to the inch; the graphics mode feeds at twice that."""
NO_DOT_TAB = b"\x1bB\x00"
BYTES_A_LINE = b"\x1bD" + bytes([LINE_BYTES])
NORMAL_DENSITY = b"\x1be"
LINE = b"\x16"
SHORT_FEED, FEED_TO_TEAR = b"\x1bG", b"\x1bE"

JOB = b"\x1bs" + (1).to_bytes(4, "little")
FULL_DENSITY = b"\x1bC" + bytes([100])
STATUS_BETWEEN = b"\x1bA\x02"
ONE_BIT_FROM_THE_BOTTOM = bytes([1, 2])
END_OF_JOB = b"\x1bQ"


def render_dymo(
    labels: Iterable[Label],
    roll: Roll,
    *,
    model: DymoModel = DymoModel.LW_450,
    print_size: PrintSize = PrintSize.CLEAR,
    logo: Logo | None = None,
) -> bytes:
    """One job of all the labels, the last fed to where it is torn off.

    Raises SheetInvalid for a roll of another printer, LabelDoesNotFit or TextNotPrintable.
    """
    if roll.family is not Family.DYMO or roll.first_dot + roll.across > HEAD_DOTS:
        raise SheetInvalid(f"Nothing was printed. Roll {roll.name} is not one for a DYMO LabelWriter.")
    blocks = [_head_rows(render_label(label, roll, print_size=print_size, logo=logo), roll) for label in labels]
    if not blocks:
        return b""
    return _job_450(blocks, roll) if model is DymoModel.LW_450 else _job_550(blocks, roll)


def _job_450(blocks: list[bytes], roll: Roll) -> bytes:
    length = round(float(roll.tape_length) / roll.dot) + INCH
    settings = TEXT_MODE + NORMAL_DENSITY + NO_DOT_TAB + BYTES_A_LINE + b"\x1bL" + length.to_bytes(2, "big")
    pages = [
        b"".join(LINE + block[start : start + LINE_BYTES] for start in range(0, len(block), LINE_BYTES))
        for block in blocks
    ]
    return WAKE + RESET + settings + SHORT_FEED.join(pages) + FEED_TO_TEAR


def _job_550(blocks: list[bytes], roll: Roll) -> bytes:
    size = ONE_BIT_FROM_THE_BOTTOM + roll.along.to_bytes(4, "little") + HEAD_DOTS.to_bytes(4, "little")
    pages = [
        b"\x1bn" + number.to_bytes(2, "little") + b"\x1bD" + size + block + SHORT_FEED + STATUS_BETWEEN
        for number, block in enumerate(blocks)
    ]
    return JOB + FULL_DENSITY + TEXT_MODE + b"".join(pages) + FEED_TO_TEAR + END_OF_JOB


def _head_rows(picture: Image.Image, roll: Roll) -> bytes:
    """All rows of the head, a set bit printed, the label's left end first."""
    fed = picture.rotate(90, expand=True) if roll.turned else picture
    head = Image.new("1", (HEAD_DOTS, roll.along), 1)
    head.paste(fed, (roll.first_dot, 0))
    return head.point(lambda level: 0 if level else 255, mode="1").tobytes()
