"""Steps: what a plan may show, store and send."""

from __future__ import annotations

import pytest

from provisioning.command import Quoted
from provisioning.errors import PlanError
from provisioning.facts.plain import from_plain, to_plain
from provisioning.resources.step import InstallApp, PushText, SecretName, Step, run

STEP = Step(
    "wifi",
    "Join the bench's Wi-Fi.",
    "To install apps",
    (
        run("cmd wifi connect-network", Quoted("Sample net"), "wpa2", SecretName("wifi")),
        InstallApp("org.example.meet"),
        PushText("/sdcard/a", "text"),
    ),
)


def test_a_secret_is_named_shown_as_stars_and_sent_only_when_given() -> None:
    assert STEP.secrets == ("wifi",)
    assert STEP.shown()[0] == "cmd wifi connect-network 'Sample net' wpa2 ***"
    command = run("x", SecretName("wifi"))
    assert command.command({"wifi": "pass word"}).sent() == "x 'pass word'"
    assert command.command({"wifi": "pass word"}).shown() == "x ***"


def test_a_secret_that_was_not_given_stops_before_anything_is_sent() -> None:
    with pytest.raises(PlanError, match="wifi"):
        run("x", SecretName("wifi")).command({})


def test_a_step_survives_being_stored_and_never_holds_a_secrets_value() -> None:
    assert from_plain(Step, to_plain(STEP)) == STEP
