"""What runs on the tablet besides plain Android: the maker's own layer, the patch level, language and time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from provisioning.facts.fact import Fact, shown
from provisioning.facts.properties import GETPROP, Properties, parse_properties

# The property that a maker's layer sets, and the name people know it by; the first that is set counts.
_LAYERS = (
    ("ro.build.version.oneui", "One UI"),
    ("ro.mi.os.version.name", "HyperOS"),
    ("ro.miui.ui.version.name", "MIUI"),
    ("ro.build.version.emui", "EMUI"),
    ("ro.build.version.fireos", "Fire OS"),
    ("ro.build.version.opporom", "ColorOS"),
)


@dataclass(frozen=True)
class Software:
    """None stands for a property that is missing or empty. `layer` is the maker's name for what it put over Android."""

    layer: str | None
    layer_version: str | None
    build: str | None
    locale: str | None
    timezone: str | None
    booted: bool
    low_memory_edition: bool | None


@dataclass(frozen=True)
class SecurityPatch:
    """The day up to which known holes are closed; None on Androids before 6, which do not say."""

    level: date | None

    def age_days(self, today: date) -> int | None:
        """Days since that day; None where there is none."""
        return None if self.level is None else (today - self.level).days


def parse_software(text: str) -> Software:
    properties = parse_properties(text)
    layer, version = _layer(properties)
    return Software(
        layer=layer,
        layer_version=version,
        build=properties.first("ro.build.display.id"),
        locale=properties.first("persist.sys.locale", "ro.product.locale") or _old_locale(properties),
        timezone=properties.first("persist.sys.timezone"),
        booted=properties.flag("sys.boot_completed") is True,
        low_memory_edition={"true": True, "false": False}.get(properties.first("ro.config.low_ram") or ""),
    )


def _layer(properties: Properties) -> tuple[str | None, str | None]:
    for key, name in _LAYERS:
        value = properties.first(key)
        if value:
            return name, _one_ui(value) if name == "One UI" else value
    return None, None


def _one_ui(value: str) -> str:
    """60101 is 6.1.1: two digits each, the last left out where it is nothing."""
    if not re.fullmatch(r"\d{5,6}", value):
        return value
    number = int(value)
    parts = (number // 10_000, number // 100 % 100, number % 100)
    return ".".join(str(part) for part in (parts if parts[2] else parts[:2]))


def _old_locale(properties: Properties) -> str | None:
    """Android 5 and 6 keep language and country apart."""
    language, country = properties.first("ro.product.locale.language"), properties.first("ro.product.locale.region")
    return f"{language}-{country}" if language and country else language


def parse_security_patch(text: str) -> SecurityPatch:
    level = parse_properties(text).first("ro.build.version.security_patch")
    if level is None:
        return SecurityPatch(None)
    try:
        return SecurityPatch(date.fromisoformat(level))
    except ValueError as error:
        raise ValueError(f"its security patch level is {shown(level)}, which is no date") from error


SOFTWARE = Fact("software", GETPROP, Software, parse_software)
SECURITY_PATCH = Fact("security_patch", GETPROP, SecurityPatch, parse_security_patch)
