"""A reading in words, for every kind of value that a fact can have."""

from __future__ import annotations

from datetime import date

import pytest

from fleet.cli.fact_words import fact_words, spoken
from provisioning.facts.accounts import Accounts
from provisioning.facts.clock import TabletClock
from provisioning.facts.memory import Memory
from provisioning.facts.observation import Unreadable
from provisioning.facts.owner import Ownership, ProfileOwner
from provisioning.facts.packages import PackageNames
from provisioning.facts.setup import SetupState
from provisioning.facts.software import SecurityPatch
from provisioning.facts.trade_in import TradeIn, TradeInMode
from provisioning.facts.wear import BatteryWear


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (Unreadable("it did not answer"), "could not be read: it did not answer"),
        (Memory(3_755_438_080), "3.8 GB"),
        (SecurityPatch(date(2024, 8, 1)), "1 August 2024"),
        (SecurityPatch(None), "not given"),
        (TabletClock(0), "1 January 1970 00:00:00 UTC"),
        (PackageNames(("com.example.one", "com.example.two")), "com.example.one, com.example.two"),
        (PackageNames(()), "none"),
        (Accounts({0: {"com.google": 2}, 10: {}}), "user 0: com.google: 2\nuser 10: none"),
        (
            SetupState(device_provisioned=True, user_setup_complete=False),
            "device provisioned: yes\nuser setup complete: no",
        ),
        (TradeIn(TradeInMode.STATUS_ONLY, None), "mode: status only\nreport: not given"),
        (
            BatteryWear(212, 4_743_000, None, 93),
            "cycles: 212\nfull: 4743000 µAh\ndesign: not given\nstate of health: 93 %",
        ),
        (
            Ownership(None, (ProfileOwner(10, "com.example.one"),)),
            "device owner: not given\nprofile owners: user 10; package com.example.one",
        ),
    ],
)
def test_a_reading_is_said_in_words(reading: object, words: str) -> None:
    assert fact_words(reading) == words


def test_a_facts_name_is_said_without_its_unit() -> None:
    assert [spoken(name) for name in ("trade_in", "total_bytes", "settings/global")] == [
        "trade in",
        "total",
        "settings/global",
    ]
