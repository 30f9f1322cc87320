"""What a tablet remembers, as values that go to disk and come back equal: what a wipe spares, and what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

FORMAT = 1

ENABLED_DEFAULT = 0
ENABLED = 1
DISABLED_USER = 3


@dataclass(frozen=True)
class Package:
    """One installed app."""

    name: str
    version_code: int
    version_name: str
    min_sdk: int
    target_sdk: int
    path: str
    """Where its base lies; its splits lie beside it."""
    uid: int
    system: bool = False
    requested: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    home_activities: tuple[str, ...] = ()
    launcher_activities: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    enabled: int = ENABLED_DEFAULT
    hidden: bool = False
    """Uninstalled for user 0 with its files kept, as `pm uninstall` leaves a preload."""
    installer: str | None = None
    signer: str = ""
    """SHA-256 of the signing certificate, hexadecimal."""
    signer_hash: str = ""
    installed_at: int = 0
    test_only: bool = False
    splits: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Where each of its APKs lies, the base first."""
        folder = self.path.rpartition("/")[0]
        return (self.path, *(f"{folder}/split_{name}.apk" for name in self.splits))

    @property
    def usable(self) -> bool:
        """Installed for user 0 and not switched off."""
        return not self.hidden and self.enabled in {ENABLED_DEFAULT, ENABLED}


@dataclass(frozen=True)
class Account:
    """An account somebody signed in with."""

    name: str
    type: str


@dataclass(frozen=True)
class Owner:
    """A device owner: an organisation's management app."""

    admin: str
    organisation: str = ""
    blocks_reset: bool = False
    wipes_when_told: bool = False
    """Whether it declares a receiver through which a bench may have it reset the tablet."""


@dataclass(frozen=True)
class Battery:
    """Charge and health. Temperature in tenths of a degree, voltage in millivolts."""

    level: int = 80
    plugged: str = "usb"
    voltage: int = 4050
    temperature: int = 265
    health: int = 2
    asoc: int = 93
    cycles: int = 212


@dataclass
class Body:
    """What stays through a wipe: the thing itself."""

    serial: str
    wifi_mac: str
    battery: Battery = field(default_factory=Battery)
    frp_account: str = ""
    """Type of the account that the persistent data block will ask for, or nothing."""
    boots: int = 0
    erases_at_start: bool = False
    """The mark on the metadata partition that trade-in mode's evaluation leaves: the next start is a reset."""


@dataclass
class Content:
    """What a wipe takes away."""

    generation: int
    android_id: str
    settings: dict[str, dict[str, str]]
    packages: dict[str, Package]
    accounts: list[Account] = field(default_factory=list)
    owner: Owner | None = None
    trusted_keys: list[str] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    home: str = ""
    roles: dict[str, list[str]] = field(default_factory=dict)
    appops: dict[str, dict[str, str]] = field(default_factory=dict)
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    idle_whitelist: list[str] = field(default_factory=list)
    networks: list[list[str]] = field(default_factory=list)
    """Saved Wi-Fi networks: name and kind of security."""
    override_size: str = ""
    override_density: int = 0
    night_mode: str = "no"
    lock_pin: str = ""
    lock_screen_off: bool = False
    app_languages: dict[str, str] = field(default_factory=dict)
    wifi_in_use: str = ""
    next_uid: int = 10150


@dataclass
class State:
    """All of it."""

    personality: str
    body: Body
    content: Content


def to_json(state: State) -> dict[str, Any]:
    """Plain values for a JSON file."""
    return {"format": FORMAT, **asdict(state)}


def from_json(raw: Mapping[str, Any]) -> State:
    """The state that `to_json` wrote. Raises ValueError for a file of another format."""
    if raw.get("format") != FORMAT:
        raise ValueError(f"This virtual tablet was saved in format {raw.get('format')}; only {FORMAT} can be read.")
    body = Body(**{**raw["body"], "battery": Battery(**raw["body"]["battery"])})
    content: dict[str, Any] = dict(raw["content"])
    content["packages"] = {name: _package(value) for name, value in content["packages"].items()}
    content["accounts"] = [Account(**value) for value in content["accounts"]]
    content["owner"] = None if content["owner"] is None else Owner(**content["owner"])
    return State(raw["personality"], body, Content(**content))


_TUPLES = frozenset(one.name for one in fields(Package) if str(one.type).startswith("tuple"))


def _package(raw: Mapping[str, Any]) -> Package:
    values: dict[str, Any] = {key: tuple(value) if key in _TUPLES else value for key, value in raw.items()}
    return Package(**values)
