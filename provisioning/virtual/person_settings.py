"""What a person changes in a tablet's settings when a bench asks them to."""

from __future__ import annotations

from provisioning.virtual.tablet import VirtualTablet


def choose_language(tablet: VirtualTablet, tag: str) -> None:
    """Settings, Languages: add one and drag it to the top."""
    with tablet.changing() as state:
        state.content.properties["persist.sys.locale"] = tag


def join_wifi(tablet: VirtualTablet, name: str) -> None:
    """Settings, Wi-Fi: tap a network and type its passphrase."""
    with tablet.changing() as state:
        state.content.networks = [*(one for one in state.content.networks if one[0] != name), [name, "wpa2-psk"]]
        state.content.wifi_in_use = name


def choose_buttons(tablet: VirtualTablet) -> None:
    """Settings, Display, Navigation bar: Buttons."""
    with tablet.changing() as state:
        state.content.settings["secure"]["navigation_mode"] = "0"


def choose_time_zone(tablet: VirtualTablet, zone: str) -> None:
    """Settings, Date and time: no automatic time zone, and this one."""
    with tablet.changing() as state:
        state.content.settings["global"]["auto_time_zone"] = "0"
        state.content.properties["persist.sys.timezone"] = zone
