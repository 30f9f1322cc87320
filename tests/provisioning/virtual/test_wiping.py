"""A wipe is a wipe, only the real routes bring one about, and no moment of it is half."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.virtual import person
from provisioning.virtual.cast import DEMO_CAST, prepare
from provisioning.virtual.faults import Fault
from provisioning.virtual.state import Owner
from provisioning.virtual.store import TabletInUse
from provisioning.virtual.tablet import Power, Screen, VirtualTablet
from provisioning.virtual.wiping import WipeRoute, wipe
from tests.provisioning.virtual.run import run_on

Make = Callable[..., VirtualTablet]
OPEN_RESET = "am start -a com.android.settings.action.FACTORY_RESET"


@pytest.fixture
def used(make_tablet: Make) -> VirtualTablet:
    """A tablet full of somebody's things, with a Google account and a trusted key."""
    tablet = make_tablet("samsung-tab-a9-14", ready=False)
    prepare(tablet, DEMO_CAST[0])
    with tablet.changing() as state:
        state.content.trusted_keys = ["QUJD bench"]
    return tablet


def assert_wiped(tablet: VirtualTablet) -> None:
    assert run_on(tablet, "ls /sdcard/DCIM /data/local/tmp").out == "/sdcard/DCIM:\n/data/local/tmp:\n"
    assert [one.name for one in tablet.content.packages.values() if not one.system] == []
    assert tablet.content.accounts == []
    assert tablet.content.networks == []


def test_a_reset_from_settings_takes_everything_and_shows_the_wizard(used: VirtualTablet) -> None:
    before = dataclasses.replace(used.content)
    serial = used.serial
    run_on(used, OPEN_RESET)
    person.tap_erase_everything(used)
    assert used.wait_for(lambda: used.power is Power.ON, 5)
    assert_wiped(used)
    assert used.content.trusted_keys == []
    assert used.content.android_id != before.android_id
    assert used.screen is Screen.SETUP_WIZARD
    assert not used.debugging_on
    assert not used.reachable
    assert used.serial == serial
    assert used.setting("system", "font_scale") == "1.0"
    assert [path.name for path in used.directory.glob("data-*")] == ["data-0002"]
    assert used.state.body.frp_account == ""


def test_there_is_no_erase_button_before_somebody_opens_the_screen(used: VirtualTablet) -> None:
    with pytest.raises(person.NotOnScreen):
        person.tap_erase_everything(used)
    run_on(used, "input keyevent KEYCODE_HOME")
    assert used.content.accounts


@pytest.mark.parametrize("action", ["android.intent.action.MASTER_CLEAR", "android.intent.action.FACTORY_RESET"])
def test_a_broadcast_says_completed_and_wipes_nothing(used: VirtualTablet, action: str) -> None:
    ran = run_on(used, f"am broadcast -a {action}")
    assert ran.code == 0
    assert ran.out.endswith("Broadcast completed: result=0\n")
    assert used.content.accounts
    assert used.wire.events("wipe") == []


def test_an_organisation_can_forbid_the_reset_until_it_lets_go(used: VirtualTablet) -> None:
    person.enrol(used, Owner("com.example.fleetcontrol/.AdminReceiver", blocks_reset=True))
    screens = []
    for _ in range(2):
        run_on(used, OPEN_RESET)
        screens.append(used.screen)
        person.remove_owner(used)
    assert screens == [Screen.RESET_BLOCKED, Screen.RESET]


def test_a_screen_lock_guards_the_erase_button(used: VirtualTablet) -> None:
    person.set_pin(used, "1234")
    run_on(used, OPEN_RESET)
    with pytest.raises(person.NotOnScreen, match="PIN"):
        person.tap_erase_everything(used, pin="0000")
    person.tap_erase_everything(used, pin="1234")
    assert used.content.accounts == []


def test_test_harness_mode_wipes_but_keeps_the_keys_and_debugging(used: VirtualTablet) -> None:
    ran = run_on(used, "cmd testharness enable")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert_wiped(used)
    assert used.content.trusted_keys == ["QUJD bench"]
    assert used.debugging_on
    assert run_on(used, "getprop persist.sys.test_harness").out == "1\n"
    assert used.setting("global", "device_provisioned") == "1"
    assert used.setting("global", "stay_on_while_plugged_in") == "15"
    assert used.state.body.frp_account == "com.google"


@pytest.mark.parametrize(
    ("personality", "pin", "code", "said"),
    [
        ("lenovo-tab-m10-9", "", 20, "cmd: Can't find service: testharness\n"),
        ("huawei-mediapad-t5-10", "", 1, "Failed to enable Test Harness Mode\n"),
        ("samsung-tab-a9-14", "1234", 2, "Test Harness Mode cannot be enabled if there is a lock screen\n"),
    ],
)
def test_test_harness_mode_is_refused_where_android_refuses_it(
    make_tablet: Make, personality: str, pin: str, code: int, said: str
) -> None:
    tablet = make_tablet(personality)
    person.set_pin(tablet, pin)
    before = tablet.content.android_id
    ran = run_on(tablet, "cmd testharness enable")
    assert (ran.code, ran.err) == (code, said)
    assert tablet.content.android_id == before


def test_asking_for_help_about_test_harness_mode_wipes_nothing(used: VirtualTablet) -> None:
    assert run_on(used, "cmd testharness help").code == 0
    assert used.content.accounts


def test_a_reset_in_recovery_leaves_the_earlier_account_asked_for(used: VirtualTablet) -> None:
    person.wipe_in_recovery(used)
    assert_wiped(used)
    assert run_on(used, "settings get global secure_frp_mode").out == "1\n"
    with pytest.raises(person.SetupBlocked):
        person.finish_setup_wizard(used)
    person.answer_frp(used)
    person.finish_setup_wizard(used)
    assert used.screen is Screen.HOME


def test_a_lying_reset_restarts_and_leaves_every_byte(used: VirtualTablet) -> None:
    used.faults.arm(Fault.WIPE_LIES, times=1)
    before, boots = used.content.android_id, used.state.body.boots
    wipe(used, WipeRoute.SETTINGS)
    assert used.state.body.boots == boots + 1
    assert used.content.android_id == before
    assert used.content.accounts


def test_a_wipe_cut_off_after_its_moment_is_finished_at_the_next_opening(used: VirtualTablet) -> None:
    keep = used.directory.parent / "keep"
    shutil.copytree(used.directory / "data-0001", keep)
    wipe(used, WipeRoute.SETTINGS)
    directory = used.directory
    used.close()
    shutil.copytree(keep, directory / "data-0001")  # as if the process had died before deleting the old life
    again = VirtualTablet.open(directory, boot_seconds=0.02)
    try:
        assert_wiped(again)
        assert not (directory / "data-0001").exists()
    finally:
        again.close()


def test_a_wipe_cut_off_before_its_moment_has_not_happened(used: VirtualTablet) -> None:
    directory, before = used.directory, used.content.android_id
    (directory / "data-0002" / "data").mkdir(parents=True)
    (directory / "state.json.draft").write_text("{half")
    used.close()
    again = VirtualTablet.open(directory, boot_seconds=0.02)
    try:
        assert again.content.android_id == before
        assert again.content.accounts
        assert len(list(again.files.real("/data/media/0/DCIM/Camera").iterdir())) == 27
    finally:
        again.close()


KILLED_MID_WIPE = """
import os, signal, sys
from pathlib import Path
from provisioning.virtual import wiping
from provisioning.virtual.tablet import VirtualTablet
moments = iter(range(int(sys.argv[2])))
FILES = ("wiping.py", "tablet.py", "store.py", "factory.py", "shutil.py")
def trace(frame, event, argument):
    if event == "line" and frame.f_code.co_filename.endswith(FILES):
        if next(moments, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
    return trace
tablet = VirtualTablet.open(Path(sys.argv[1]), boot_seconds=0.02)
sys.settrace(trace)
wiping.wipe(tablet, wiping.WipeRoute.SETTINGS)
sys.settrace(None)
tablet.close()
"""


def test_a_kill_at_any_line_of_a_wipe_leaves_before_or_after(tmp_path: Path) -> None:
    outcomes = [
        killed_mid_wipe(tmp_path / str(moment), moment) for moment in (1, 500, *range(620, 860, 30), 1200, 9999)
    ]
    assert outcomes[0] == "before"
    assert outcomes[-1] == "after"
    assert sorted(outcomes, reverse=True) == outcomes


def killed_mid_wipe(directory: Path, moment: int) -> str:
    """Kill a wipe after so many lines, open the tablet again, and say which side of the wipe it came back on."""
    tablet = VirtualTablet.open(directory, "samsung-tab-a9-14")
    prepare(tablet, DEMO_CAST[0])
    before = tablet.content.android_id
    tablet.close()
    ended = subprocess.run([sys.executable, "-c", KILLED_MID_WIPE, str(directory), str(moment)], check=False)
    assert ended.returncode in {0, -signal.SIGKILL}
    again = VirtualTablet.open(directory)
    try:
        assert len(list(directory.glob("data-*"))) == 1
        if again.content.android_id != before:
            assert_wiped(again)
            return "after"
        assert len(list(again.files.real("/data/media/0/DCIM/Camera").iterdir())) == 27
        assert again.content.accounts
        return "before"
    finally:
        again.close()


def test_a_killed_process_loses_nothing_it_was_told(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from provisioning.virtual.tablet import VirtualTablet; "
        "from provisioning.virtual import person; t = VirtualTablet.open(Path(sys.argv[1]), 'nokia-t20-12'); "
        "person.add_account(t, 'sample.one@example.com', 'com.google'); person.charge_to(t, 33); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "t")], check=False, env=dict(os.environ))
    again = VirtualTablet.open(tmp_path / "t", boot_seconds=0.02)
    try:
        assert [account.type for account in again.content.accounts] == ["com.google"]
        assert again.state.body.battery.level == 33
        assert again.personality.name == "nokia-t20-12"
    finally:
        again.close()


def test_one_tablet_is_open_in_one_place_only(make_tablet: Make) -> None:
    tablet = make_tablet()
    with pytest.raises(TabletInUse):
        VirtualTablet.open(tablet.directory)
