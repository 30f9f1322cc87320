"""An app has a permission that Android would otherwise ask a person for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from provisioning.errors import Unsupported
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.facts.observation import Observation
from provisioning.facts.package_details import app_details
from provisioning.resources.names import check_package, check_permission
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import Step, run

# Permissions that older Androids do not know, by the API level that brought them.
_SINCE_SDK = {
    "android.permission.POST_NOTIFICATIONS": 33,
    "android.permission.BLUETOOTH_CONNECT": 31,
    "android.permission.READ_MEDIA_IMAGES": 33,
}


@dataclass(frozen=True)
class PermissionState:
    """`asked_for` is whether the app's manifest requests it; None while the app is not installed."""

    granted: bool
    asked_for: bool | None
    sdk: int


@dataclass(frozen=True, kw_only=True)
class PermissionGranted(Resource[PermissionState]):
    phase: ClassVar[Phase] = Phase.HOME

    package: str
    permission: str
    means: str
    kind: Literal["permission"] = "permission"

    def __post_init__(self) -> None:
        check_package(self.package)
        check_permission(self.permission)

    @property
    def id(self) -> str:
        return f"permission/{self.package}/{self.permission}"

    @property
    def sentence(self) -> str:
        return self.means

    def facts(self) -> tuple[Fact[Any], ...]:
        return (app_details(self.package), IDENTITY)

    def read(self, observed: Observation) -> PermissionState:
        app = observed.value(app_details(self.package)).details
        sdk = observed.value(IDENTITY).sdk
        if app is None:
            return PermissionState(False, None, sdk)
        return PermissionState(app.permissions.get(self.permission, False), self.permission in app.requested, sdk)

    def decide(self, state: PermissionState) -> tuple[Step, ...]:
        if state.granted:
            return ()
        if state.sdk < _SINCE_SDK.get(self.permission, 0):
            raise Unsupported(f"This tablet's Android does not ask for it, so there is nothing to grant: {self.means}")
        if state.asked_for is False:
            raise Unsupported(f"The installed version of {self.package} does not ask for {self.permission}.")
        return (self.step(f"{self.means}.", run("pm grant --user 0", self.package, self.permission)),)
