"""Rights that a maker takes from the adb shell until a person gives them back in the developer options."""

from __future__ import annotations

from provisioning.virtual.shell.call import Call, JavaError

SWITCH = "persist.security.adbinput"
"""MIUI's property behind "USB debugging (Security settings)"."""


def _guarded(call: Call) -> bool:
    return call.tablet.personality.guards_adb and call.tablet.content.properties.get(SWITCH) != "1"


def need_settings_rights(call: Call) -> None:
    if _guarded(call):
        raise JavaError(
            "java.lang.SecurityException: Permission denial: writing to settings requires:"
            "android.permission.WRITE_SECURE_SETTINGS"
        )


def need_grant_rights(call: Call) -> None:
    if _guarded(call):
        raise JavaError(
            "java.lang.SecurityException: grantRuntimePermission: Neither user 2000 nor current process has "
            "android.permission.GRANT_RUNTIME_PERMISSIONS."
        )


def install_blocked(call: Call) -> bool:
    """Whether the maker's own installer asks a person, who is not there."""
    return _guarded(call)
