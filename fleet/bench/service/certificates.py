"""Wipe certificates: written once for a verified wipe, printed as PDF, checked by anyone who has the number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import Certificate, CertificateYear, Run
from fleet.bench.rules import certificate_number
from fleet.bench.service.benches import get_bench, get_slot
from fleet.clock import local_date
from fleet.errors import NotFound, there
from fleet.partners import service as partners
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from labels import certificate as paper
from labels.certificate_pdf import render_certificate
from provisioning.facts.plain import digest
from provisioning.wipe.certificate import CertificateContent, Signatory, certificate_fields
from provisioning.wipe.evidence import AfterWipe, BeforeWipe
from provisioning.wipe.judging import Verdict
from provisioning.wipe.proofs import ProofOutcome
from provisioning.wipe.routes import RouteCode

_content: TypeAdapter[CertificateContent] = TypeAdapter(CertificateContent)

_OUTCOMES = {
    ProofOutcome.HOLDS: paper.ProofOutcome.PASSED,
    ProofOutcome.CONTRADICTED: paper.ProofOutcome.FAILED,
    ProofOutcome.UNREADABLE: paper.ProofOutcome.UNKNOWN,
    ProofOutcome.SILENT: paper.ProofOutcome.NOT_APPLICABLE,
}


def get_certificate(session: Session, number: str) -> Certificate:
    """Raises `NotFound`."""
    return there(
        queries.certificate(session, number.strip().upper()),
        "There is no certificate with this number.",
        next_step="Compare it with the paper, letter by letter.",
    )


def latest_certificates(session: Session, tablet_ids: Sequence[int]) -> Mapping[int, str]:
    """By tablet, the number of its last certificate; one that has none is left out."""
    return queries.latest_numbers(session, tablet_ids)


def write_certificate(
    session: Session, run: Run, before: BeforeWipe, after: AfterWipe, verdict: Verdict, *, now: datetime
) -> Certificate:
    """The certificate of a run whose wipe is verified. Raises `provisioning.errors.WipeError` for any other verdict.

    Its tablet is locked by the caller, so that one certificate supersedes exactly one.
    """
    tablet = tablets.get_tablet(session, run.tablet_id)
    earlier = queries.latest_certificate(session, tablet.id)
    hub = partners.get_organisation(session, tablet.hub_id)
    slot = get_slot(session, run.slot_id)
    place = f"{hub.name}, {get_bench(session, slot.bench_id).name}, slot {slot.place}"
    content = certificate_fields(
        before,
        after,
        verdict,
        number=_next_number(session, now),
        organisation=hub.name,
        asset_code=asset_code(tablet),
        sanitised_by=Signatory(run.started_by, "Technician", hub.name, place, hub.help_phone),
        verified_by=Signatory("Doorstep", "Software, comparing before and after", hub.name, place, hub.help_phone),
        tool_version=version("doorstep"),
        removable_media_removed=run.media_removed,
        confidentiality_before="Personal data of an earlier holder, treated as confidential",
        confidentiality_after="None",
        route=RouteCode(run.route or RouteCode.SETTINGS_RESET),
        erased_before=run.first_stage is not None,
        destination="Recycling" if tablet.retiring else "Lending to another person",
    )
    made = Certificate(
        number=content.number,
        run_id=run.id,
        tablet_id=tablet.id,
        supersedes_id=earlier.id if earlier else None,
        content=content.to_json(),
        content_sha256=content.content_sha256,
        issued_at=now,
    )
    session.add(made)
    session.flush()
    return made


def asset_code(tablet: Tablet) -> str:
    """What is on its label, or its number in our books while it has none."""
    code = tablet.label_code
    return f"{code[:4]}-{code[4:]}" if code else f"Tablet {tablet.id}"


def _next_number(session: Session, now: datetime) -> str:
    """The next of the year. The year's row stays locked until the certificate is committed: no number is skipped."""
    year = local_date(now).year
    row = queries.certificate_year_locked(session, year)
    if row is None:
        try:
            with session.begin_nested():
                session.add(CertificateYear(year=year, last=0))
        except IntegrityError:  # another run began the year a moment before
            session.expire_all()
        row = queries.certificate_year_locked(session, year)
    if row is None:
        raise NotFound(f"The numbers of {year} cannot be read.", next_step="Try again.")
    row.last += 1
    session.flush()
    return certificate_number(year, row.last)


def content_of(certificate: Certificate) -> CertificateContent:
    """Its fields as values."""
    return _content.validate_python(certificate.content)


@dataclass(frozen=True)
class Checked:
    """A certificate as anyone may check it. `genuine` is False when its content no longer fits its own digest."""

    certificate: Certificate
    content: CertificateContent
    genuine: bool
    superseded_by: str
    supersedes: str

    @property
    def valid(self) -> bool:
        return self.genuine and not self.superseded_by


def check_certificate(session: Session, number: str) -> Checked:
    """Raises `NotFound`."""
    certificate = get_certificate(session, number)
    later = queries.certificate_that_supersedes(session, certificate.id)
    earlier = queries.certificate_by_id(session, certificate.supersedes_id) if certificate.supersedes_id else None
    return Checked(
        certificate,
        content_of(certificate),
        genuine=digest(certificate.content) == certificate.content_sha256,
        superseded_by=later.number if later else "",
        supersedes=earlier.number if earlier else "",
    )


def certificate_pdf(session: Session, number: str, *, settings: Settings) -> bytes:
    """The certificate as PDF, the same bytes each time. Raises `NotFound`."""
    checked = check_certificate(session, number)
    return render_certificate(_on_paper(checked, settings))


def _on_paper(checked: Checked, settings: Settings) -> paper.CertificateValues:
    content = checked.content
    return paper.CertificateValues(
        number=content.number,
        issued_on=local_date(checked.certificate.issued_at),
        issued_by=content.organisation,
        tablet=paper.TabletIdentity(
            content.manufacturer,
            content.model,
            content.serial,
            content.asset_code,
            (("Android", content.android_release), ("Security patch", content.security_patch or "not told")),
        ),
        media=paper.Media(
            content.media_type,
            content.media_source or "Used by an earlier holder",
            content.encrypted_before,
            "Taken out beforehand" if content.removable_media_removed else "Not stated",
        ),
        technique=content.sanitisation,
        method=content.technique,
        standard=content.standard,
        tool=content.tool,
        tool_version=content.tool_version,
        verification_method=content.verification_method,
        proofs=tuple(
            paper.Proof(proof.sentence, proof.before, proof.after, _OUTCOMES[proof.outcome]) for proof in content.proofs
        ),
        sanitised_by=_signatory(content.sanitised_by, content.sanitised_at),
        verified_by=_signatory(content.verified_by, content.verified_at, signature="By software; no signature"),
        destination=content.destination,
        content_hash=checked.certificate.content_sha256,
        verify_url=f"{settings.public_url}/certificates/{content.number}",
        supersedes=checked.supersedes,
        confidentiality_before=content.confidentiality_before,
        confidentiality_after=content.confidentiality_after,
        backup=content.backup,
    )


def _signatory(person: Signatory, at: datetime, signature: str = "") -> paper.Signatory:
    return paper.Signatory(
        person.name, person.title, local_date(at), person.location, person.contact, signature=signature
    )


def public_facts(checked: Checked) -> tuple[tuple[str, Any], ...]:
    """What a stranger may read: what was wiped, when, how and how it was checked. No person."""
    content = checked.content
    serial = content.serial
    return (
        ("Tablet", f"{content.manufacturer} {content.model}".strip()),
        ("Serial number ends in", serial[-4:] if len(serial) > 4 else serial),
        ("Wiped on", content.sanitised_at),
        ("How", content.technique),
        ("Level", f"{content.sanitisation} ({content.standard})"),
        ("Checked on", content.verified_at),
        ("Checked by", f"{content.tool} {content.tool_version}: {content.verification_method.lower()}"),
        ("Issued by", content.organisation),
        ("Content hash (SHA-256)", checked.certificate.content_sha256),
    )
