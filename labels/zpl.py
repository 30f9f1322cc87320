"""Labels in ZPL II, which Zebra's printers and many others speak: the printer's own QR codes and its own typeface.

Written from Zebra's ZPL II Programming Guide: ^BQ with level H and automatic input (``HA,``) after ^FD, ^FT for a
line's baseline, ^CI28 for UTF-8, ^FH for characters given as hexadecimal, ^GFA for pictures.

The resident font 0 is a bold condensed face, narrower than the faces that lines are measured with, so that a line that
fits on paper fits here. It has the letters of western Europe; lines with others are sent as pictures. Some firmware is
known to set ^BQ ten dots lower than its ^FO says: the quiet zone is wider than that, so nothing is cut or overprinted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PIL import Image

from labels.bitmap import logo_picture, symbol_place, text_height, text_origin, text_picture
from labels.errors import SheetInvalid
from labels.frames import PrintSize, TextLine
from labels.kinds import Label
from labels.layouts import frame_for, lines_of
from labels.logo import Logo
from labels.qr import make_symbol
from labels.roll import Family, Roll

RESIDENT = 0xFF
"""The last character of Latin-1, which every font 0 has."""
_SPECIAL = {ord(character): f"_{ord(character):02X}" for character in "_^~\\"}


def render_zpl(
    labels: Iterable[Label], roll: Roll, *, print_size: PrintSize = PrintSize.CLEAR, logo: Logo | None = None
) -> bytes:
    """One ^XA … ^XZ a label, for a printer whose head is that of the roll (`roll.at(300)` for another).

    Raises SheetInvalid for a roll of another printer, LabelDoesNotFit or TextNotPrintable.
    """
    if roll.family is not Family.ZEBRA:
        raise SheetInvalid(f"Nothing was printed. Roll {roll.name} is not one for a printer that speaks ZPL.")
    return "".join(_one(label, roll, print_size, logo) for label in labels).encode()


def _one(label: Label, roll: Roll, print_size: PrintSize, logo: Logo | None) -> str:
    return "\n".join(["^XA", "^CI28", f"^PW{roll.dots_wide}", f"^LL{roll.dots_high}", "^LH0,0"]) + "".join(
        f"\n{field}" for field in [*_fields(label, roll, print_size, logo), "^XZ", ""]
    )


def _fields(label: Label, roll: Roll, print_size: PrintSize, logo: Logo | None) -> Iterator[str]:
    frame = frame_for(label, roll, print_size, logo)
    wording = label.wording()
    if frame.qr:
        symbol = make_symbol(wording.qr_text)
        left, top, module = symbol_place(symbol, frame.qr, roll)
        yield f"^FO{left},{top}^BQN,2,{module}{_data(wording.qr_text, before='HA,')}"
    if frame.logo and logo:
        yield _picture(*logo_picture(logo, frame.logo, roll))
    for line in lines_of(wording, frame):
        yield _text(line, roll)


def _text(line: TextLine, roll: Roll) -> str:
    if max(map(ord, line.text)) > RESIDENT:
        return _picture(*text_picture(line, roll))
    (left, baseline), height = text_origin(line, roll), text_height(line, roll)
    return f"^FT{left},{baseline}^A0N,{height},{height}{_data(line.text)}"


def _data(text: str, *, before: str = "") -> str:
    """Field data that ends where it should: what would begin a command is given by its number."""
    if any(character in text for character in "_^~\\"):
        return f"^FH^FD{before}{text.translate(_SPECIAL)}^FS"
    return f"^FD{before}{text}^FS"


def _picture(left: int, top: int, picture: Image.Image) -> str:
    """A picture as ^GFA: a set bit is black, rows begin at a whole byte."""
    row_bytes = (picture.width + 7) // 8
    inverted = picture.point(lambda level: 0 if level else 255, mode="1")
    data = inverted.tobytes()
    return f"^FO{left},{top}^GFA,{len(data)},{len(data)},{row_bytes},{data.hex().upper()}^FS"
