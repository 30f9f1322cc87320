"""The facts every observation holds, and the way back from a stored observation to its facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from provisioning.facts.accounts import ACCOUNTS
from provisioning.facts.battery import BATTERY
from provisioning.facts.cameras import CAMERAS
from provisioning.facts.clock import CLOCK
from provisioning.facts.display import DISPLAY
from provisioning.facts.fact import Fact
from provisioning.facts.features import FEATURES
from provisioning.facts.files import file_on_tablet
from provisioning.facts.for_profiles import ABOUT_ONE, FOR_PROFILES
from provisioning.facts.home import HOME, NIGHT
from provisioning.facts.identity import ANDROID_ID, IDENTITY
from provisioning.facts.in_front import IN_FRONT
from provisioning.facts.memory import MEMORY
from provisioning.facts.observation import Observation, Unreadable
from provisioning.facts.owner import OWNERSHIP
from provisioning.facts.package_details import app_details
from provisioning.facts.packages import DISABLED_PACKAGES, ENABLED_PACKAGES, THIRD_PARTY_APPS
from provisioning.facts.plain import from_plain
from provisioning.facts.properties import PROPERTIES
from provisioning.facts.radios import SIM, WIFI
from provisioning.facts.screen import SCREEN_STATE
from provisioning.facts.security import BOOT_INTEGRITY, ENCRYPTION, KNOX_GUARD
from provisioning.facts.services import SERVICES
from provisioning.facts.settings import SETTINGS_GLOBAL, SETTINGS_SECURE, SETTINGS_SYSTEM
from provisioning.facts.setup import RESET_PROTECTION, SETUP
from provisioning.facts.software import SECURITY_PATCH, SOFTWARE
from provisioning.facts.storage import STORAGE
from provisioning.facts.trade_in import TRADE_IN
from provisioning.facts.users import USERS
from provisioning.facts.wear import BATTERY_WEAR, STORAGE_WEAR

ALL: tuple[Fact[Any], ...] = (
    PROPERTIES,
    IDENTITY,
    SOFTWARE,
    SECURITY_PATCH,
    ANDROID_ID,
    BATTERY,
    BATTERY_WEAR,
    STORAGE,
    STORAGE_WEAR,
    MEMORY,
    DISPLAY,
    SCREEN_STATE,
    FEATURES,
    CAMERAS,
    SIM,
    WIFI,
    SERVICES,
    THIRD_PARTY_APPS,
    DISABLED_PACKAGES,
    ENABLED_PACKAGES,
    SETTINGS_SYSTEM,
    SETTINGS_SECURE,
    SETTINGS_GLOBAL,
    ACCOUNTS,
    USERS,
    OWNERSHIP,
    SETUP,
    RESET_PROTECTION,
    ENCRYPTION,
    BOOT_INTEGRITY,
    KNOX_GUARD,
    TRADE_IN,
    CLOCK,
    HOME,
    NIGHT,
)

_BY_NAME = {fact.name: fact for fact in (*ALL, *FOR_PROFILES, IN_FRONT)}


def fact_named(name: str) -> Fact[Any]:
    """The fact with a name, also for those about one app or file. Raises `KeyError` for a name no fact has."""
    if name.startswith("app/"):
        return app_details(name.removeprefix("app/"))
    if name.startswith("file/"):
        return file_on_tablet(name.removeprefix("file"))
    kind, _, about = name.partition("/")
    if about and kind in ABOUT_ONE:
        return ABOUT_ONE[kind](about)
    return _BY_NAME[name]


def observation_from_json(data: Mapping[str, Any]) -> Observation:
    """The observation that `Observation.to_json` wrote.

    A value that no longer fits its fact's shape, or a fact this version does not know, is unreadable rather than wrong.
    """
    readings = {name: _reading(name, reading) for name, reading in data["facts"].items()}
    return Observation(datetime.fromisoformat(data["taken_at"]), readings)


def _reading(name: str, data: Any) -> object:
    if set(data) == {"unreadable"}:
        return Unreadable(data["unreadable"])
    try:
        return from_plain(fact_named(name).kind, data)
    except (KeyError, ValidationError):
        return Unreadable("it was stored in a form this version does not know")
