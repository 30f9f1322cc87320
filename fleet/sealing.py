"""Seals what must not stand in the database in clear, with AES-GCM under a key made from the installation's secret key.

What is sealed for one purpose and one thing opens for no other: both are part of the key or of what is authenticated.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fleet.errors import MisconfiguredError
from fleet.settings import Settings

_VERSION = "1"
_NONCE_BYTES = 12
"""What NIST SP 800-38D recommends for GCM; drawn at random for each sealing."""


class SealedElsewhere(MisconfiguredError):
    """Something was sealed under another secret key."""

    code = "sealed_elsewhere"


def seal(settings: Settings, purpose: str, bound_to: str, text: str) -> str:
    """The text as it is stored: letters and digits that say nothing without the secret key."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key(settings, purpose)).encrypt(nonce, text.encode(), bound_to.encode())
    return f"{_VERSION}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(settings: Settings, purpose: str, bound_to: str, sealed: str) -> str:
    """The text again. Raises `SealedElsewhere` when this secret key did not seal it for this purpose and thing."""
    version, _, text = sealed.partition(":")
    raw = base64.urlsafe_b64decode(text)
    try:
        if version == _VERSION:
            opened = AESGCM(_key(settings, purpose)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.encode())
            return opened.decode()
    except InvalidTag:
        pass
    raise SealedElsewhere(
        "Nothing is lost, but this was sealed under another secret key.",
        next_step="Give the earlier key as DOORSTEP_OLD_SECRET_KEY and run `doorstep sims rekey`.",
    )


def _key(settings: Settings, purpose: str) -> bytes:
    return bytes.fromhex(settings.keyed(purpose))
