"""Apps in parts on the virtual tablet: sessions as Android keeps them, judged in the end by the real `adb` program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from provisioning.virtual.scripted import Script
from provisioning.virtual.tablet import VirtualTablet
from tests.apks import ApkRecipe, build_apk
from tests.bundles import SplitRecipe, build_splits
from tests.provisioning.virtual.adb_program import AdbProgram
from tests.provisioning.virtual.conftest import Served
from tests.provisioning.virtual.run import Ran, run_on

Make = Callable[..., VirtualTablet]
Serve = Callable[..., Served]
PACKAGE = "org.example.parts"
WANTED = ("", "config.arm64_v8a", "config.pa")
SMALL = SplitRecipe(languages=("de",), densities=(), abis=(), splits_required=False)


def parts(*names: str) -> list[Path]:
    splits = build_splits()
    return [splits[name] for name in names]


def staged(tablet: VirtualTablet, apks: Sequence[Path], *flags: str) -> str:
    number = run_on(tablet, f"pm install-create -r {' '.join(flags)}").out.split("[")[1].rstrip("]\n")
    for at, apk in enumerate(apks):
        wrote = run_on(tablet, f"pm install-write -S {apk.stat().st_size} {number} {at}.apk -", apk.read_bytes())
        assert wrote.code == 0
    return number


def install(tablet: VirtualTablet, apks: Sequence[Path], *flags: str) -> Ran:
    return run_on(tablet, f"pm install-commit {staged(tablet, apks, *flags)}")


def test_an_app_in_parts_is_installed_with_all_of_them(make_tablet: Make) -> None:
    tablet = make_tablet()
    assert install(tablet, parts(*WANTED)).out == "Success\n"
    assert "splits=[base, config.arm64_v8a, config.pa]" in run_on(tablet, f"dumpsys package {PACKAGE}").out
    paths = [line.removeprefix("package:") for line in run_on(tablet, f"pm path {PACKAGE}").out.splitlines()]
    assert [path.rpartition("/")[2] for path in paths] == [
        "base.apk",
        "split_config.arm64_v8a.apk",
        "split_config.pa.apk",
    ]
    assert [tablet.files.real(path).read_bytes() for path in paths] == [apk.read_bytes() for apk in parts(*WANTED)]


def test_the_base_alone_is_refused_where_parts_are_required(make_tablet: Make) -> None:
    tablet = make_tablet()
    said = f"Failure [INSTALL_FAILED_MISSING_SPLIT: Missing split for {PACKAGE}]\n"
    assert install(tablet, parts("")).out == said
    assert PACKAGE not in tablet.content.packages
    assert tablet.content.sessions == {}


@pytest.mark.parametrize(
    ("mixed", "said"),
    [
        (SplitRecipe(**{**SMALL.__dict__, "version_code": 8}), "version code 8 inconsistent with 7"),
        (SplitRecipe(**{**SMALL.__dict__, "signer": "stranger"}), "signatures are inconsistent"),
        (SplitRecipe(**{**SMALL.__dict__, "package": "org.example.other"}), "inconsistent with org.example.parts"),
    ],
    ids=["version", "signer", "package"],
)
def test_a_part_of_something_else_is_refused_at_the_end(make_tablet: Make, mixed: SplitRecipe, said: str) -> None:
    tablet = make_tablet()
    ran = install(tablet, [*parts(""), build_splits(mixed)["config.de"]])
    assert ran.out.startswith("Failure [INSTALL_FAILED_INVALID_APK: ")
    assert said in ran.out
    assert PACKAGE not in tablet.content.packages


def test_parts_without_their_base_and_a_part_given_twice_are_refused(make_tablet: Make) -> None:
    tablet = make_tablet()
    assert "Full install must include a base package" in install(tablet, parts("config.pa", "config.de")).out
    assert "Split config.pa was defined multiple times" in install(tablet, parts("", "config.pa", "config.pa")).out


def test_native_code_for_another_processor_in_a_part_is_refused(make_tablet: Make) -> None:
    other = SplitRecipe(languages=(), densities=(), abis=("x86_64",))
    splits = build_splits(other)
    assert "INSTALL_FAILED_NO_MATCHING_ABIS" in install(make_tablet(), list(splits.values())).out


def test_a_part_can_be_added_to_an_installed_app(make_tablet: Make) -> None:
    tablet = make_tablet()
    install(tablet, parts(*WANTED))
    assert install(tablet, parts("config.de"), "-p", PACKAGE).out == "Success\n"
    assert tablet.content.packages[PACKAGE].splits == ("config.arm64_v8a", "config.de", "config.pa")


def test_a_whole_app_over_one_in_parts_leaves_no_part_behind(make_tablet: Make) -> None:
    tablet = make_tablet()
    install(tablet, parts(*WANTED))
    install(tablet, [build_apk(ApkRecipe(package=PACKAGE, version_code=9))])
    assert run_on(tablet, f"pm path {PACKAGE}").out.count("\n") == 1


def test_an_open_session_is_listed_until_it_is_given_up(make_tablet: Make) -> None:
    tablet = make_tablet()
    number = staged(tablet, parts(""), "--referrer", "test:mark")
    listed = run_on(tablet, "dumpsys package installs").out
    assert f"Session {number}:" in listed
    assert "referrerUri=test:mark" in listed
    assert run_on(tablet, f"pm install-abandon {number}").out == "Success\n"
    assert number not in run_on(tablet, "dumpsys package installs").out
    assert "no access to session" in run_on(tablet, f"pm install-commit {number}").err


def test_a_session_larger_than_the_room_is_not_even_made(make_tablet: Make) -> None:
    tablet = make_tablet()
    ran = run_on(tablet, "pm install-create -r -S 999999999999")
    assert "not enough space" in ran.err
    assert tablet.content.sessions == {}


@pytest.mark.parametrize("personality", ["samsung-tab-a9-14", "legacy-tablet-7"])
def test_the_real_adb_installs_an_app_in_parts(serve: Serve, adb: AdbProgram, personality: str) -> None:
    served = serve(personality, person=Script())
    adb("connect", served.serial)
    adb.wait_for_state(served.serial, "device")
    wanted = ("", "config.armeabi_v7a", "config.de") if personality == "legacy-tablet-7" else WANTED
    said = adb("install-multiple", "-r", *parts(*wanted), serial=served.serial)
    assert "Success" in said.stdout, said.stdout + said.stderr
    assert served.tablet.content.packages[PACKAGE].splits == wanted[1:]


def test_the_real_adb_tells_what_is_missing(serve: Serve, adb: AdbProgram) -> None:
    served = serve(person=Script())
    adb("connect", served.serial)
    adb.wait_for_state(served.serial, "device")
    said = adb("install-multiple", *parts(""), serial=served.serial)
    assert said.returncode != 0
    assert "INSTALL_FAILED_MISSING_SPLIT" in said.stdout + said.stderr
