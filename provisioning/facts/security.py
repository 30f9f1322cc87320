"""Encryption, boot integrity and Samsung's Knox Guard, all read out of the properties."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.facts.fact import Fact
from provisioning.facts.properties import GETPROP, parse_properties

# ro.boot.kg, in the order of Samsung's own constants KG_STATE_PRENORMAL to KG_STATE_ERROR.
_KNOX_STATES = {
    "0x0": "Prenormal",
    "0x1": "Checking",
    "0x2": "Active",
    "0x3": "Locked",
    "0x4": "Completed",
    "0x5": "Error",
}


@dataclass(frozen=True)
class Encryption:
    """`kind` is ``file`` or ``block`` where the tablet says so."""

    encrypted: bool
    kind: str | None


@dataclass(frozen=True)
class BootIntegrity:
    """None stands for a property that is empty, which is usual on old tablets and proves nothing."""

    bootloader_locked: bool | None
    verified_boot: str | None
    build_type: str | None
    build_tags: str | None
    debuggable: bool | None
    verity_mode: str | None = None
    secure: bool | None = None

    @property
    def custom(self) -> bool:
        """True where the system says of itself that it is a test build or one somebody made."""
        return (
            self.build_type not in {None, "user"}
            or "test-keys" in (self.build_tags or "")
            or "dev-keys" in (self.build_tags or "")
            or self.debuggable is True
            or self.secure is False
            or self.verity_mode == "disabled"
        )

    @property
    def unlocked(self) -> bool:
        """True where anything says that the maker's own software may have been replaced."""
        return self.bootloader_locked is False or self.verified_boot in {"orange", "red"}


@dataclass(frozen=True)
class KnoxGuard:
    """`state` is None on tablets without Knox Guard. ``Active`` and ``Locked`` mean financed or reported stolen.

    Where the running system says nothing, `state` is what the bootloader handed over as a number.
    """

    state: str | None
    warranty_void: bool | None

    @property
    def held(self) -> bool:
        return (self.state or "").lower() in {"active", "locked"}


def parse_encryption(text: str) -> Encryption:
    properties = parse_properties(text)
    state = properties.first("ro.crypto.state")
    if state == "encrypted":
        return Encryption(True, properties.first("ro.crypto.type"))
    if state in {"unencrypted", "unsupported"}:
        return Encryption(False, None)
    raise ValueError("the tablet does not say whether its storage is encrypted")


def parse_boot_integrity(text: str) -> BootIntegrity:
    properties = parse_properties(text)
    return BootIntegrity(
        bootloader_locked=properties.flag("ro.boot.flash.locked"),
        verified_boot=properties.first("ro.boot.verifiedbootstate"),
        build_type=properties.first("ro.build.type"),
        build_tags=properties.first("ro.build.tags"),
        debuggable=properties.flag("ro.debuggable"),
        verity_mode=properties.first("ro.boot.veritymode"),
        secure=properties.flag("ro.secure"),
    )


def parse_knox_guard(text: str) -> KnoxGuard:
    properties = parse_properties(text)
    tripped = properties.first("ro.boot.warranty_bit", "ro.warranty_bit")
    booted = _KNOX_STATES.get((properties.first("ro.boot.kg") or "").lower())
    return KnoxGuard(properties.first("knox.kg.state") or booted, None if tripped is None else tripped == "1")


ENCRYPTION = Fact("encryption", GETPROP, Encryption, parse_encryption)
BOOT_INTEGRITY = Fact("boot_integrity", GETPROP, BootIntegrity, parse_boot_integrity)
KNOX_GUARD = Fact("knox_guard", GETPROP, KnoxGuard, parse_knox_guard)
