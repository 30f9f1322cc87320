"""The bench's key, judged by adb's own program where it can judge."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from provisioning.errors import KeyUnusable
from provisioning.transports.keys import fingerprint, load_or_make_key


def test_a_key_is_made_once_and_then_kept(tmp_path: Path) -> None:
    first = load_or_make_key(tmp_path / "bench")
    assert load_or_make_key(tmp_path / "bench").fingerprint == first.fingerprint


def test_only_its_owner_may_read_the_private_half(tmp_path: Path) -> None:
    key = load_or_make_key(tmp_path / "bench")
    assert key.path.stat().st_mode & 0o777 == 0o600
    assert key.path.parent.stat().st_mode & 0o777 == 0o700
    assert sorted(entry.name for entry in key.path.parent.iterdir()) == ["adbkey", "adbkey.pub"]


def test_adb_derives_the_same_public_key(tmp_path: Path) -> None:
    key = load_or_make_key(tmp_path / "bench")
    answer = subprocess.run(
        ["adb", "pubkey", key.path], capture_output=True, check=True, env=os.environ | {"HOME": str(tmp_path)}
    )
    assert answer.stdout.split()[0] == key.signer.GetPublicKey().split()[0]


def test_a_key_made_by_adb_can_be_used(tmp_path: Path) -> None:
    subprocess.run(["adb", "keygen", tmp_path / "adbkey"], check=True, env=os.environ | {"HOME": str(tmp_path)})
    assert len(load_or_make_key(tmp_path).signer.Sign(b"\0" * 20)) == 256


def test_the_fingerprint_is_md5_in_colon_form() -> None:
    # MD5 of no bytes at all, a published constant.
    assert fingerprint(b"") == "D4:1D:8C:D9:8F:00:B2:04:E9:80:09:98:EC:F8:42:7E"
    assert fingerprint(b"c2FtcGxl bench@example").count(":") == 15


def test_the_key_itself_is_never_shown(tmp_path: Path) -> None:
    assert "signer" not in repr(load_or_make_key(tmp_path))


def test_a_damaged_key_says_where_it_is_and_what_to_do(tmp_path: Path) -> None:
    load_or_make_key(tmp_path)
    (tmp_path / "adbkey").write_text("no key\n")
    with pytest.raises(KeyUnusable, match=r"adbkey cannot be read.*backup"):
        load_or_make_key(tmp_path)
