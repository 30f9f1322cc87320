"""Accessibility services: what Android binds, the flags it works out from that, and `dumpsys accessibility`."""

from __future__ import annotations

from provisioning.virtual.shell.call import Call
from provisioning.virtual.state import Content

LIST = "enabled_accessibility_services"
DERIVED_FROM = frozenset({LIST, "accessibility_enabled", "touch_exploration_enabled"})
"""A write to any of these makes Android work the flags out again (AccessibilityManagerService)."""


def bound_services(content: Content) -> list[str]:
    """Written services bind only where their package declares them."""
    return [one for one in (content.settings["secure"].get(LIST) or "").split(":") if _declared(content, one)]


def work_out_flags(content: Content) -> None:
    """What was written into the flags themselves does not last."""
    bound = bound_services(content)
    content.settings["secure"]["accessibility_enabled"] = str(int(bool(bound)))
    content.settings["secure"]["touch_exploration_enabled"] = str(int(any(_explores(one) for one in bound)))


def _explores(component: str) -> bool:
    return "TalkBack" in component


def _declared(content: Content, component: str) -> bool:
    package_name, _, name = component.partition("/")
    package = content.packages.get(package_name)
    names = set() if package is None or not package.usable else set(package.services)
    return name in names or name.removeprefix(package_name) in names


def accessibility_dump(call: Call) -> int:
    bound = bound_services(call.tablet.content)
    touch = str(any(_explores(one) for one in bound)).lower()
    listed = ", ".join(
        f"Service[label={one.rpartition('.')[2].removesuffix('Service')}, feedbackType[FEEDBACK_SPOKEN], caps=11]"
        for one in bound
    )
    call.line("ACCESSIBILITY MANAGER (dumpsys accessibility)\n")
    call.line(f"User state[\n     attributes:{{id=0, touchExplorationEnabled={touch}, serviceHandlesDoubleTap=false}}")
    if call.sdk < 29:
        call.line(f"           services:{{{listed}}}]")
        return 0
    call.line(f"     Bound services:{{{listed}}}")
    call.line(f"     Enabled services:{{{', '.join('{' + one + '}' for one in bound)}}}")
    call.line("     Binding services:{}\n     Crashed services:{}]")
    return 0
