"""The certificate's content: only for a verified wipe, every field there, and never more than was checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from provisioning.errors import WipeError
from provisioning.facts.security import Encryption
from provisioning.wipe.certificate import CertificateContent, Signatory, certificate_fields
from provisioning.wipe.evidence import BeforeWipe
from provisioning.wipe.judging import judge
from provisioning.wipe.routes import RouteCode
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


@pytest.mark.parametrize(
    ("encryption", "hardware_keys", "level"),
    [
        (Encryption(encrypted=True, kind="file"), True, "Purge (cryptographic erase)"),
        (Encryption(encrypted=True, kind="file"), None, "Clear"),
        (Encryption(encrypted=True, kind="block"), True, "Clear"),
        (Encryption(encrypted=False, kind=None), True, "Clear"),
        (None, True, "Clear"),
    ],
)
def test_purge_is_claimed_only_where_file_encryption_and_hardware_keys_were_read_before(
    encryption: Encryption | None, hardware_keys: bool | None, level: str
) -> None:
    before = replace(BEFORE, encryption=encryption, hardware_keys=hardware_keys)
    assert of(before).sanitisation == level


def test_a_certificate_names_the_reset_and_never_the_test_mode_alone() -> None:
    content = of(BEFORE, route=RouteCode.SETTINGS_RESET, erased_before=True)
    assert content.technique.startswith("Factory reset from Settings, after a first erase by test harness mode")
    for route in (RouteCode.TEST_HARNESS, RouteCode.FASTBOOT, RouteCode.RESCUE, RouteCode.RECOVERY_MENU):
        with pytest.raises(WipeError, match="No certificate was written"):
            of(BEFORE, route=route)


def of(before: BeforeWipe, **how: Any) -> CertificateContent:
    return certificate_fields(
        before,
        WIPED,
        judge(before, WIPED),
        number="C-1",
        organisation="Sample Hub",
        asset_code="AB2C-3",
        sanitised_by=SAMPLE,
        verified_by=SAMPLE,
        tool_version="0.1.0",
        removable_media_removed=True,
        **how,
    )
