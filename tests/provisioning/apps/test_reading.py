"""Reading app files: what a good one says, and what is said of a bad one. Truth comes from aapt."""

from __future__ import annotations

import re
import struct
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.apps.archive import MOST_BYTES, read_members
from provisioning.apps.manifest import read_manifest
from provisioning.apps.reading import read_app
from provisioning.errors import NotAnApk, SignatureInvalid
from tests.apks import ApkRecipe, build_apk, signer_certificate_sha256

FULL = ApkRecipe(
    package="org.example.full",
    version_code=1203,
    version_name="12.0.3-beta",
    label="Ffôn & Tablet",
    min_sdk=26,
    target_sdk=34,
    permissions=("android.permission.CAMERA", "android.permission.INTERNET"),
    home=True,
    abis=("arm64-v8a", "armeabi-v7a"),
)


def test_an_app_says_what_it_is() -> None:
    path = build_apk(FULL)
    app = read_app(path)
    assert (app.package, app.version_code, app.version_name) == ("org.example.full", 1203, "12.0.3-beta")
    assert (app.min_sdk, app.target_sdk, app.label) == (26, 34, "Ffôn & Tablet")
    assert app.permissions == FULL.permissions
    assert app.home_activities == ("org.example.full/org.example.full.Main",)
    assert app.abis == FULL.abis
    assert app.signers == (signer_certificate_sha256(),)
    assert app.size_bytes == path.stat().st_size
    assert app.sha256 == subprocess.run(["sha256sum", path], capture_output=True, text=True).stdout.split()[0]


def test_aapt_reads_the_same() -> None:
    said = subprocess.run(
        ["aapt", "dump", "badging", build_apk(FULL)], capture_output=True, text=True, check=True
    ).stdout
    app = read_app(build_apk(FULL))
    assert f"name='{app.package}' versionCode='{app.version_code}' versionName='{app.version_name}'" in said
    assert f"sdkVersion:'{app.min_sdk}'" in said
    assert f"targetSdkVersion:'{app.target_sdk}'" in said
    assert f"application-label:'{app.label}'" in said
    assert tuple(re.findall(r"uses-permission: name='(.*?)'", said)) == app.permissions


def test_an_ordinary_app_is_no_home_screen_and_runs_on_any_processor() -> None:
    app = read_app(build_apk())
    assert (app.home_activities, app.abis, app.permissions) == ((), (), ())


def text_file(path: Path) -> None:
    path.write_text("This is a shopping list.\n" * 100)


def empty_file(path: Path) -> None:
    path.touch()


def half_an_app(path: Path) -> None:
    whole = build_apk(ApkRecipe(padding_bytes=100_000)).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def zip_of_documents(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "Dear all")


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AndroidManifest.xml", bytes(MOST_BYTES["AndroidManifest.xml"] + 1))


def impossible_ratio(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AndroidManifest.xml", b"x")
        archive.writestr("assets/big", bytes(10_000))
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 0x7FFFFFFF)
    path.write_bytes(data)


def two_manifests(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("AndroidManifest.xml", b"one")
        archive.writestr("AndroidManifest.xmL", b"two")
    path.write_bytes(path.read_bytes().replace(b"AndroidManifest.xmL", b"AndroidManifest.xml"))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (empty_file, "empty"),
        (text_file, "not an Android app"),
        (half_an_app, "only part of one"),
        (zip_of_documents, "manifest"),
        (bomb, "unpack"),
        (impossible_ratio, "unpack"),
        (two_manifests, "more than once"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_file_that_is_no_app_is_refused_with_a_sentence(
    tmp_path: Path, make: Callable[[Path], None], words: str
) -> None:
    path = tmp_path / "sample.apk"
    make(path)
    with pytest.raises(NotAnApk, match=words) as caught:
        read_app(path)
    assert str(caught.value).startswith("sample.apk")
    assert str(caught.value).endswith(".")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotAnApk, match="Check that the file is there"):
        read_app(tmp_path / "missing.apk")


def test_a_signed_app_with_a_damaged_manifest_is_no_app() -> None:
    members = read_members(build_apk()) | {"AndroidManifest.xml": b"not binary XML"}
    with pytest.raises(NotAnApk, match="manifest"):
        read_manifest("sample.apk", members)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1500), st.integers(0, 255))
def test_a_manifest_with_any_byte_changed_is_read_or_refused(place: int, value: int) -> None:
    members = read_members(build_apk())
    manifest = bytearray(members["AndroidManifest.xml"])
    manifest[place % len(manifest)] = value
    with suppress(NotAnApk):
        assert read_manifest("sample.apk", members | {"AndroidManifest.xml": bytes(manifest)}).package


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_an_app_with_any_bit_changed_is_refused_or_is_still_by_the_same_signer(
    tmp_path: Path, place: int, bit: int
) -> None:
    # Some bits of a file are outside what is signed: the signing block's own padding.
    whole = bytearray(build_apk().read_bytes())
    whole[place % len(whole)] ^= 1 << bit
    path = tmp_path / "changed.apk"
    path.write_bytes(whole)
    with suppress(NotAnApk, SignatureInvalid):
        app = read_app(path)
        assert (app.package, app.signers) == ("org.example.sample", (signer_certificate_sha256(),))
