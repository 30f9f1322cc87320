"""What a file holds, as one word: apps are named, kept and compared by it."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hex letters; read in pieces. Raises `OSError`."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
