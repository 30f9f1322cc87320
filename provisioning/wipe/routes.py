"""The ways a tablet can be wiped, and which of them this one offers. Probing changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from provisioning.command import Command, Quoted
from provisioning.errors import WipeError
from provisioning.facts.accounts import ACCOUNTS
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.facts.observation import Observation
from provisioning.facts.owner import OWNERSHIP
from provisioning.facts.plain import Plain, from_plain, to_plain
from provisioning.facts.properties import PROPERTIES
from provisioning.facts.reading import read_facts
from provisioning.transports.base import Transport
from provisioning.wipe.blockers import WipePolicy
from provisioning.wipe.trade_in import LEAST_SDK, is_evaluated

OWNER_WIPE = "org.doorstep.owner.action.WIPE"
"""The broadcast that an owner app of ours would take from the shell (guarded by android.permission.DUMP, which the
shell holds), to call ``wipeDevice`` with WIPE_RESET_PROTECTION_DATA. Doorstep ships no such app."""


class RouteCode(StrEnum):
    """Stored with runs. Only the first four can be carried out over ADB at all."""

    SETTINGS_RESET = "settings_reset"
    DEVICE_OWNER = "device_owner"
    TRADE_IN = "trade_in"
    TEST_HARNESS = "test_harness"
    RECOVERY_MENU = "recovery_menu"
    RESCUE = "rescue"
    FASTBOOT = "fastboot"


@dataclass(frozen=True)
class Route:
    """`clears_reset_protection` decides most: only a reset from Settings, or an owner's, forgets the earlier account.

    A `first_stage` erases what is on the tablet but leaves it in a state nobody may be given: another must follow.
    """

    code: RouteCode
    title: str
    offered: bool
    why: str
    clears_reset_protection: bool
    needs_hands: bool
    first_stage: bool = False

    def to_json(self) -> Plain:
        plain: Plain = to_plain(self)
        return plain


def route_from_json(data: Mapping[str, Any]) -> Route:
    return from_plain(Route, data)


@dataclass(frozen=True)
class _Answer:
    """Whatever a probe printed."""

    text: str


def probe(name: str, command: Command) -> Fact[_Answer]:
    """Ask something whose answer is wanted as it stands, whatever its exit code."""
    return Fact(f"probe/{name}", command, _Answer, _Answer, frozenset(range(256)))


_TEST_HARNESS = probe("testharness", Command("cmd testharness help"))


def _owner_receiver(package: str) -> Fact[_Answer]:
    command = Command("cmd package query-receivers --components -a", Quoted(OWNER_WIPE), "-p", Quoted(package))
    return probe(f"owner/{package}", command)


def find_routes(transport: Transport, observation: Observation, policy: WipePolicy | None = None) -> tuple[Route, ...]:
    """Every route by name: the offered ones first, best first. Only what this tablet was found to have is offered."""
    rules = policy or WipePolicy()
    owner = our_owner(observation, rules)
    receiver = _owner_receiver(owner) if owner else None
    seen = read_facts(transport, (_TEST_HARNESS, *((receiver,) if receiver else ())))
    evaluating = is_evaluated(observation.value(PROPERTIES))
    found = (
        _settings_reset(evaluating),
        _device_owner(owner, seen.value(receiver).text if receiver else ""),
        _trade_in(observation, evaluating),
        _test_harness(seen.value(_TEST_HARNESS).text, observation, evaluating),
        *_not_over_adb(observation),
    )
    return tuple(sorted((_kept_from(route, observation) for route in found), key=lambda route: not route.offered))


def reporting_routes() -> tuple[Route, ...]:
    """The routes of a tablet that so far only reports in trade-in mode, and answers no probe."""
    return (_trade_in_offered(), _settings_reset(in_setup=True))


def choose(routes: Iterable[Route], wanted: str = "") -> Route:
    """The route that was asked for, or the first offered. Raises `WipeError` where it is not open to this tablet."""
    known = tuple(routes)
    if not wanted:
        return next(route for route in known if route.offered)
    found = next((route for route in known if route.code == wanted), None)
    if found is None:
        raise WipeError(f"Nothing was wiped. This tablet has no way called {wanted}. Choose another way to wipe it.")
    if not found.offered:
        raise WipeError(
            f"Nothing was wiped. “{found.title}” is not open to this tablet: {found.why} Choose another way to wipe it."
        )
    return found


def our_owner(observation: Observation, policy: WipePolicy) -> str | None:
    """The package that manages this tablet on our own behalf, where one does."""
    owners = observation.readable(OWNERSHIP)
    package = owners.device_owner if owners else None
    return package if package in policy.our_owners else None


def owner_receiver(transport: Transport, package: str) -> str | None:
    """The component of our owner app that takes the broadcast; None where it has none."""
    fact = _owner_receiver(package)
    return _component(package, read_facts(transport, (fact,)).value(fact).text)


def _component(package: str, text: str) -> str | None:
    found = re.search(rf"(?<![\w.]){re.escape(package)}/[\w.$]+", text)
    return found.group() if found else None


def _settings_reset(in_setup: bool) -> Route:
    why = "Every tablet has it, and it also forgets the account that reset protection would ask for."
    if in_setup:
        why = "The tablet stands in its first-run setup, from which Settings cannot be opened."
    title = "Reset from Settings, with a person at the tablet"
    return Route(RouteCode.SETTINGS_RESET, title, not in_setup, why, clears_reset_protection=True, needs_hands=True)


def _device_owner(owner: str | None, answer: str) -> Route:
    there = owner is not None and _component(owner, answer) is not None
    if owner is None:
        why = "No management app of ours owns this tablet, and the ADB shell itself may not wipe it."
    elif not there:
        why = f"{owner} manages this tablet for us, but a bench cannot tell it to wipe; do it from its own console."
    else:
        why = f"{owner} manages this tablet for us and takes the order; it also forgets the earlier account."
    title = "Reset by our own management app"
    return Route(RouteCode.DEVICE_OWNER, title, there, why, clears_reset_protection=True, needs_hands=False)


def _trade_in(observation: Observation, evaluating: bool) -> Route:
    if evaluating:
        return _trade_in_offered()
    why = "It exists from Android 16 on."
    if observation.value(IDENTITY).sdk >= LEAST_SDK:
        why = "It is for a tablet that waits in its first-run setup; after a reset its report is read as a proof."
    return Route(RouteCode.TRADE_IN, _TRADE_IN_TITLE, False, why, clears_reset_protection=False, needs_hands=False)


_TRADE_IN_TITLE = "Trade-in mode, of a tablet in its first-run setup"


def _trade_in_offered() -> Route:
    why = "It was reset already and no lock is on it; opened for reading, it erases itself at its next start."
    return Route(RouteCode.TRADE_IN, _TRADE_IN_TITLE, True, why, clears_reset_protection=False, needs_hands=False)


def _test_harness(answer: str, observation: Observation, evaluating: bool) -> Route:
    """Needs its service, and a persistent data block (property ``ro.frp.pst``) to carry our key across the reset."""
    there = bool(answer.strip()) and "Can't find service" not in answer and observation.value(IDENTITY).sdk >= 29
    block = bool(observation.value(PROPERTIES).first("ro.frp.pst"))
    why = "It erases the tablet unattended but leaves test settings behind, so a reset from Settings must follow."
    if not there:
        why = "This tablet's Android does not have it."
    elif not block:
        why = "This tablet has nowhere to keep our key across the reset."
    elif evaluating:
        why = "The tablet is open for reading only until its next start."
    offered = there and block and not evaluating
    title = "Test harness mode, and then a reset from Settings"
    return Route(RouteCode.TEST_HARNESS, title, offered, why, False, needs_hands=True, first_stage=True)


def _not_over_adb(observation: Observation) -> tuple[Route, ...]:
    """Named, so that nobody wonders, and never offered: no transport of ours reaches what would do the wiping."""
    locked = observation.value(PROPERTIES).flag("ro.boot.flash.locked")
    fastboot = "It needs an unlocked bootloader, and this one is locked."
    if locked is not True:
        fastboot = "It speaks another protocol than ADB, says “Finished” even when it failed, and leaves the lock on."
    return (
        _named(RouteCode.RECOVERY_MENU, "Recovery menu", "It takes keys held at the tablet and leaves the lock on."),
        _named(
            RouteCode.RESCUE, "Rescue mode", "Few recoveries have it, no bench sees how it ends, the lock stays on."
        ),
        _named(RouteCode.FASTBOOT, "Fastboot", fastboot),
    )


def _named(code: RouteCode, title: str, why: str) -> Route:
    return Route(code, title, offered=False, why=why, clears_reset_protection=False, needs_hands=True)


def _kept_from(route: Route, observation: Observation) -> Route:
    """With a Google account signed in (and its removal agreed), only a route that forgets the account stays open."""
    accounts = observation.readable(ACCOUNTS)
    signed_in = accounts is not None and accounts.by_type.get("com.google", 0) > 0
    if not (route.offered and signed_in) or route.clears_reset_protection:
        return route
    return replace(
        route, offered=False, why="A Google account is signed in, and after this the tablet would ask for it."
    )
