"""Apps: installed, updated, switched on, and never over a stranger's copy."""

from __future__ import annotations

import pytest

from provisioning.errors import FactUnreadable, NeedsPerson, Unsupported
from provisioning.facts.package_details import app_details
from provisioning.resources.app import AppInstalled, signer_hash
from tests.provisioning.observations import absent, installed, observed

MEET = AppInstalled(
    package="org.example.meet", title="Meet", min_version=5, signer="a1b2c3d4", min_sdk=24, reason="To meet"
)


def test_an_app_that_is_not_there_is_installed_from_the_library() -> None:
    (step,) = MEET.steps(observed(absent("org.example.meet")))
    assert step.apps == ("org.example.meet",)
    assert step.sentence == "Install Meet."


def test_an_older_version_is_replaced_and_named() -> None:
    (step,) = MEET.steps(observed(installed("org.example.meet", version_code=4)))
    assert step.sentence == "Install Meet over version 4."


def test_a_version_that_will_do_needs_nothing() -> None:
    assert MEET.steps(observed(installed("org.example.meet", version_code=9))) == ()


def test_an_app_that_is_switched_off_is_switched_on() -> None:
    (step,) = MEET.steps(observed(installed("org.example.meet", version_code=5, enabled=False)))
    assert step.shown() == ("pm enable --user 0 org.example.meet",)


def test_a_copy_from_another_maker_is_left_to_a_person_because_its_data_would_go() -> None:
    with pytest.raises(NeedsPerson, match="Uninstall"):
        MEET.steps(observed(installed("org.example.meet", signer="deadbeef")))


def test_an_android_too_old_for_the_app_is_not_the_tablets_failure() -> None:
    needs_more = AppInstalled(package="org.example.meet", title="Meet", min_sdk=34, reason="To meet")
    with pytest.raises(Unsupported):
        needs_more.steps(observed(absent("org.example.meet")))


def test_an_unreadable_app_is_never_taken_for_an_absent_one() -> None:
    with pytest.raises(FactUnreadable):
        MEET.steps(observed({app_details("org.example.meet"): None}))


def test_the_signers_short_name_is_javas_hash_of_its_bytes() -> None:
    """Worked by hand: ((31 + 1) * 31 + 2) * 31 + 3 = 30817, and a byte of 255 counts as -1."""
    assert signer_hash(bytes([1, 2, 3])) == "7861"
    assert signer_hash(b"") == "1"
    assert signer_hash(b"\xff") == "1e"
    assert MEET.signed_by(bytes([1, 2, 3])).signer == "7861"


@pytest.mark.parametrize("name", ["meet", "org..meet", "org.example.meet; reboot", "1org.example"])
def test_what_cannot_be_a_package_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a package name"):
        AppInstalled(package=name, title="Meet", reason="To meet")
