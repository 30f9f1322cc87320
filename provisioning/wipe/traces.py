"""What an owner leaves on a tablet and a reset takes away, read alike before a wipe and after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisioning.facts.accounts import ACCOUNTS
from provisioning.facts.fact import Fact
from provisioning.facts.identity import ANDROID_ID
from provisioning.facts.install_times import INSTALL_TIMES
from provisioning.facts.observation import Observation
from provisioning.facts.packages import THIRD_PARTY_APPS
from provisioning.facts.settings import SETTINGS_GLOBAL
from provisioning.facts.setup import SETUP

TRACE_FACTS: tuple[Fact[Any], ...] = (
    ANDROID_ID,
    ACCOUNTS,
    THIRD_PARTY_APPS,
    SETUP,
    SETTINGS_GLOBAL,
    INSTALL_TIMES,
)


@dataclass(frozen=True)
class Traces:
    """None stands for what could not be read, never for what is not there.

    `accounts` counts by type; `setup_finished` is true as soon as either half of the first-run setup is. `installed`
    says when each of `apps` was first installed, in the tablet's own words: its clock may be wrong.
    """

    android_id: str | None
    accounts: Mapping[str, int] | None
    apps: tuple[str, ...] | None
    setup_finished: bool | None
    boot_count: int | None
    installed: Mapping[str, str] | None = None


def traces(seen: Observation) -> Traces:
    android_id, accounts, apps = seen.readable(ANDROID_ID), seen.readable(ACCOUNTS), seen.readable(THIRD_PARTY_APPS)
    setup = seen.readable(SETUP)
    return Traces(
        android_id=android_id.value if android_id else None,
        accounts=accounts.by_type if accounts else None,
        apps=apps.packages if apps else None,
        setup_finished=setup.device_provisioned or setup.user_setup_complete if setup else None,
        boot_count=_boot_count(seen),
        installed=_installed(seen),
    )


def _installed(seen: Observation) -> Mapping[str, str] | None:
    apps, times = seen.readable(THIRD_PARTY_APPS), seen.readable(INSTALL_TIMES)
    if apps is None or times is None:
        return None
    return {name: times.first[name] for name in apps.packages if name in times.first}


def _boot_count(seen: Observation) -> int | None:
    table = seen.readable(SETTINGS_GLOBAL)
    boots = (table.get("boot_count") or "") if table else ""
    return int(boots) if boots.isdigit() else None
