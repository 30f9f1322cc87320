"""Every fault of the enum is reached here, and each leaves the tablet as the fault says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.virtual.faults import Fault, Faults, parse_fault
from provisioning.virtual.scripted import Script
from provisioning.virtual.tablet import Power, VirtualTablet
from tests.apks import ApkRecipe, build_apk
from tests.provisioning.virtual.adb_program import AdbProgram
from tests.provisioning.virtual.conftest import Served
from tests.provisioning.virtual.raw_host import RawHost
from tests.provisioning.virtual.run import eventually, run_on

Serve = Callable[..., Served]
Make = Callable[..., VirtualTablet]


@pytest.fixture
def served(serve: Serve) -> Served:
    return serve(person=Script())


def test_a_dropped_link_leaves_no_half_pushed_file(served: Served, adb: AdbProgram, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x" * 5_000_000)
    adb("connect", served.serial)
    adb.wait_for_state(served.serial, "device")
    served.tablet.faults.arm(Fault.DROP_AFTER, 2_000_000)
    assert adb("push", source, "/data/local/tmp/half", serial=served.serial).returncode != 0
    eventually(lambda: list(served.tablet.files.real("/data/local/tmp").iterdir()) == [])
    assert served.tablet.wire.events("fault")[0]["fault"] == "drop_after"


def test_a_slow_link_takes_its_time(served: Served) -> None:
    with RawHost(served.port) as host:
        host.online()
        served.tablet.faults.arm(Fault.SLOW, 10)
        assert host.shell("echo late") == b"late\n"


def test_an_unauthorised_tablet_shows_no_prompt_and_knows_no_key(served: Served, adb: AdbProgram) -> None:
    served.tablet.faults.arm(Fault.UNAUTHORISED)
    adb("connect", served.serial)
    adb.wait_for_state(served.serial, "unauthorized")
    assert served.tablet.prompt is None


def test_a_full_disk_says_so_to_a_push(served: Served, adb: AdbProgram, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x" * 200_000)
    served.tablet.faults.arm(Fault.DISK_FULL, 100_000)
    adb("connect", served.serial)
    adb.wait_for_state(served.serial, "device")
    ran = adb("push", source, "/sdcard/Download/big", serial=served.serial)
    assert "No space left on device" in ran.stdout + ran.stderr
    assert "Use% Mounted on" in run_on(served.tablet, "df /data").out
    assert list(served.tablet.files.real("/data/media/0/Download").iterdir()) == []


def test_a_reboot_in_a_command_never_answers_it(served: Served) -> None:
    with RawHost(served.port) as host:
        host.online()
        served.tablet.faults.arm(Fault.REBOOT_IN_COMMAND, times=1)
        with pytest.raises(EOFError):
            host.shell("settings put system font_scale 1.3")
    assert served.tablet.wait_for(lambda: served.tablet.power is Power.ON, 5)
    assert served.tablet.setting("system", "font_scale") == "1.0"


def test_a_vanished_tablet_refuses_the_port_until_it_is_back(served: Served) -> None:
    with RawHost(served.port) as host:
        host.online()
        served.tablet.vanish()
        with pytest.raises(EOFError):
            host.receive()
    with pytest.raises(ConnectionRefusedError):
        RawHost(served.port)
    served.tablet.come_back()
    served.tablet.wait_for(lambda: served.tablet.reachable, 5)
    assert shell_when_listening(served, "echo back") == b"back\n"


def shell_when_listening(served: Served, script: str) -> bytes:
    while True:
        try:
            host = RawHost(served.port)
        except ConnectionRefusedError:
            served.tablet.wait_for(lambda: False, 0.01)
            continue
        with host:
            host.sign(host.hello())
            assert host.receive()[0] == b"CNXN"
            return host.shell(script)


@pytest.mark.parametrize(
    ("fault", "script", "said"),
    [
        (Fault.SETTINGS_LIE, "settings put system font_scale 1.3", ""),
        (Fault.GRANT_LIES, "pm grant org.example.lied android.permission.CAMERA", ""),
    ],
)
def test_a_lying_command_says_nothing_wrong_and_changes_nothing(
    make_tablet: Make, fault: Fault, script: str, said: str
) -> None:
    tablet = make_tablet()
    install(tablet)
    before = (dict(tablet.content.settings["system"]), dict(tablet.content.packages))
    tablet.faults.arm(fault, times=1)
    ran = run_on(tablet, script)
    assert (ran.code, ran.out, ran.err) == (0, said, "")
    assert (tablet.content.settings["system"], tablet.content.packages) == before
    run_on(tablet, script)
    assert (tablet.content.settings["system"], tablet.content.packages) != before


def install(tablet: VirtualTablet) -> str:
    apk = build_apk(ApkRecipe(package="org.example.lied", permissions=("android.permission.CAMERA",))).read_bytes()
    return run_on(tablet, f"pm install -S {len(apk)}", apk).out


def test_a_lying_install_says_success_and_installs_nothing(make_tablet: Make) -> None:
    tablet = make_tablet()
    tablet.faults.arm(Fault.INSTALL_LIES, times=1)
    assert install(tablet) == "Success\n"
    assert "org.example.lied" not in tablet.content.packages
    assert install(tablet) == "Success\n"
    assert "org.example.lied" in tablet.content.packages


def test_a_corrupting_push_is_answered_okay(served: Served, adb: AdbProgram, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"whole")
    adb("connect", served.serial)
    adb.wait_for_state(served.serial, "device")
    served.tablet.faults.arm(Fault.PUSH_CORRUPTS, times=1)
    assert adb("push", source, "/data/local/tmp/a", serial=served.serial).returncode == 0
    assert served.tablet.files.real("/data/local/tmp/a").read_bytes() == b"whol"


def test_missing_commands_answer_127(make_tablet: Make) -> None:
    tablet = make_tablet()
    tablet.faults.arm(Fault.COMMANDS_MISSING)
    assert run_on(tablet, "getprop ro.serialno").code == 127
    tablet.faults.clear(Fault.COMMANDS_MISSING)
    assert run_on(tablet, "getprop ro.serialno").out == "VIRTTEST0001\n"


def test_every_fault_is_named_by_a_test() -> None:
    """`WIPE_LIES` is reached beside the wipes; the others here."""
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    assert [fault for fault in Fault if not any(f"Fault.{fault.name}" in text for text in texts)] == []


def test_a_fault_is_read_from_a_command_line() -> None:
    assert parse_fault("slow=50") == (Fault.SLOW, 50)
    assert parse_fault("vanish") == (Fault.VANISH, 0)
    with pytest.raises(ValueError, match="drop_after"):
        parse_fault("explodes")


def test_a_fault_armed_for_two_times_strikes_twice() -> None:
    faults = Faults()
    faults.arm(Fault.WIPE_LIES, times=2)
    assert [faults.strikes(Fault.WIPE_LIES) for _ in range(3)] == [True, True, False]
