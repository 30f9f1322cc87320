"""The statement for somebody who gave tablets, as an A4 paper: what became of each, and nothing about any person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer

from labels.office import OfficePaper, render_office_paper
from labels.office_parts import COLUMN, LEAD, NAME, in_words, listed, named, opening, ruled, safe

TITLE = "What became of your tablets"


@dataclass(frozen=True)
class GiftLine:
    """One tablet: what it is, what became of it, and the certificate of its last wipe."""

    kind: str
    serial: str
    fate: str
    wiped: str


@dataclass(frozen=True)
class StatementPaper:
    """Everything on the paper. `counted` are the numbers by their words, the sum last; `more` were left off."""

    giver: str
    hub: str
    hub_phone: str
    as_of: date
    of: str
    sentence: str
    counted: tuple[tuple[str, str], ...]
    lines: tuple[GiftLine, ...]
    more: int
    check_at: str


def render_statement(paper: StatementPaper) -> bytes:
    """The statement as a PDF. Raises TextNotPrintable, or LabelDoesNotFit where one value fills more than a page."""
    return render_office_paper(
        OfficePaper(
            title=f"{TITLE}: {paper.giver}",
            foot=f"Statement for {paper.giver}",
            issued_by=paper.hub,
            made_on=paper.as_of,
            parts=lambda: _parts(paper),
        )
    )


def _parts(paper: StatementPaper) -> list[Flowable]:
    panel = [("Given by", paper.giver), ("To", paper.hub), ("As it stands on", in_words(paper.as_of))]
    parts = [*opening(TITLE, safe(paper.of) + ".", panel), Spacer(1, 4 * mm), Paragraph(safe(paper.sentence), LEAD)]
    if paper.counted:
        parts.append(ruled("In numbers", named(paper.counted), (70, COLUMN - 70)))
    if paper.lines:
        rows = [(line.kind, line.serial, line.fate, line.wiped) for line in paper.lines]
        head = ("Kind", "Serial", "What became of it", "Wiped, with certificate")
        parts.append(ruled("Each tablet", listed(head, rows), (36, 42, 48, COLUMN - 126), head_rows=2))
    closing = [
        f"{paper.more} more are not listed here; ask us for the rest." if paper.more else "",
        f"Anybody can check a certificate: type {paper.check_at} and its number.",
        "Nothing on this paper is about the people who borrow.",
        f"Thank you. Questions? Ring {paper.hub_phone}." if paper.hub_phone else "Thank you.",
    ]
    return [*parts, Spacer(1, 4 * mm), *(Paragraph(safe(text), NAME) for text in closing if text)]
