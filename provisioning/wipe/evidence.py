"""Evidence of a wipe: what is read and planted before it, and what is found after it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

from provisioning.command import Command, Quoted
from provisioning.errors import TransferFailed, WipeError, WrongTablet
from provisioning.facts.features import FEATURES
from provisioning.facts.files import file_on_tablet
from provisioning.facts.identity import IDENTITY, Unit
from provisioning.facts.observation import Observation
from provisioning.facts.plain import Plain, from_plain, to_plain
from provisioning.facts.properties import PROPERTIES
from provisioning.facts.reading import Clock, read_facts, utc_now
from provisioning.facts.security import ENCRYPTION, Encryption
from provisioning.facts.setup import RESET_PROTECTION
from provisioning.facts.trade_in import TradeInReport
from provisioning.transports.base import Transport
from provisioning.wipe.traces import TRACE_FACTS, Traces, traces
from provisioning.wipe.trade_in import is_evaluated

# Both lie on the data partition, yet Android reaches them by different ways: one as media, one as plain files.
CANARY_FOLDERS = ("/sdcard", "/data/local/tmp")
_HARDWARE_KEYS = "android.hardware.hardware_keystore"


@dataclass(frozen=True)
class BeforeWipe:
    """The tablet before anything irreversible; to be stored before the reset is asked for.

    `canaries` are the paths at which the token was written and read back.
    `asks_for_keys` is False on a tablet whose daemon lets anyone in, so that being asked again proves nothing.
    `place` is where it was read; `hardware_keys` whether it said that its keys live in hardware, None where unread.
    """

    token: str
    prepared_at: datetime
    unit: Unit
    release: str
    sdk: int
    security_patch: str | None
    traces: Traces
    canaries: tuple[str, ...]
    encryption: Encryption | None
    key_fingerprint: str
    asks_for_keys: bool
    place: str = ""
    hardware_keys: bool | None = None

    def to_json(self) -> Plain:
        plain: Plain = to_plain(self)
        return plain


class CanaryState(StrEnum):
    """GONE is said only where a file written to the same folder a moment ago could be read back."""

    GONE = "gone"
    PRESENT = "present"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class AfterWipe:
    """The tablet as found afterwards; `unit` is None where it did not tell who it is.

    `asked_again` is whether the tablet wanted its bench's key accepted anew; None where nobody saw. `trade_in` is true
    where Android itself reported, unasked for a key, from the first-run setup of this very unit.
    """

    collected_at: datetime
    unit: Unit | None
    traces: Traces
    canaries: Mapping[str, CanaryState]
    asked_again: bool | None
    place: str = ""
    test_harness: bool | None = None
    reset_protection: bool | None = None
    trade_in: bool | None = None

    def to_json(self) -> Plain:
        plain: Plain = to_plain(self)
        return plain


def before_wipe_from_json(data: Mapping[str, Any]) -> BeforeWipe:
    return from_plain(BeforeWipe, data)


def after_wipe_from_json(data: Mapping[str, Any]) -> AfterWipe:
    return from_plain(AfterWipe, data)


def prepare_wipe(
    transport: Transport, observation: Observation, token: str, *, key_fingerprint: str = "", now: Clock = utc_now
) -> BeforeWipe:
    """Plant the token as canaries and read what will be compared. With the same token it may be repeated.

    Raises `WrongTablet` when the unit on the wire is not the one observed, and `WipeError` when no canary would stay.
    """
    if not re.fullmatch(r"[0-9a-f]{16,64}", token):
        raise ValueError("a token is 16 to 64 hex digits")
    seen = read_facts(transport, (IDENTITY, PROPERTIES, ENCRYPTION, FEATURES, *TRACE_FACTS), now=now)
    identity, expected = seen.value(IDENTITY), observation.value(IDENTITY).unit
    if identity.unit != expected:
        raise WrongTablet(
            f"Nothing was changed. This run is about {expected}, but {identity.unit} is on the wire. Check the slot."
        )
    canaries = _plant(transport, token, tuple(canary_path(folder, token) for folder in CANARY_FOLDERS))
    if not canaries:
        raise WipeError(
            "Nothing was wiped. The tablet would not keep the mark that proves a wipe. Check its free space."
        )
    return BeforeWipe(
        token=token,
        prepared_at=now(),
        unit=identity.unit,
        release=identity.release,
        sdk=identity.sdk,
        security_patch=identity.security_patch,
        traces=traces(seen),
        canaries=canaries,
        encryption=seen.readable(ENCRYPTION),
        key_fingerprint=key_fingerprint,
        asks_for_keys=_asks_for_keys(seen),
        place=transport.address,
        hardware_keys=_hardware_keys(seen),
    )


def collect_after(
    transport: Transport,
    before: BeforeWipe,
    *,
    asked_again: bool | None = None,
    trade_in: TradeInReport | None = None,
    now: Clock = utc_now,
) -> AfterWipe:
    """Look for everything that should be gone. On the unit the run is about, and on no other, it writes one
    control file beside each canary and removes it. `trade_in` is what it reported before it was opened for reading.
    """
    seen = read_facts(transport, (IDENTITY, PROPERTIES, RESET_PROTECTION, *TRACE_FACTS), now=now)
    identity, protection = seen.readable(IDENTITY), seen.readable(RESET_PROTECTION)
    ours = identity is not None and identity.unit == before.unit
    return AfterWipe(
        collected_at=seen.taken_at,
        unit=identity.unit if identity else None,
        traces=traces(seen),
        canaries=_look_for_canaries(transport, before)
        if ours
        else dict.fromkeys(before.canaries, CanaryState.UNREADABLE),
        asked_again=asked_again,
        place=transport.address,
        test_harness=is_test_harness(seen),
        reset_protection=protection.active if protection else None,
        trade_in=None if trade_in is None else trade_in.serial == before.unit.serial and not trade_in.reset_protection,
    )


def canary_path(folder: str, token: str) -> str:
    """Where the token is written: a name that tells a curious person what it is."""
    return f"{folder}/doorstep-wipe-check-{token[:16]}.txt"


def _asks_for_keys(seen: Observation) -> bool:
    properties = seen.readable(PROPERTIES)
    return properties is None or (properties.flag("ro.adb.secure") is not False and not is_evaluated(properties))


def is_test_harness(seen: Observation) -> bool | None:
    """Whether test harness mode erased this tablet last: its mark goes only with an ordinary reset (API 29 to 34)."""
    properties = seen.readable(PROPERTIES)
    return None if properties is None else properties.values.get("persist.sys.test_harness") == "1"


def _hardware_keys(seen: Observation) -> bool | None:
    """Android names the feature from API 31 on (PackageManager.FEATURE_HARDWARE_KEYSTORE)."""
    features = seen.readable(FEATURES)
    return None if features is None else _HARDWARE_KEYS in features


def _plant(transport: Transport, token: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths at which the token was written and read back."""
    written = _write(transport, token, paths)
    seen = read_facts(transport, tuple(file_on_tablet(path) for path in written))
    return tuple(path for path in written if _holds(seen, path, token))


def _write(transport: Transport, token: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    written = []
    for path in paths:
        try:
            transport.push(BytesIO(token.encode()), path)
        except TransferFailed:
            continue
        written.append(path)
    return tuple(written)


def _look_for_canaries(transport: Transport, before: BeforeWipe) -> dict[str, CanaryState]:
    controls = {path: f"{path}.control" for path in before.canaries}
    written = _write(transport, before.token, tuple(controls.values()))
    files = tuple(file_on_tablet(path) for pair in controls.items() for path in pair)
    seen = read_facts(transport, files)
    for path in written:
        transport.run(Command("rm -f", Quoted(path)))
    return {
        path: _canary(seen, path, control if control in written else None, before.token)
        for path, control in controls.items()
    }


def _holds(seen: Observation, path: str, token: str) -> bool:
    file = seen.readable(file_on_tablet(path))
    return file is not None and file.sha256 == hashlib.sha256(token.encode()).hexdigest()


def _canary(seen: Observation, path: str, control: str | None, token: str) -> CanaryState:
    """A folder that is not there at all also says “no such file”: only a control that can be read makes it proof."""
    file = seen.readable(file_on_tablet(path))
    if file is not None and file.sha256 is not None:
        return CanaryState.PRESENT
    if file is None or control is None or not _holds(seen, control, token):
        return CanaryState.UNREADABLE
    return CanaryState.GONE
