"""A settings screen is opened for the person who has to do something on it."""

from __future__ import annotations

import pytest

from provisioning.engine.screens import open_screen
from tests.provisioning.conftest import MakeSlot


@pytest.mark.parametrize("personality", ["lenovo-tab-m10-9", "google-pixel-tablet-15"])
def test_the_screen_is_on_the_tablet_and_what_is_no_screen_is_said_so(make_slot: MakeSlot, personality: str) -> None:
    slot = make_slot(personality)
    transport = slot.connect()
    assert open_screen(transport, "android.settings.LOCALE_SETTINGS")
    assert "LocalePicker" in slot.tablet.app_in_front
    assert not open_screen(transport, "android.settings.NO_SUCH_SETTINGS")
    assert not open_screen(transport, "")
