"""Reading our papers back with other people's programs: pdfium renders and extracts, zxing-cpp decodes."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2
import zxingcpp
from PIL.Image import Image

DPI = 300
POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Found:
    """A decoded QR code and the middle of it, in millimetres from the page's top left corner."""

    text: str
    x: float
    y: float


def pictures(paper: bytes, dpi: int = DPI) -> list[Image]:
    """Every page as it would look on paper, in grey."""
    with pypdfium2.PdfDocument(paper) as document:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]


def decode(picture: Image, dpi: int = DPI) -> list[Found]:
    """Every QR code that zxing-cpp finds in a picture of a page."""
    found = []
    for code in zxingcpp.read_barcodes(picture):
        corners = (code.position.top_left, code.position.bottom_right)
        x, y = (sum(getattr(corner, axis) for corner in corners) / 2 * 25.4 / dpi for axis in ("x", "y"))
        found.append(Found(code.text, x, y))
    return found


def texts(paper: bytes) -> list[str]:
    """The text of every page, lines ended by a line feed."""
    with pypdfium2.PdfDocument(paper) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def page_sizes(paper: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in millimetres, to a tenth."""
    with pypdfium2.PdfDocument(paper) as document:
        return [
            (round(page.get_width() / POINTS_PER_MM, 1), round(page.get_height() / POINTS_PER_MM, 1))
            for page in document
        ]


def metadata(paper: bytes) -> dict[str, str]:
    """Title, author, dates and the like, as pdfium reads them."""
    with pypdfium2.PdfDocument(paper) as document:
        return dict(document.get_metadata_dict())
