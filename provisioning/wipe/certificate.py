"""What a wipe certificate says, as plain values. Drawing it is another package's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from provisioning.errors import WipeError
from provisioning.facts.plain import Plain, digest, to_plain
from provisioning.wipe.evidence import AfterWipe, BeforeWipe
from provisioning.wipe.judging import Method, Verdict
from provisioning.wipe.proofs import Proof, ProofOutcome
from provisioning.wipe.routes import RouteCode

STANDARD = "NIST SP 800-88 Rev. 2"

_RESETS = {
    RouteCode.SETTINGS_RESET: "Factory reset from Settings",
    RouteCode.DEVICE_OWNER: "Factory reset by the management app of the organisation itself",
    RouteCode.TRADE_IN: "Factory reset that Android's trade-in mode forces",
}
PURGE = "Purge (cryptographic erase)"


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
    """Every field of domain.md 2.7. `sanitisation` says no more than was read beforehand (see `_sanitisation`).

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
    route: RouteCode = RouteCode.SETTINGS_RESET,
    erased_before: bool = False,
) -> CertificateContent:
    """The certificate of a verified wipe. Raises `WipeError` for any other verdict, and for a route that ends none.

    `erased_before` says that test harness mode had erased the tablet once already; the proofs are of `route` alone.
    """
    if route not in _RESETS:
        raise WipeError("No certificate was written, for the tablet was only erased for a test. Reset it as well.")
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
        sanitisation=_sanitisation(before, verdict.method),
        technique=_technique(before, verdict.method, route, erased_before),
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


def _sanitisation(before: BeforeWipe, method: Method) -> str:
    """Purge only where both were read before: every file encrypted, and keys that live in hardware (NIST SP 800-88)."""
    by_file = before.encryption is not None and before.encryption.kind == "file"
    purged = method is Method.CRYPTOGRAPHIC_ERASE and by_file and before.hardware_keys is True
    return PURGE if purged else "Clear"


def _technique(before: BeforeWipe, method: Method, route: RouteCode, erased_before: bool) -> str:
    reset = _RESETS[route]
    if erased_before:
        reset = f"{reset}, after a first erase by test harness mode"
    if method is not Method.CRYPTOGRAPHIC_ERASE:
        read = "encryption was not read" if before.encryption is None else "not encrypted"
        return f"{reset} ({read}: what was stored is no longer addressed, not overwritten)"
    keys = "its keys are kept in hardware" if before.hardware_keys else "that its keys live in hardware was not shown"
    return f"{reset} of storage read as encrypted before: its keys were destroyed (cryptographic erase; {keys})"


def _verification(verdict: Verdict) -> str:
    held = sum(proof.outcome is ProofOutcome.HOLDS for proof in verdict.proofs)
    return f"Read before and after the reset and compared: {held} proofs hold, none contradicts"


def _encrypted(before: BeforeWipe) -> str:
    if before.encryption is None:
        return "not read"
    if not before.encryption.encrypted:
        return "no"
    return f"yes, {before.encryption.kind}-based" if before.encryption.kind else "yes"
