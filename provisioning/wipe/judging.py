"""Judges a wipe from its evidence. Only proofs that hold count; doubt of any kind is “unverified”, never “wiped”."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from provisioning.facts.plain import Plain, from_plain, to_plain
from provisioning.wipe.evidence import AfterWipe, BeforeWipe, CanaryState

# Proofs from different groups cannot share one mistake.
GROUPS_NEEDED = 3
# Of those, proofs that nothing short of a reset (or deliberate forgery) brings about.
STRONG_NEEDED = 2


class ProofOutcome(StrEnum):
    """SILENT says nothing either way: no account before and none after, for example."""

    HOLDS = "holds"
    CONTRADICTED = "contradicted"
    UNREADABLE = "unreadable"
    SILENT = "silent"


class Strength(StrEnum):
    STRONG = "strong"
    MEDIUM = "medium"


@dataclass(frozen=True)
class Proof:
    """One comparison, with both values as a person may read them. Proofs of one `group` count once."""

    name: str
    sentence: str
    before: str
    after: str
    outcome: ProofOutcome
    strength: Strength
    group: str


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
    proofs = tuple(_proofs(before, after))
    reasons = tuple(_reasons(before, after, unit, proofs))
    encrypted = before.encryption is not None and before.encryption.encrypted
    return Verdict(
        result=Result.UNVERIFIED if reasons else Result.WIPED,
        method=Method.CRYPTOGRAPHIC_ERASE if encrypted else Method.CLEAR,
        same_unit=unit,
        proofs=proofs,
        reasons=reasons,
    )


def same_unit(before: BeforeWipe, after: AfterWipe) -> ProofOutcome:
    """Whether this is the tablet the run is about. A serial that many units share can never show that."""
    if after.unit is None:
        return ProofOutcome.UNREADABLE
    if after.unit != before.unit:
        return ProofOutcome.CONTRADICTED
    return ProofOutcome.HOLDS if before.unit.serial_is_its_own else ProofOutcome.UNREADABLE


def _reasons(before: BeforeWipe, after: AfterWipe, unit: ProofOutcome, proofs: tuple[Proof, ...]) -> Iterator[str]:
    if unit is ProofOutcome.CONTRADICTED:
        yield f"The tablet found afterwards is {after.unit}, not {before.unit}. Put the right one on the bench."
    elif unit is ProofOutcome.UNREADABLE:
        yield "The tablet does not show by a serial of its own that it is the same one. Watch this one reset in person."
    for proof in proofs:
        if proof.outcome is ProofOutcome.CONTRADICTED:
            yield f"Not so: {proof.sentence} (before {proof.before}, after {proof.after}). Reset the tablet again."
    held = [proof for proof in proofs if proof.outcome is ProofOutcome.HOLDS]
    groups = {proof.group for proof in held}
    if len(groups) < GROUPS_NEEDED:
        yield f"{len(groups)} of the {GROUPS_NEEDED} independent proofs that are needed could be had. Read it again."
    strong = {proof.group for proof in held if proof.strength is Strength.STRONG}
    if len(strong) < STRONG_NEEDED:
        yield f"{len(strong)} of the {STRONG_NEEDED} strong proofs that are needed could be had. Read it again."


def _proofs(before: BeforeWipe, after: AfterWipe) -> Iterator[Proof]:
    for path in before.canaries:
        yield _canary(path, after.canaries.get(path, CanaryState.UNREADABLE))
    yield _asked_again(before, after.asked_again)
    old, new = before.traces, after.traces
    yield _android_id(old.android_id, new.android_id)
    yield _accounts(old.accounts, new.accounts)
    yield _apps(old.apps, new.apps)
    yield _setup(old.setup_finished, new.setup_finished)
    yield _boots(old.boot_count, new.boot_count)


def _canary(path: str, state: CanaryState) -> Proof:
    outcome = {
        CanaryState.GONE: ProofOutcome.HOLDS,
        CanaryState.PRESENT: ProofOutcome.CONTRADICTED,
        CanaryState.UNREADABLE: ProofOutcome.UNREADABLE,
    }[state]
    sentence = f"The mark left at {path} is gone"
    return Proof("canary", sentence, "present", state.value, outcome, Strength.STRONG, "files")


def _android_id(before: str | None, after: str | None) -> Proof:
    outcome = ProofOutcome.HOLDS if before != after else ProofOutcome.CONTRADICTED
    if before is None or after is None:
        outcome = ProofOutcome.UNREADABLE
    sentence = "Android has drawn a new id for the tablet"
    return Proof("android_id", sentence, _text(before), _text(after), outcome, Strength.STRONG, "settings")


def _asked_again(before: BeforeWipe, asked: bool | None) -> Proof:
    outcome = ProofOutcome.HOLDS if asked else ProofOutcome.CONTRADICTED
    if asked is None:
        outcome = ProofOutcome.UNREADABLE
    if not before.asks_for_keys:
        outcome = ProofOutcome.SILENT
    after = {True: "asked", False: "let in without asking", None: "not seen"}[asked]
    sentence = "The tablet asked again whether to trust this bench"
    return Proof("asked_again", sentence, "trusted", after, outcome, Strength.STRONG, "keys")


def _accounts(before: Mapping[str, int] | None, after: Mapping[str, int] | None) -> Proof:
    if before is None or after is None:
        outcome = ProofOutcome.UNREADABLE
    elif sum(after.values()):
        outcome = ProofOutcome.CONTRADICTED
    else:
        outcome = ProofOutcome.HOLDS if sum(before.values()) else ProofOutcome.SILENT
    counts = [_text(None if accounts is None else sum(accounts.values())) for accounts in (before, after)]
    return Proof("accounts", "No account is signed in", counts[0], counts[1], outcome, Strength.MEDIUM, "accounts")


def _apps(before: tuple[str, ...] | None, after: tuple[str, ...] | None) -> Proof:
    """An app that is still listed may be the maker's preload come back, so it keeps the proof silent, no more."""
    if before is None or after is None:
        outcome = ProofOutcome.UNREADABLE
    else:
        outcome = ProofOutcome.HOLDS if before and not set(before) & set(after) else ProofOutcome.SILENT
    counts = [_text(None if apps is None else len(apps)) for apps in (before, after)]
    sentence = "The apps that had been installed are gone"
    return Proof("apps", sentence, counts[0], counts[1], outcome, Strength.MEDIUM, "apps")


def _setup(before: bool | None, after: bool | None) -> Proof:
    """A person has to finish the setup before ADB can be switched on, so a finished one afterwards says nothing."""
    if before is None or after is None:
        outcome = ProofOutcome.UNREADABLE
    else:
        outcome = ProofOutcome.HOLDS if before and not after else ProofOutcome.SILENT
    words = [{True: "finished", False: "not finished", None: "not read"}[value] for value in (before, after)]
    return Proof("setup", "The first-run setup begins anew", words[0], words[1], outcome, Strength.MEDIUM, "setup")


def _boots(before: int | None, after: int | None) -> Proof:
    """Settings.Global.BOOT_COUNT only ever grows between two resets (since API 24)."""
    if before is None or after is None:
        outcome = ProofOutcome.UNREADABLE
    else:
        outcome = ProofOutcome.HOLDS if after < before else ProofOutcome.SILENT
    sentence = "The count of starts began again"
    return Proof("boot_count", sentence, _text(before), _text(after), outcome, Strength.MEDIUM, "boots")


def _text(value: object) -> str:
    return "not read" if value is None else str(value)
