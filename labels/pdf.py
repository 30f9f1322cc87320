"""A reportlab canvas whose file is the same for the same values and is written page by page.

reportlab keeps every page until a file is saved; here a page's content leaves as soon as the page is finished, so
that memory does not grow with the number of pages.
"""

from __future__ import annotations

from datetime import date
from threading import Lock
from typing import BinaryIO, Protocol

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import (
    PDFCatalog,
    PDFCrossReferenceTable,
    PDFDictionary,
    PDFDocument,
    PDFIndirectObject,
    PDFObject,
    PDFObjectReference,
    PDFPage,
    PDFStream,
    PDFTrailer,
    PDFZCompress,
)
from reportlab.pdfgen.canvas import Canvas

from labels.fonts import load_fonts

PDF_VERSION = (1, 4)
"""The oldest that has a document language; every print shop and printer takes it."""
FIXED_DATE = date(2000, 1, 1)
"""The creation date of files that carry none of their own, so that equal values make equal files."""

_finishing = Lock()
"""A reportlab font cuts its subset from one open table, so only one document at a time may be finished."""


class LateFont(Protocol):
    """A font that enters the file when its last letter is known."""

    fontName: str  # noqa: N815 - reportlab's name

    def addObjects(self, doc: PDFDocument) -> None: ...  # noqa: N802 - reportlab's name


def numbered(document: PDFDocument, thing: PDFObject) -> PDFObjectReference:
    """A reference by which the file names a thing."""
    reference: PDFObjectReference = document.Reference(thing)  # type: ignore[no-untyped-call]  # untyped in the stub
    return reference


def name_font(document: PDFDocument, key: str, font: PDFObject) -> None:
    """Let every page say `key` for this font."""
    fonts = document.idToObject["BasicFonts"]
    assert isinstance(fonts, PDFDictionary)
    fonts.dict[key] = numbered(document, font)


class _Document(PDFDocument):
    """Writes each object once: page contents at once, the rest (fonts, page tree, catalogue) at the end."""

    Catalog: PDFCatalog

    def __init__(self, out: BinaryIO, *, language: str) -> None:
        super().__init__(compression=1, invariant=1, pdfVersion=PDF_VERSION, lang=language)
        self._out = out
        self._written = 0
        self._add(b"%%PDF-%d.%d\n%%\xe2\xe3\xcf\xd3\n" % PDF_VERSION)

    def addPage(self, page: PDFPage) -> None:  # noqa: N802 - reportlab's name
        self.updateSignature(page.stream)
        page.Contents = numbered(self, PDFStream(content=page.stream, filters=[PDFZCompress]))
        page.stream = None
        self._write_object(page.Contents.name)
        super().addPage(page)

    def format(self) -> bytes:
        """Write what is left and the cross-reference table. reportlab would return the file; it is already out."""
        root, info = numbered(self, self.Catalog), numbered(self, self.info)
        names: list[str] = []
        while name := self.numberToId.get(len(names) + 1):
            if name not in self.idToOffset:
                self._write_object(name)
            names.append(name)
        table = PDFCrossReferenceTable()
        table.addsection(0, names)
        start = self._add(table.format(self))
        trailer = PDFTrailer(startxref=start, Size=len(names) + 1, Root=root, Info=info, ID=self.ID())
        self._add(trailer.format(self))
        return b""

    def _write_object(self, name: str) -> None:
        written = self.idToObject[name]
        self.idToOffset[name] = self._add(PDFIndirectObject(name, written).format(self))
        if isinstance(written, PDFStream):
            written.content = None

    def _add(self, data: bytes) -> int:
        offset = self._written
        self._out.write(data)
        self._written += len(data)
        return offset


class PageCanvas(Canvas):
    """Draws in points from the bottom left, as reportlab does; `finish` completes the file."""

    def __init__(
        self,
        out: BinaryIO,
        *,
        page_width: float,
        page_height: float,
        title: str,
        made_on: date = FIXED_DATE,
        language: str = "en-GB",
    ) -> None:
        load_fonts()
        super().__init__("", pagesize=(page_width * mm, page_height * mm), pageCompression=1, invariant=1)
        self._doc = _Document(out, language=language)
        self._make_preamble()
        self.setTitle(title)
        self.setDateFormatter(lambda *_: f"D:{made_on:%Y%m%d}000000Z")
        self.setCreator("Doorstep")
        self.setAuthor("Doorstep")
        self.setSubject(title)
        self.setViewerPreference("DisplayDocTitle", "true")

    def _make_preamble(self) -> None:
        """Start pages without reportlab's Helvetica, which would be named in the file and not embedded."""
        self._preamble = ""

    def add_late(self, font: LateFont) -> None:
        self._doc.delayedFonts.append(font)

    def finish(self) -> None:
        """End the last page if it has anything on it and write the end of the file."""
        with _finishing:
            self.getpdfdata()  # type: ignore[no-untyped-call]  # untyped in the stub
