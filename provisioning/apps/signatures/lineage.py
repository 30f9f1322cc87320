"""A v3 signer's history: each key signed its successor, so an update by the last is as good as one by the first.

Layout: apksig, V3SigningCertificateLineage.
"""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.apps.signatures.algorithms import ALGORITHMS, signature_holds
from provisioning.apps.signatures.fields import Fields
from provisioning.apps.signatures.signers import Untrue, certificate_key, certificate_sha256

PROOF_OF_ROTATION = 0x3BA06F8C
LINEAGE_VERSION = 1
INSTALLED_DATA = 1
"""The capability that lets an app signed by an earlier key be updated to one signed by the last."""


@dataclass(frozen=True)
class Ancestor:
    certificate: bytes
    capabilities: int

    @property
    def sha256(self) -> str:
        return certificate_sha256(self.certificate)

    @property
    def may_be_updated_from(self) -> bool:
        return bool(self.capabilities & INSTALLED_DATA)


def read_lineage(attribute: bytes) -> tuple[Ancestor, ...]:
    """Oldest first, every link verified, the last being the present signer. Raises `Untrue`."""
    fields = Fields(attribute)
    if fields.u32() != LINEAGE_VERSION:
        raise Untrue("its key history is of a version we do not know")
    line: list[Ancestor] = []
    announced = 0
    while fields:
        node = Fields(fields.part())
        signed, capabilities, next_algorithm, signature = node.part(), node.u32(), node.u32(), node.part()
        inside = Fields(signed)
        certificate, signed_algorithm = inside.part(), inside.u32()
        if line:
            _check_link(line[-1].certificate, announced, signed_algorithm, signature, signed)
        if any(ancestor.certificate == certificate for ancestor in line):
            raise Untrue("its key history goes in a circle")
        line.append(Ancestor(certificate, capabilities))
        announced = next_algorithm
    return tuple(line)


def _check_link(parent: bytes, announced: int, signed_algorithm: int, signature: bytes, signed: bytes) -> None:
    if announced != signed_algorithm or announced not in ALGORITHMS:
        raise Untrue("its key history changes its kind of signature half way, or uses one we do not know")
    if not signature_holds(announced, certificate_key(parent), signature, signed):
        raise Untrue("its key history has a link that the earlier key did not sign")
