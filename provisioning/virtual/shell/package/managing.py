"""grant, revoke, enable, disable-user, clear: what changes a package without replacing it."""

from __future__ import annotations

from dataclasses import replace

from provisioning.virtual.faults import Fault
from provisioning.virtual.permissions import is_known, is_runtime
from provisioning.virtual.shell.call import Call, CommandError, Commands, JavaError
from provisioning.virtual.shell.guards import need_grant_rights
from provisioning.virtual.shell.package.arguments import take_apart
from provisioning.virtual.state import DISABLED_USER, ENABLED, ENABLED_DEFAULT, Package

PROTECTED = frozenset({"android", "com.android.settings", "com.android.systemui", "com.android.shell"})


def _words(call: Call) -> tuple[str, ...]:
    return take_apart(call, bare=frozenset(), valued=frozenset({"--user"})).words


def _package(call: Call, name: str) -> Package:
    package = call.tablet.content.packages.get(name)
    if package is None or package.hidden:
        raise JavaError(f"java.lang.IllegalArgumentException: Unknown package: {name}")
    return package


def _changeable(call: Call) -> tuple[Package, str]:
    """The package and permission of `grant` and `revoke`, checked as PermissionManagerService does."""
    name, permission = (*_words(call), "", "")[:2]
    need_grant_rights(call)
    package = _package(call, name)
    if not is_known(permission, call.sdk):
        raise JavaError(f"java.lang.IllegalArgumentException: Unknown permission: {permission}")
    if permission not in package.requested:
        raise JavaError(f"java.lang.SecurityException: Package {name} has not requested permission {permission}")
    if not is_runtime(permission, call.sdk):
        text = f"Permission {permission} requested by {name} is not a changeable permission type"
        raise JavaError(f"java.lang.SecurityException: {text}")
    return package, permission


def _grant(call: Call) -> int:
    package, permission = _changeable(call)
    if not call.tablet.faults.strikes(Fault.GRANT_LIES):
        _store(call, replace(package, granted=tuple(sorted({*package.granted, permission}))))
    return 0


def _revoke(call: Call) -> int:
    package, permission = _changeable(call)
    _store(call, replace(package, granted=tuple(one for one in package.granted if one != permission)))
    return 0


def _store(call: Call, package: Package) -> None:
    with call.tablet.changing() as state:
        state.content.packages[package.name] = package


def _disable_user(call: Call) -> int:
    name = (*_words(call), "")[0]
    if name in PROTECTED or name == call.tablet.personality.protected:
        raise JavaError(f"java.lang.SecurityException: Cannot disable a protected package: {name}")
    return _set_enabled(call, name, DISABLED_USER, "disabled-user")


def _enable(call: Call) -> int:
    return _set_enabled(call, (*_words(call), "")[0], ENABLED, "enabled")


def _default_state(call: Call) -> int:
    return _set_enabled(call, (*_words(call), "")[0], ENABLED_DEFAULT, "default")


def _set_enabled(call: Call, name: str, value: int, word: str) -> int:
    if "/" in name:
        text = f"Shell cannot change component state for {name} to {value}"
        raise JavaError(f"java.lang.SecurityException: {text}")
    _store(call, replace(_package(call, name), enabled=value))
    call.line(f"Package {name} new state: {word}")
    return 0


def _disable(call: Call) -> int:
    name = (*_words(call), "")[0]
    raise JavaError(f"java.lang.SecurityException: Shell cannot change component state for {name}/null to 2")


def _clear(call: Call) -> int:
    _package(call, (*_words(call), "")[0])
    call.line("Success")
    return 0


def _set_installer(call: Call) -> int:
    name, installer = (*_words(call), "", "")[:2]
    if not installer:
        raise CommandError("Error: no installer provided", 1)
    _store(call, replace(_package(call, name), installer=installer))
    call.line("Success")
    return 0


MANAGING: Commands = {
    "grant": _grant,
    "revoke": _revoke,
    "disable-user": _disable_user,
    "enable": _enable,
    "default-state": _default_state,
    "disable": _disable,
    "clear": _clear,
    "set-installer": _set_installer,
}
