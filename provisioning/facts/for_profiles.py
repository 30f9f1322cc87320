"""Facts that only some profiles ask for: read when a resource needs them, left out of the general look at a tablet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provisioning.facts.accessibility import ACCESSIBILITY
from provisioning.facts.background import UNRESTRICTED, app_operation
from provisioning.facts.fact import Fact
from provisioning.facts.folder import BENCH_FOLDER
from provisioning.facts.languages import SYSTEM_LANGUAGE, app_language
from provisioning.facts.lock_screen import LOCK_SCREEN
from provisioning.facts.volume import Stream, volume
from provisioning.facts.wifi import wifi_network

FOR_PROFILES: tuple[Fact[Any], ...] = (
    ACCESSIBILITY,
    BENCH_FOLDER,
    LOCK_SCREEN,
    SYSTEM_LANGUAGE,
    UNRESTRICTED,
    *(volume(stream) for stream in Stream),
)


def _operation(rest: str) -> Fact[Any]:
    package, _, operation = rest.partition("/")
    return app_operation(package, operation)


# Facts about one app or one thing, by the first part of their names.
ABOUT_ONE: Mapping[str, Callable[[str], Fact[Any]]] = {
    "app_language": app_language,
    "app_operation": _operation,
    "wifi": wifi_network,
}
