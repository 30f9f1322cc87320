"""Permissions: granted to apps that ask for them, on Androids that have them."""

from __future__ import annotations

import pytest

from provisioning.errors import Unsupported
from provisioning.resources.permission import PermissionGranted
from tests.provisioning.observations import absent, installed, observed, on_android

CAMERA = PermissionGranted(
    package="org.example.meet", permission="android.permission.CAMERA", means="Meet may use the camera", reason="Seen"
)


def test_a_permission_is_granted_to_an_app_that_asks_for_it() -> None:
    (step,) = CAMERA.steps(observed(installed("org.example.meet", requested=("android.permission.CAMERA",))))
    assert step.shown() == ("pm grant --user 0 org.example.meet android.permission.CAMERA",)


def test_a_permission_is_planned_for_an_app_that_is_still_to_be_installed() -> None:
    assert CAMERA.steps(observed(absent("org.example.meet")))


def test_a_granted_permission_needs_nothing() -> None:
    assert CAMERA.steps(observed(installed("org.example.meet", permissions={"android.permission.CAMERA": True}))) == ()


def test_a_permission_the_app_never_asks_for_cannot_be_granted() -> None:
    with pytest.raises(Unsupported, match="does not ask"):
        CAMERA.steps(observed(installed("org.example.meet")))


def test_a_permission_that_this_android_does_not_have_is_no_failure() -> None:
    notify = PermissionGranted(
        package="org.example.meet", permission="android.permission.POST_NOTIFICATIONS", means="May notify", reason="x"
    )
    with pytest.raises(Unsupported):
        notify.steps(observed({**installed("org.example.meet"), **on_android(32)}))
