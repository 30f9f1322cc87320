"""What a certificate of data sanitisation says, as plain values. Where they come from is not known here.

The fields are those of NIST SP 800-88 (domain.md 2.7): what was wiped, how, with what, how it was checked, by whom.
An optional field that is empty is left out of the paper, not printed blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ProofOutcome(StrEnum):
    """What comparing a reading before the wipe with one after it showed."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "could not be read"
    NOT_APPLICABLE = "does not apply"


@dataclass(frozen=True)
class Proof:
    """One thing checked, as it was read on the tablet before and after."""

    name: str
    before: str
    after: str
    outcome: ProofOutcome


@dataclass(frozen=True)
class TabletIdentity:
    """Which tablet. `more` holds further rows (name, value), for example an IMEI or the Android version."""

    manufacturer: str
    model: str
    serial_number: str
    asset_number: str
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Media:
    """What held the data. `removable` says what became of a memory card, which a factory reset does not touch."""

    kind: str
    source: str
    encryption: str
    removable: str


@dataclass(frozen=True)
class Signatory:
    """A person who sanitised or verified. Without `signature` the paper leaves a line to sign on."""

    name: str
    title: str
    on: date
    place: str
    contact: str
    signature: str = ""


@dataclass(frozen=True)
class CertificateValues:
    """One certificate. `technique` is Clear, Purge or Destroy; `content_hash` is over what the record holds."""

    number: str
    issued_on: date
    issued_by: str
    tablet: TabletIdentity
    media: Media
    technique: str
    method: str
    standard: str
    tool: str
    tool_version: str
    verification_method: str
    proofs: tuple[Proof, ...]
    sanitised_by: Signatory
    verified_by: Signatory
    destination: str
    content_hash: str
    verify_url: str
    supersedes: str = ""
    confidentiality_before: str = ""
    confidentiality_after: str = ""
    backup: str = ""
