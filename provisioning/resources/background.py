"""An app may go on while the tablet sleeps, or may do something that Android asks about apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from provisioning.command import Quoted
from provisioning.errors import Unsupported
from provisioning.facts.background import UNRESTRICTED, AppOperation, app_operation
from provisioning.facts.fact import Fact
from provisioning.facts.observation import Observation
from provisioning.resources.names import check_package
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import Step, run


@dataclass(frozen=True)
class BatteryState:
    exempt: bool


@dataclass(frozen=True, kw_only=True)
class BatteryUnrestricted(Resource[BatteryState]):
    """Android's own list. Some makers keep a second one that only a person can change (android.md 5.10)."""

    phase: ClassVar[Phase] = Phase.HOME

    package: str
    title: str
    kind: Literal["battery_unrestricted"] = "battery_unrestricted"

    def __post_init__(self) -> None:
        check_package(self.package)

    @property
    def id(self) -> str:
        return f"battery_unrestricted/{self.package}"

    @property
    def sentence(self) -> str:
        return f"{self.title} is not stopped to save the battery"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (UNRESTRICTED,)

    def read(self, observed: Observation) -> BatteryState:
        return BatteryState(self.package in observed.value(UNRESTRICTED).packages)

    def decide(self, state: BatteryState) -> tuple[Step, ...]:
        if state.exempt:
            return ()
        return (self.step(f"{self.sentence}.", run("dumpsys deviceidle whitelist", Quoted(f"+{self.package}"))),)


@dataclass(frozen=True, kw_only=True)
class AppOperationSet(Resource[AppOperation]):
    """`operation` as in ``SYSTEM_ALERT_WINDOW``: what Android's “special app access” screens decide."""

    phase: ClassVar[Phase] = Phase.HOME

    package: str
    operation: str
    mode: Literal["allow", "ignore", "deny", "default", "foreground"] = "allow"
    means: str
    kind: Literal["app_operation"] = "app_operation"

    def __post_init__(self) -> None:
        check_package(self.package)
        if not re.fullmatch(r"[A-Z][A-Z_0-9]+", self.operation):
            raise ValueError(f"“{self.operation}” is not an operation such as SYSTEM_ALERT_WINDOW")

    @property
    def id(self) -> str:
        return f"app_operation/{self.package}/{self.operation}"

    @property
    def sentence(self) -> str:
        return self.means

    def facts(self) -> tuple[Fact[Any], ...]:
        return (app_operation(self.package, self.operation),)

    def read(self, observed: Observation) -> AppOperation:
        return observed.value(app_operation(self.package, self.operation))

    def decide(self, state: AppOperation) -> tuple[Step, ...]:
        if not state.known:
            raise Unsupported(f"This tablet's Android does not know {self.operation}: {self.means}")
        if (state.mode or "default") == self.mode:
            return ()
        put = run("cmd appops set --user 0", self.package, self.operation, self.mode)
        return (self.step(f"{self.means} ({self.operation} {self.mode}, was {state.mode or 'not set'}).", put),)
