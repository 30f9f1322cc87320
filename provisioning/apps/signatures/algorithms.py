"""The signature algorithms of schemes v2 and v3, by their number in the signing block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes


class ContentDigest(StrEnum):
    CHUNKED_SHA256 = "chunked_sha256"
    CHUNKED_SHA512 = "chunked_sha512"
    VERITY_SHA256 = "verity_sha256"


Check = Callable[[PublicKeyTypes, bytes, bytes], None]
"""(key, signature, signed bytes): raises InvalidSignature, or TypeError for a key of another kind."""


@dataclass(frozen=True)
class Algorithm:
    content_digest: ContentDigest
    check: Check


def _rsa(scheme: padding.PKCS1v15 | padding.PSS, digest: hashes.HashAlgorithm) -> Check:
    def check(key: PublicKeyTypes, signature: bytes, data: bytes) -> None:
        if not isinstance(key, rsa.RSAPublicKey):
            raise TypeError("the algorithm wants an RSA key")
        key.verify(signature, data, scheme, digest)

    return check


def _pss(digest: hashes.HashAlgorithm) -> padding.PSS:
    return padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size)


def _ecdsa(digest: hashes.HashAlgorithm) -> Check:
    def check(key: PublicKeyTypes, signature: bytes, data: bytes) -> None:
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise TypeError("the algorithm wants an elliptic curve key")
        key.verify(signature, data, ec.ECDSA(digest))

    return check


def _dsa(digest: hashes.HashAlgorithm) -> Check:
    def check(key: PublicKeyTypes, signature: bytes, data: bytes) -> None:
        if not isinstance(key, dsa.DSAPublicKey):
            raise TypeError("the algorithm wants a DSA key")
        key.verify(signature, data, digest)

    return check


SHA256, SHA512 = hashes.SHA256(), hashes.SHA512()
PKCS1 = padding.PKCS1v15()

# Numbers: com.android.apksig.internal.apk.SignatureAlgorithm.
ALGORITHMS: dict[int, Algorithm] = {
    0x0101: Algorithm(ContentDigest.CHUNKED_SHA256, _rsa(_pss(SHA256), SHA256)),
    0x0102: Algorithm(ContentDigest.CHUNKED_SHA512, _rsa(_pss(SHA512), SHA512)),
    0x0103: Algorithm(ContentDigest.CHUNKED_SHA256, _rsa(PKCS1, SHA256)),
    0x0104: Algorithm(ContentDigest.CHUNKED_SHA512, _rsa(PKCS1, SHA512)),
    0x0201: Algorithm(ContentDigest.CHUNKED_SHA256, _ecdsa(SHA256)),
    0x0202: Algorithm(ContentDigest.CHUNKED_SHA512, _ecdsa(SHA512)),
    0x0301: Algorithm(ContentDigest.CHUNKED_SHA256, _dsa(SHA256)),
    0x0421: Algorithm(ContentDigest.VERITY_SHA256, _rsa(PKCS1, SHA256)),
    0x0423: Algorithm(ContentDigest.VERITY_SHA256, _ecdsa(SHA256)),
    0x0425: Algorithm(ContentDigest.VERITY_SHA256, _dsa(SHA256)),
}


def signature_holds(algorithm: int, key: PublicKeyTypes, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` was made with `key`. The algorithm must be one of `ALGORITHMS`."""
    try:
        ALGORITHMS[algorithm].check(key, signature, data)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return True
