"""A Wi-Fi network is known to the tablet, or forgotten by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from provisioning.command import Quoted
from provisioning.errors import NeedsPerson
from provisioning.facts.fact import Fact
from provisioning.facts.observation import Observation
from provisioning.facts.wifi import WifiNetwork, wifi_network
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import SecretName, Step, Word, run

_SCREEN = "android.settings.WIFI_SETTINGS"
_NEED_PASSPHRASE = frozenset({"wpa2", "wpa3"})


@dataclass(frozen=True, kw_only=True)
class WifiKnown(Resource[WifiNetwork]):
    """`network` is its name (SSID). `passphrase` is the name of a secret, never the passphrase itself.

    A passphrase is seen by whoever lists the tablet's processes at that moment: use a network of the bench's own.
    """

    phase: ClassVar[Phase] = Phase.NETWORK

    network: str
    security: Literal["open", "owe", "wpa2", "wpa3"]
    passphrase: str = ""
    kind: Literal["wifi"] = "wifi"

    def __post_init__(self) -> None:
        _check_network(self.network)
        if (self.security in _NEED_PASSPHRASE) != bool(self.passphrase):
            raise ValueError(f"{self.security} and the name of its passphrase do not go together")

    @property
    def id(self) -> str:
        return f"wifi/{self.network}"

    @property
    def sentence(self) -> str:
        return f"The tablet knows the Wi-Fi “{self.network}”"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (wifi_network(self.network),)

    def read(self, observed: Observation) -> WifiNetwork:
        return observed.value(wifi_network(self.network))

    def decide(self, state: WifiNetwork) -> tuple[Step, ...]:
        if state.saved or state.connected:
            return ()
        if not state.may_add:
            raise NeedsPerson(
                f"This tablet lets only a person add a network. Under Wi-Fi, tap “{self.network}” and type its "
                "passphrase.",
                screen=_SCREEN,
            )
        secret: tuple[Word, ...] = (SecretName(self.passphrase),) if self.passphrase else ()
        join = run("cmd wifi connect-network", Quoted(self.network), self.security, *secret)
        return (self.step(f"Join the Wi-Fi “{self.network}”.", join),)


@dataclass(frozen=True, kw_only=True)
class WifiForgotten(Resource[WifiNetwork]):
    phase: ClassVar[Phase] = Phase.LEAVING

    network: str
    kind: Literal["wifi_forgotten"] = "wifi_forgotten"

    def __post_init__(self) -> None:
        _check_network(self.network)

    @property
    def id(self) -> str:
        return f"wifi_forgotten/{self.network}"

    @property
    def sentence(self) -> str:
        return f"The tablet does not know the Wi-Fi “{self.network}”"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (wifi_network(self.network),)

    def read(self, observed: Observation) -> WifiNetwork:
        return observed.value(wifi_network(self.network))

    def decide(self, state: WifiNetwork) -> tuple[Step, ...]:
        if state.saved is False and not state.connected:
            return ()
        if state.saved and state.number is not None:
            return (
                self.step(f"Forget the Wi-Fi “{self.network}”.", run("cmd wifi forget-network", Quoted(state.number))),
            )
        if state.saved is None and not state.connected:
            raise NeedsPerson(
                f"This tablet does not tell which networks it knows. Under Wi-Fi, look at the saved networks and "
                f"forget “{self.network}” if it is there.",
                screen=_SCREEN,
            )
        raise NeedsPerson(f"Under Wi-Fi, tap “{self.network}” and then “Forget”.", screen=_SCREEN)


def _check_network(name: str) -> None:
    if not name or len(name.encode()) > 32 or "\n" in name or '"' in name:
        raise ValueError(f"“{name}” is not the name of a Wi-Fi network")
