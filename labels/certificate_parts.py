"""The parts of a certificate from top to bottom: words, tables and the QR code by which anyone can check it."""

from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from labels.certificate import CertificateValues, Proof, ProofOutcome, Signatory
from labels.drawing import draw_symbol
from labels.frames import QrPlace
from labels.office_parts import COLUMN, HEADING, NAME, STRONG, VALUE, Cells, in_words, named, opening, ruled, safe
from labels.qr import make_symbol

LEAF = HexColor("#1E6B2E")
BRICK = HexColor("#A3201D")

QR_SIDE = 34.0

_GOOD = ParagraphStyle("good", parent=STRONG, textColor=LEAF)
_BAD = ParagraphStyle("bad", parent=STRONG, textColor=BRICK)

_OUTCOMES = {
    ProofOutcome.PASSED: ("\u2713", _GOOD),
    ProofOutcome.FAILED: ("\u2717", _BAD),
    ProofOutcome.UNKNOWN: ("?", _BAD),
    ProofOutcome.NOT_APPLICABLE: ("\u2013", VALUE),
}
"""Sign and style of each outcome; the word stands beside the sign, so that colour never says it alone."""


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


def _opening(values: CertificateValues) -> list[Flowable]:
    facts = [("Number", values.number), ("Issued on", in_words(values.issued_on)), ("Issued by", values.issued_by)]
    if values.supersedes:
        facts.append(("Takes the place of", values.supersedes))
    lead = "How the data on one tablet was removed, and what was read on the tablet afterwards to check it."
    return opening("Certificate of data sanitisation", lead, facts)


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
    cells = named(facts)
    if len(cells) % 2:
        cells.append(["", ""])
    pairs: Cells = [[*left, *right] for left, right in zip(cells[::2], cells[1::2], strict=True)]
    return [ruled("Tablet", pairs, (30, COLUMN / 2 - 30) * 2)]


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
    return [ruled("How its data was removed", named(facts), (46, COLUMN - 46))]


def _proofs(proofs: tuple[Proof, ...]) -> list[Flowable]:
    rows: Cells = [[Paragraph(word, NAME) for word in ("What was read", "Before", "After", "Result")]]
    for proof in proofs:
        read = [Paragraph(safe(text), VALUE) for text in (proof.name, proof.before, proof.after)]
        rows.append([*read, _outcome(proof.outcome)])
    return [ruled("Proofs, read on the tablet itself", rows, (46, 45, 45, COLUMN - 136), head_rows=2)]


def _outcome(outcome: ProofOutcome) -> Paragraph:
    sign, style = _OUTCOMES[outcome]
    return Paragraph(f"{sign} {outcome.value}", style)


def _people(values: CertificateValues) -> list[Flowable]:
    both = (values.sanitised_by, values.verified_by)
    rows: Cells = [["", Paragraph("Sanitised by", STRONG), Paragraph("Verified by", STRONG)]]
    for name, pair in (
        ("Name", [person.name for person in both]),
        ("Title", [person.title for person in both]),
        ("Date", [in_words(person.on) for person in both]),
        ("Place", [person.place for person in both]),
        ("Contact", [person.contact for person in both]),
        ("Signature", [_signature(person) for person in both]),
    ):
        rows.append([Paragraph(name, NAME), *(Paragraph(safe(text), VALUE) for text in pair)])
    return [ruled("Who did it and who checked it", rows, (30, (COLUMN - 30) / 2, (COLUMN - 30) / 2))]


def _signature(person: Signatory) -> str:
    return person.signature or "Sign here: ______________"


def _checking(values: CertificateValues) -> list[Flowable]:
    digest = values.content_hash
    grouped = " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
    words = [
        Paragraph("Check this certificate", HEADING),
        Spacer(1, 1.5 * mm),
        Paragraph("Scan the code, or type the address, to see whether this certificate still stands.", VALUE),
        Paragraph(f"<b>{safe(values.verify_url)}</b>", VALUE),
        Spacer(1, 2 * mm),
        Paragraph("Content hash (SHA-256) of the record it was made from:", NAME),
        Paragraph(safe(grouped), VALUE),
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
