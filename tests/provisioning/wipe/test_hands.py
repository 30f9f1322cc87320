"""The reset page: opened where the tablet has one, and honest where it would not open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from provisioning.engine.observe import observe
from provisioning.transports.base import ShellResult
from provisioning.virtual.tablet import Screen
from provisioning.wipe.hands import open_reset
from tests.provisioning.benchtop import Tap
from tests.provisioning.conftest import MakeSlot


def answering(words: str, answer: ShellResult) -> Callable[[str, Callable[[], object]], object]:
    """Every command with these words in it gets this answer; the rest reach the tablet."""
    return lambda name, act: answer if words in name else act()


def test_a_tablet_without_the_newest_page_is_brought_to_the_nearest_one(make_slot: MakeSlot) -> None:
    slot = make_slot()
    seen = observe(slot.connect())
    missing = answering("settings.action.FACTORY_RESET", ShellResult(0, "No activity found\n", ""))
    hands = open_reset(Tap(slot.connect(), missing), seen)
    assert hands.opened
    assert slot.tablet.screen is Screen.RESET


@pytest.mark.parametrize(
    "answer",
    [
        ShellResult(0, "Starting: Intent { act=x }\nError type 3\nError: Activity class {x} does not exist.\n", ""),
        ShellResult(0, "Starting: Intent { act=x }\nSecurity exception: Permission Denial: starting Intent\n", ""),
        ShellResult(1, "", "Error: Activity not started, unable to resolve Intent { act=x }\n"),
        ShellResult(0, "", ""),
    ],
)
def test_a_page_that_would_not_open_is_said_to_be_closed_and_the_way_by_hand_is_told(
    make_slot: MakeSlot, answer: ShellResult
) -> None:
    """Old Androids end `am start` with exit code 0 whatever happened."""
    slot = make_slot()
    seen = observe(slot.connect())
    hands = open_reset(Tap(slot.connect(), answering("am start", answer)), seen)
    assert not hands.opened
    assert hands.screen == ""
    assert "Open Settings" in hands.sentence


def test_the_screen_is_kept_awake_while_a_person_reads(make_slot: MakeSlot) -> None:
    slot = make_slot()
    transport = slot.connect()
    open_reset(transport, observe(transport))
    assert slot.tablet.setting("global", "stay_on_while_plugged_in") not in {None, "0"}


def test_samsungs_own_words_are_used_on_a_samsung(make_slot: MakeSlot) -> None:
    transport = make_slot("samsung-tab-a9-14").connect()
    assert "“Factory data reset”" in open_reset(transport, observe(transport)).sentence
