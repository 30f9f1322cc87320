"""The `settings` command: three tables, the few validators, and the silence that proves nothing."""

from __future__ import annotations

from collections.abc import Callable

from provisioning.virtual.faults import Fault
from provisioning.virtual.shell.accessibility import DERIVED_FROM, work_out_flags
from provisioning.virtual.shell.call import Call, CommandError, Commands, JavaError
from provisioning.virtual.shell.guards import need_settings_rights
from provisioning.virtual.state import Content

TABLES = ("system", "secure", "global")
_RESTRICTED_BY_OWNER = frozenset({"verifier_verify_adb_installs", "package_verifier_enable"})


def _font_scale(value: str, sdk: int) -> bool:
    """Android 14 takes 0.25 to 5.0, earlier ones any number from 0 (SystemSettingsValidators)."""
    try:
        number = float(value)
    except ValueError:
        return False
    return 0.25 <= number <= 5.0 if sdk >= 34 else number >= 0


def _whole(low: int, high: int) -> Callable[[str, int], bool]:
    def check(value: str, _: int) -> bool:
        return value.lstrip("-").isdigit() and low <= int(value) <= high

    return check


_VALIDATORS: dict[str, Callable[[str, int], bool]] = {
    "font_scale": _font_scale,
    "accelerometer_rotation": _whole(0, 1),
    "user_rotation": _whole(0, 3),
    "screen_brightness": _whole(0, 255),
    "screen_brightness_mode": _whole(0, 1),
    "screen_off_timeout": _whole(0, 2**31 - 1),
    "time_12_24": lambda value, _: value in {"12", "24"},
}


def settings_command(call: Call) -> int:
    words, verbs = _without_user(call.arguments), {"get": _get, "put": _put, "delete": _delete, "list": _list}
    if not words:
        raise CommandError("Settings provider (settings) commands:\n  help\n      Print this help text.", 255)
    verb = verbs.get(words[0])
    if verb is None:
        raise CommandError(f"Unknown command: {words[0]}", 255)
    if len(words) < 2 or words[1] not in TABLES:
        raise CommandError(f"Invalid namespace '{(*words, '', '')[1]}'", 255)
    return verb(call, words[1], words[2:])


def _without_user(words: tuple[str, ...]) -> tuple[str, ...]:
    """Drop `--user N`, wherever it stands."""
    if "--user" not in words:
        return words
    at = words.index("--user")
    return words[:at] + words[at + 2 :]


def _get(call: Call, table: str, words: tuple[str, ...]) -> int:
    if not words:
        raise CommandError("Bad arguments", 255)
    value = _visible(call, table).get(words[0])
    call.line("null" if value is None else value)
    return 0


def _visible(call: Call, table: str) -> dict[str, str]:
    """The table as the shell sees it: to uid 2000, `android_id` is the device's own."""
    values = call.tablet.content.settings[table]
    return values | {"android_id": call.tablet.content.android_id} if table == "secure" else values


def _put(call: Call, table: str, words: tuple[str, ...]) -> int:
    if len(words) < 2:
        raise CommandError("Bad arguments", 255)
    key, value = words[:2]
    need_settings_rights(call.with_words("settings", "put"))
    check = _VALIDATORS.get(key) if table == "system" else None
    if check is not None and not check(value, call.sdk):
        raise JavaError(f"java.lang.IllegalArgumentException: Invalid value: {value} for setting: {key}")
    if call.tablet.faults.strikes(Fault.SETTINGS_LIE) or _policy_keeps(call, key):
        return 0
    with call.tablet.changing() as state:
        if key == "android_id" and table == "secure":
            state.content.android_id = value
        else:
            state.content.settings[table][key] = value
        _let_android_work_it_out(state.content, table, key)
    return 0


def _let_android_work_it_out(content: Content, table: str, key: str) -> None:
    if table == "secure" and key in DERIVED_FROM:
        work_out_flags(content)


def _policy_keeps(call: Call, key: str) -> bool:
    """A device owner's restriction rejects the write, and nobody is told."""
    return call.tablet.content.owner is not None and key in _RESTRICTED_BY_OWNER


def _delete(call: Call, table: str, words: tuple[str, ...]) -> int:
    if not words:
        raise CommandError("Bad arguments", 255)
    need_settings_rights(call.with_words("settings", "delete"))
    with call.tablet.changing() as state:
        found = state.content.settings[table].pop(words[0], None) is not None
        _let_android_work_it_out(state.content, table, words[0])
    call.line(f"Deleted {int(found)} rows")
    return 0


def _list(call: Call, table: str, _: tuple[str, ...]) -> int:
    call.out("".join(f"{key}={value}\n" for key, value in sorted(_visible(call, table).items())))
    return 0


SETTINGS: Commands = {"settings": settings_command}
