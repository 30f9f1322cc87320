"""What a previous owner leaves on a tablet: photos, messages, apps, settings, a Wi-Fi network. All of it invented."""

from __future__ import annotations

import hashlib
import os
import random
import time
from dataclasses import dataclass

from provisioning.virtual.person import finish_setup_wizard, switch_on_debugging
from provisioning.virtual.state import Package
from provisioning.virtual.tablet import VirtualTablet

DAY_SECONDS = 86_400
_HEADS = {".jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", ".mp4": b"\x00\x00\x00\x18ftypmp42", ".pdf": b"%PDF-1.4\n"}


@dataclass(frozen=True)
class _Shelf:
    """Some files of one kind in one folder, each of about so many bytes."""

    pattern: str
    count: int
    size: int


_SHELVES = (
    _Shelf("DCIM/Camera/IMG_2021{:04d}.jpg", 24, 3_200_000),
    _Shelf("DCIM/Camera/VID_2021{:04d}.mp4", 3, 48_000_000),
    _Shelf("Pictures/Screenshots/Screenshot_{:03d}.jpg", 6, 400_000),
    _Shelf("Download/letter-{:02d}.pdf", 5, 180_000),
    _Shelf("Android/media/com.example.messages/Media/IMG-{:04d}.jpg", 12, 150_000),
)
_APPS = (
    ("com.example.crossword", "Daily crossword", 212),
    ("com.example.bankonline", "Bank online", 40817),
    ("com.example.messages", "Messages", 231001),
    ("com.example.weathernow", "Weather now", 77),
)


def move_in(tablet: VirtualTablet, *, seed: int = 1) -> None:
    """Make the tablet look used for years, with USB debugging on so that a bench can reach it."""
    chance = random.Random(seed)  # noqa: S311 - the same seed must give the same photos; nothing here is a secret
    finish_setup_wizard(tablet)
    for shelf in _SHELVES:
        for number in range(shelf.count):
            _write(tablet, shelf.pattern.format(number), shelf.size, chance)
    _write(tablet, "Android/data/com.example.bankonline/files/statement.pdf", 90_000, chance)
    with tablet.changing() as state:
        for name, label, version in _APPS:
            state.content.packages[name] = _app(tablet, name, label, version, state.content.next_uid)
            state.content.next_uid += 1
        state.content.settings["global"]["device_name"] = "Sample One's tablet"
        state.content.settings["system"] |= {"font_scale": "1.15", "screen_off_timeout": "600000"}
        state.content.settings["secure"]["accessibility_display_inversion_enabled"] = "0"
        state.content.networks = [["Sample home", "wpa2-psk"]]
    switch_on_debugging(tablet)


def _write(tablet: VirtualTablet, name: str, about: int, chance: random.Random) -> None:
    """A file with its kind's head, some bytes of its own, and a hole up to its length: big to see, small to keep."""
    real = tablet.files.real(f"/data/media/0/{name}")
    real.parent.mkdir(parents=True, exist_ok=True)
    with real.open("wb") as file:
        file.write(_HEADS.get(real.suffix, b"") + chance.randbytes(512))
        file.truncate(about + chance.randrange(about // 4))
    when = time.time() - chance.randrange(200, 1200) * DAY_SECONDS
    os.utime(real, (when, when))


def _app(tablet: VirtualTablet, name: str, label: str, version: int, uid: int) -> Package:
    path = f"/data/app/{name}-1/base.apk"
    real = tablet.files.real(path)
    real.parent.mkdir(parents=True, exist_ok=True)
    real.write_bytes(f"PK\x03\x04 {label}, as it was left".encode())
    signer = hashlib.sha256(f"maker of {name}".encode()).hexdigest()
    return Package(
        name=name,
        version_code=version,
        version_name=f"{version / 100:.2f}",
        min_sdk=21,
        target_sdk=tablet.personality.sdk,
        path=path,
        uid=uid,
        requested=("android.permission.CAMERA", "android.permission.INTERNET"),
        granted=("android.permission.CAMERA", "android.permission.INTERNET"),
        launcher_activities=(".MainActivity",),
        installer="com.android.vending",
        signer=signer,
        signer_hash=signer[:8],
        installed_at=int(time.time()) - 400 * DAY_SECONDS,
    )
