"""The certificate of data sanitisation as an A4 paper of one or two pages, the same bytes for the same values."""

from __future__ import annotations

from labels.certificate import CertificateValues
from labels.certificate_parts import certificate_parts
from labels.office import OfficePaper, render_office_paper


def render_certificate(values: CertificateValues) -> bytes:
    """The certificate as a PDF. Raises TextNotPrintable, or LabelDoesNotFit where one value fills more than a page."""
    return render_office_paper(
        OfficePaper(
            title=f"Certificate of data sanitisation {values.number}",
            foot=f"Certificate {values.number}",
            issued_by=values.issued_by,
            made_on=values.issued_on,
            parts=lambda: certificate_parts(values),
        )
    )
