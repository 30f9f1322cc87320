"""The parts of a certificate from top to bottom: words, tables and the QR code by which anyone can check it."""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from labels.certificate import CertificateValues, Proof, ProofOutcome, Signatory
from labels.drawing import draw_symbol
from labels.fonts import Face, printable
from labels.frames import QrPlace
from labels.qr import make_symbol

PAGE_WIDTH = 210.0
SIDE = 20.0
COLUMN = PAGE_WIDTH - 2 * SIDE

INK = HexColor("#16202A")
MUTED = HexColor("#4B5B63")
MIST = HexColor("#F3F6F7")
LINE = HexColor("#B5C2C7")
PINE = HexColor("#0B5B57")
PINE_DARK = HexColor("#073F3C")
LEAF = HexColor("#1E6B2E")
BRICK = HexColor("#A3201D")

QR_SIDE = 34.0

_TITLE = ParagraphStyle("title", fontName=Face.BOLD, fontSize=20, leading=25, textColor=PINE_DARK, spaceAfter=2 * mm)
_LEAD = ParagraphStyle("lead", fontName=Face.REGULAR, fontSize=11, leading=16.5, textColor=INK)
_HEADING = ParagraphStyle("heading", fontName=Face.BOLD, fontSize=12.5, leading=16, textColor=PINE)
_NAME = ParagraphStyle("name", fontName=Face.REGULAR, fontSize=9.5, leading=14.5, textColor=MUTED)
_VALUE = ParagraphStyle("value", fontName=Face.REGULAR, fontSize=10.5, leading=14.5, textColor=INK)
_STRONG = ParagraphStyle("strong", parent=_VALUE, fontName=Face.BOLD)
_GOOD = ParagraphStyle("good", parent=_STRONG, textColor=LEAF)
_BAD = ParagraphStyle("bad", parent=_STRONG, textColor=BRICK)

_OUTCOMES = {
    ProofOutcome.PASSED: ("\u2713", _GOOD),
    ProofOutcome.FAILED: ("\u2717", _BAD),
    ProofOutcome.UNKNOWN: ("?", _BAD),
    ProofOutcome.NOT_APPLICABLE: ("\u2013", _VALUE),
}
"""Sign and style of each outcome; the word stands beside the sign, so that colour never says it alone."""

Cells = list[list[Paragraph | str]]


def certificate_parts(values: CertificateValues) -> list[Flowable]:
    """Everything on the paper except the head and foot of its pages."""
    return [
        *_opening(values),
        *_tablet(values),
        *_method(values),
        *_people(values),
        *_proofs(values.proofs),
        *_checking(values),
    ]


def in_words(day: date) -> str:
    """A date as a person would write it: 12 June 2026."""
    return f"{day.day} {day:%B %Y}"


def _opening(values: CertificateValues) -> list[Flowable]:
    facts = [("Number", values.number), ("Issued on", in_words(values.issued_on)), ("Issued by", values.issued_by)]
    if values.supersedes:
        facts.append(("Takes the place of", values.supersedes))
    panel = Table(
        [[[Paragraph(name, _NAME), Paragraph(_safe(fact), _STRONG)] for name, fact in facts]],
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
    lead = "How the data on one tablet was removed, and what was read on the tablet afterwards to check it."
    return [Paragraph("Certificate of data sanitisation", _TITLE), Paragraph(lead, _LEAD), Spacer(1, 4 * mm), panel]


def _tablet(values: CertificateValues) -> list[Flowable]:
    tablet, media = values.tablet, values.media
    facts = [
        ("Manufacturer", tablet.manufacturer),
        ("Model", tablet.model),
        ("Serial number", tablet.serial_number),
        ("Asset number", tablet.asset_number),
        *tablet.more,
        ("Media type", media.kind),
        ("Media source", media.source),
        ("Encryption before", media.encryption),
        ("Memory card", media.removable),
        ("Confidentiality before", values.confidentiality_before),
        ("Backup", values.backup),
    ]
    cells = _named(facts)
    if len(cells) % 2:
        cells.append(["", ""])
    pairs: Cells = [[*left, *right] for left, right in zip(cells[::2], cells[1::2], strict=True)]
    return [_table("Tablet", pairs, (30, COLUMN / 2 - 30) * 2)]


def _method(values: CertificateValues) -> list[Flowable]:
    facts = [
        ("Sanitisation", values.technique),
        ("Method", values.method),
        ("Standard", values.standard),
        ("Tool and version", f"{values.tool} {values.tool_version}"),
        ("How it was verified", values.verification_method),
        ("Confidentiality after", values.confidentiality_after),
        ("Where the tablet goes", values.destination),
    ]
    return [_table("How its data was removed", _named(facts), (46, COLUMN - 46))]


def _named(facts: list[tuple[str, str]]) -> Cells:
    """A row for every fact that has a value."""
    return [[Paragraph(_safe(name), _NAME), Paragraph(_safe(value), _VALUE)] for name, value in facts if value]


def _proofs(proofs: tuple[Proof, ...]) -> list[Flowable]:
    rows: Cells = [[Paragraph(word, _NAME) for word in ("What was read", "Before", "After", "Result")]]
    for proof in proofs:
        read = [Paragraph(_safe(text), _VALUE) for text in (proof.name, proof.before, proof.after)]
        rows.append([*read, _outcome(proof.outcome)])
    return [_table("Proofs, read on the tablet itself", rows, (46, 45, 45, COLUMN - 136), head_rows=2)]


def _outcome(outcome: ProofOutcome) -> Paragraph:
    sign, style = _OUTCOMES[outcome]
    return Paragraph(f"{sign} {outcome.value}", style)


def _people(values: CertificateValues) -> list[Flowable]:
    both = (values.sanitised_by, values.verified_by)
    rows: Cells = [["", Paragraph("Sanitised by", _STRONG), Paragraph("Verified by", _STRONG)]]
    for name, pair in (
        ("Name", [person.name for person in both]),
        ("Title", [person.title for person in both]),
        ("Date", [in_words(person.on) for person in both]),
        ("Place", [person.place for person in both]),
        ("Contact", [person.contact for person in both]),
        ("Signature", [_signature(person) for person in both]),
    ):
        rows.append([Paragraph(name, _NAME), *(Paragraph(_safe(text), _VALUE) for text in pair)])
    return [_table("Who did it and who checked it", rows, (30, (COLUMN - 30) / 2, (COLUMN - 30) / 2))]


def _signature(person: Signatory) -> str:
    return person.signature or "Sign here: ______________"


def _checking(values: CertificateValues) -> list[Flowable]:
    digest = values.content_hash
    grouped = " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
    words = [
        Paragraph("Check this certificate", _HEADING),
        Spacer(1, 1.5 * mm),
        Paragraph("Scan the code, or type the address, to see whether this certificate still stands.", _VALUE),
        Paragraph(f"<b>{_safe(values.verify_url)}</b>", _VALUE),
        Spacer(1, 2 * mm),
        Paragraph("Content hash (SHA-256) of the record it was made from:", _NAME),
        Paragraph(_safe(grouped), _VALUE),
    ]
    table = Table(
        [[words, _Code(values.verify_url)]], colWidths=[(COLUMN - QR_SIDE - 4) * mm, (QR_SIDE + 4) * mm], splitByRow=0
    )
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return [Spacer(1, 5 * mm), table]


class _Code(Flowable):
    """The QR code of an address as a part of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.width = self.height = QR_SIDE * mm

    def draw(self) -> None:
        self.canv.setFillColor(HexColor("#000000"))
        draw_symbol(self.canv, make_symbol(self.address), QrPlace(0, -QR_SIDE, QR_SIDE))


def _table(heading: str, rows: Cells, widths: tuple[float, ...], *, head_rows: int = 0) -> Table:
    """Ruled rows under a heading. Should they fill more than a page, the first `head_rows` are repeated there."""
    first: list[Paragraph | str] = [Paragraph(heading, _HEADING), *[""] * (len(widths) - 1)]
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


def _safe(text: str) -> str:
    """Text for reportlab's paragraph markup. Raises TextNotPrintable."""
    return escape(printable(text))
