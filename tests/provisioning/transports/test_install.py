"""Reading what Android answers to an install; samples from AOSP sources and public logs."""

from __future__ import annotations

import pytest

from provisioning.errors import InstallRefused
from provisioning.transports.install_answers import check_answer, read_refusal
from provisioning.transports.install_reasons import REASONS, sentence_for
from provisioning.transports.install_service import session_ways, streaming_ways

ANSWERS = [
    ("Failure [INSTALL_FAILED_OLDER_SDK]", "INSTALL_FAILED_OLDER_SDK", ""),
    (
        (
            "\tpkg: /data/local/tmp/x.apk\nFailure [INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package org.example.a "
            "signatures do not match newer version; ignoring!]\n"
        ),
        "INSTALL_FAILED_UPDATE_INCOMPATIBLE",
        "Existing package org.example.a signatures do not match newer version; ignoring!",
    ),
    (
        (
            "Exception occurred while executing 'install':\njava.lang.SecurityException: Can't install packages while "
            "in secure FRP\n\tat com.android.server.pm.PackageInstallerSession.commit(PackageInstallerSession.java)\n"
        ),
        "SecurityException",
        "Can't install packages while in secure FRP",
    ),
    (
        (
            "Exception occurred while executing 'install':\njava.io.IOException: Requested internal only, but not "
            "enough space\n"
        ),
        "INSTALL_FAILED_INSUFFICIENT_STORAGE",
        "Exception occurred while executing 'install':",
    ),
    ("Error: Unknown option: --x\n", "INSTALL_ANSWER_UNKNOWN", "Error: Unknown option: --x"),
    ("cmd: Can't find service: package\n", "INSTALL_ANSWER_UNKNOWN", "cmd: Can't find service: package"),
]


@pytest.mark.parametrize(("answer", "code", "detail"), ANSWERS)
def test_the_reason_is_read_out_of_the_answer(answer: str, code: str, detail: str) -> None:
    assert read_refusal(answer) == (code, detail)


@pytest.mark.parametrize("answer", ["Success", "\tpkg: /data/local/tmp/x.apk\nSuccess\n", "Success\r\n"])
def test_success_is_read_at_the_start_of_a_line(answer: str) -> None:
    check_answer(answer, app="a.apk", address="tcp:h:1")


@pytest.mark.parametrize("answer", ["Failure [X: no Success]", "Unsuccessful", "Successful? no"])
def test_the_word_success_elsewhere_is_not_success(answer: str) -> None:
    with pytest.raises(InstallRefused):
        check_answer(answer, app="a.apk", address="tcp:h:1")


def test_the_sentence_names_the_app_the_reason_and_androids_own_word() -> None:
    with pytest.raises(InstallRefused) as caught:
        check_answer("Failure [INSTALL_FAILED_VERSION_DOWNGRADE]", app="sample.apk", address="tcp:h:1")
    assert str(caught.value) == (
        "The tablet at tcp:h:1 refused sample.apk: a newer version is on the tablet. "
        "(Android says: INSTALL_FAILED_VERSION_DOWNGRADE)"
    )


def test_every_reason_is_a_sentence_that_can_follow_a_colon() -> None:
    for sentence in [*REASONS.values(), sentence_for("INSTALL_FAILED_SOMETHING_NEW")]:
        assert sentence[0].islower() or sentence.startswith("Play Protect")
        assert sentence.endswith(".")


def test_the_newest_way_comes_first_and_only_when_offered() -> None:
    ways = streaming_ways(frozenset({"abb_exec", "cmd"}))
    assert [way.feature for way in ways] == ["abb_exec", "cmd"]
    assert streaming_ways(frozenset({"shell_v2"})) == ()


def test_a_session_is_made_through_pm_where_nothing_newer_is_offered() -> None:
    (way,) = session_ways(frozenset({"shell_v2"}))
    assert way.service("install-commit", "12") == b"exec:pm install-commit 12"
