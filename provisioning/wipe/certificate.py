"""What a wipe certificate says, as plain values. Drawing it is another package's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from provisioning.errors import WipeError
from provisioning.facts.plain import Plain, digest, to_plain
from provisioning.wipe.evidence import AfterWipe, BeforeWipe
from provisioning.wipe.judging import Method, Proof, ProofOutcome, Verdict

STANDARD = "NIST SP 800-88 Rev. 2"

_TECHNIQUES = {
    Method.CLEAR: "Factory reset from Settings",
    Method.CRYPTOGRAPHIC_ERASE: (
        "Factory reset from Settings of storage that was read as encrypted beforehand: its keys were destroyed "
        "(cryptographic erase; that the keys lived in hardware was not checked)"
    ),
}


@dataclass(frozen=True)
class Signatory:
    """Who did it: the sample certificate of NIST SP 800-88 asks this for sanitising and for verifying apart.

    `signature` says how they signed; where it is empty the paper leaves a line to sign on.
    """

    name: str
    title: str
    organisation: str
    location: str
    contact: str
    signature: str = ""


@dataclass(frozen=True)
class CertificateContent:
    """Every field of domain.md 2.7. `sanitisation` never says more than Clear: nothing stronger was checked.

    `removable_media_removed` is the technician's own statement; a factory reset does not cover an SD card.
    """

    number: str
    standard: str
    organisation: str
    asset_code: str
    manufacturer: str
    model: str
    serial: str
    media_type: str
    media_source: str
    android_release: str
    security_patch: str
    confidentiality_before: str
    confidentiality_after: str
    sanitisation: str
    technique: str
    tool: str
    tool_version: str
    verification_method: str
    destination: str
    backup: str
    removable_media_removed: bool
    encrypted_before: str
    sanitised_at: datetime
    sanitised_by: Signatory
    verified_at: datetime
    verified_by: Signatory
    proofs: tuple[Proof, ...]

    def to_json(self) -> Plain:
        plain: Plain = to_plain(self)
        return plain

    @property
    def content_sha256(self) -> str:
        """Digest of the canonical JSON of every field: what a signature or a later comparison is about."""
        return digest(self.to_json())


def certificate_fields(
    before: BeforeWipe,
    after: AfterWipe,
    verdict: Verdict,
    *,
    number: str,
    organisation: str,
    asset_code: str,
    sanitised_by: Signatory,
    verified_by: Signatory,
    tool_version: str,
    removable_media_removed: bool,
    media_source: str = "",
    confidentiality_before: str = "",
    confidentiality_after: str = "",
    destination: str = "",
    backup: str = "",
) -> CertificateContent:
    """The certificate of a verified wipe. Raises `WipeError` for any other verdict."""
    if not verdict.wiped:
        raise WipeError(f"No certificate was written, for the wipe is not verified. {' '.join(verdict.reasons)}")
    return CertificateContent(
        number=number,
        standard=STANDARD,
        organisation=organisation,
        asset_code=asset_code,
        manufacturer=before.unit.manufacturer or "",
        model=before.unit.model or "",
        serial=before.unit.serial or "",
        media_type="Built-in flash storage of a tablet",
        media_source=media_source,
        android_release=before.release,
        security_patch=before.security_patch or "",
        confidentiality_before=confidentiality_before,
        confidentiality_after=confidentiality_after,
        sanitisation="Clear",
        technique=_TECHNIQUES[verdict.method],
        tool="Doorstep",
        tool_version=tool_version,
        verification_method=_verification(verdict),
        destination=destination,
        backup=backup,
        removable_media_removed=removable_media_removed,
        encrypted_before=_encrypted(before),
        sanitised_at=before.prepared_at,
        sanitised_by=sanitised_by,
        verified_at=after.collected_at,
        verified_by=verified_by,
        proofs=verdict.proofs,
    )


def _verification(verdict: Verdict) -> str:
    held = sum(proof.outcome is ProofOutcome.HOLDS for proof in verdict.proofs)
    return f"Read before and after the reset and compared: {held} proofs hold, none contradicts"


def _encrypted(before: BeforeWipe) -> str:
    if before.encryption is None:
        return "not read"
    if not before.encryption.encrypted:
        return "no"
    return f"yes, {before.encryption.kind}-based" if before.encryption.kind else "yes"
