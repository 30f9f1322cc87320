"""Seals a SIM's PIN, PUK or code for the database. What is sealed for one SIM and one use opens for no other."""

from __future__ import annotations

from fleet import sealing
from fleet.bundles.rules import SecretKind
from fleet.sealing import SealedElsewhere
from fleet.settings import Settings

__all__ = ["SealedElsewhere", "seal", "unseal"]

_PURPOSE = "sim secrets"


def seal(settings: Settings, sim_id: int, kind: SecretKind, text: str) -> str:
    """The text as it is stored: letters and digits that say nothing without the secret key."""
    return sealing.seal(settings, _PURPOSE, _bound_to(sim_id, kind), text)


def unseal(settings: Settings, sim_id: int, kind: SecretKind, sealed: str) -> str:
    """The text again. Raises `SealedElsewhere` when this secret key did not seal it for this SIM."""
    try:
        return sealing.unseal(settings, _PURPOSE, _bound_to(sim_id, kind), sealed)
    except SealedElsewhere as error:
        raise SealedElsewhere(
            f"Nothing is lost, but the {kind.value.upper()} of SIM {sim_id} was sealed under another secret key.",
            next_step=error.next_step,
        ) from error


def _bound_to(sim_id: int, kind: SecretKind) -> str:
    return f"sim {sim_id} {kind.value}"
