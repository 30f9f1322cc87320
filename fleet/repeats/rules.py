"""What a key may be, what makes two requests the same, and for how long that is remembered. No I/O."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import timedelta

KEPT_FOR = timedelta(hours=24)
LARGEST_ANSWER_BYTES = 256_000
"""What is larger is not kept: a list of results has a few hundred bytes a line."""
MOST_LETTERS = 255

_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
"""A String of Structured Field Values (RFC 8941, 3.3.3), as the draft asks."""
_PLAIN = re.compile(r"[!#-~]+")
"""What most clients send instead: visible ASCII without quotes."""


def key_in(header: str) -> str | None:
    """The key that a header gives, with or without quotes; None when it can be none."""
    quoted = _QUOTED.fullmatch(header.strip())
    key = re.sub(r"\\(.)", r"\1", quoted.group(1)) if quoted else header.strip()
    if not 1 <= len(key) <= MOST_LETTERS or not (quoted or _PLAIN.fullmatch(key)):
        return None
    return key


def fingerprint(parts: Iterable[str], body: bytes) -> str:
    """64 hex letters that two requests share only when every part and the body are the same, byte for byte."""
    digest = hashlib.sha256()
    for part in (*(part.encode() for part in parts), body):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def digest_of(key: str) -> str:
    """How a key is found again without being kept."""
    return hashlib.sha256(key.encode()).hexdigest()


def lock_number(user_id: int, key_digest: str) -> int:
    """A number of 64 bits with its sign, for PostgreSQL's advisory locks."""
    number = hashlib.sha256(f"kept answer {user_id} {key_digest}".encode()).digest()[:8]
    return int.from_bytes(number, "big", signed=True)
