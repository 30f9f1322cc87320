"""A given app opens when the Home button is pressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from provisioning.command import Quoted
from provisioning.facts.fact import Fact
from provisioning.facts.home import HOME
from provisioning.facts.identity import IDENTITY
from provisioning.facts.observation import Observation
from provisioning.resources.names import check_activity, check_package, same_component
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import RunCommand, Step, run

# From Android 10 (API 29) Home is a role.
_ROLES_SINCE_SDK = 29
# `set-home-activity` may wait for ever on Android's side.
_SECONDS = 15.0


@dataclass(frozen=True)
class HomeState:
    """`component` is None where Home is not settled on one app."""

    component: str | None
    sdk: int


@dataclass(frozen=True, kw_only=True)
class HomeActivity(Resource[HomeState]):
    phase: ClassVar[Phase] = Phase.HOME

    package: str
    activity: str
    title: str
    kind: Literal["home"] = "home"

    def __post_init__(self) -> None:
        check_package(self.package)
        check_activity(self.activity)

    @property
    def id(self) -> str:
        return "home"

    @property
    def sentence(self) -> str:
        return f"The Home button opens {self.title}"

    @property
    def component(self) -> str:
        return f"{self.package}/{self.activity}"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (HOME, IDENTITY)

    def read(self, observed: Observation) -> HomeState:
        return HomeState(observed.value(HOME).component, observed.value(IDENTITY).sdk)

    def decide(self, state: HomeState) -> tuple[Step, ...]:
        if state.component is not None and self._held_by(state.component, state.sdk):
            return ()
        return (self.step(f"Make {self.title} the Home screen.", self._command(state.sdk)),)

    def _held_by(self, component: str, sdk: int) -> bool:
        """From Android 10 on the role is the app's: which of its home activities answers is the app's own business."""
        if sdk >= _ROLES_SINCE_SDK:
            return component.partition("/")[0] == self.package
        return same_component(component, self.component)

    def _command(self, sdk: int) -> RunCommand:
        if sdk >= _ROLES_SINCE_SDK:
            words = "cmd role add-role-holder --user 0 android.app.role.HOME"
            return run(words, self.package, timeout_seconds=_SECONDS)
        return run("cmd package set-home-activity --user 0", Quoted(self.component), timeout_seconds=_SECONDS)
