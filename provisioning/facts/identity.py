"""Who a tablet says it is: maker, model, serial, Android version; and the id that every reset renews."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors, shown
from provisioning.facts.properties import GETPROP, parse_properties

# Serials that cheap firmwares give to every unit (android.md 7: Lenovo TAB 2 A7-30D, TELCAST T30s and others).
SHARED_SERIALS = frozenset({"0123456789ABCDEF", "1234567890ABCDEF", "0123456789", "unknown", "UNKNOWN", "0"})


@dataclass(frozen=True)
class Unit:
    """Which physical tablet this is: what no reset, update or setting changes."""

    serial: str | None
    manufacturer: str | None
    model: str | None
    device: str | None

    @property
    def serial_is_its_own(self) -> bool:
        """False where the serial is missing or one that many units share."""
        return self.serial is not None and self.serial not in SHARED_SERIALS

    def __str__(self) -> str:
        return f"{self.manufacturer or 'unknown maker'} {self.model or 'unknown model'}, serial {self.serial or 'none'}"


@dataclass(frozen=True)
class Identity:
    """What the maker wrote into the tablet. None stands for a property that is missing or empty."""

    manufacturer: str | None
    brand: str | None
    model: str | None
    device: str | None
    serial: str | None
    fingerprint: str | None
    release: str
    sdk: int
    security_patch: str | None
    abis: tuple[str, ...]
    is_tablet: bool | None

    @property
    def unit(self) -> Unit:
        return Unit(self.serial, self.manufacturer, self.model, self.device)


@dataclass(frozen=True)
class AndroidId:
    """The tablet-wide id (64 bits in hex) that Android draws anew at every reset."""

    value: str


def _identity(text: str) -> Identity:
    properties = parse_properties(text)
    sdk = properties.first("ro.build.version.sdk")
    release = properties.first("ro.build.version.release")
    if release is None or sdk is None or not sdk.isdigit():
        raise ValueError("the properties do not say which Android this is")
    characteristics = properties.first("ro.build.characteristics")
    return Identity(
        manufacturer=properties.first("ro.product.manufacturer", "ro.product.vendor.manufacturer"),
        brand=properties.first("ro.product.brand", "ro.product.vendor.brand"),
        model=properties.first("ro.product.model", "ro.product.vendor.model"),
        device=properties.first("ro.product.device", "ro.product.vendor.device"),
        serial=properties.first("ro.serialno", "ro.boot.serialno"),
        fingerprint=properties.first("ro.build.fingerprint", "ro.vendor.build.fingerprint"),
        release=release,
        sdk=int(sdk),
        security_patch=properties.first("ro.build.version.security_patch"),
        abis=tuple(
            abi for abi in (properties.first("ro.product.cpu.abilist", "ro.product.cpu.abi") or "").split(",") if abi
        ),
        is_tablet=None if characteristics is None else "tablet" in characteristics.split(","),
    )


def _android_id(text: str) -> AndroidId:
    refuse_errors(text)
    value = text.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{1,16}", value):
        raise ValueError(f"settings printed {shown(text)}")
    return AndroidId(value)


IDENTITY = Fact("identity", GETPROP, Identity, _identity)
ANDROID_ID = Fact("android_id", Command("settings get secure android_id"), AndroidId, _android_id)
