"""Wi-Fi: joined where the tablet lets the bench, else by hand; the passphrase is only ever a name."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.errors import NeedsPerson, PlanError
from provisioning.facts.observation import Observation
from provisioning.facts.wifi import WifiNetwork, wifi_network
from provisioning.resources.step import RunCommand
from provisioning.resources.wifi import WifiForgotten, WifiKnown
from tests.provisioning.observations import observed

HUB = "Sample hub's net"
KNOWN = WifiKnown(network=HUB, security="wpa2", passphrase="bench-wifi", reason="To fetch its updates")
FORGOTTEN = WifiForgotten(network=HUB, reason="The bench's own")


def tablet(saved: bool | None, number: str | None = None, *, connected: bool = False, may: bool = True) -> Observation:
    return observed({wifi_network(HUB): WifiNetwork(saved, number, connected, may)})


def test_a_network_is_joined_with_a_secret_that_no_plan_holds() -> None:
    (step,) = KNOWN.steps(tablet(saved=False))
    assert step.secrets == ("bench-wifi",)
    assert step.shown() == ("cmd wifi connect-network 'Sample hub'\"'\"'s net' wpa2 ***",)
    (join,) = step.actions
    assert isinstance(join, RunCommand)
    assert join.command({"bench-wifi": "pass; reboot"}).sent().endswith(" wpa2 'pass; reboot'")
    with pytest.raises(PlanError, match="bench-wifi"):
        join.command({})


def test_an_open_network_needs_no_secret() -> None:
    free = WifiKnown(network=HUB, security="open", reason="x")
    assert free.steps(tablet(saved=False))[0].secrets == ()


@pytest.mark.parametrize("seen", [tablet(saved=True, number="0"), tablet(saved=None, connected=True)])
def test_a_network_that_is_known_or_in_use_needs_nothing(seen: Observation) -> None:
    assert KNOWN.steps(seen) == ()


@pytest.mark.parametrize("saved", [False, None])
def test_a_tablet_that_lets_only_a_person_join_opens_its_wifi_screen(saved: bool | None) -> None:
    with pytest.raises(NeedsPerson, match="tap “Sample hub's net”") as asked:
        KNOWN.steps(tablet(saved=saved, may=False))
    assert asked.value.screen == "android.settings.WIFI_SETTINGS"


def test_a_saved_network_is_forgotten_by_its_number() -> None:
    (step,) = FORGOTTEN.steps(tablet(saved=True, number="3"))
    assert step.shown() == ("cmd wifi forget-network 3",)


def test_one_that_was_never_there_needs_nothing() -> None:
    assert FORGOTTEN.steps(tablet(saved=False)) == ()


@pytest.mark.parametrize("seen", [tablet(saved=None), tablet(saved=None, connected=True)])
def test_where_the_tablet_does_not_tell_a_person_looks(seen: Observation) -> None:
    with pytest.raises(NeedsPerson):
        FORGOTTEN.steps(seen)


@pytest.mark.parametrize(
    "parts",
    [
        {"security": "wpa2", "passphrase": ""},
        {"security": "open", "passphrase": "x"},
        {"network": ""},
        {"network": "x" * 33},
        {"network": "two\nlines"},
    ],
)
def test_a_network_that_cannot_be_is_refused(parts: dict[str, Any]) -> None:
    given: dict[str, Any] = {"network": HUB, "security": "wpa3", "passphrase": "y", "reason": "x"}
    with pytest.raises(ValueError, match=r"go together|not the name"):
        WifiKnown(**{**given, **parts})
