"""An accessibility service, such as a screen reader, runs; or does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from provisioning.command import Quoted
from provisioning.errors import NeedsPerson
from provisioning.facts.accessibility import ACCESSIBILITY
from provisioning.facts.fact import Fact
from provisioning.facts.observation import Observation
from provisioning.facts.packages import ENABLED_PACKAGES
from provisioning.facts.settings import SETTINGS_SECURE
from provisioning.resources.names import check_activity, check_package, same_component
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import Action, Step, run

_LIST = "enabled_accessibility_services"


@dataclass(frozen=True)
class ServiceState:
    """`component` is the first of those wanted whose app is switched on, or None. `listed` is what the settings name,
    `running` whether Android has a service bound that can be this one.
    """

    component: str | None
    listed: tuple[str, ...]
    running: bool


@dataclass(frozen=True, kw_only=True)
class AccessibilityService(Resource[ServiceState]):
    """`components` are full names (``package/package.Class``) in the order in which they are looked for.

    `proof` is what tells that it runs: for a screen reader Android's own “touch exploration”, which it works out from
    the bound services (android.md 5.2), else that any service is bound.
    """

    phase: ClassVar[Phase] = Phase.ACCESS

    service: str
    title: str
    components: tuple[str, ...]
    on: bool = True
    proof: Literal["touch_exploration", "bound"] = "bound"
    kind: Literal["accessibility_service"] = "accessibility_service"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.service):
            raise ValueError(f"“{self.service}” is not a short name such as talkback")
        if not self.components:
            raise ValueError("components must name at least one service")
        for component in self.components:
            package, _, name = component.partition("/")
            check_package(package)
            check_activity(name)

    @property
    def id(self) -> str:
        return f"accessibility_service/{self.service}"

    @property
    def sentence(self) -> str:
        return f"{self.title} is {'on' if self.on else 'off'}"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (ACCESSIBILITY, ENABLED_PACKAGES, SETTINGS_SECURE)

    def read(self, observed: Observation) -> ServiceState:
        there = observed.value(ENABLED_PACKAGES)
        component = next((one for one in self.components if one.partition("/")[0] in there), None)
        secure, told = observed.value(SETTINGS_SECURE), observed.value(ACCESSIBILITY)
        listed = tuple(dict.fromkeys(one for one in (secure.get(_LIST) or "").split(":") if "/" in one))
        alive = told.touch_exploration if self.proof == "touch_exploration" else bool(told.bound)
        crashed = component is not None and any(same_component(one, component) for one in told.crashed)
        return ServiceState(component, listed, alive and not crashed and secure.get("accessibility_enabled") == "1")

    def decide(self, state: ServiceState) -> tuple[Step, ...]:
        return self._switch_on(state) if self.on else self._switch_off(state)

    def _switch_on(self, state: ServiceState) -> tuple[Step, ...]:
        if state.component is None:
            raise NeedsPerson(
                f"There is no {self.title} on this tablet. Put an app that has it into the app library and the "
                "profile, or choose another tablet for this person."
            )
        others = tuple(one for one in state.listed if not same_component(one, state.component))
        if len(others) < len(state.listed) and state.running:
            return ()
        # What is listed and does not run is taken off the list first: writing the same list again starts nothing.
        again = _write(others) if len(others) < len(state.listed) else ()
        actions = (*again, *_write((*others, state.component)), run("settings put secure accessibility_enabled 1"))
        return (self.step(f"Switch {self.title} on.", *actions),)

    def _switch_off(self, state: ServiceState) -> tuple[Step, ...]:
        others = tuple(one for one in state.listed if not self._is_one(one))
        if others == state.listed:
            return ()
        rest = () if others else (run("settings put secure accessibility_enabled 0"),)
        return (self.step(f"Switch {self.title} off.", *_write(others), *rest),)

    def _is_one(self, component: str) -> bool:
        return any(same_component(component, one) for one in self.components)


def _write(components: tuple[str, ...]) -> tuple[Action, ...]:
    if not components:
        return (run("settings delete secure", _LIST),)
    return (run("settings put secure", _LIST, Quoted(":".join(components))),)
