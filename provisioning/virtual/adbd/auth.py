"""ADB keys: reading Android's form of an RSA public key, and checking a signature with it for real."""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

TOKEN_BYTES = 20
_WORDS = 64
_KEY = struct.Struct(f"<II{_WORDS * 4}s{_WORDS * 4}sI")
"""struct RSAPublicKey of libcrypto_utils/android_pubkey: words, n0inv, modulus, rr, exponent; little-endian."""


class BadKey(Exception):
    """Text that is not a public key in Android's form."""


@dataclass(frozen=True)
class HostKey:
    """A bench's public key as it came over the wire: base64, a blank, and who says they own it."""

    text: str

    @property
    def body(self) -> str:
        """The base64 part, which identifies the key; the comment after it does not."""
        return self.text.split(maxsplit=1)[0] if self.text.strip() else ""

    @property
    def fingerprint(self) -> str:
        """As the prompt shows it: MD5 of the key bytes, in pairs with colons."""
        # MD5 is what Android shows on the screen; nothing here rests on its strength.
        digest = hashlib.md5(self._raw(), usedforsecurity=False).hexdigest().upper()
        return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))

    def _raw(self) -> bytes:
        try:
            return base64.b64decode(self.body, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadKey("the key is not base64") from error

    def rsa(self) -> rsa.RSAPublicKey:
        """The key itself. Raises `BadKey`."""
        try:
            words, _, modulus, _, exponent = _KEY.unpack(self._raw())
        except struct.error as error:
            raise BadKey("the key has the wrong length") from error
        if words != _WORDS:
            raise BadKey(f"the key has {words} words where Android takes {_WORDS}")
        try:
            return rsa.RSAPublicNumbers(exponent, int.from_bytes(modulus, "little")).public_key()
        except ValueError as error:
            raise BadKey("the numbers are no RSA key") from error


def read_key(payload: bytes) -> HostKey:
    """The key of an AUTH RSAPUBLICKEY packet, checked to be one. Raises `BadKey`."""
    key = HostKey(payload.rstrip(b"\0").decode("utf-8", "replace").strip())
    key.rsa()
    return key


def signed_by(key: HostKey, token: bytes, signature: bytes) -> bool:
    """Whether `signature` is the key's over `token`, which stands where a SHA-1 digest would."""
    try:
        # SHA-1 names the padding only: the 20 random bytes of the token are used as the digest (adb protocol).
        key.rsa().verify(signature, token, padding.PKCS1v15(), Prehashed(hashes.SHA1()))  # noqa: S303 - as above
    except (InvalidSignature, BadKey):
        return False
    return True
