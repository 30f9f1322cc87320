"""Seals a SIM's PIN, PUK or code for the database with AES-GCM, under a key made from the installation's secret key.

What is sealed for one SIM and one use opens for no other: both are part of what is authenticated.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fleet.bundles.rules import SecretKind
from fleet.errors import MisconfiguredError
from fleet.settings import Settings

_VERSION = "1"
_NONCE_BYTES = 12
"""What NIST SP 800-38D recommends for GCM; drawn at random for each sealing."""


class SealedElsewhere(MisconfiguredError):
    """Something was sealed under another secret key."""

    code = "sealed_elsewhere"


def seal(settings: Settings, sim_id: int, kind: SecretKind, text: str) -> str:
    """The text as it is stored: letters and digits that say nothing without the secret key."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key(settings)).encrypt(nonce, text.encode(), _bound_to(sim_id, kind))
    return f"{_VERSION}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(settings: Settings, sim_id: int, kind: SecretKind, sealed: str) -> str:
    """The text again. Raises `SealedElsewhere` when this secret key did not seal it for this SIM."""
    version, _, text = sealed.partition(":")
    raw = base64.urlsafe_b64decode(text)
    try:
        if version == _VERSION:
            opened = AESGCM(_key(settings)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound_to(sim_id, kind))
            return opened.decode()
    except InvalidTag:
        pass
    raise SealedElsewhere(
        f"Nothing is lost, but the {kind.value.upper()} of SIM {sim_id} was sealed under another secret key.",
        next_step="Give the earlier key as DOORSTEP_OLD_SECRET_KEY and run `doorstep sims rekey`.",
    )


def _key(settings: Settings) -> bytes:
    return bytes.fromhex(settings.keyed("sim secrets"))


def _bound_to(sim_id: int, kind: SecretKind) -> bytes:
    return f"sim {sim_id} {kind.value}".encode()
