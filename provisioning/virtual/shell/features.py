"""`pm list features`: the hardware and software a model claims."""

from __future__ import annotations

from provisioning.virtual.personality import Personality

_COMMON = (
    "android.hardware.audio.output",
    "android.hardware.bluetooth",
    "android.hardware.bluetooth_le",
    "android.hardware.camera",
    "android.hardware.camera.any",
    "android.hardware.camera.autofocus",
    "android.hardware.camera.front",
    "android.hardware.faketouch",
    "android.hardware.location",
    "android.hardware.microphone",
    "android.hardware.screen.landscape",
    "android.hardware.screen.portrait",
    "android.hardware.sensor.accelerometer",
    "android.hardware.touchscreen",
    "android.hardware.touchscreen.multitouch",
    "android.hardware.usb.host",
    "android.hardware.wifi",
    "android.software.device_admin",
    "android.software.home_screen",
    "android.software.input_methods",
    "android.software.managed_users",
    "android.software.webview",
)
_TELEPHONY = ("android.hardware.telephony", "android.hardware.telephony.gsm")
_SINCE = (
    (29, "android.software.secure_lock_screen"),
    (31, "android.software.game_service"),
    (33, "android.software.credentials"),
)
_KEYSTORE_SINCE = 31
"""PackageManager.FEATURE_HARDWARE_KEYSTORE; its number is a KeyMint version."""


def features_listed(model: Personality) -> tuple[str, ...]:
    """The names as printed, the graphics version first."""
    names = [*_COMMON, *model.features, *(_TELEPHONY if model.telephony else ())]
    names += [name for sdk, name in _SINCE if model.sdk >= sdk]
    names += ["android.hardware.hardware_keystore=100"] if model.sdk >= _KEYSTORE_SINCE else []
    versioned = [f"android.software.device_id_attestation={model.sdk}"] if model.sdk >= 31 else []
    return ("reqGlEsVersion=0x30002", *sorted([*names, *versioned]))
