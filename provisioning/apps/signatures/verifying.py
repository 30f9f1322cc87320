"""Whether an APK is signed by schemes v2 or v3 and unchanged since, as Android 7 and later would find.

Scheme v1 alone is refused: it leaves parts of the file unprotected, and Android 11 refuses it for apps made for it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from provisioning.apps.signatures.algorithms import ContentDigest
from provisioning.apps.signatures.block import V2, V3, V31, NoSigningBlock, SigningBlock, find_signing_block
from provisioning.apps.signatures.digests import content_digest
from provisioning.apps.signatures.fields import Fields, Malformed
from provisioning.apps.signatures.lineage import PROOF_OF_ROTATION, Ancestor, read_lineage
from provisioning.apps.signatures.signers import Signer, Untrue, read_v2_signer, read_v3_signer
from provisioning.errors import SignatureInvalid

STRIPPING_PROTECTION = 0xBEEFF00D
"""In a v2 block: a scheme of this number signed the file too, so its absence means that it was taken away."""
ROTATION_MIN_SDK = 0x559F8B02
"""In a v3 block: from this Android version on a v3.1 block holds, and must be there."""


@dataclass(frozen=True)
class VerifiedSignature:
    schemes: tuple[str, ...]
    signers: tuple[str, ...]
    earlier_signers: tuple[str, ...]


def verify_apk(path: Path) -> VerifiedSignature:
    """Raises `SignatureInvalid` with the reason; OSError when the file cannot be read."""
    try:
        with path.open("rb") as file:
            return _verify(file)
    except NoSigningBlock as error:
        raise SignatureInvalid(
            f"{path.name} is not signed in a way today's Android accepts (no APK signature v2 or v3). Ask its maker "
            "for a current release."
        ) from error
    except (Untrue, Malformed, struct.error, EOFError) as error:
        raise SignatureInvalid(
            f"{path.name} was changed after it was signed, or was never signed properly: {error}. Do not use it; "
            "download it again from its maker."
        ) from error


def _verify(file: BinaryIO) -> VerifiedSignature:
    block = find_signing_block(file)
    old = [read_v2_signer(data) for data in _signers(block, V2)]
    new = [read_v3_signer(data) for scheme in (V3, V31) for data in _signers(block, scheme)]
    if not old and not new:
        raise NoSigningBlock
    _check_nothing_was_stripped(block, old, new)
    _check_content(file, block, [*old, *new])
    schemes = tuple(name for name, number in (("v2", V2), ("v3", V3), ("v3.1", V31)) if number in block.schemes)
    if not new:
        return VerifiedSignature(schemes, tuple(signer.sha256 for signer in old), ())
    latest, line = _newest(new)
    _check_one_history(old, new, latest, line)
    earlier = tuple(ancestor.sha256 for ancestor in line[:-1] if ancestor.may_be_updated_from)
    return VerifiedSignature(schemes, (latest.sha256,), earlier)


def _signers(block: SigningBlock, scheme: int) -> list[bytes]:
    if scheme not in block.schemes:
        return []
    signers = list(Fields(block.schemes[scheme]).parts())
    if not signers:
        raise Untrue("its signature block names nobody")
    return signers


def _check_nothing_was_stripped(block: SigningBlock, old: list[Signer], new: list[Signer]) -> None:
    for signer in old:
        for number, value in signer.attributes:
            if number == STRIPPING_PROTECTION and Fields(value).u32() == 3 and V3 not in block.schemes:
                raise Untrue("its newer signature (v3) was removed")
    for signer in new:
        if any(number == ROTATION_MIN_SDK for number, _ in signer.attributes) and V31 not in block.schemes:
            raise Untrue("its newer signature (v3.1) was removed")


def _check_content(file: BinaryIO, block: SigningBlock, signers: list[Signer]) -> None:
    actual: dict[ContentDigest, bytes] = {}
    for signer in signers:
        for kind, claimed in signer.digests.items():
            if kind not in actual:
                actual[kind] = content_digest(kind, file, block)
            if actual[kind] != claimed:
                raise Untrue("its content is not what was signed")


def _newest(signers: list[Signer]) -> tuple[Signer, tuple[Ancestor, ...]]:
    """The signer for the newest Android, and its history ending in itself (empty without key rotation)."""
    ranges = sorted(signers, key=lambda signer: signer.min_sdk)
    if any(low.max_sdk >= high.min_sdk for low, high in pairwise(ranges)):
        raise Untrue("two signers claim the same Android version")
    latest = ranges[-1]
    proofs = [value for number, value in latest.attributes if number == PROOF_OF_ROTATION]
    if not proofs:
        return latest, ()
    line = read_lineage(proofs[0])
    if not line or line[-1].certificate != latest.certificate:
        raise Untrue("its key history does not end with the key that signed")
    return latest, line


def _check_one_history(old: list[Signer], new: list[Signer], latest: Signer, line: tuple[Ancestor, ...]) -> None:
    """Older Androids see the v2 signer: it must be where the history begins, or each would see another maker."""
    first = line[0].certificate if line else latest.certificate
    if old and [signer.certificate for signer in old] != [first]:
        raise Untrue("its v2 and v3 signatures are by different makers")
    known = {ancestor.certificate for ancestor in line} | {latest.certificate}
    if any(signer.certificate not in known for signer in new):
        raise Untrue("its signatures for different Android versions are by different makers")
