"""Hashing and checking passwords. Slow on purpose, so it is never done while a write transaction is open."""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_AT_ONCE = BoundedSemaphore(2)
"""argon2 takes 64 MiB a hash; a burst of sign-ins must not take the machine's memory."""


@cache
def _nobodys_hash() -> str:
    """Checked when there is no such user, so that the answer takes as long."""
    return _hasher.hash(secrets.token_urlsafe(16))


def hashed(password: str) -> str:
    """What is stored of a password."""
    with _AT_ONCE:
        return _hasher.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether this is the password behind a stored hash; it takes as long when there is none (then it never is)."""
    with _AT_ONCE:
        try:
            _hasher.verify(stored or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than those in force."""
    return _hasher.check_needs_rehash(stored)
