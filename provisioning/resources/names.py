"""Names Android gives to apps, components and permissions, checked before they come near a shell."""

from __future__ import annotations

import re

_PACKAGE = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+")
_ACTIVITY = re.compile(r"\.?[A-Za-z][\w$]*(\.[A-Za-z][\w$]*)*")


def check_package(name: str) -> None:
    """Raise `ValueError` for what cannot be a package name."""
    if not _PACKAGE.fullmatch(name):
        raise ValueError(f"“{name}” is not a package name such as org.example.app")


def check_activity(name: str) -> None:
    """Raise `ValueError` for what cannot be an activity's class name."""
    if not _ACTIVITY.fullmatch(name):
        raise ValueError(f"“{name}” is not an activity name such as .MainActivity")


def check_permission(name: str) -> None:
    """Raise `ValueError` for what cannot be a permission's name."""
    if not re.fullmatch(r"[A-Za-z]\w*(\.\w+)+", name):
        raise ValueError(f"“{name}” is not a permission such as android.permission.CAMERA")


def same_component(one: str, other: str) -> bool:
    """Whether two spellings mean one activity: ``a.b/.C`` is short for ``a.b/a.b.C``."""
    return _full(one) == _full(other)


def _full(component: str) -> tuple[str, str]:
    package, _, activity = component.partition("/")
    return package, package + activity if activity.startswith(".") else activity
