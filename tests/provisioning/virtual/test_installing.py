"""What the virtual package manager says to real APKs, in Android's own words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.virtual.faults import Fault
from provisioning.virtual.person import switch_on_security_settings
from provisioning.virtual.tablet import VirtualTablet
from tests.apks import ApkRecipe, build_apk, signer_certificate_sha256
from tests.provisioning.virtual.run import Ran, run_on

Make = Callable[..., VirtualTablet]
SAMPLE = "org.example.refused"


def install(tablet: VirtualTablet, apk: Path, *flags: str) -> Ran:
    script = f"cmd package install {' '.join(flags)} -S {apk.stat().st_size}"
    return run_on(tablet, script, apk.read_bytes())


def test_an_install_reads_the_apk_it_was_given(make_tablet: Make) -> None:
    tablet = make_tablet()
    permissions = ("android.permission.CAMERA", "android.permission.INTERNET")
    apk = build_apk(ApkRecipe(package=SAMPLE, version_code=12, version_name="1.2", home=True, permissions=permissions))
    assert install(tablet, apk) == Ran(0, "Success\n", "")
    package = tablet.content.packages[SAMPLE]
    assert (package.version_code, package.version_name, package.min_sdk) == (12, "1.2", 24)
    assert package.home_activities == (".Main",)
    assert package.granted == ("android.permission.INTERNET",)
    assert package.signer == signer_certificate_sha256("ours")
    assert tablet.files.real(package.path).read_bytes() == apk.read_bytes()


def test_granting_everything_at_install_grants_runtime_permissions_too(make_tablet: Make) -> None:
    tablet = make_tablet()
    apk = build_apk(ApkRecipe(package=SAMPLE, permissions=("android.permission.CAMERA",)))
    install(tablet, apk, "-g")
    assert tablet.content.packages[SAMPLE].granted == ("android.permission.CAMERA",)


@pytest.mark.parametrize(
    ("recipe", "personality", "said"),
    [
        (
            ApkRecipe(package=SAMPLE, min_sdk=34),
            "lenovo-tab-m10-9",
            (
                "INSTALL_FAILED_OLDER_SDK: Failed parse during installPackageLI: "
                "Requires newer sdk version #34 (current version is #28)"
            ),
        ),
        (
            ApkRecipe(package=SAMPLE, target_sdk=24, min_sdk=21, schemes=()),
            "samsung-tab-a9-14",
            (
                "INSTALL_PARSE_FAILED_NO_CERTIFICATES: Failed to collect certificates from base.apk: "
                "Attempt to get length of null array"
            ),
        ),
        (
            ApkRecipe(package=SAMPLE, schemes=("v1",), target_sdk=33),
            "samsung-tab-a9-14",
            (
                "INSTALL_PARSE_FAILED_NO_CERTIFICATES: Scanning Failed.: "
                "No signature found in package of version 2 or newer for package base.apk"
            ),
        ),
        (
            ApkRecipe(package=SAMPLE, target_sdk=22, min_sdk=21),
            "samsung-tab-a9-14",
            "INSTALL_FAILED_DEPRECATED_SDK_VERSION: App package must target at least SDK version 23, but found 22",
        ),
        (
            ApkRecipe(package=SAMPLE, abis=("x86_64",)),
            "samsung-tab-a9-14",
            "INSTALL_FAILED_NO_MATCHING_ABIS: Failed to extract native libraries, res=-113",
        ),
        (
            ApkRecipe(package=SAMPLE, tampered=True, schemes=("v2",)),
            "samsung-tab-a9-14",
            (
                "INSTALL_PARSE_FAILED_NO_CERTIFICATES: Failed to collect certificates: "
                "SHA-256 digest of contents did not verify"
            ),
        ),
    ],
    ids=["older-sdk", "unsigned", "v1-only", "old-target", "other-processor", "tampered"],
)
def test_an_app_that_cannot_be_installed_is_refused_with_androids_text(
    make_tablet: Make, recipe: ApkRecipe, personality: str, said: str
) -> None:
    tablet = make_tablet(personality)
    assert install(tablet, build_apk(recipe)) == Ran(1, f"Failure [{said}]\n", "")
    assert SAMPLE not in tablet.content.packages


def test_an_old_app_signed_the_old_way_installs_where_android_allows_it(make_tablet: Make) -> None:
    apk = build_apk(ApkRecipe(package=SAMPLE, schemes=("v1",), target_sdk=28))
    assert install(make_tablet("lenovo-tab-m10-9"), apk).out == "Success\n"


def test_an_update_from_another_signer_is_refused_and_the_old_one_stays(make_tablet: Make) -> None:
    tablet = make_tablet()
    install(tablet, build_apk(ApkRecipe(package=SAMPLE, version_code=1)))
    ran = install(tablet, build_apk(ApkRecipe(package=SAMPLE, version_code=2, signer="stranger")))
    assert ran.out == (
        f"Failure [INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package {SAMPLE} "
        "signatures do not match newer version; ignoring!]\n"
    )
    assert tablet.content.packages[SAMPLE].version_code == 1


def test_an_update_from_a_rotated_key_is_accepted(make_tablet: Make) -> None:
    tablet = make_tablet()
    install(tablet, build_apk(ApkRecipe(package=SAMPLE, version_code=1, signer="old", min_sdk=28)))
    rotated = ApkRecipe(package=SAMPLE, version_code=2, signer="ours", rotated_from="old", min_sdk=28)
    assert install(tablet, build_apk(rotated)).out == "Success\n"


def test_an_older_version_is_refused(make_tablet: Make) -> None:
    tablet = make_tablet()
    install(tablet, build_apk(ApkRecipe(package=SAMPLE, version_code=5)))
    assert install(tablet, build_apk(ApkRecipe(package=SAMPLE, version_code=4))).out == (
        "Failure [INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: "
        "Update version code 4 is older than current 5]\n"
    )


def test_an_update_keeps_grants_and_moves_the_file(make_tablet: Make) -> None:
    tablet = make_tablet()
    permissions = ("android.permission.CAMERA",)
    install(tablet, build_apk(ApkRecipe(package=SAMPLE, version_code=1, permissions=permissions)), "-g")
    first = tablet.content.packages[SAMPLE].path
    install(tablet, build_apk(ApkRecipe(package=SAMPLE, version_code=2, permissions=permissions)))
    second = tablet.content.packages[SAMPLE]
    assert second.granted == permissions
    assert not tablet.files.real(first).exists()
    assert tablet.files.real(second.path).exists()


def test_a_file_that_is_no_app_is_refused(make_tablet: Make, tmp_path: Path) -> None:
    letter = tmp_path / "letter.apk"
    letter.write_text("Dear Sir or Madam")
    assert install(make_tablet(), letter).out == "Failure [INSTALL_PARSE_FAILED_NOT_APK: Failed to parse base.apk]\n"


def test_a_full_tablet_refuses_before_it_reads(make_tablet: Make) -> None:
    tablet = make_tablet()
    tablet.faults.arm(Fault.DISK_FULL, 1000)
    ran = install(tablet, build_apk(ApkRecipe(package=SAMPLE)))
    assert "java.io.IOException: Requested internal only, but not enough space" in ran.err
    assert ran.code == 255


def test_a_pushed_apk_installs_only_from_where_the_installer_may_read(make_tablet: Make) -> None:
    tablet = make_tablet()
    apk = build_apk(ApkRecipe(package=SAMPLE)).read_bytes()
    tablet.files.real("/data/local/tmp/a.apk").write_bytes(apk)
    tablet.files.real("/data/media/0/Download/a.apk").write_bytes(apk)
    refused = run_on(tablet, "pm install /sdcard/Download/a.apk")
    assert refused.err.startswith("Error: Unable to open file: /sdcard/Download/a.apk\n")
    assert run_on(tablet, "pm install -r --user 0 /data/local/tmp/a.apk").out == "Success\n"


def test_an_unknown_flag_is_refused_by_the_android_that_does_not_know_it(make_tablet: Make) -> None:
    apk = build_apk(ApkRecipe(package=SAMPLE))
    old = install(make_tablet("lenovo-tab-m10-9", name="old"), apk, "--bypass-low-target-sdk-block")
    assert old.err == "Error: Unknown option: --bypass-low-target-sdk-block\n"
    assert install(make_tablet(name="later"), apk, "--bypass-low-target-sdk-block").out == "Success\n"


def test_a_session_installs_what_was_written_to_it(make_tablet: Make) -> None:
    tablet = make_tablet()
    apk = build_apk(ApkRecipe(package=SAMPLE)).read_bytes()
    number = run_on(tablet, "pm install-create -r").out.split("[")[1].rstrip("]\n")
    wrote = run_on(tablet, f"cmd package install-write -S {len(apk)} {number} base.apk -", apk)
    assert wrote.out == f"Success: streamed {len(apk)} bytes\n"
    assert run_on(tablet, f"pm install-commit {number}").out == "Success\n"
    assert SAMPLE in tablet.content.packages
    assert tablet.content.sessions == {}


def test_xiaomi_waits_for_its_second_switch(make_tablet: Make) -> None:
    tablet = make_tablet("xiaomi-redmi-pad-13")
    apk = build_apk(ApkRecipe(package=SAMPLE))
    assert install(tablet, apk).out == "Failure [INSTALL_FAILED_USER_RESTRICTED: Install canceled by user]\n"
    assert "WRITE_SECURE_SETTINGS" in run_on(tablet, "settings put global a 1").err
    switch_on_security_settings(tablet)
    assert install(tablet, apk).out == "Success\n"


def test_uninstalling_a_preload_hides_it_until_it_is_brought_back(make_tablet: Make) -> None:
    tablet = make_tablet()
    assert run_on(tablet, "pm uninstall -k --user 0 com.android.chrome").out == "Success\n"
    assert run_on(tablet, "pm path com.android.chrome") == Ran(1, "", "")
    run_on(tablet, "cmd package install-existing --user 0 com.android.chrome")
    assert run_on(tablet, "pm path com.android.chrome").code == 0
