"""The runtime permissions of Android, each with the version that brought it."""

from __future__ import annotations

_SINCE = {
    "ACCESS_BACKGROUND_LOCATION": 29,
    "ACCESS_MEDIA_LOCATION": 29,
    "ACTIVITY_RECOGNITION": 29,
    "BLUETOOTH_ADVERTISE": 31,
    "BLUETOOTH_CONNECT": 31,
    "BLUETOOTH_SCAN": 31,
    "NEARBY_WIFI_DEVICES": 33,
    "POST_NOTIFICATIONS": 33,
    "READ_MEDIA_AUDIO": 33,
    "READ_MEDIA_IMAGES": 33,
    "READ_MEDIA_VIDEO": 33,
}
_ALWAYS = (
    "ACCESS_COARSE_LOCATION", "ACCESS_FINE_LOCATION", "BODY_SENSORS", "CALL_PHONE", "CAMERA", "GET_ACCOUNTS",
    "READ_CALENDAR", "READ_CALL_LOG", "READ_CONTACTS", "READ_EXTERNAL_STORAGE", "READ_PHONE_STATE", "READ_SMS",
    "RECEIVE_SMS", "RECORD_AUDIO", "SEND_SMS", "WRITE_CALENDAR", "WRITE_CONTACTS", "WRITE_EXTERNAL_STORAGE",
)  # fmt: skip
_NOT_CHANGEABLE = (
    "ACCESS_NETWORK_STATE", "ACCESS_WIFI_STATE", "BLUETOOTH", "FOREGROUND_SERVICE", "INTERNET", "MODIFY_AUDIO_SETTINGS",
    "QUERY_ALL_PACKAGES", "RECEIVE_BOOT_COMPLETED", "REQUEST_INSTALL_PACKAGES", "SYSTEM_ALERT_WINDOW", "VIBRATE",
    "WAKE_LOCK", "SET_WALLPAPER", "EXPAND_STATUS_BAR", "USE_FULL_SCREEN_INTENT",
)  # fmt: skip
_PREFIX = "android.permission."


def is_runtime(permission: str, sdk: int) -> bool:
    """Whether a person, or `pm grant`, decides about this permission on this Android."""
    name = permission.removeprefix(_PREFIX)
    return permission.startswith(_PREFIX) and (name in _ALWAYS or _SINCE.get(name, sdk + 1) <= sdk)


def is_known(permission: str, sdk: int) -> bool:
    """Whether this Android has the permission at all."""
    name = permission.removeprefix(_PREFIX)
    return is_runtime(permission, sdk) or (permission.startswith(_PREFIX) and name in _NOT_CHANGEABLE)
