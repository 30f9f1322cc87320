"""A run's life at the bench (wipe or provision), as one table; what blockers hold; how long to wait; how far it is.

Plain Python, no I/O. A run's state changes only along a row of `STEPS`; docs/lifecycle.md is drawn from this file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from fleet.tablets.rules import HoldKind


class RunKind(StrEnum):
    WIPE = "wipe"
    PROVISION = "provision"


class RunState(StrEnum):
    QUEUED = "queued"
    IDENTITY_CHECK = "identity_check"
    PRE_FACTS = "pre_facts"
    RESET_SENT = "reset_sent"
    WAITING_HANDS = "waiting_hands"
    PLANNED = "planned"
    RUNNING = "running"
    VERIFYING = "verifying"
    PAUSED = "paused"
    PASSED = "passed"
    FAILED = "failed"
    ABANDONED = "abandoned"


FINISHED = frozenset({RunState.PASSED, RunState.FAILED, RunState.ABANDONED})
UNFINISHED = tuple(state for state in RunState if state not in FINISHED)
_AT_WORK = tuple(state for state in UNFINISHED if state is not RunState.PAUSED)

PAST_RESET = frozenset({RunState.RESET_SENT, RunState.WAITING_HANDS, RunState.VERIFYING})
"""Where a wipe cannot be called back any more."""

_WIPE = frozenset({RunKind.WIPE})
_PROVISION = frozenset({RunKind.PROVISION})
_BOTH = frozenset(RunKind)


@dataclass(frozen=True)
class Change:
    """One row of the table: a run of one of `kinds` may go from any of `sources` to `target`."""

    sources: tuple[RunState, ...]
    target: RunState
    kinds: frozenset[RunKind]
    words: str


STEPS: tuple[Change, ...] = (
    Change((RunState.QUEUED,), RunState.IDENTITY_CHECK, _BOTH, "Looking at the tablet"),
    Change((RunState.IDENTITY_CHECK,), RunState.PRE_FACTS, _WIPE, "The right tablet; reading it"),
    Change((RunState.PRE_FACTS,), RunState.RESET_SENT, _WIPE, "Evidence kept; opening its reset page"),
    Change((RunState.RESET_SENT,), RunState.WAITING_HANDS, _WIPE, "Waiting for somebody's hands"),
    Change((RunState.WAITING_HANDS,), RunState.VERIFYING, _WIPE, "Reset seen; reading the proofs"),
    Change(
        (RunState.WAITING_HANDS,),
        RunState.RESET_SENT,
        _WIPE,
        "A reset from Settings follows: it was erased for a test only, or the way that was tried erased nothing",
    ),
    Change((RunState.IDENTITY_CHECK,), RunState.PLANNED, _PROVISION, "The right tablet; plan made"),
    Change((RunState.PLANNED,), RunState.RUNNING, _PROVISION, "Carrying out the plan"),
    Change(
        (RunState.PLANNED, RunState.RUNNING, RunState.VERIFYING),
        RunState.IDENTITY_CHECK,
        _PROVISION,
        "Looking again, because the tablet changed or the link was lost",
    ),
    Change((RunState.RUNNING,), RunState.VERIFYING, _PROVISION, "Reading everything again"),
    Change((RunState.VERIFYING,), RunState.PASSED, _BOTH, "Passed"),
    Change(_AT_WORK, RunState.PAUSED, _BOTH, "Paused by a person"),
    Change((RunState.PAUSED,), RunState.IDENTITY_CHECK, _BOTH, "Taken up again; looking at the tablet anew"),
    Change((RunState.PAUSED,), RunState.RESET_SENT, _WIPE, "Taken up again; its reset begins anew"),
    Change((RunState.PAUSED,), RunState.WAITING_HANDS, _WIPE, "Taken up again; looking whether it was reset"),
    Change(UNFINISHED, RunState.FAILED, _BOTH, "Failed"),
    Change(UNFINISHED, RunState.ABANDONED, _BOTH, "Stopped by a person"),
)


def may_become(kind: RunKind, source: RunState, target: RunState) -> bool:
    """Whether a row of the table leads from `source` to `target` for this kind of run."""
    return any(kind in change.kinds and source in change.sources and target is change.target for change in STEPS)


def resumes_at(kind: RunKind, paused_from: RunState) -> RunState:
    """Where a paused run goes on: never past a look at the tablet, for anything may have been done to it meanwhile."""
    if kind is RunKind.WIPE and paused_from is RunState.RESET_SENT:
        return RunState.RESET_SENT
    if kind is RunKind.WIPE and paused_from in (RunState.WAITING_HANDS, RunState.VERIFYING):
        return RunState.WAITING_HANDS
    return RunState.IDENTITY_CHECK


class StepOutcome(StrEnum):
    """How a recorded step stands. Only OK was read back as true."""

    PENDING = "pending"
    RUNNING = "running"
    OK = "ok"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"
    NEEDS_HUMAN = "needs_human"
    UNKNOWN = "unknown"


ENDED_STEPS = frozenset({StepOutcome.OK, StepOutcome.UNSUPPORTED, StepOutcome.REFUSED, StepOutcome.NEEDS_HUMAN})

_IDENTITY_BLOCKERS = frozenset(
    {
        "google_account",
        "samsung_account",
        "lock_account",
        "reset_protection",
        "managed",
        "knox_guard",
    }
)
_DATA_BLOCKERS = frozenset({"work_profile"})


def hold_for(codes: Iterable[str]) -> HoldKind | None:
    """The hold that these blockers put on a tablet; None where waiting (for a charge, a cable) is all it takes."""
    found = set(codes)
    if found & _IDENTITY_BLOCKERS:
        return HoldKind.IDENTITY
    return HoldKind.DATA if found & _DATA_BLOCKERS else None


LOCKING_BLOCKERS = _IDENTITY_BLOCKERS | _DATA_BLOCKERS
"""Those for which a reset that nobody has begun yet is called off at any moment."""


class GivenBy(StrEnum):
    """Who agreed that an account goes: the part they have in it, never their name."""

    GIVER = "giver"
    ORGANISATION = "organisation"
    BORROWER = "borrower"


class ToldBy(StrEnum):
    """How they told us."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"


_SDK_OF_RELEASE = {5: 21, 6: 23, 7: 24, 8: 26, 9: 28, 10: 29, 11: 30, 12: 31, 13: 33}
_RELEASES_SINCE_SDK_FOLLOWS = 20
"""From Android 13 (API 33) on, every release has had one API level."""


def sdk_of_release(release: int) -> int:
    """The first API level of an Android release."""
    return _SDK_OF_RELEASE.get(release, release + _RELEASES_SINCE_SDK_FOLLOWS)


_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 15.0


def next_look(unanswered: int) -> timedelta:
    """How long to wait before looking again at a tablet that was silent `unanswered` times: 1 s, growing to 15 s."""
    return timedelta(seconds=min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 1.5 ** min(unanswered, 12)))


BYTES_PER_UNIT = 2_000_000
"""A step that moves this many bytes counts as much as one that only sends a command."""


def step_weight(size_bytes: int) -> int:
    """How much of a run a step is, for the bar: 1, and 1 more for each two megabytes it moves."""
    return 1 + size_bytes // BYTES_PER_UNIT


def percent_done(weights: Iterable[tuple[int, float]]) -> int:
    """Per cent of a run from (weight, part done 0 to 1) of every step. 100 is kept for a run that passed."""
    pairs = tuple(weights)
    whole = sum(weight for weight, _ in pairs)
    return min(99, round(100 * sum(weight * part for weight, part in pairs) / whole)) if whole else 0


_TOO_EARLY_TO_SAY_PERCENT = 5


def seconds_left(percent: int, elapsed_seconds: float) -> int | None:
    """How long the rest should take at the pace so far; None while it is too early to say."""
    if percent < _TOO_EARLY_TO_SAY_PERCENT:
        return None
    return round(elapsed_seconds * (100 - percent) / percent)


def certificate_number(year: int, sequence: int) -> str:
    """``DW-2026-000001``."""
    return f"DW-{year}-{sequence:06d}"
