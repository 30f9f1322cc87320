"""The real `adb` program judges the virtual tablet: everything here goes over its wire."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.virtual import person
from provisioning.virtual.scripted import Script
from provisioning.virtual.tablet import Power
from tests.apks import ApkRecipe, build_apk
from tests.provisioning.virtual.adb_program import AdbProgram
from tests.provisioning.virtual.conftest import Served

Serve = Callable[..., Served]
PERSONALITIES = ("lenovo-tab-m10-9", "huawei-mediapad-t5-10", "samsung-tab-a7-11", "nokia-t20-12", "lenovo-tab-m8-13")
ALL = (*PERSONALITIES, "samsung-tab-a9-14", "google-pixel-tablet-15", "xiaomi-redmi-pad-13", "legacy-tablet-7")


def connected(adb: AdbProgram, served: Served) -> str:
    """Connect and wait for the person to accept the key."""
    adb("connect", served.serial)
    adb.wait_for_state(served.serial, "device")
    return served.serial


@pytest.mark.parametrize("personality", ALL)
def test_every_personality_connects_and_runs_a_command(serve: Serve, adb: AdbProgram, personality: str) -> None:
    served = serve(personality, person=Script())
    serial = connected(adb, served)
    assert adb("shell", "getprop ro.product.model", serial=serial).stdout.startswith("Virtual ")
    assert f"product:{served.tablet.personality.product} " in adb("devices", "-l").stdout


def test_exit_codes_and_standard_error_arrive_apart(serve: Serve, adb: AdbProgram) -> None:
    serial = connected(adb, serve(person=Script()))
    ran = adb("shell", "echo out; echo err >&2; exit 7", serial=serial)
    assert (ran.returncode, ran.stdout, ran.stderr) == (7, "out\n", "err\n")


def test_fifty_megabytes_go_there_and_back_byte_for_byte(serve: Serve, adb: AdbProgram, tmp_path: Path) -> None:
    served = serve(person=Script())
    serial = connected(adb, served)
    sent, back = tmp_path / "sent", tmp_path / "back"
    sent.write_bytes(random.Random(7).randbytes(50_000_000))
    assert adb("push", sent, "/sdcard/Download/big file.bin", serial=serial).returncode == 0
    assert adb("pull", "/sdcard/Download/big file.bin", back, serial=serial).returncode == 0
    assert back.read_bytes() == sent.read_bytes()
    assert [event["size"] for event in served.tablet.wire.events("push")] == [50_000_000]


def test_a_folder_is_pushed_and_pulled_whole(serve: Serve, adb: AdbProgram, tmp_path: Path) -> None:
    serial = connected(adb, serve(person=Script()))
    source, back = tmp_path / "source", tmp_path / "back"
    (source / "deep").mkdir(parents=True)
    for name in ("one.txt", "deep/two.txt", "deep/empty"):
        (source / name).write_text(name if name != "deep/empty" else "")
    assert adb("push", source, "/data/local/tmp/", serial=serial).returncode == 0
    assert adb("pull", "/data/local/tmp/source", back, serial=serial).returncode == 0
    assert {path.relative_to(back).as_posix() for path in back.rglob("*") if path.is_file()} == {
        "one.txt",
        "deep/two.txt",
        "deep/empty",
    }


def test_a_legacy_daemon_moves_files_in_small_checked_packets(serve: Serve, adb: AdbProgram, tmp_path: Path) -> None:
    serial = connected(adb, serve("legacy-tablet-7", person=Script()))
    sent, back = tmp_path / "sent", tmp_path / "back"
    sent.write_bytes(random.Random(8).randbytes(300_000))
    assert adb("push", sent, "/data/local/tmp/a", serial=serial).returncode == 0
    assert adb("pull", "/data/local/tmp/a", back, serial=serial).returncode == 0
    assert back.read_bytes() == sent.read_bytes()


@pytest.mark.parametrize("personality", ["lenovo-tab-m10-9", "samsung-tab-a9-14"])
@pytest.mark.parametrize("how", ["--streaming", "--no-streaming"])
def test_a_real_apk_is_installed_and_listed(serve: Serve, adb: AdbProgram, personality: str, how: str) -> None:
    served = serve(personality, person=Script())
    serial = connected(adb, served)
    apk = build_apk(ApkRecipe(package="org.example.judged", version_code=41))
    ran = adb("install", how, apk, serial=serial)
    assert "Success" in ran.stdout, ran.stdout + ran.stderr
    listed = adb("shell", "pm list packages -3 --user 0 --show-versioncode", serial=serial).stdout
    assert listed == "package:org.example.judged versionCode:41\n"
    assert served.tablet.wire.events("install")[0]["version_code"] == 41


def test_a_refused_install_says_androids_reason(serve: Serve, adb: AdbProgram, tmp_path: Path) -> None:
    serial = connected(adb, serve(person=Script()))
    no_apk = tmp_path / "letter.apk"
    no_apk.write_text("Dear Sir or Madam")
    ran = adb("install", no_apk, serial=serial)
    assert ran.returncode != 0
    assert "INSTALL_PARSE_FAILED_NOT_APK" in ran.stdout + ran.stderr


def test_a_reboot_drops_the_link_and_the_tablet_comes_back(serve: Serve, adb: AdbProgram) -> None:
    served = serve(person=Script())
    serial = connected(adb, served)
    boots = served.tablet.state.body.boots
    adb("reboot", serial=serial)
    assert served.tablet.wait_for(lambda: served.tablet.state.body.boots == boots + 1, 10)
    assert served.tablet.wait_for(lambda: served.tablet.power is Power.ON, 10)
    adb.wait_for_state(serial, "device")
    assert adb("shell", "getprop sys.boot_completed", serial=serial).stdout == "1\n"


def test_a_tablet_is_unauthorized_until_a_person_accepts_the_key(serve: Serve, adb: AdbProgram) -> None:
    served = serve()
    adb("connect", served.serial)
    adb.wait_for_state(served.serial, "unauthorized")
    assert "unauthorized" in adb("shell", "true", serial=served.serial).stderr
    assert served.tablet.wait_for(lambda: served.tablet.prompt is not None, 10)
    person.accept_key(served.tablet, always=True)
    adb.wait_for_state(served.serial, "device")
    adb("disconnect", served.serial)
    adb("connect", served.serial)
    adb.wait_for_state(served.serial, "device")
    how = [event["how"] for event in served.tablet.wire.events("auth") if event["result"] == "allowed"]
    assert how == ["accepted on the screen", "signature"]


def test_a_key_allowed_once_is_asked_about_again_after_a_restart(serve: Serve, adb: AdbProgram) -> None:
    served = serve()
    tablet = served.tablet
    adb("connect", served.serial)
    assert tablet.wait_for(lambda: tablet.prompt is not None, 10)
    person.accept_key(tablet, always=False)
    adb.wait_for_state(served.serial, "device")
    tablet.reboot()
    assert tablet.wait_for(lambda: tablet.power is Power.ON, 10)
    adb("connect", served.serial)
    adb.wait_for_state(served.serial, "unauthorized")


def test_a_reset_ends_with_a_tablet_that_refuses_the_port(serve: Serve, adb: AdbProgram) -> None:
    served = serve(person=Script(sets_up=False))
    serial = connected(adb, served)
    before = served.tablet.content.android_id
    adb("shell", "am start -a com.android.settings.action.FACTORY_RESET", serial=serial)
    assert served.tablet.wait_for(lambda: served.tablet.content.android_id != before, 10)
    assert served.tablet.wait_for(lambda: served.tablet.power is Power.ON, 10)
    adb("disconnect", serial)
    assert "refused" in adb("connect", serial).stdout
