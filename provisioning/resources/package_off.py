"""An app that came with the tablet is switched off, so that it does not get in the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from provisioning.errors import Unsupported
from provisioning.facts.fact import Fact
from provisioning.facts.home import HOME
from provisioning.facts.observation import Observation
from provisioning.facts.packages import ENABLED_PACKAGES
from provisioning.facts.settings import SETTINGS_GLOBAL, SETTINGS_SECURE
from provisioning.resources.names import check_package
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import Step, run

# Never switched off, whatever a profile says (android.md 5.10: a tablet without them locks its user out,
# cannot be updated, or cannot be typed on).
PROTECTED = re.compile(
    r"android"
    r"|com\.android\.(systemui|settings|phone|shell|vending|webview|permissioncontroller|packageinstaller"
    r"|externalstorage|keychain|providers\..*|server\..*|inputmethod\..*|wifi.*|networkstack.*)"
    r"|com\.google\.android\.(gms|gsf|webview|permissioncontroller|packageinstaller|inputmethod\..*|networkstack.*"
    r"|modulemetadata|ext\..*|providers\..*)"
    r"|com\.samsung\.android\.(kgclient|honeyboard|knox\..*)"
    r"|com\.sec\.android\.app\.launcher"
    r"|com\.amazon\.firelauncher"
    r"|org\.doorstep\..*"
)


@dataclass(frozen=True)
class PackageState:
    """`needed_as` says why this tablet cannot do without the app, and is empty where it can."""

    enabled: bool
    needed_as: str


@dataclass(frozen=True, kw_only=True)
class PackageDisabled(Resource[PackageState]):
    phase: ClassVar[Phase] = Phase.TIDY

    package: str
    title: str
    kind: Literal["package_disabled"] = "package_disabled"

    def __post_init__(self) -> None:
        check_package(self.package)
        if PROTECTED.fullmatch(self.package):
            raise ValueError(f"{self.package} is protected: a tablet without it may lock its user out")

    @property
    def id(self) -> str:
        return f"package_disabled/{self.package}"

    @property
    def sentence(self) -> str:
        return f"{self.title} is switched off"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (ENABLED_PACKAGES, SETTINGS_SECURE, SETTINGS_GLOBAL, HOME)

    def read(self, observed: Observation) -> PackageState:
        enabled = self.package in observed.value(ENABLED_PACKAGES)
        secure, over_all = observed.value(SETTINGS_SECURE), observed.value(SETTINGS_GLOBAL)
        services = (secure.get("enabled_accessibility_services") or "").split(":")
        roles: dict[str | None, str] = {
            (secure.get("default_input_method") or "").partition("/")[0]: "keyboard",
            over_all.get("webview_provider"): "part that shows web pages inside apps",
            **{service.partition("/")[0]: "help with reading or touching the screen" for service in services},
            observed.value(HOME).package: "home screen",
        }
        return PackageState(enabled, roles.get(self.package, ""))

    def decide(self, state: PackageState) -> tuple[Step, ...]:
        if not state.enabled:
            return ()
        if state.needed_as:
            raise Unsupported(f"{self.title} stays on: on this tablet it is the {state.needed_as}.")
        return (self.step(f"Switch {self.title} off.", run("pm disable-user --user 0", self.package)),)
