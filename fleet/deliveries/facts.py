"""What the facts of a courier's day amount to, whatever order they arrive in. Pure: no I/O.

A job's outcome is a function of the set of its facts, never of the order in which they came. A hand-over outranks
everything, being back at the hub outranks loading and failing, and between those two the later one counts. What a
scan leaves out is implied: whoever hands over had loaded. What contradicts a higher fact is kept for a person to see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from fleet.deliveries.rules import Action, Face, FailReason, JobKind, JobState, KitPart, Tick
from fleet.loans.rules import HandedTo

LONGEST_OFFLINE = timedelta(hours=72)
"""A phone may tell of something this long after it happened."""
CLOCK_SLACK = timedelta(minutes=2)
"""A corrected phone time may be this far ahead of ours without being doubted."""


@dataclass(frozen=True)
class Details:
    """What a courier ticked. A closed list of answers: there is no place for a remark about anybody."""

    job: int | None = None
    handed_to: HandedTo | None = None
    phrase_heard: bool = False
    agreement_accepted: bool = False
    ticks: frozenset[Tick] = frozenset()
    reason: FailReason | None = None
    condition: str | None = None
    sim_in_tray: bool | None = None
    kit_missing: frozenset[KitPart] = frozenset()
    face: Face | None = None


@dataclass(frozen=True)
class Fact:
    """One thing a phone says happened. `clock_offset_ms` is by how much its clock was ahead of ours."""

    id: str
    code: str
    action: Action
    occurred_at: datetime
    sequence: int
    clock_offset_ms: int = 0
    run: int | None = None
    details: Details = field(default_factory=Details)


@dataclass(frozen=True)
class Believed:
    """When a fact counts as having happened, and whether its phone's clock was believed."""

    at: datetime
    flagged: bool


def believed(fact: Fact, received_at: datetime) -> Believed:
    """The phone's time set right by its offset; ours, and flagged, when it is in the future or too long ago."""
    try:
        told = fact.occurred_at - timedelta(milliseconds=fact.clock_offset_ms)
        if received_at - LONGEST_OFFLINE <= told <= received_at + CLOCK_SLACK:
            return Believed(min(told, received_at), flagged=False)
    except OverflowError:
        pass
    return Believed(received_at, flagged=True)


NATURAL_ORDER = (
    Action.LOAD,
    Action.FAILED,
    Action.HAND_OVER,
    Action.COLLECT,
    Action.HAND_IN,
    Action.BACK_AT_HUB,
)
"""How a day goes: what decides between facts of one moment that a phone did not count."""


@dataclass(frozen=True, order=True)
class Told:
    """A fact of a job. Facts are in the order of their moment, then of the phone's count, then of nature."""

    at: datetime
    sequence: int
    rank: int
    id: str
    action: Action = field(compare=False)


def told(at: datetime, sequence: int, fact_id: str, action: Action) -> Told:
    """A fact as `outcome` takes it."""
    return Told(at, sequence, NATURAL_ORDER.index(action), fact_id, action)


@dataclass(frozen=True)
class Outcome:
    """What a job's facts amount to. `contested` are the ids of those that contradict the rest; `done_at` is when the
    tablet changed hands at the door."""

    state: JobState
    attempts: int = 0
    contested: frozenset[str] = frozenset()
    done_at: datetime | None = None


def outcome(kind: JobKind, facts: Collection[Told]) -> Outcome:
    """The outcome of a job from all that was told of it."""
    return _delivery(sorted(facts)) if kind is JobKind.DELIVER else _collection(sorted(facts))


def _delivery(facts: Sequence[Told]) -> Outcome:
    handed = _first(facts, Action.HAND_OVER)
    back = _first(facts, Action.BACK_AT_HUB)
    road = [each for each in facts if each.action in (Action.LOAD, Action.FAILED)]
    contested = [each for each in facts if each.action in (Action.COLLECT, Action.HAND_IN)]
    if handed is not None:
        state = JobState.HANDED_OVER
        contested += _after(facts, handed, Action.LOAD, Action.FAILED, Action.BACK_AT_HUB)
    elif back is not None:
        state = JobState.CLOSED
        contested += _after(facts, back, Action.LOAD, Action.FAILED)
    elif road:
        state = JobState.LOADED if road[-1].action is Action.LOAD else JobState.FAILED
    else:
        state = JobState.ACCEPTED
    done_at = handed.at if handed else None
    return Outcome(state, _attempts(facts), frozenset(each.id for each in contested), done_at)


def _collection(facts: Sequence[Told]) -> Outcome:
    taken = _first(facts, Action.COLLECT, Action.HAND_IN)
    failed = any(each.action is Action.FAILED for each in facts)
    contested = [each for each in facts if each.action in (Action.LOAD, Action.HAND_OVER)]
    arrivals = [each for each in facts if each.action in (Action.BACK_AT_HUB, Action.HAND_IN)]
    if taken is None:
        contested += arrivals
        state = JobState.FAILED if failed else JobState.ACCEPTED
    elif taken.action is Action.HAND_IN:
        contested += [each for each in arrivals if each < taken] + _after(facts, taken, Action.FAILED, Action.COLLECT)
        state = JobState.CLOSED
    else:
        contested += [each for each in arrivals if each < taken] + _after(facts, taken, Action.FAILED)
        state = JobState.CLOSED if any(each > taken for each in arrivals) else JobState.COLLECTED
    done_at = taken.at if taken else None
    return Outcome(state, int(failed), frozenset(each.id for each in contested), done_at)


def _attempts(facts: Iterable[Told]) -> int:
    """Failed attempts of a delivery: each stretch of failing or coming back between two loadings is one.

    Adding a fact never makes the number smaller, so a late fact can only add to it.
    """
    count, failing = 0, False
    for each in facts:
        if each.action in (Action.FAILED, Action.BACK_AT_HUB):
            count += 0 if failing else 1
            failing = True
        elif each.action is Action.LOAD:
            failing = False
    return count


def _first(facts: Iterable[Told], *actions: Action) -> Told | None:
    return next((each for each in facts if each.action in actions), None)


def _after(facts: Iterable[Told], than: Told, *actions: Action) -> list[Told]:
    return [each for each in facts if each.action in actions and each > than]


Item = TypeVar("Item")


def in_order(facts: Iterable[tuple[Fact, Believed, Item]]) -> list[tuple[Fact, Believed, Item]]:
    """A phone's batch in the order it happened: by time, or by the phone's own count once a clock is in doubt."""
    listed = list(facts)
    if any(when.flagged for _, when, _ in listed):
        return sorted(listed, key=lambda each: (each[0].sequence, NATURAL_ORDER.index(each[0].action)))
    return sorted(listed, key=lambda each: (each[1].at, each[0].sequence, NATURAL_ORDER.index(each[0].action)))
