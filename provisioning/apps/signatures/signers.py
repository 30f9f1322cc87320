"""One signer of a v2 or v3 block: its fields, and whether it really signed them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from provisioning.apps.signatures.algorithms import ALGORITHMS, ContentDigest, signature_holds
from provisioning.apps.signatures.fields import Fields


class Untrue(ValueError):
    """The block says something that does not hold; the text says what."""


@dataclass(frozen=True)
class Signer:
    """What a signer whose signatures hold has signed."""

    certificate: bytes
    """DER."""
    digests: dict[ContentDigest, bytes]
    attributes: tuple[tuple[int, bytes], ...]
    min_sdk: int
    max_sdk: int

    @property
    def sha256(self) -> str:
        return certificate_sha256(self.certificate)


def certificate_sha256(certificate: bytes) -> str:
    return hashlib.sha256(certificate).hexdigest()


def read_v2_signer(data: bytes) -> Signer:
    fields = Fields(data)
    signed = fields.part()
    return _verified(signed, fields, sdk_range=None)


def read_v3_signer(data: bytes) -> Signer:
    fields = Fields(data)
    signed = fields.part()
    return _verified(signed, fields, sdk_range=(fields.u32(), fields.u32()))


def _verified(signed: bytes, fields: Fields, sdk_range: tuple[int, int] | None) -> Signer:
    signatures = [(item.u32(), item.part()) for item in map(Fields, fields.parts())]
    key_bytes = fields.part()
    key = public_key(key_bytes)
    _check_signatures(signatures, key, signed)
    contents = Fields(signed)
    digests = [(item.u32(), item.part()) for item in map(Fields, contents.parts())]
    certificates = list(contents.parts())
    if sdk_range is not None and (contents.u32(), contents.u32()) != sdk_range:
        raise Untrue("its signed and unsigned Android versions differ")
    if [number for number, _ in digests] != [number for number, _ in signatures]:
        raise Untrue("its digests and signatures are not of the same kinds")
    if not certificates or not same_key(certificate_key(certificates[0]), key):
        raise Untrue("its certificate is for another key than the one that signed")
    attributes = tuple((item.u32(), item.rest()) for item in map(Fields, contents.parts()))
    low, high = sdk_range or (0, 0)
    return Signer(certificates[0], _by_kind(digests), attributes, low, high)


def _check_signatures(signatures: list[tuple[int, bytes]], key: PublicKeyTypes, signed: bytes) -> None:
    known = [(number, signature) for number, signature in signatures if number in ALGORITHMS]
    if not known:
        raise Untrue("it has no signature of a kind we know")
    for number, signature in known:
        # Android tries only the strongest; a file with a false one beside it was tampered with all the same.
        if not signature_holds(number, key, signature, signed):
            raise Untrue(f"its signature of kind 0x{number:04x} does not hold")


def _by_kind(digests: list[tuple[int, bytes]]) -> dict[ContentDigest, bytes]:
    found: dict[ContentDigest, bytes] = {}
    for number, digest in digests:
        if number in ALGORITHMS and found.setdefault(ALGORITHMS[number].content_digest, digest) != digest:
            raise Untrue("it gives two different digests of one kind")
    return found


def public_key(encoded: bytes) -> PublicKeyTypes:
    try:
        return load_der_public_key(encoded)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Untrue(f"its public key cannot be read: {error}") from error


def certificate_key(certificate: bytes) -> PublicKeyTypes:
    try:
        return x509.load_der_x509_certificate(certificate).public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Untrue(f"its certificate cannot be read: {error}") from error


def same_key(one: PublicKeyTypes, other: PublicKeyTypes) -> bool:
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return one.public_bytes(*form) == other.public_bytes(*form)
