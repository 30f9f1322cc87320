"""An app is taken only from who it came from before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provisioning.apps.app_file import short_fingerprint
from provisioning.apps.reading import read_app
from provisioning.apps.trust import check_signer
from provisioning.errors import SignedByStranger
from tests.apks import ApkRecipe, build_apk, signer_certificate_sha256


def test_the_pinned_signer_is_accepted_in_either_case_of_letters() -> None:
    app = read_app(build_apk())
    check_signer(app, {signer_certificate_sha256()})
    check_signer(app, [signer_certificate_sha256().upper()])


def test_a_stranger_is_refused_with_both_fingerprints_and_what_to_do() -> None:
    app = read_app(build_apk(ApkRecipe(signer="stranger")))
    with pytest.raises(SignedByStranger, match="Nothing was installed") as caught:
        check_signer(app, {signer_certificate_sha256()})
    for signer in ("ours", "stranger"):
        assert short_fingerprint(signer_certificate_sha256(signer)) in str(caught.value)


def test_a_key_vouched_for_by_the_pinned_one_is_accepted() -> None:
    app = read_app(build_apk(ApkRecipe(signer="rotated", rotated_from="ours")))
    check_signer(app, {signer_certificate_sha256("ours")})
    check_signer(app, {signer_certificate_sha256("rotated")})
    with pytest.raises(SignedByStranger):
        check_signer(app, {signer_certificate_sha256("stranger")})


def test_an_older_key_does_not_pass_for_the_one_that_replaced_it() -> None:
    with pytest.raises(SignedByStranger):
        check_signer(read_app(build_apk()), {signer_certificate_sha256("rotated")})


def test_all_pinned_signers_must_have_signed_and_nobody_else() -> None:
    both = {signer_certificate_sha256("ours"), signer_certificate_sha256("stranger")}
    app = read_app(build_apk())
    with pytest.raises(SignedByStranger):
        check_signer(app, both)
    with pytest.raises(SignedByStranger):
        check_signer(app, set())
    check_signer(replace(app, signers=tuple(sorted(both))), both)


def test_a_short_fingerprint_shows_both_ends() -> None:
    assert short_fingerprint("a1b2c3d4" + "0" * 48 + "99887766") == "A1B2 C3D4 … 9988 7766"
