"""SIM and modem, and whether Wi-Fi is on and connected. Names of networks and numbers of SIMs are never kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors
from provisioning.facts.properties import GETPROP, parse_properties

# TelephonyManager.SIM_STATE_* as properties print them. A slot that is none of these holds a card.
_WITHOUT_CARD = frozenset({"ABSENT", "UNKNOWN", "NOT_READY", ""})


@dataclass(frozen=True)
class Sim:
    """A state for every slot, such as ``ABSENT`` or ``LOADED``; none where the tablet has no telephony to speak of.

    `modem` says whether a baseband is running: some Wi-Fi tablets claim telephony and have none.
    """

    slots: tuple[str, ...]
    modem: bool

    @property
    def inserted(self) -> bool:
        return any(state not in _WITHOUT_CARD for state in self.slots)


@dataclass(frozen=True)
class Wifi:
    """`connected` is None where only the old dump answered, which does not say."""

    enabled: bool
    connected: bool | None


def parse_sim(text: str) -> Sim:
    properties = parse_properties(text)
    states = properties.first("gsm.sim.state")
    baseband = (properties.first("gsm.version.baseband") or "").strip(",")
    return Sim(tuple(state.strip() for state in states.split(",")) if states else (), bool(baseband))


def parse_wifi(text: str) -> Wifi:
    """``cmd wifi status`` (Android 11 on), or the first line of ``dumpsys wifi``, which spells it with a hyphen."""
    state = re.search(r"^Wi-?[Ff]i is (enabled|disabled)\s*$", text, re.MULTILINE)
    if state is None:
        refuse_errors(text)
        raise ValueError("it does not say whether Wi-Fi is on")
    connected = None
    if re.search(r"^Wifi is connected to ", text, re.MULTILINE):
        connected = True
    elif state.group(1) == "disabled" or re.search(r"^Wifi is not connected", text, re.MULTILINE):
        connected = False
    return Wifi(state.group(1) == "enabled", connected)


SIM = Fact("sim", GETPROP, Sim, parse_sim)
WIFI = Fact(
    "wifi",
    Command("sh -c", Quoted('cmd wifi status||dumpsys wifi|grep -E "^Wi-Fi is |find service"')),
    Wifi,
    parse_wifi,
    private=True,
)
