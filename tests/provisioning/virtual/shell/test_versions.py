"""What differs between Android versions and makers, as the tablets print it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from provisioning.virtual import person
from provisioning.virtual.features import features_of
from provisioning.virtual.personality import load_personality, personality_names
from provisioning.virtual.state import Owner
from provisioning.virtual.tablet import VirtualTablet
from tests.provisioning.virtual.run import Ran, run_on

Make = Callable[..., VirtualTablet]
Run = Callable[..., Ran]
A9, A10, A11, A12 = "lenovo-tab-m10-9", "huawei-mediapad-t5-10", "samsung-tab-a7-11", "nokia-t20-12"
A13, A14, A15 = "lenovo-tab-m8-13", "samsung-tab-a9-14", "google-pixel-tablet-15"
HOME = "cmd package resolve-activity --brief -a android.intent.action.MAIN -c android.intent.category.HOME"


def test_every_android_from_9_to_15_is_there_and_says_it_is_virtual() -> None:
    models = [load_personality(name) for name in personality_names()]
    assert {"9", "10", "11", "12", "13", "14", "15"} <= {model.release for model in models}
    assert all(model.model.startswith("Virtual ") for model in models)


@pytest.mark.parametrize("personality", personality_names())
def test_every_personality_resolves_its_own_home_and_lists_itself(make_tablet: Make, personality: str) -> None:
    tablet, model = make_tablet(personality), load_personality(personality)
    assert run_on(tablet, HOME).out.splitlines()[-1] == model.home
    assert f"[ro.build.version.sdk]: [{model.sdk}]\n" in run_on(tablet, "getprop").out
    assert run_on(tablet, "pm path android").out == "package:/system/framework/framework-res.apk\n"


@pytest.mark.parametrize(
    ("personality", "feature", "there"),
    [(A9, "abb_exec", False), (A11, "abb_exec", True), (A13, "delayed_ack", False), (A14, "delayed_ack", True)],
)
def test_features_come_with_their_version(personality: str, feature: str, there: bool) -> None:
    assert (feature in features_of(load_personality(personality))) is there


def test_the_battery_dump_follows_version_and_maker(run: Run) -> None:
    assert "Dock powered" not in run("dumpsys battery", A13).out
    assert "  Dock powered: false\n" in run("dumpsys battery", A14).out
    assert "  Capacity level: -1\n" in run("dumpsys battery", A15).out
    assert "mSavedBatteryAsoc: 93\n" in run("dumpsys battery", A11).out
    assert "mSavedBatteryAsoc" not in run("dumpsys battery", A12).out


def test_the_battery_dump_follows_the_charger_and_can_be_faked(make_tablet: Make) -> None:
    tablet = make_tablet()
    person.charge_to(tablet, 15)
    person.unplug(tablet)
    shown = run_on(tablet, "dumpsys battery").out
    assert "  level: 15\n" in shown
    assert "  status: 3\n" in shown
    run_on(tablet, "dumpsys battery set level 99")
    assert "UPDATES STOPPED" in run_on(tablet, "dumpsys battery").out
    run_on(tablet, "dumpsys battery reset")
    assert "  level: 15\n" in run_on(tablet, "dumpsys battery").out


def test_accounts_are_told_from_the_types_that_only_could_be(make_tablet: Make) -> None:
    tablet = make_tablet()
    clean = run_on(tablet, "dumpsys account").out
    assert "  Accounts: 0\n" in clean
    assert "type=com.google" in clean
    person.add_account(tablet, "sample.one@example.com", "com.google")
    assert "    Account {name=sample.one@example.com, type=com.google}\n" in run_on(tablet, "dumpsys account").out
    assert run_on(tablet, "dumpsys account --checkin").out == "User UserInfo{0:Owner:4c13}:\n  com.google,1\n\n"
    assert person.remove_account(tablet, "com.google") == 1
    assert run_on(tablet, "dumpsys account --checkin").out == "User UserInfo{0:Owner:4c13}:\n\n"


def test_an_owner_is_listed_from_android_12_and_dumped_everywhere(make_tablet: Make) -> None:
    owner = Owner("com.example.fleetcontrol/.AdminReceiver")
    old, late = make_tablet(A9, name="old"), make_tablet(A12, name="late")
    for tablet in (old, late):
        person.enrol(tablet, owner)
        dumped = run_on(tablet, "dumpsys device_policy").out
        assert "admin=ComponentInfo{com.example.fleetcontrol/com.example.fleetcontrol.AdminReceiver}" in dumped
    assert run_on(old, "dpm list-owners").code == 1
    listed = run_on(late, "dpm list-owners").out
    assert listed == "1 owner:\nUser  0: admin=com.example.fleetcontrol/.AdminReceiver,DeviceOwner\n"


def test_settings_are_kept_listed_deleted_and_checked(make_tablet: Make) -> None:
    tablet = make_tablet()
    assert run_on(tablet, "settings get system nothing").out == "null\n"
    assert run_on(tablet, "settings put --user 0 system font_scale 1.3") == Ran(0, "", "")
    assert "font_scale=1.3\n" in run_on(tablet, "settings list system").out
    refused = run_on(tablet, "settings put system font_scale 9")
    assert refused.code == 255
    assert "Exception occurred while executing 'put':" in refused.err
    assert "java.lang.IllegalArgumentException: Invalid value: 9 for setting: font_scale" in refused.err
    assert run_on(tablet, "settings delete global device_name").out == "Deleted 1 rows\n"
    assert run_on(tablet, "settings delete global device_name").out == "Deleted 0 rows\n"


def test_android_9_does_not_name_the_verb_that_threw(run: Run) -> None:
    assert "Exception occurred while executing:" in run("settings put system font_scale big", A9).err


def test_the_home_is_chosen_by_component_before_10_and_by_role_after(make_tablet: Make) -> None:
    old, late = make_tablet(A9, name="old"), make_tablet(A10, name="late")
    assert run_on(old, "cmd package set-home-activity --user 0 com.lenovo.launcher").err == (
        "Error: component name not specified or invalid\n"
    )
    assert run_on(late, "cmd role add-role-holder --user 0 android.app.role.HOME com.huawei.android.launcher").code == 0
    assert run_on(old, "cmd role help").code == 20


def test_wifi_from_the_shell_follows_the_version_trap(run: Run) -> None:
    script = "cmd wifi connect-network 'Bench net' wpa2 'not a secret'; cmd wifi list-networks"
    assert "Can't find service: wifi" in run(script, A10).err
    assert "Bench net" in run(script, A12).out
    assert "Uid 2000 does not have access to connect-network wifi command" in run(script, A13).err
    assert "Bench net" in run(script, A15).out


def test_switching_off_needs_an_unprotected_package(make_tablet: Make) -> None:
    tablet = make_tablet()
    assert run_on(tablet, "pm disable-user --user 0 com.android.chrome").out == (
        "Package com.android.chrome new state: disabled-user\n"
    )
    assert run_on(tablet, "pm list packages -d --user 0").out == "package:com.android.chrome\n"
    assert "Cannot disable a protected package" in run_on(tablet, "pm disable-user --user 0 com.android.systemui").err
    run_on(tablet, "pm enable --user 0 com.android.chrome")
    assert run_on(tablet, "pm list packages -d --user 0").out == ""


def test_density_and_size_remember_their_overrides(make_tablet: Make) -> None:
    tablet = make_tablet()
    run_on(tablet, "wm density 320; wm size 800x1280")
    assert run_on(tablet, "wm density").out == "Physical density: 240\nOverride density: 320\n"
    assert run_on(tablet, "wm size").out == "Physical size: 1200x1920\nOverride size: 800x1280\n"
    assert run_on(tablet, "wm density 20").err == "Error: density must be >= 72\n"
    run_on(tablet, "wm density reset; wm size reset")
    assert run_on(tablet, "wm density; wm size").out == "Physical density: 240\nPhysical size: 1200x1920\n"


def test_night_mode_is_written_and_read(make_tablet: Make) -> None:
    tablet = make_tablet()
    assert run_on(tablet, "cmd uimode night yes").out == "Night mode: yes\n"
    assert run_on(tablet, "cmd uimode night").out == "Night mode: yes\n"
    assert "Error: mode must be" in run_on(tablet, "cmd uimode night dim").err


def test_an_activity_that_is_not_there_does_not_start(run: Run) -> None:
    ran = run("am start -n org.example.none/.Main")
    assert "Error: Activity class {org.example.none/org.example.none.Main} does not exist." in ran.err


def test_storage_shrinks_with_what_is_put_on_it(make_tablet: Make) -> None:
    tablet = make_tablet()
    before = int(run_on(tablet, "df /data | tail -n 1").out.split()[3])
    tablet.files.real("/data/media/0/Download/big").write_bytes(b"x" * 2_048_000)
    assert before - int(run_on(tablet, "df -k /data | tail -n 1").out.split()[3]) == 2000
    assert "File-based Encryption: true\n" in run_on(tablet, "dumpsys diskstats").out
