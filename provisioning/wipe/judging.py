"""Judges a wipe from its evidence. Only proofs that hold count; doubt of any kind is “unverified”, never “wiped”."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from provisioning.facts.plain import Plain, from_plain, to_plain
from provisioning.wipe.evidence import AfterWipe, BeforeWipe
from provisioning.wipe.proofs import Proof, ProofOutcome, Strength, proofs

# Proofs from different groups cannot share one mistake.
GROUPS_NEEDED = 3
# Of those, proofs that nothing short of a reset (or deliberate forgery) brings about.
STRONG_NEEDED = 2


class Result(StrEnum):
    WIPED = "wiped"
    UNVERIFIED = "unverified"


class Method(StrEnum):
    """What the reset amounts to, claimed no higher than was checked: encryption must have been read before it."""

    CLEAR = "clear"
    CRYPTOGRAPHIC_ERASE = "cryptographic_erase"


@dataclass(frozen=True)
class Verdict:
    """`reasons` say, in sentences, what kept it from being WIPED; empty when it is."""

    result: Result
    method: Method
    same_unit: ProofOutcome
    proofs: tuple[Proof, ...]
    reasons: tuple[str, ...]

    @property
    def wiped(self) -> bool:
        return self.result is Result.WIPED

    def to_json(self) -> Plain:
        plain: Plain = to_plain(self)
        return plain


def verdict_from_json(data: Mapping[str, Any]) -> Verdict:
    return from_plain(Verdict, data)


def judge(before: BeforeWipe, after: AfterWipe) -> Verdict:
    """Wiped only for the same unit, with enough independent proofs, and none that says otherwise. Pure."""
    unit = same_unit(before, after)
    compared = tuple(proofs(before, after))
    reasons = tuple(_reasons(before, after, unit, compared))
    encrypted = before.encryption is not None and before.encryption.encrypted
    return Verdict(
        result=Result.UNVERIFIED if reasons else Result.WIPED,
        method=Method.CRYPTOGRAPHIC_ERASE if encrypted else Method.CLEAR,
        same_unit=unit,
        proofs=compared,
        reasons=reasons,
    )


def same_unit(before: BeforeWipe, after: AfterWipe) -> ProofOutcome:
    """Whether this is the tablet the run is about, in the place it was in. A shared serial can never show that."""
    if after.unit is None:
        return ProofOutcome.UNREADABLE
    if after.unit != before.unit or (before.place and after.place and before.place != after.place):
        return ProofOutcome.CONTRADICTED
    return ProofOutcome.HOLDS if before.unit.serial_is_its_own else ProofOutcome.UNREADABLE


def _reasons(before: BeforeWipe, after: AfterWipe, unit: ProofOutcome, compared: tuple[Proof, ...]) -> Iterator[str]:
    if unit is ProofOutcome.CONTRADICTED:
        yield f"The tablet found afterwards is {_where(after)}, not {_where(before)}. Put the right one on the bench."
    elif unit is ProofOutcome.UNREADABLE:
        yield "The tablet does not show by a serial of its own that it is the same one. Watch this one reset in person."
    for proof in compared:
        if proof.outcome is ProofOutcome.CONTRADICTED:
            yield f"Not so: {proof.sentence} (before {proof.before}, after {proof.after}). Reset the tablet again."
    held = [proof for proof in compared if proof.outcome is ProofOutcome.HOLDS]
    groups = {proof.group for proof in held}
    if len(groups) < GROUPS_NEEDED:
        yield f"{len(groups)} of the {GROUPS_NEEDED} independent proofs that are needed could be had. Read it again."
    strong = {proof.group for proof in held if proof.strength is Strength.STRONG}
    if len(strong) < STRONG_NEEDED:
        yield f"{len(strong)} of the {STRONG_NEEDED} strong proofs that are needed could be had. Read it again."


def _where(evidence: BeforeWipe | AfterWipe) -> str:
    return f"{evidence.unit} at {evidence.place}" if evidence.place else str(evidence.unit)
