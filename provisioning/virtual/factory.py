"""How a tablet leaves the factory: preloaded packages, default settings, system files."""

from __future__ import annotations

import hashlib
import secrets
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from provisioning.virtual.files import FileTree
from provisioning.virtual.personality import Personality
from provisioning.virtual.state import Body, Content, Package

PRELOADS = Path(__file__).parent / "preloads.toml"
IMAGE_TIME = 1230768000
"""2009-01-01T00:00:00Z: the time stamp that reproducible system images give every preload."""
LOCALLY_ADMINISTERED = 0x02
FIRST_APP_UID = 10050


def new_body(serial: str) -> Body:
    """A thing with this serial number, or a made-up one that says it is virtual."""
    serial = serial or f"VIRT{secrets.token_hex(4).upper()}"
    digest = hashlib.sha256(serial.encode()).digest()
    octets = [LOCALLY_ADMINISTERED, *digest[:5]]
    return Body(serial=serial, wifi_mac=":".join(f"{octet:02x}" for octet in octets))


def fresh_content(model: Personality, *, generation: int) -> Content:
    """What is on the storage after a reset: preloads, defaults, a new android_id, and the setup wizard waiting."""
    return Content(
        generation=generation,
        android_id=secrets.token_hex(8),
        settings=_default_settings(model),
        packages=preloaded(model),
        home=model.home,
        properties={"persist.sys.timezone": "Europe/London", "persist.sys.locale": "en-GB"},
    )


def preloaded(model: Personality) -> dict[str, Package]:
    """The packages of the system image, by name."""
    groups = _preload_groups()
    rows = [row for group in model.preloads for row in groups[group] if model.sdk >= int(row.get("since", 0))]
    return {row["name"]: _preload(row, model, FIRST_APP_UID + at) for at, row in enumerate(rows)}


@cache
def _preload_groups() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(PRELOADS.read_text(encoding="utf-8"))


def _preload(row: dict[str, Any], model: Personality, uid: int) -> Package:
    name = str(row["name"])
    folder = str(row.get("folder", "app"))
    file = str(row.get("file", name.rsplit(".", 1)[-1].capitalize()))
    signer = hashlib.sha256(f"platform of {row.get('signer', model.manufacturer)}".encode()).hexdigest()
    path = "/system/framework/framework-res.apk" if name == "android" else f"/system/{folder}/{file}/{file}.apk"
    return Package(
        name=name,
        version_code=int(row.get("version", model.sdk)),
        version_name=str(row.get("version_name", model.release)),
        min_sdk=model.sdk,
        target_sdk=model.sdk,
        path=path,
        uid=int(row.get("uid", uid)),
        system=True,
        home_activities=tuple(row.get("home", ())),
        launcher_activities=tuple(row.get("launcher", ())),
        services=tuple(row.get("services", ())),
        signer=signer,
        signer_hash=signer[:8],
        installed_at=IMAGE_TIME,
    )


def _default_settings(model: Personality) -> dict[str, dict[str, str]]:
    return {
        "global": {
            "adb_enabled": "0",
            "airplane_mode_on": "0",
            "animator_duration_scale": "1.0",
            "auto_time": "1",
            "auto_time_zone": "1",
            "bluetooth_on": "1",
            "development_settings_enabled": "0",
            "device_name": model.model,
            "device_provisioned": "0",
            "package_verifier_enable": "1",
            "stay_on_while_plugged_in": "0",
            "transition_animation_scale": "1.0",
            "verifier_verify_adb_installs": "1",
            "wifi_on": "1",
            "window_animation_scale": "1.0",
        },
        "secure": {
            "accessibility_enabled": "0",
            "default_input_method": "com.android.inputmethod.latin/.LatinIME",
            "enabled_input_methods": "com.android.inputmethod.latin/.LatinIME",
            "location_mode": "3",
            "long_press_timeout": "400",
            **({"navigation_mode": model.navigation_mode} if model.sdk >= 29 else {}),
            "touch_exploration_enabled": "0",
            "user_setup_complete": "0",
        },
        "system": {
            "accelerometer_rotation": "1",
            "font_scale": "1.0",
            "screen_brightness": "102",
            "screen_brightness_mode": "1",
            "screen_off_timeout": "60000",
            "time_12_24": "24",
            "user_rotation": "0",
        },
    }


def write_system_files(files: FileTree, model: Personality) -> None:
    """The few files of the system that an adb shell reads."""
    available = model.memory_kb * 45 // 100
    rows = {
        "MemTotal": model.memory_kb,
        "MemFree": model.memory_kb // 12,
        "MemAvailable": available,
        "Buffers": 3200,
        "Cached": model.memory_kb // 3,
        "SwapTotal": model.memory_kb // 2,
        "SwapFree": model.memory_kb // 2,
    }
    lines = [f"{key + ':':<16}{value:>8} kB\n" for key, value in rows.items()]
    files.real("/proc/meminfo").write_text("".join(lines))
    files.real("/proc/version").write_text("Linux version 4.19.191 (virtual) #1 SMP PREEMPT\n")
