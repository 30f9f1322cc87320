"""An app is installed, in at least some version and signed by whom we expect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from provisioning.errors import NeedsPerson, Unsupported
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.facts.observation import Observation
from provisioning.facts.package_details import app_details
from provisioning.resources.names import check_package
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import InstallApp, Step, run


@dataclass(frozen=True)
class AppState:
    """`version_code` is None where the app is not installed for user 0."""

    version_code: int | None
    signer: str | None
    enabled: bool
    sdk: int


@dataclass(frozen=True, kw_only=True)
class AppInstalled(Resource[AppState]):
    """`signer`, where given, is Android's 32-bit certificate hash in hex, as ``dumpsys package`` prints it."""

    phase: ClassVar[Phase] = Phase.APPS

    package: str
    title: str
    min_version: int = 1
    signer: str = ""
    min_sdk: int = 0
    kind: Literal["app"] = "app"

    def __post_init__(self) -> None:
        check_package(self.package)

    @property
    def id(self) -> str:
        return f"app/{self.package}"

    @property
    def sentence(self) -> str:
        return f"{self.title} is installed"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (app_details(self.package), IDENTITY)

    def read(self, observed: Observation) -> AppState:
        app = observed.value(app_details(self.package)).details
        sdk = observed.value(IDENTITY).sdk
        if app is None:
            return AppState(None, None, False, sdk)
        return AppState(app.version_code, app.signer, app.enabled, sdk)

    def decide(self, state: AppState) -> tuple[Step, ...]:
        if state.version_code is None and state.sdk < self.min_sdk:
            raise Unsupported(f"{self.title} does not run on this tablet's Android.")
        if state.version_code is not None and self._stranger(state):
            raise NeedsPerson(
                f"A copy of {self.title} from another maker is on the tablet. "
                "Uninstall it there (its data is lost), then plan again."
            )
        if state.version_code is None or state.version_code < self.min_version:
            old = "" if state.version_code is None else f" over version {state.version_code}"
            return (self.step(f"Install {self.title}{old}.", InstallApp(self.package)),)
        if not state.enabled:
            from_off = run("pm enable --user 0", self.package)
            return (self.step(f"Switch {self.title} on.", from_off),)
        return ()

    def signed_by(self, certificate_der: bytes) -> AppInstalled:
        """The same, pinned to a signer's certificate."""
        return replace(self, signer=signer_hash(certificate_der))

    def _stranger(self, state: AppState) -> bool:
        return bool(self.signer) and state.signer is not None and state.signer != self.signer


def signer_hash(certificate_der: bytes) -> str:
    """Android's short name for a certificate, as ``dumpsys package`` prints it: java.util.Arrays.hashCode in hex."""
    value = 1
    for byte in certificate_der:
        signed = byte - 256 if byte > 127 else byte
        value = (31 * value + signed) & 0xFFFFFFFF
    return f"{value:x}"
