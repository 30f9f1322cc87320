"""Puts shaped lines into a PDF: the fonts with just the letters that are used, and under every line the words it says.

A reader of the file (a screen reader, a search, a copy) gets the words and not the forms of their letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

import uharfbuzz as hb
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFStream,
    PDFString,
    PDFZCompress,
)

from labels.pdf import PageCanvas, name_font, numbered
from labels.script.faces import Face
from labels.script.lines import Line
from labels.script.shaping import Glyph, Run


class Ink:
    """Writes on one canvas. Its fonts enter the file when the canvas is finished.

    Where a piece of text is written by several glyphs, in the pen's order and not the reader's, the words of the run
    stand beside them.
    """

    def __init__(self, canvas: PageCanvas) -> None:
        self._canvas = canvas
        self._fonts: dict[Face, _UsedFont] = {}

    def draw(self, line: Line, left: float, baseline: float) -> None:
        """Both in points from the canvas's origin; the line runs to the right of `left`, whatever its direction."""
        for run in line.runs:
            if run.glyphs:
                self._draw_run(run, line.points, left, baseline)
            left += run.width * line.points

    def _draw_run(self, run: Run, points: float, left: float, baseline: float) -> None:
        font = self._fonts.get(run.face)
        if font is None:
            font = self._fonts[run.face] = _UsedFont(run.face, f"W{len(self._fonts)}")
            self._canvas.add_late(font)
        font.use(run)
        size = points * run.face.scale
        shown = f"BT /{font.key} {size:g} Tf 1 0 0 1 {left:.3f} {baseline:.3f} Tm {_shown(run, font, size)} ET"
        if any(len(glyphs) > 1 for _, glyphs in _clusters(run)):
            shown = f"/Span <</ActualText <{_utf16(run.text)}>>> BDC {shown} EMC"
        self._canvas.addLiteral(shown)


class _UsedFont:
    """One face in one document, and which of its glyphs the document shows. reportlab calls `addObjects` at the end."""

    def __init__(self, face: Face, key: str) -> None:
        self.face = face
        self.key = key
        self.fontName = f"Doorstep-{face.name}"
        self._widths: dict[int, float] = {}
        self._texts: dict[int, str] = {}

    def use(self, run: Run) -> None:
        """Note the run's glyphs, and for those that write a piece of text alone, which."""
        for text, glyphs in _clusters(run):
            for glyph in glyphs:
                self.width(glyph.number)
            if len(glyphs) == 1:
                self._texts.setdefault(glyphs[0].number, text)

    def width(self, number: int) -> float:
        """How far the glyph takes the pen by itself, in thousandths of the text size."""
        if number not in self._widths:
            self._widths[number] = self.face.hb_font.get_glyph_h_advance(number) * 1000 / self.face.per_em
        return self._widths[number]

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802 - reportlab's name
        """The face as a font of numbered glyphs (PDF 32000-1, 9.7), with a map from numbers to text."""
        name = PDFName(f"{_tag(self._widths)}+{self.face.name}")
        drawn = numbered(
            doc,
            PDFDictionary(
                {
                    "Type": PDFName("Font"),
                    "Subtype": PDFName("CIDFontType2"),
                    "BaseFont": name,
                    "CIDSystemInfo": PDFDictionary(
                        {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
                    ),
                    "FontDescriptor": numbered(doc, self._descriptor(doc, name)),
                    "W": PDFArray(
                        [part for number, width in sorted(self._widths.items()) for part in (number, PDFArray([width]))]
                    ),
                    "CIDToGIDMap": PDFName("Identity"),
                }
            ),
        )
        font = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type0"),
                "BaseFont": name,
                "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([drawn]),
                "ToUnicode": numbered(doc, _stream(_cmap(self._texts))),
            }
        )
        name_font(doc, self.key, font)

    def _descriptor(self, doc: PDFDocument, name: str) -> PDFDictionary:
        scale = 1000 / self.face.per_em
        ascent, descent = round(self.face.ascent * scale), round(self.face.descent * scale)
        return PDFDictionary(
            {
                "Type": PDFName("FontDescriptor"),
                "FontName": name,
                "Flags": 4,
                "FontBBox": PDFArray([-1000, descent - 500, 3000, ascent + 500]),
                "ItalicAngle": 0,
                "Ascent": ascent,
                "Descent": descent,
                "CapHeight": ascent,
                "StemV": 80,
                "FontFile2": numbered(doc, _font_file(self.face, self._widths)),
            }
        )


def _clusters(run: Run) -> Iterator[tuple[str, list[Glyph]]]:
    """What stands together from left to right: a piece of the text with the glyphs that write it."""
    starts = sorted({glyph.cluster for glyph in run.glyphs})
    stops = dict(zip(starts, [*starts[1:], len(run.text)], strict=True))
    for start, glyphs in groupby(run.glyphs, key=attrgetter("cluster")):
        yield run.text[start : stops[start]], list(glyphs)


def _shown(run: Run, font: _UsedFont, size: float) -> str:
    """The operators that show the glyphs, with the pen moved where shaping moved it."""
    operators: list[str] = []
    shown: list[str] = []
    owed = 0.0

    def flush() -> None:
        if shown:
            operators.append(f"[{''.join(shown)}] TJ")
            shown.clear()

    for glyph in run.glyphs:
        if glyph.up:
            flush()
            operators.append(f"{glyph.up * size:.3f} Ts")
        before = owed + glyph.right * 1000
        shown += [f"{-before:.2f} "] * (abs(before) > 0.01) + [f"<{glyph.number:04X}>"]
        owed = glyph.advance * 1000 - font.width(glyph.number) - glyph.right * 1000
        if glyph.up:
            flush()
            operators.append("0 Ts")
    flush()
    return " ".join(operators)


def _font_file(face: Face, numbers: Iterable[int]) -> PDFStream:
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(numbers)
    wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    dropped = wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG)
    for table in (b"GSUB", b"GPOS", b"GDEF", b"cmap", b"name", b"OS/2", b"post"):
        dropped.add(int.from_bytes(table, "big"))
    data = hb.subset(face.hb_face, wanted).blob.data
    stream = _stream(data)
    stream.dictionary["Length1"] = len(data)
    return stream


def _stream(data: bytes) -> PDFStream:
    return PDFStream(content=data, filters=[PDFZCompress])


def _cmap(texts: dict[int, str]) -> bytes:
    """A ToUnicode map (PDF 32000-1, 9.10.3), a hundred glyphs to a block as the format asks."""
    rows = [f"<{number:04X}> <{_utf16(text, mark=False)}>" for number, text in sorted(texts.items())]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Doorstep def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{body}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


def _utf16(text: str, *, mark: bool = True) -> str:
    return ("FEFF" if mark else "") + text.encode("utf-16-be").hex().upper()


def _tag(numbers: dict[int, float]) -> str:
    """Six capitals that name a cut of a font, the same for the same letters."""
    value = sum((at + 1) * number for at, number in enumerate(sorted(numbers)))
    return "".join(chr(65 + value // 26**place % 26) for place in range(6))
