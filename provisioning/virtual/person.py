"""The hands: what a person does on a tablet's glass and at its socket. Nothing here goes over the wire."""

from __future__ import annotations

from dataclasses import dataclass, replace

from provisioning.virtual.intents import RESET_PAGE, start
from provisioning.virtual.shell.guards import SWITCH
from provisioning.virtual.state import Account, Owner
from provisioning.virtual.tablet import Screen, Touch, VirtualTablet
from provisioning.virtual.wiping import WipeRoute, restart, wipe


class NotOnScreen(Exception):
    """What the person wanted to tap is not on the screen."""


class SetupBlocked(Exception):
    """The setup wizard asks for the account that was on the tablet before (factory reset protection)."""


@dataclass(frozen=True)
class WizardPage:
    """One page of the first-run setup, and how often it is tapped on the shortest way through."""

    title: str
    taps: int
    since: int = 21


WIZARD: tuple[WizardPage, ...] = (
    WizardPage("Welcome: Start", 1),
    WizardPage("Connect to Wi-Fi: set up offline, and again to confirm", 2),
    WizardPage("Copy apps and data: don't copy", 1, since=28),
    WizardPage("Date and time: next", 1),
    WizardPage("Google services: more, then accept", 2),
    WizardPage("Set a PIN: skip, and again to confirm", 2),
    WizardPage("Additional terms: accept", 1, since=31),
)
BUILD_NUMBER_TAPS = 7
_DEVELOPER_OPTIONS_UNDER_SYSTEM = 28


def _touch(tablet: VirtualTablet, deed: str, taps: int) -> None:
    tablet.touches.append(Touch(deed, taps))


def accept_key(tablet: VirtualTablet, *, always: bool = True) -> None:
    """Tap Allow. Raises `NotOnScreen` when no computer is asking."""
    if tablet.prompt is None:
        raise NotOnScreen("No computer is asking to debug this tablet.")
    # Noted before the answer, which lets the computer go on at once.
    _touch(tablet, "Always allow from this computer, Allow" if always else "Allow", 2 if always else 1)
    if tablet.answer_prompt(allow=True, always=always) is None:
        tablet.touches.pop()
        raise NotOnScreen("The computer went away before the tap.")


def refuse_key(tablet: VirtualTablet) -> None:
    """Tap Cancel. Raises `NotOnScreen` when no computer is asking."""
    if tablet.answer_prompt(allow=False, always=False) is None:
        raise NotOnScreen("No computer is asking to debug this tablet.")


def open_reset_screen(tablet: VirtualTablet) -> None:
    """Walk to Settings, Reset, Erase all data."""
    _touch(tablet, "Settings, System, Reset options, Erase all data", 4)
    start(tablet, RESET_PAGE)


def tap_erase_everything(tablet: VirtualTablet, *, pin: str = "") -> None:
    """Confirm the reset. Raises `NotOnScreen` elsewhere, and for a wrong PIN where one is set."""
    if tablet.screen is not Screen.RESET:
        raise NotOnScreen(f"There is no Erase button on the screen: it shows '{tablet.screen.value}'.")
    if tablet.content.lock_pin and tablet.content.lock_pin != pin:
        raise NotOnScreen("The tablet asks for its PIN before it shows the Erase button.")
    _touch(tablet, "Erase all data, and again to confirm", 2)
    if pin:
        _touch(tablet, "The screen lock's PIN, then OK", len(pin) + 1)
    wipe(tablet, WipeRoute.SETTINGS)


def wipe_in_recovery(tablet: VirtualTablet) -> None:
    """Hold the keys and choose "Wipe data" in recovery, which leaves factory reset protection in place."""
    wipe(tablet, WipeRoute.RECOVERY)


def finish_setup_wizard(tablet: VirtualTablet) -> None:
    """Skip Wi-Fi and accounts, tap through to the home screen. Raises `SetupBlocked` under FRP."""
    if tablet.state.body.frp_account:
        raise SetupBlocked(f"The tablet asks for the {tablet.state.body.frp_account} account it had before the reset.")
    sdk = tablet.personality.sdk
    _touch(tablet, "The first-run setup, skipping Wi-Fi and accounts", sum(p.taps for p in WIZARD if sdk >= p.since))
    tablet.end_trade_in()
    with tablet.changing() as state:
        state.content.settings["global"]["device_provisioned"] = "1"
        state.content.settings["secure"]["user_setup_complete"] = "1"
        tablet.show(Screen.HOME)


def answer_frp(tablet: VirtualTablet) -> None:
    """The earlier owner signs in, which ends factory reset protection."""
    with tablet.changing() as state:
        state.body.frp_account = ""
        for table in state.content.settings.values():
            table.pop("secure_frp_mode", None)


def switch_on_debugging(tablet: VirtualTablet) -> None:
    """Tap the build number seven times, then switch USB debugging on. Needs a finished setup."""
    if tablet.setting("global", "device_provisioned") != "1":
        raise NotOnScreen("The setup wizard is still up: the developer options cannot be reached.")
    inside_system = tablet.personality.sdk >= _DEVELOPER_OPTIONS_UNDER_SYSTEM
    _touch(tablet, "Settings, About tablet, back", 3)
    _touch(tablet, "Build number, seven times", BUILD_NUMBER_TAPS)
    _touch(tablet, "System, Developer options" if inside_system else "Developer options", 2 if inside_system else 1)
    _touch(tablet, "USB debugging, OK", 2)
    with tablet.changing() as state:
        state.content.settings["global"] |= {"development_settings_enabled": "1", "adb_enabled": "1"}


def switch_on_security_settings(tablet: VirtualTablet) -> None:
    """Xiaomi's second switch: "USB debugging (Security settings)"."""
    with tablet.changing() as state:
        state.content.properties[SWITCH] = "1"


def switch_off_debugging(tablet: VirtualTablet) -> None:
    with tablet.changing() as state:
        state.content.settings["global"]["adb_enabled"] = "0"


def revoke_keys(tablet: VirtualTablet) -> None:
    """Tap "Revoke USB debugging authorisations" and restart."""
    with tablet.changing() as state:
        state.content.trusted_keys.clear()
    restart(tablet)


def add_account(tablet: VirtualTablet, name: str, type_: str) -> None:
    with tablet.changing() as state:
        state.content.accounts.append(Account(name, type_))
    tablet.end_trade_in()


def remove_account(tablet: VirtualTablet, type_: str) -> int:
    """Remove every account of one type in Settings; returns how many there were."""
    _touch(tablet, "Settings, Accounts, the account, Remove, and again to confirm", 5)
    with tablet.changing() as state:
        before = len(state.content.accounts)
        state.content.accounts = [account for account in state.content.accounts if account.type != type_]
        return before - len(state.content.accounts)


def enrol(tablet: VirtualTablet, owner: Owner) -> None:
    """An organisation makes its management app the device owner."""
    with tablet.changing() as state:
        state.content.owner = owner


def remove_owner(tablet: VirtualTablet) -> None:
    """The organisation releases the tablet from its console."""
    with tablet.changing() as state:
        state.content.owner = None


def plug_in(tablet: VirtualTablet, source: str = "usb") -> None:
    """Put the charger in: ``usb``, ``ac`` or ``wireless``."""
    with tablet.changing() as state:
        state.body.battery = replace(state.body.battery, plugged=source)


def unplug(tablet: VirtualTablet) -> None:
    """Take the charger out."""
    with tablet.changing() as state:
        state.body.battery = replace(state.body.battery, plugged="")


def charge_to(tablet: VirtualTablet, level: int) -> None:
    """Wait until the battery has this many per cent."""
    with tablet.changing() as state:
        voltage = 3500 + level * 7
        state.body.battery = replace(state.body.battery, level=level, voltage=voltage)


def set_pin(tablet: VirtualTablet, pin: str) -> None:
    """Set a lock-screen PIN; empty takes it away."""
    with tablet.changing() as state:
        state.content.lock_pin = pin


def press_home(tablet: VirtualTablet) -> None:
    tablet.press_home()


def unplug_cable(tablet: VirtualTablet) -> None:
    """Pull the bench's cable: the link dies, the tablet goes on."""
    tablet.vanish()


def plug_in_cable(tablet: VirtualTablet) -> None:
    tablet.come_back()
