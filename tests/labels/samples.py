"""Labels and a certificate with obviously invented values, the same each time."""

from __future__ import annotations

import random
from datetime import date

from labels.certificate import CertificateValues, Media, Proof, ProofOutcome, Signatory, TabletIdentity
from labels.layouts import TabletLabel
from labels.qr import tag_url

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
BASE = "https://tablets.example"
OWNER = "Sample Tablet Library"
PHONE = "020 7946 0000"


def label(code: str, *, owner: str = OWNER, phone: str = PHONE) -> TabletLabel:
    return TabletLabel(code, tag_url(BASE, code), owner, phone)


def labels(count: int, seed: int = 1) -> list[TabletLabel]:
    """Different labels with codes of the form K7F3-QX."""
    chosen = random.Random(seed)
    codes: dict[str, None] = {}
    while len(codes) < count:
        letters = "".join(chosen.choices(ALPHABET, k=6))
        codes[f"{letters[:4]}-{letters[4:]}"] = None
    return [label(code) for code in codes]


CERTIFICATE = CertificateValues(
    number="W-2026-000123",
    issued_on=date(2026, 6, 12),
    issued_by=OWNER,
    tablet=TabletIdentity("Sample Maker", "Virtual Tab 8", "VT0000000001", "K7F3-QX", (("Android version", "13"),)),
    media=Media(
        kind="Built-in flash storage, 32 GB",
        source="Tablet from a donor",
        encryption="File-based encryption, read before the wipe",
        removable="No memory card in the slot",
    ),
    technique="Purge (cryptographic erase)",
    method="Factory reset from Settings, confirmed on the tablet's own screen",
    standard="NIST SP 800-88 Rev. 1",
    tool="Doorstep",
    tool_version="0.1.0",
    verification_method="Readings before and after the wipe compared over ADB",
    proofs=(
        Proof("Android ID", "3f9a6c1e88d2b705", "b81c02f7a4e9d356", ProofOutcome.PASSED),
        Proof("Files in shared storage", "1,284", "0", ProofOutcome.PASSED),
        Proof("Apps added by a person", "17", "3", ProofOutcome.FAILED),
        Proof("Google lock", "off", "no answer", ProofOutcome.UNKNOWN),
        Proof("Memory card", "none", "none", ProofOutcome.NOT_APPLICABLE),
    ),
    sanitised_by=Signatory(
        "Sample One", "Technician", date(2026, 6, 11), "Bench 1, Sample hub", "07700 900001", "Signed in as sample.one"
    ),
    verified_by=Signatory("Sample Two", "Hub lead", date(2026, 6, 12), "Desk 2, Sample hub", "07700 900002"),
    destination="Back into the lending stock",
    content_hash="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    verify_url="https://tablets.example/certificates/W-2026-000123",
    supersedes="W-2026-000101",
    confidentiality_before="Personal data of the donor",
    confidentiality_after="None",
    backup="None was made",
)
