"""The tablets of the demo: six makes and versions, each with a past, three of them with something to settle first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from provisioning.virtual.belongings import move_in
from provisioning.virtual.state import Account, Owner
from provisioning.virtual.tablet import VirtualTablet


@dataclass(frozen=True)
class TabletCast:
    """One tablet as it arrives: which model, and what its last owner left on it."""

    name: str
    personality: str
    serial: str
    accounts: tuple[Account, ...] = ()
    owner: Owner | None = None
    battery_level: int = 80
    plugged: str = "usb"
    used: bool = True
    """Whether somebody had it before; an unused one waits in its setup wizard with debugging off."""


DEMO_CAST: tuple[TabletCast, ...] = (
    TabletCast(
        "account", "lenovo-tab-m10-9", "VIRTDEMO0001", accounts=(Account("sample.one@example.com", "com.google"),)
    ),
    TabletCast(
        "owner",
        "samsung-tab-a7-11",
        "VIRTDEMO0002",
        owner=Owner("com.example.fleetcontrol/.AdminReceiver", "Another Organisation", blocks_reset=True),
    ),
    TabletCast("battery", "nokia-t20-12", "VIRTDEMO0003", battery_level=15, plugged=""),
    TabletCast("plain-13", "lenovo-tab-m8-13", "VIRTDEMO0004"),
    TabletCast("plain-14", "samsung-tab-a9-14", "VIRTDEMO0005", battery_level=64),
    TabletCast("plain-15", "google-pixel-tablet-15", "VIRTDEMO0006", battery_level=91),
)


def prepare(tablet: VirtualTablet, cast: TabletCast) -> None:
    """Give a tablet fresh from the factory the past its cast says. Doing it again changes nothing."""
    with tablet.changing() as state:
        voltage = 3500 + cast.battery_level * 7
        battery = replace(state.body.battery, level=cast.battery_level, plugged=cast.plugged, voltage=voltage)
        state.body.battery = battery
        if cast.used:
            move_in(tablet, seed=sum(cast.serial.encode()))
        state.content.accounts = list(cast.accounts)
        state.content.owner = cast.owner
