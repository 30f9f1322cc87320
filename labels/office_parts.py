"""What papers of the office are made of, from top to bottom: words, facts in a panel, ruled tables. A4, for print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from labels.fonts import Face, printable

PAGE_WIDTH = 210.0
SIDE = 20.0
COLUMN = PAGE_WIDTH - 2 * SIDE

INK = HexColor("#16202A")
MUTED = HexColor("#4B5B63")
MIST = HexColor("#F3F6F7")
LINE = HexColor("#B5C2C7")
PINE = HexColor("#0B5B57")
PINE_DARK = HexColor("#073F3C")

TITLE = ParagraphStyle("title", fontName=Face.BOLD, fontSize=20, leading=25, textColor=PINE_DARK, spaceAfter=2 * mm)
LEAD = ParagraphStyle("lead", fontName=Face.REGULAR, fontSize=11, leading=16.5, textColor=INK)
HEADING = ParagraphStyle("heading", fontName=Face.BOLD, fontSize=12.5, leading=16, textColor=PINE)
NAME = ParagraphStyle("name", fontName=Face.REGULAR, fontSize=9.5, leading=14.5, textColor=MUTED)
VALUE = ParagraphStyle("value", fontName=Face.REGULAR, fontSize=10.5, leading=14.5, textColor=INK)
STRONG = ParagraphStyle("strong", parent=VALUE, fontName=Face.BOLD)

Cells = list[list[Paragraph | str]]


def in_words(day: date) -> str:
    """A date as a person would write it: 12 June 2026."""
    return f"{day.day} {day:%B %Y}"


def safe(text: str) -> str:
    """Text for reportlab's paragraph markup. Raises TextNotPrintable."""
    return escape(printable(text))


def opening(title: str, lead: str, facts: Sequence[tuple[str, str]]) -> list[Flowable]:
    """What a paper is, what it says in one sentence, and a panel with its number and dates."""
    panel = Table(
        [[[Paragraph(name, NAME), Paragraph(safe(fact), STRONG)] for name, fact in facts]],
        colWidths=[COLUMN / len(facts) * mm] * len(facts),
    )
    panel.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, -1), MIST),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -1), 6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
        ]
    )
    return [Paragraph(title, TITLE), Paragraph(lead, LEAD), Spacer(1, 4 * mm), panel]


def named(facts: Sequence[tuple[str, str]]) -> Cells:
    """A row for every fact that has a value."""
    return [[Paragraph(safe(name), NAME), Paragraph(safe(value), VALUE)] for name, value in facts if value]


def listed(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Cells:
    """Rows of plain text under the names of their columns."""
    cells: Cells = [[Paragraph(safe(word), NAME) for word in head]]
    cells.extend([Paragraph(safe(text), VALUE) for text in row] for row in rows)
    return cells


def ruled(heading: str, rows: Cells, widths: tuple[float, ...], *, head_rows: int = 0) -> Table:
    """Ruled rows under a heading. Should they fill more than a page, the first `head_rows` are repeated there."""
    first: list[Paragraph | str] = [Paragraph(heading, HEADING), *[""] * (len(widths) - 1)]
    table = Table(
        [first, *rows],
        colWidths=[width * mm for width in widths],
        splitByRow=int(bool(head_rows)),
        repeatRows=head_rows,
    )
    table.setStyle(
        [
            ("SPAN", (0, 0), (-1, 0)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("TOPPADDING", (0, 0), (-1, 0), 5 * mm),
            ("LINEABOVE", (0, 1), (-1, 1), 1, PINE),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
        ]
    )
    return table
