"""Refusals that a person at the tablet can lift, known by Android's own words, and what that person has to do."""

from __future__ import annotations

_SECURITY_SWITCH = (
    "This maker keeps the bench from changing settings. On the tablet, open Settings → Developer options, switch on "
    "“USB debugging (Security settings)” (some makers: “Disable permission monitoring”), restart it and plan again."
)
_INSTALL_SWITCH = (
    "The tablet asks on its screen before it installs. Open Settings → Developer options, switch on “Install via USB”, "
    "then apply again and tap Install within ten seconds."
)

# android.md 4.4 and 5.1: Xiaomi and Redmi, Realme, Oppo and OnePlus.
_HANDS: tuple[tuple[str, str], ...] = (
    ("android.permission.WRITE_SECURE_SETTINGS", _SECURITY_SWITCH),
    ("android.permission.GRANT_RUNTIME_PERMISSIONS", _SECURITY_SWITCH),
    ("android.permission.MANAGE_DEVICE_ADMINS", _SECURITY_SWITCH),
    ("INSTALL_FAILED_USER_RESTRICTED", _INSTALL_SWITCH),
    (
        "INSTALL_FAILED_UPDATE_INCOMPATIBLE",
        "A copy of this app from another maker is on the tablet. Uninstall it there (its data goes), then plan again.",
    ),
)


def hands_needed(said: str) -> str:
    """What a person must do about a refusal in these words; empty where nobody at the tablet can help."""
    return next((sentence for words, sentence in _HANDS if words in said), "")
