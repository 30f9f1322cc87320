"""Opens the tablet's own reset page and says what the person in front of it has to do. It resets nothing itself."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.errors import WrongTablet
from provisioning.facts.identity import IDENTITY, Identity
from provisioning.facts.observation import Observation
from provisioning.facts.reading import read_facts
from provisioning.transports.base import Transport
from provisioning.wipe.routes import RESET_SCREENS, ResetScreen, RouteCode

_WAKE = Command("input keyevent KEYCODE_WAKEUP;svc power stayon true")
# `am start` answers with exit code 0 on old Androids whatever happened: its words count.
_FAILED = ("Error type", "Error:", "does not exist", "Permission Denial", "Exception", "unable to resolve")


@dataclass(frozen=True)
class Hands:
    """What a person must do now. `opened` says that the tablet said it showed `screen`; the person will see."""

    route: RouteCode
    opened: bool
    screen: str
    sentence: str
    guide: tuple[str, ...]


def open_reset(transport: Transport, observation: Observation) -> Hands:
    """Wake the tablet, keep it awake and open the page nearest to its reset button. Harmless to repeat.

    Raises `WrongTablet` when the unit on the wire is not the one observed.
    """
    identity = read_facts(transport, (IDENTITY,)).value(IDENTITY)
    expected = observation.value(IDENTITY)
    if identity.unit != expected.unit:
        raise WrongTablet(
            f"Nothing was changed. This run is about {expected.unit}, "
            f"but {identity.unit} is on the wire. Check the slot."
        )
    transport.run(_WAKE)
    screen = next((screen for screen in RESET_SCREENS if _open(transport, screen)), None)
    return _hands(screen, identity)


def _open(transport: Transport, screen: ResetScreen) -> bool:
    flag, name = screen.target
    if flag == "-a":
        answer = transport.run(Command("cmd package resolve-activity --brief", flag, Quoted(name)))
        if not answer.ok or "No activity found" in answer.stdout or "/" not in answer.stdout:
            return False
    answer = transport.run(Command("am start", flag, Quoted(name)))
    said = answer.stdout + answer.stderr
    return answer.ok and "Starting: Intent" in said and not any(words in said for words in _FAILED)


def _hands(screen: ResetScreen | None, identity: Identity) -> Hands:
    reset = (
        "Factory data reset" if (identity.manufacturer or "").lower() == "samsung" else "Erase all data (factory reset)"
    )
    sentence = (
        f"Look at the tablet: it shows {screen.name}. Tap “{reset}” and confirm."
        if screen
        else f"The tablet would not open its reset page. Open Settings, search for “reset”, tap “{reset}” and confirm."
    )
    guide = (
        "If it asks for a PIN or password, the donor has to give it; we never get round one.",
        "It restarts and shows a welcome screen. That takes up to ten minutes: leave it plugged in.",
        "Go through the welcome screens without Wi-Fi and without an account.",
        "Open Settings → About tablet and tap “Build number” seven times.",
        "Switch on USB debugging, plug in, and tap Allow. The bench carries on by itself.",
    )
    return Hands(RouteCode.SETTINGS_RESET, screen is not None, screen.name if screen else "", sentence, guide)
