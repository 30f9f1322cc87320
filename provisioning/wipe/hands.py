"""Begins a reset by the route that was chosen, and says what the person at the tablet has to do then.

Whether anything was reset is never read from what is answered here: the link ends, and the proofs decide.
"""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.errors import CommandTimedOut, LinkLost, WrongTablet
from provisioning.facts.accounts import ACCOUNTS
from provisioning.facts.home import HOME
from provisioning.facts.identity import IDENTITY, Identity
from provisioning.facts.in_front import IN_FRONT
from provisioning.facts.observation import Observation
from provisioning.facts.owner import OWNERSHIP
from provisioning.facts.reading import read_facts
from provisioning.transports.base import ShellResult, Transport
from provisioning.wipe.routes import OWNER_WIPE, RouteCode, owner_receiver
from provisioning.wipe.trade_in import LEAST_SDK

_WAKE = Command("input keyevent KEYCODE_WAKEUP;svc power stayon true")
_HARNESS = Command("cmd testharness enable")
_RESTART = Command("svc power reboot")
_HOME = Command("input keyevent KEYCODE_HOME")
# `am start` answers with exit code 0 on old Androids whatever happened: its words count.
_FAILED = ("Error type", "Error:", "does not exist", "Permission Denial", "Exception", "unable to resolve")


@dataclass(frozen=True)
class ResetScreen:
    """A screen from which a person can reset the tablet, by intent action or by component."""

    name: str
    target: tuple[str, str]


# In the order of android.md 1.5; each only leads nearer to the reset, none of them resets.
RESET_SCREENS = (
    ResetScreen("the reset page", ("-a", "com.android.settings.action.FACTORY_RESET")),
    ResetScreen("the reset page", ("-n", "com.android.settings/.Settings$FactoryResetActivity")),
    ResetScreen("the backup and reset page", ("-a", "android.settings.PRIVACY_SETTINGS")),
    ResetScreen("the reset options", ("-n", "com.android.settings/.Settings$ResetDashboardActivity")),
    ResetScreen("the settings", ("-a", "android.settings.SETTINGS")),
)


@dataclass(frozen=True)
class Hands:
    """What was begun, and what a person must do now. `sentence` is empty where no hands are needed.

    `opened` says that the tablet took what was sent (for Settings: that it said it showed `screen`). `screen` holds its
    own words where it refused.
    """

    route: RouteCode
    opened: bool
    screen: str
    sentence: str
    guide: tuple[str, ...]


def begin_reset(transport: Transport, observation: Observation, route: RouteCode) -> Hands:
    """Send what this route needs. Raises `WrongTablet` when the unit on the wire is not the one observed."""
    identity = _expect(transport, observation)
    match route:
        case RouteCode.TEST_HARNESS:
            return _sent(route, _send(transport, _HARNESS), identity)
        case RouteCode.TRADE_IN:
            return _sent(route, _send(transport, _RESTART), identity)
        case RouteCode.DEVICE_OWNER:
            return _sent(route, _tell_owner(transport), identity)
        case _:
            return _open_settings(transport, identity, observation)


def open_reset(transport: Transport, observation: Observation) -> Hands:
    """Wake the tablet, keep it awake and open the page nearest to its reset button. Harmless to repeat.

    Raises `WrongTablet` when the unit on the wire is not the one observed.
    """
    return begin_reset(transport, observation, RouteCode.SETTINGS_RESET)


def at_home(transport: Transport) -> bool:
    """Whether the tablet shows its home screen, from where nobody resets it. False where it does not say.

    Any other app may be part of the reset: a PIN is asked for by Settings, an account's password by the maker's app.
    """
    seen = read_facts(transport, (HOME, IN_FRONT))
    front, home = seen.readable(IN_FRONT), seen.readable(HOME)
    return front is not None and home is not None and front.package == home.package


def restart(transport: Transport) -> None:
    """Ask the tablet to start anew; the link ends with it."""
    _send(transport, _RESTART)


def leave_reset(transport: Transport) -> None:
    """Take the reset page off the screen again, because the wipe may not go on."""
    transport.run(_HOME)


def _expect(transport: Transport, observation: Observation) -> Identity:
    identity = read_facts(transport, (IDENTITY,)).value(IDENTITY)
    expected = observation.value(IDENTITY)
    if identity.unit != expected.unit:
        raise WrongTablet(
            f"Nothing was changed. This run is about {expected.unit}, "
            f"but {identity.unit} is on the wire. Check the slot."
        )
    return expected


def _send(transport: Transport, command: Command) -> ShellResult | None:
    """The tablet's answer; None where the link ended, as it does when the tablet restarts."""
    try:
        return transport.run(command)
    except (LinkLost, CommandTimedOut):
        return None


def _tell_owner(transport: Transport) -> ShellResult | None:
    """A broadcast is answered with `result=0` whether or not anybody took it (android.md 1.4)."""
    package = read_facts(transport, (OWNERSHIP,)).value(OWNERSHIP).device_owner
    component = owner_receiver(transport, package) if package else None
    if component is None:
        return ShellResult(1, "", "The management app no longer takes the order.")
    return _send(transport, Command("am broadcast -a", Quoted(OWNER_WIPE), "-n", Quoted(component)))


def _sent(route: RouteCode, answer: ShellResult | None, identity: Identity) -> Hands:
    if answer is not None and not answer.ok:
        said = " ".join(f"{answer.stdout} {answer.stderr}".split())[:200]
        return Hands(route, False, said, "", ())
    guide = () if route is RouteCode.TEST_HARNESS else _afterwards(identity)
    return Hands(route, True, "It took the order", "", guide)


def _open_settings(transport: Transport, identity: Identity, observation: Observation) -> Hands:
    transport.run(_WAKE)
    screen = next((screen for screen in RESET_SCREENS if _open(transport, screen)), None)
    accounts = observation.readable(ACCOUNTS)
    signed_in = accounts is not None and accounts.by_type.get("com.google", 0) > 0
    return _guided(screen, identity, signed_in)


def _open(transport: Transport, screen: ResetScreen) -> bool:
    flag, name = screen.target
    if flag == "-a":
        answer = transport.run(Command("cmd package resolve-activity --brief", flag, Quoted(name)))
        if not answer.ok or "No activity found" in answer.stdout or "/" not in answer.stdout:
            return False
    answer = transport.run(Command("am start", flag, Quoted(name)))
    said = answer.stdout + answer.stderr
    return answer.ok and "Starting: Intent" in said and not any(words in said for words in _FAILED)


def _guided(screen: ResetScreen | None, identity: Identity, signed_in: bool) -> Hands:
    reset = (
        "Factory data reset" if (identity.manufacturer or "").lower() == "samsung" else "Erase all data (factory reset)"
    )
    sentence = (
        f"Look at the tablet: it shows {screen.name}. Tap “{reset}” and confirm."
        if screen
        else f"The tablet would not open its reset page. Open Settings, search for “reset”, tap “{reset}” and confirm."
    )
    guide = (
        *(_WITH_ACCOUNT if signed_in else ()),
        "If it asks for a PIN or password, the donor has to give it; we never get round one.",
        "It restarts and shows a welcome screen. That takes up to ten minutes: leave it plugged in.",
        *_afterwards(identity),
    )
    return Hands(RouteCode.SETTINGS_RESET, screen is not None, screen.name if screen else "", sentence, guide)


_WITH_ACCOUNT = (
    "The donor agreed that their Google account goes. If they are there, remove it first: Settings → Accounts.",
)


def _afterwards(identity: Identity) -> tuple[str, ...]:
    setup = (
        "Go through the welcome screens without Wi-Fi and without an account.",
        "Open Settings → About tablet and tap “Build number” seven times.",
        "Switch on USB debugging, plug in, and tap Allow. The bench carries on by itself.",
    )
    return (_LEAVE_IT, *setup) if identity.sdk >= LEAST_SDK else setup


_LEAVE_IT = (
    "Leave it at its welcome screen, plugged in, without Wi-Fi: the bench may read it there by itself. If it has not "
    "gone on after two minutes:"
)
