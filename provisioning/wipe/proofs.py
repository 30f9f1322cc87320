"""The proofs of a wipe, one comparison each. What they amount to together is judged elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from provisioning.wipe.evidence import AfterWipe, BeforeWipe, CanaryState


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


def proofs(before: BeforeWipe, after: AfterWipe) -> Iterator[Proof]:
    for path in before.canaries:
        yield _canary(path, after.canaries.get(path, CanaryState.UNREADABLE))
    yield _asked_again(before, after.asked_again)
    old, new = before.traces, after.traces
    yield _android_id(old.android_id, new.android_id)
    yield _accounts(old.accounts, new.accounts)
    yield _apps(old.apps, new.apps)
    yield _install_times(old.installed, new.installed)
    yield _setup(old.setup_finished, new.setup_finished)
    yield _boots(old.boot_count, new.boot_count)
    yield _unlocked(old.accounts, after.reset_protection)
    if after.trade_in is not None:
        yield _trade_in(after.trade_in)
    if after.test_harness:
        yield _HARNESS_LEFT


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


def _install_times(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> Proof:
    """Only apps listed both times count: preloads that came back, installed anew or with the time of their image."""
    known = (
        None if before is None or after is None else [(before[name], after[name]) for name in before if name in after]
    )
    outcome = ProofOutcome.UNREADABLE
    if known is not None:
        outcome = ProofOutcome.HOLDS if known and all(old != new for old, new in known) else ProofOutcome.SILENT
    oldest = [_text(None if times is None else min(times.values(), default="none")) for times in (before, after)]
    sentence = "The apps that are back were installed anew"
    return Proof("install_times", sentence, oldest[0], oldest[1], outcome, Strength.MEDIUM, "apps")


def _unlocked(accounts: Mapping[str, int] | None, locked: bool | None) -> Proof:
    """A reset by another way than Settings leaves the tablet asking for the account it had."""
    had = accounts is not None and accounts.get("com.google", 0) > 0
    outcome = ProofOutcome.UNREADABLE
    if locked is not None:
        outcome = ProofOutcome.HOLDS if had else ProofOutcome.SILENT
    if locked:
        outcome = ProofOutcome.CONTRADICTED
    sentence = "It does not ask for an earlier owner's account"
    before = {True: "an account was there", False: "no account"}[had]
    after = {True: "asks", False: "does not ask", None: "not read"}[locked]
    return Proof("reset_protection", sentence, before, after, outcome, Strength.MEDIUM, "protection")


def _trade_in(reported: bool) -> Proof:
    """Android reports only from a first-run setup, so it shares a group with what the setup itself says."""
    outcome = ProofOutcome.HOLDS if reported else ProofOutcome.CONTRADICTED
    after = "reported, unlocked, same serial" if reported else "another serial, or locked"
    sentence = "Android's own trade-in report comes from its first-run setup"
    return Proof("trade_in", sentence, "not reporting", after, outcome, Strength.MEDIUM, "setup")


_HARNESS_LEFT = Proof(
    "test_harness",
    "No test mode is left on",
    "off",
    "test harness mode is on",
    ProofOutcome.CONTRADICTED,
    Strength.STRONG,
    "harness",
)


def _text(value: object) -> str:
    return "not read" if value is None else str(value)
