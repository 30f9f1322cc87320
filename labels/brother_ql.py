"""Labels as the raster that Brother's QL-800, QL-810W and QL-820NWB print, for tapes of up to 62 mm.

Written from Brother's Raster Command Reference for these printers (print data overview and command details), whose
bytes agree with those that public drivers send. The status request is left out: a job only goes one way here. Rows
are sent whole and not compressed, which every model takes. Not yet tried on a printer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PIL import Image

from labels.bitmap import render_label
from labels.errors import SheetInvalid
from labels.frames import PrintSize
from labels.kinds import Label
from labels.logo import Logo
from labels.roll import Family, Roll

PINS = 720
"""Dots of the head; a row is 90 bytes."""
INVALIDATE = bytes(400)
"""Ends whatever command was left unfinished. Older models ask for 200."""
INITIALISE = b"\x1b@"
RASTER_MODE = b"\x1bia\x01"
AUTO_CUT = b"\x1biM\x40"
CUT_EACH = b"\x1biA\x01"
CUT_AT_END = b"\x1biK\x08"
NOT_COMPRESSED = b"M\x00"
NEXT_PAGE, LAST_PAGE = b"\x0c", b"\x1a"

_CONTINUOUS, _DIE_CUT = 0x0A, 0x0B
_MEDIA_AND_QUALITY = 0xCE
"""Media type, width and length hold; quality before speed; recovery on. A tape that is not the one loaded is refused
by the printer rather than spoilt."""
_MARGIN = 35
"""Dots fed before and after a label of continuous tape: 3 mm, the least. Die-cut labels have none."""


def render_brother_ql(
    labels: Iterable[Label], roll: Roll, *, print_size: PrintSize = PrintSize.CLEAR, logo: Logo | None = None
) -> bytes:
    """One job of all the labels, each cut off.

    Raises SheetInvalid for a roll of another printer, LabelDoesNotFit or TextNotPrintable.
    """
    if roll.family is not Family.BROTHER or roll.first_dot + roll.across > PINS:
        raise SheetInvalid(f"Nothing was printed. Roll {roll.name} is not one for a Brother QL printer.")
    job = bytearray()
    for label in labels:
        picture = render_label(label, roll, print_size=print_size, logo=logo)
        job += NEXT_PAGE if job else INVALIDATE + INITIALISE
        job += _page(picture, roll, first=len(job) == len(INVALIDATE + INITIALISE))
    return bytes(job + LAST_PAGE) if job else b""


def _page(picture: Image.Image, roll: Roll, *, first: bool) -> bytes:
    margin = 0 if roll.tape_length else _MARGIN
    return b"".join(
        [
            RASTER_MODE,
            _print_information(roll, first=first),
            AUTO_CUT,
            CUT_EACH,
            CUT_AT_END,
            b"\x1bid" + margin.to_bytes(2, "little"),
            NOT_COMPRESSED,
            *_rows(picture, roll),
        ]
    )


def _print_information(roll: Roll, *, first: bool) -> bytes:
    media = _DIE_CUT if roll.tape_length else _CONTINUOUS
    sizes = bytes([_MEDIA_AND_QUALITY, media, int(roll.tape_width), int(roll.tape_length)])
    return b"\x1biz" + sizes + roll.along.to_bytes(4, "little") + bytes([0 if first else 1, 0])


def _rows(picture: Image.Image, roll: Roll) -> Iterator[bytes]:
    """Each row of the head from its last pin to its first: the right end of a label is sent before its left."""
    fed = picture.rotate(90, expand=True) if roll.turned else picture
    head = Image.new("1", (PINS, roll.along), 1)
    head.paste(fed, (PINS - roll.first_dot - roll.across, 0))
    data = head.transpose(Image.Transpose.FLIP_LEFT_RIGHT).point(lambda level: 0 if level else 255, mode="1").tobytes()
    for start in range(0, len(data), PINS // 8):
        yield b"g\x00" + bytes([PINS // 8]) + data[start : start + PINS // 8]
