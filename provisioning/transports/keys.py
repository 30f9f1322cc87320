"""The bench's own RSA key, kept in adb's format, and its fingerprint as a tablet's prompt shows it.

One key a bench: back it up, and never copy it to another bench.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from adb_shell.auth.keygen import keygen
from adb_shell.auth.sign_cryptography import CryptographySigner

from provisioning.errors import KeyUnusable

FILE_NAME = "adbkey"


class Signer(Protocol):
    """What answers a tablet's challenge."""

    def Sign(self, data: bytes) -> bytes: ...  # noqa: N802 - adb-shell's name

    def GetPublicKey(self) -> bytes: ...  # noqa: N802 - adb-shell's name


@dataclass(frozen=True)
class BenchKey:
    path: Path
    signer: Signer = field(repr=False)
    fingerprint: str
    """MD5 in colon form, as the tablet's prompt shows it."""


def load_or_make_key(folder: Path) -> BenchKey:
    """The key in `folder`/adbkey, made on first use with the private half readable by its owner only.

    Raises `KeyUnusable` when a key is there but cannot be read.
    """
    path = folder / FILE_NAME
    if not path.exists():
        _make(path)
    return load_key(path)


def load_key(path: Path) -> BenchKey:
    """The key at `path`, with its public half beside it in ``.pub``."""
    try:
        signer: Signer = CryptographySigner(str(path))
        return BenchKey(path, signer, fingerprint(signer.GetPublicKey()))
    except (OSError, ValueError, TypeError) as error:
        raise KeyUnusable(
            f"The bench's key at {path} cannot be read: {error}. Restore it from its backup, or move it away and a new "
            "one is made; every tablet then asks again before it accepts this bench."
        ) from error


def fingerprint(public_key: bytes) -> str:
    """Android's own form: MD5 over the decoded key, in upper-case hex pairs (AdbDebuggingManager.getFingerprints)."""
    encoded = public_key.split(b" ", 1)[0].strip()
    digest = hashlib.md5(base64.b64decode(encoded, validate=True), usedforsecurity=False).hexdigest().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".new-key-") as work:  # nobody else may look inside
        fresh = Path(work) / path.name
        keygen(str(fresh))
        public = fresh.with_name(fresh.name + ".pub")
        fresh.chmod(0o600)
        public.chmod(0o644)
        # The public half first: a private key that has its name also has its twin.
        public.replace(path.with_name(path.name + ".pub"))
        os.replace(fresh, path)  # noqa: PTH105 - the atomic move of the half that decides
