"""The certificate's content: only for a verified wipe, every field there, and never more than was checked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provisioning.errors import WipeError
from provisioning.wipe.certificate import CertificateContent, Signatory, certificate_fields
from provisioning.wipe.judging import judge
from tests.provisioning.wipe.samples import BEFORE, UNTOUCHED, WIPED

SAMPLE = Signatory("Sample One", "Technician", "Sample Hub", "Bench 1", "020 7946 0000")


def certificate(number: str = "C-1") -> CertificateContent:
    return certificate_fields(
        BEFORE,
        WIPED,
        judge(BEFORE, WIPED),
        number=number,
        organisation="Sample Hub",
        asset_code="AB2C-3",
        sanitised_by=SAMPLE,
        verified_by=replace(SAMPLE, name="Sample Two"),
        tool_version="0.1.0",
        removable_media_removed=True,
    )


def test_a_verified_wipe_gets_a_certificate_that_names_the_unit_and_the_method() -> None:
    content = certificate()
    assert (content.manufacturer, content.model, content.serial) == ("Example", "Sample Tab 10", "SAMPLE0001")
    assert content.standard == "NIST SP 800-88 Rev. 2"
    assert content.sanitisation == "Clear", "hardware-backed keys were not checked, so nothing stronger is claimed"
    assert "cryptographic erase" in content.technique
    assert content.verified_by.name == "Sample Two"


def test_an_unverified_wipe_gets_none() -> None:
    with pytest.raises(WipeError, match="No certificate was written"):
        certificate_fields(
            BEFORE,
            UNTOUCHED,
            judge(BEFORE, UNTOUCHED),
            number="C-1",
            organisation="Sample Hub",
            asset_code="AB2C-3",
            sanitised_by=SAMPLE,
            verified_by=SAMPLE,
            tool_version="0.1.0",
            removable_media_removed=True,
        )


def test_an_unencrypted_tablet_is_only_cleared() -> None:
    plain = replace(BEFORE, encryption=None)
    content = certificate_fields(
        plain,
        WIPED,
        judge(plain, WIPED),
        number="C-1",
        organisation="Sample Hub",
        asset_code="AB2C-3",
        sanitised_by=SAMPLE,
        verified_by=SAMPLE,
        tool_version="0.1.0",
        removable_media_removed=False,
    )
    assert "cryptographic" not in content.technique
    assert content.encrypted_before == "not read"


def test_the_digest_is_of_the_content_and_of_nothing_else() -> None:
    assert certificate().content_sha256 == certificate().content_sha256
    assert certificate().content_sha256 != certificate("C-2").content_sha256
