"""The three tables of Android's settings (`settings list`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors, shown

_ENTRY = re.compile(r"^([\w.:/-]+)=(.*)$")


class Namespace(StrEnum):
    SYSTEM = "system"
    SECURE = "secure"
    GLOBAL = "global"


@dataclass(frozen=True)
class SettingsTable:
    """Values by key. A key that is missing was never set or has been deleted."""

    values: Mapping[str, str]

    def get(self, key: str) -> str | None:
        """The value; None where it is missing or Android's own word for that, ``null``."""
        value = self.values.get(key)
        return None if value == "null" else value


def parse_settings(text: str) -> SettingsTable:
    """``key=value`` lines; a line without a key goes on with the value before it."""
    refuse_errors(text)
    values: dict[str, str] = {}
    last = ""
    for line in text.rstrip("\n").split("\n"):
        entry = _ENTRY.match(line)
        if entry:
            last = entry.group(1)
            values[last] = entry.group(2)
        elif last:
            values[last] += "\n" + line
    if not values:
        raise ValueError(f"settings printed {shown(text)}")
    return SettingsTable(values)


SETTINGS_SYSTEM = Fact("settings/system", Command("settings list system"), SettingsTable, parse_settings)
SETTINGS_SECURE = Fact("settings/secure", Command("settings list secure"), SettingsTable, parse_settings)
SETTINGS_GLOBAL = Fact("settings/global", Command("settings list global"), SettingsTable, parse_settings)

SETTINGS: Mapping[Namespace, Fact[SettingsTable]] = {
    Namespace.SYSTEM: SETTINGS_SYSTEM,
    Namespace.SECURE: SETTINGS_SECURE,
    Namespace.GLOBAL: SETTINGS_GLOBAL,
}
