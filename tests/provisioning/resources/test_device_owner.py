"""Device owner: taken once, shown as what cannot be undone, and never tried where Android would refuse it."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.errors import NeedsPerson
from provisioning.facts.accounts import ACCOUNTS, Accounts
from provisioning.facts.fact import Fact
from provisioning.facts.owner import OWNERSHIP, Ownership, ProfileOwner
from provisioning.facts.users import USERS, AndroidUser, AndroidUsers
from provisioning.resources.device_owner import DeviceOwner
from tests.provisioning.observations import observed

OURS = DeviceOwner(package="org.example.manager", receiver=".AdminReceiver", title="Manager", reason="A kiosk")


def test_the_step_says_that_it_cannot_be_undone() -> None:
    (step,) = OURS.steps(observed())
    assert step.irreversible
    assert step.shown() == ("dpm set-device-owner --user 0 org.example.manager/.AdminReceiver",)


def test_ours_already_needs_nothing() -> None:
    assert OURS.steps(observed({OWNERSHIP: Ownership("org.example.manager", ())})) == ()


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        (OWNERSHIP, Ownership("com.example.fleetcontrol", ()), "Another organisation"),
        (OWNERSHIP, Ownership(None, (ProfileOwner(10, "com.example.work"),)), "Another organisation"),
        (ACCOUNTS, Accounts({0: {"com.google": 1}}), "Remove every account"),
        (USERS, AndroidUsers((AndroidUser(0, work_profile=False), AndroidUser(10, work_profile=False))), "several"),
    ],
)
def test_what_stands_in_the_way_is_a_persons_to_settle(fact: Fact[Any], value: object, words: str) -> None:
    with pytest.raises(NeedsPerson, match=words):
        OURS.steps(observed({fact: value}))
