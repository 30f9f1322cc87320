"""The ways a tablet can be wiped, and which of them this one offers. Probing changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from provisioning.command import Command
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.facts.observation import Observation
from provisioning.facts.properties import PROPERTIES
from provisioning.facts.reading import read_facts
from provisioning.transports.base import Transport


class RouteCode(StrEnum):
    SETTINGS_RESET = "settings_reset"
    TEST_HARNESS = "test_harness"
    TRADE_IN = "trade_in"
    RECOVERY_MENU = "recovery_menu"
    FASTBOOT = "fastboot"


@dataclass(frozen=True)
class Route:
    """`clears_reset_protection` decides most: only a reset from Settings, unlocked, forgets the earlier account."""

    code: RouteCode
    title: str
    offered: bool
    why: str
    clears_reset_protection: bool
    needs_hands: bool


@dataclass(frozen=True)
class _Answer:
    """Whatever a probe printed."""

    text: str


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


def probe(name: str, command: Command) -> Fact[_Answer]:
    """Ask something whose answer is wanted as it stands, whatever its exit code."""
    return Fact(f"probe/{name}", command, _Answer, _Answer, frozenset(range(256)))


_TEST_HARNESS = probe("testharness", Command("cmd testharness help"))


def find_routes(transport: Transport, observation: Observation) -> tuple[Route, ...]:
    """Every route by name, the guided reset first; only those the tablet was found to have are offered."""
    seen = read_facts(transport, (_TEST_HARNESS,))
    return (
        _settings_reset(),
        _test_harness(seen.value(_TEST_HARNESS).text, observation),
        _named(
            RouteCode.TRADE_IN,
            "Trade-in mode",
            "It exists from Android 16 on, and only before the first-run setup of a tablet already reset.",
        ),
        _named(RouteCode.RECOVERY_MENU, "Recovery menu", "It would leave factory reset protection behind."),
        _named(RouteCode.FASTBOOT, "Fastboot", "It needs an unlocked bootloader and leaves reset protection behind."),
    )


def _settings_reset() -> Route:
    return Route(
        RouteCode.SETTINGS_RESET,
        "Reset from Settings, with a person at the tablet",
        offered=True,
        why="Every tablet has it, and it is the only way that also clears factory reset protection.",
        clears_reset_protection=True,
        needs_hands=True,
    )


def _test_harness(answer: str, observation: Observation) -> Route:
    """Needs its service, and a persistent data block (property ``ro.frp.pst``) to carry our key across the reset."""
    there = bool(answer.strip()) and "Can't find service" not in answer and observation.value(IDENTITY).sdk >= 29
    block = bool(observation.value(PROPERTIES).first("ro.frp.pst"))
    why = "It resets unattended but leaves test settings behind, so a reset from Settings must follow."
    if not there:
        why = "This tablet's Android does not have it."
    elif not block:
        why = "This tablet has nowhere to keep our key across the reset."
    return Route(RouteCode.TEST_HARNESS, "Test harness mode", there and block, why, False, False)


def _named(code: RouteCode, title: str, why: str) -> Route:
    return Route(code, title, offered=False, why=why, clears_reset_protection=False, needs_hands=True)
