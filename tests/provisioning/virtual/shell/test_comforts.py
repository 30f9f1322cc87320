"""Sound, language, Wi-Fi, access services, buttons and lock screen, as each Android answers for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from provisioning.virtual import person_settings
from provisioning.virtual.console import obey
from provisioning.virtual.tablet import VirtualTablet
from tests.provisioning.virtual.run import Ran, run_on

Make = Callable[..., VirtualTablet]
Run = Callable[..., Ran]
A9, A11, A12 = "lenovo-tab-m10-9", "samsung-tab-a7-11", "nokia-t20-12"
A13, A14, A15 = "lenovo-tab-m8-13", "samsung-tab-a9-14", "google-pixel-tablet-15"
TALKBACK = "com.google.android.marvin.talkback/com.google.android.marvin.talkback.TalkBackService"


@pytest.mark.parametrize(("personality", "tool"), [(A9, "media"), (A11, "cmd media_session"), (A15, "media")])
def test_a_volume_is_read_and_set_within_its_range(make_tablet: Make, personality: str, tool: str) -> None:
    tablet = make_tablet(personality)
    assert "[V] volume is 5 in range [0..15]" in run_on(tablet, f"{tool} volume --stream 3 --get").out
    assert run_on(tablet, f"{tool} volume --stream 3 --set 12").code == 0
    assert "[V] volume is 12 in range [0..15]" in run_on(tablet, f"{tool} volume --stream 3 --get").out
    wrong = run_on(tablet, f"{tool} volume --stream 3 --set 99")
    assert "invalid volume index 99 for stream 3 (should be in [0..15])" in wrong.err


def test_the_service_for_sound_came_with_android_11(run: Run) -> None:
    assert "Can't find service: media_session" in run("cmd media_session volume --stream 3 --get", A9).err


def test_an_app_has_its_own_language_from_android_13_on(make_tablet: Make) -> None:
    tablet, name = make_tablet(A13), "com.android.chrome"
    assert run_on(tablet, f"cmd locale get-app-locales {name} --user 0").out.endswith("are []\n")
    run_on(tablet, f"cmd locale set-app-locales {name} --user 0 --locales pa-IN")
    assert run_on(tablet, f"cmd locale get-app-locales {name} --user 0").out.endswith("are [pa-IN]\n")
    assert "Unknown package" in run_on(tablet, "cmd locale get-app-locales org.example.none --user 0").err


def test_only_a_person_changes_the_tablets_language_before_android_16(make_tablet: Make) -> None:
    tablet = make_tablet(A15)
    assert "set-device-locale" not in run_on(tablet, "cmd locale help").out
    assert "Unknown command" in run_on(tablet, "cmd locale set-device-locale pa-IN").err
    assert "config: en-rGB-" in run_on(tablet, "am get-config").out
    assert "screen home" in obey(tablet, "language zh-Hans-CN")
    assert "config: b+zh+Hans+CN-" in run_on(tablet, "am get-config").out


def test_the_second_release_of_android_16_takes_a_language_by_command(make_tablet: Make) -> None:
    tablet = make_tablet(A15)
    tablet.personality = replace(tablet.personality, properties={"ro.build.version.sdk_full": "36.1"})
    assert "set-device-locale" in run_on(tablet, "cmd locale help").out
    run_on(tablet, "cmd locale set-device-locale cy-GB")
    assert "config: cy-rGB-" in run_on(tablet, "am get-config").out


@pytest.mark.parametrize(("personality", "may"), [(A11, True), (A12, True), (A13, False), (A14, False), (A15, True)])
def test_who_may_add_a_network_is_in_the_help(make_tablet: Make, personality: str, *, may: bool) -> None:
    tablet = make_tablet(personality)
    assert ("connect-network" in run_on(tablet, "cmd wifi help").out) is may
    ran = run_on(tablet, "cmd wifi connect-network 'Sample hub' wpa2 secret")
    assert (ran.out == "Connection initiated \n") is may
    assert ("SecurityException: Uid 2000 does not have access" in ran.err) is not may


def test_a_network_is_joined_listed_and_forgotten(make_tablet: Make) -> None:
    tablet = make_tablet(A15)
    person_settings.join_wifi(tablet, "Sample hub")
    assert "Sample hub" in run_on(tablet, "cmd wifi list-networks").out
    assert 'Wifi is connected to "Sample hub"' in run_on(tablet, "cmd wifi status").out
    assert 'SSID: "Sample hub",' in run_on(tablet, "dumpsys wifi").out
    assert "Forget successful" in run_on(tablet, "cmd wifi forget-network 0").out
    assert "Wifi is not connected" in run_on(tablet, "cmd wifi status").out


@pytest.mark.parametrize(("personality", "word"), [(A9, "           services:{Ser"), (A13, "Bound services:{Ser")])
def test_android_works_the_access_flags_out_for_itself(make_tablet: Make, personality: str, word: str) -> None:
    tablet = make_tablet(personality)
    run_on(tablet, "settings put secure touch_exploration_enabled 1")
    assert tablet.setting("secure", "touch_exploration_enabled") == "0"
    run_on(tablet, "settings put secure enabled_accessibility_services org.example.none/.Service")
    assert tablet.setting("secure", "accessibility_enabled") == "0"
    run_on(tablet, f"settings put secure enabled_accessibility_services {TALKBACK}")
    assert tablet.setting("secure", "accessibility_enabled") == "1"
    assert tablet.setting("secure", "touch_exploration_enabled") == "1"
    assert word in run_on(tablet, "dumpsys accessibility").out
    run_on(tablet, "settings delete secure enabled_accessibility_services")
    assert tablet.setting("secure", "accessibility_enabled") == "0"


def test_buttons_are_an_overlay_from_android_10_on(make_tablet: Make) -> None:
    overlay = "com.android.internal.systemui.navbar.threebutton"
    tablet = make_tablet(A15)
    assert tablet.setting("secure", "navigation_mode") == "2"
    assert run_on(tablet, f"cmd overlay enable-exclusive --category {overlay}").code == 0
    assert tablet.setting("secure", "navigation_mode") == "0"
    old = make_tablet(A9, name="old")
    assert old.setting("secure", "navigation_mode") is None
    assert run_on(old, f"cmd overlay enable-exclusive --category {overlay}").code == 1


def test_the_swipe_goes_and_a_pin_stays(make_tablet: Make) -> None:
    tablet = make_tablet(A13)
    assert run_on(tablet, "locksettings get-disabled").out == "false\n"
    run_on(tablet, "locksettings set-disabled true")
    assert run_on(tablet, "locksettings get-disabled").out == "true\n"
    run_on(tablet, "locksettings set-pin 1234")
    assert run_on(tablet, "locksettings get-disabled").out == "false\n"
    assert "required" in run_on(tablet, "locksettings set-disabled true").out


def test_do_not_disturb_has_a_command_from_android_11_on(make_tablet: Make) -> None:
    tablet = make_tablet(A13)
    run_on(tablet, "cmd notification set_dnd priority")
    assert tablet.setting("global", "zen_mode") == "1"
    assert "Unknown command" in run_on(make_tablet(A9, name="old"), "cmd notification set_dnd priority").err
