"""Bundles as files: whole or refused in words, and a probe that is missing is unreadable, never absent."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.capture.bundle import MOST_ENTRY_BYTES, read_bundle, write_bundle
from provisioning.capture.capturing import inspect_bundle
from provisioning.errors import BundleUnusable
from provisioning.facts.accounts import ACCOUNTS
from provisioning.facts.clock import CLOCK
from provisioning.facts.memory import MEMORY
from provisioning.facts.packages import DISABLED_PACKAGES
from provisioning.facts.reading import Answer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Change = Callable[[dict[str, bytes]], object]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "bundle.zip"
    answers = {
        CLOCK.command: Answer("1763812800\n", 0),
        MEMORY.command: Answer("MemTotal:        3912032 kB\n", 0),
        DISABLED_PACKAGES.command: Answer("", 0),
        ACCOUNTS.command: Answer("", None, "the tablet was too slow"),
    }
    write_bundle(path, answers, taken_at=NOON, product_version="1")
    return path


def rebuilt(bundle: Path, change: Change) -> Path:
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return bundle


def with_manifest(change: Callable[[dict[str, Any]], object]) -> Change:
    def edit(files: dict[str, bytes]) -> None:
        manifest = json.loads(files["manifest.json"])
        change(manifest)
        files["manifest.json"] = json.dumps(manifest).encode()

    return edit


def test_what_was_written_is_read(bundle: Path) -> None:
    seen = inspect_bundle(bundle)
    assert seen.taken_at == NOON
    assert seen.value(CLOCK).epoch_seconds == 1763812800
    assert seen.value(DISABLED_PACKAGES).names == ()
    assert seen.unreadable["accounts"] == "the tablet was too slow"


def test_the_same_answers_make_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    read = read_bundle(bundle)
    again = tmp_path / "again.zip"
    by_name = {fact.name: fact.command for fact in (CLOCK, MEMORY, DISABLED_PACKAGES, ACCOUNTS)}
    answers = {by_name[probe.name]: read.answers[probe.name] for probe in read.manifest.probes}
    write_bundle(again, answers, taken_at=NOON, product_version="1")
    assert again.read_bytes() == bundle.read_bytes()


def test_a_probe_the_bundle_never_held_is_unreadable(bundle: Path) -> None:
    assert inspect_bundle(bundle).unreadable["battery"] == "the bundle does not hold it"


def test_a_probe_whose_file_is_gone_is_unreadable_even_where_an_empty_answer_means_none(bundle: Path) -> None:
    seen = inspect_bundle(rebuilt(bundle, lambda files: files.pop("disabled_packages.txt")))
    assert "disabled_packages.txt is missing" in seen.unreadable["disabled_packages"]
    assert seen.value(CLOCK).epoch_seconds == 1763812800


def test_a_probe_that_an_earlier_version_asked_in_other_words_is_found_by_its_name(bundle: Path) -> None:
    def older(manifest: dict[str, Any]) -> None:
        manifest["probes"][0]["command"] = "toybox date +%s"

    assert inspect_bundle(rebuilt(bundle, with_manifest(older))).value(CLOCK).epoch_seconds == 1763812800


def test_a_field_that_a_later_version_adds_does_no_harm(bundle: Path) -> None:
    changed = rebuilt(bundle, with_manifest(lambda manifest: manifest.update(weather="fine")))
    assert inspect_bundle(changed).value(MEMORY).nominal_gib == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda files: files.pop("manifest.json"), "holds no manifest.json"),
        (lambda files: files.update({"manifest.json": b"{"}), "manifest.json cannot be used"),
        (lambda files: files.update({"manifest.json": b"\xff\xfe"}), "manifest.json cannot be used"),
        (with_manifest(lambda manifest: manifest.pop("captured_at")), "captured_at"),
        (with_manifest(lambda manifest: manifest.update(schema_version=2)), "of format 2"),
        (with_manifest(lambda manifest: manifest["probes"].append(manifest["probes"][0])), "twice"),
        (lambda files: files.update({"clock.txt": b"1\n"}), "clock.txt in the bundle is not what its manifest says"),
        (lambda files: files.update({"../evil.txt": b""}), "a file called “../evil.txt”"),
        (lambda files: files.update({"/etc/passwd": b""}), "a file called “/etc/passwd”"),
        (lambda files: files.update({"probes\\evil.txt": b""}), "a file called"),
        (lambda files: files.update({f"p{number}.txt": b"" for number in range(300)}), "at most 200"),
        (lambda files: files.update({"big.txt": b"0" * (MOST_ENTRY_BYTES + 1)}), "big.txt in the bundle is larger"),
    ],
)
def test_a_bundle_that_is_not_as_ours_is_refused_in_words(bundle: Path, change: Change, words: str) -> None:
    with pytest.raises(BundleUnusable) as refusal:
        inspect_bundle(rebuilt(bundle, change))
    assert words in str(refusal.value)


def test_a_manifest_cannot_reach_for_a_file_outside(bundle: Path) -> None:
    def reach(manifest: dict[str, Any]) -> None:
        manifest["probes"][0]["file"] = "../../../etc/hostname"

    assert "is missing" in inspect_bundle(rebuilt(bundle, with_manifest(reach))).unreadable["clock"]


def test_two_files_of_one_name_are_refused(bundle: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr("clock.txt", b"1763812801\n")
    with pytest.raises(BundleUnusable, match="two files of one name"):
        inspect_bundle(bundle)


def test_an_entry_that_lies_about_its_length_is_refused(bundle: Path) -> None:
    """The directory says ten bytes; what unpacks is far more than a bundle may hold."""

    def bomb(files: dict[str, bytes]) -> None:
        files["bomb.txt"] = b"0" * (MOST_ENTRY_BYTES * 2)

    data = bytearray(rebuilt(bundle, bomb).read_bytes())
    true_size = struct.pack("<I", MOST_ENTRY_BYTES * 2)
    bundle.write_bytes(data.replace(true_size, struct.pack("<I", 10)))
    with zipfile.ZipFile(bundle) as archive:
        assert archive.getinfo("bomb.txt").file_size == 10
    inspect_bundle(bundle)  # no probe names it, so it is never unpacked

    def list_it(files: Mapping[str, bytes]) -> bytes:
        manifest = json.loads(files["manifest.json"])
        manifest["probes"][0] |= {"file": "bomb.txt"}
        return json.dumps(manifest).encode()

    with zipfile.ZipFile(bundle) as archive:
        manifest = list_it({"manifest.json": archive.read("manifest.json")})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * (MOST_ENTRY_BYTES * 2))
        archive.writestr("manifest.json", manifest)
    bundle.write_bytes(buffer.getvalue().replace(true_size, struct.pack("<I", 10)))
    with pytest.raises(BundleUnusable, match="damaged"):
        inspect_bundle(bundle)


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip at all", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_zip_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(data)
    with pytest.raises(BundleUnusable, match=r"bundle\.zip"):
        inspect_bundle(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), byte=st.integers(1, 255), cut=st.booleans())
def test_whatever_byte_is_damaged_the_bundle_is_refused_or_tells_the_truth(
    bundle: Path, place: int, byte: int, *, cut: bool
) -> None:
    whole = bundle.read_bytes()
    truth = inspect_bundle(bundle)
    at = place % len(whole)
    damaged = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ byte]) + whole[at + 1 :]
    path = bundle.with_name("damaged.zip")
    path.write_bytes(damaged)
    try:
        seen = inspect_bundle(path)
    except BundleUnusable:
        return
    for name, reading in truth.readings.items():
        if name not in seen.unreadable:
            assert seen.readings[name] == reading
