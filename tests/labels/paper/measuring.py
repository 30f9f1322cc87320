"""What pdfium says of the text on a page: how large each piece is on the paper, and where it stands."""

from __future__ import annotations

from ctypes import byref, c_float
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw


@dataclass(frozen=True)
class Piece:
    """One text object: its size in points once every scale is counted, and its box from the page's bottom left."""

    page: int
    points: float
    left: float
    bottom: float
    right: float
    top: float


def pieces(paper: bytes) -> list[Piece]:
    found = []
    with pypdfium2.PdfDocument(paper) as document:
        for number, page in enumerate(document, start=1):
            for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                size = c_float()
                assert raw.FPDFTextObj_GetFontSize(item.raw, byref(size))
                found.append(Piece(number, size.value * abs(item.get_matrix().d), *item.get_bounds()))
    return found


def embedded(paper: bytes) -> set[bool]:
    """Whether the fonts of all text are in the file."""
    with pypdfium2.PdfDocument(paper) as document:
        return {
            bool(raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(item.raw)))
            for page in document
            for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])
        }
