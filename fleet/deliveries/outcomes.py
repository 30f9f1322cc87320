"""What the facts of a job amount to, whatever order they arrive in. Pure: no I/O.

A job's outcome is a function of the set of its facts, never of the order in which they came. A hand-over outranks
everything, being back at the hub outranks loading and failing, and between those two the later one counts. What a
scan leaves out is implied: whoever hands over had loaded. A swap goes as a delivery until the door, and as a collection
from there: what is told of the one tablet says nothing of the other. A way home from another hub knows no door: what
is loaded stays with its courier until it is scanned in. What contradicts a higher fact is kept for a person to see.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fleet.deliveries.facts import Told, in_order
from fleet.deliveries.rules import Action, JobKind, JobState

_AT_THE_DOOR = frozenset({Action.HAND_OVER, Action.COLLECT, Action.HAND_IN, Action.SWAP})
_AT_THE_HUB = frozenset({Action.BACK_AT_HUB, Action.HAND_IN})
_OF_THE_OTHER_KIND = {
    JobKind.DELIVER: frozenset({Action.COLLECT, Action.HAND_IN, Action.DROP, Action.SWAP}),
    JobKind.COLLECT: frozenset({Action.LOAD, Action.HAND_OVER, Action.SWAP}),
    JobKind.SWAP: frozenset({Action.HAND_OVER, Action.COLLECT, Action.HAND_IN, Action.DROP}),
    JobKind.HOME: frozenset({Action.HAND_OVER, Action.COLLECT, Action.HAND_IN, Action.DROP, Action.SWAP}),
}
_CANNOT_FOLLOW = {
    Action.HAND_OVER: frozenset({Action.LOAD, Action.FAILED, Action.BACK_AT_HUB}),
    Action.BACK_AT_HUB: frozenset({Action.LOAD, Action.FAILED}),
    Action.COLLECT: frozenset({Action.FAILED}),
    Action.SWAP: frozenset({Action.LOAD, Action.FAILED, Action.BACK_AT_HUB}),
    Action.HAND_IN: frozenset({Action.FAILED, Action.COLLECT, Action.DROP}),
}
"""What contradicts the fact that decided a job when it is told to have happened after it."""


@dataclass(frozen=True)
class Outcome:
    """What a job's facts amount to. `story` are those that count, in order; `contested` the ids of the others, which
    contradict them. `attempts` are the failed ones: hearing more never makes them fewer."""

    state: JobState = JobState.ACCEPTED
    attempts: int = 0
    story: tuple[Told, ...] = ()
    contested: frozenset[str] = frozenset()

    @property
    def door(self) -> Told | None:
        """The fact by which the tablet changed hands."""
        return next(iter(self.at_the_door), None)

    @property
    def at_the_door(self) -> tuple[Told, ...]:
        """All that was told of that moment."""
        return tuple(each for each in self.story if each.action in _AT_THE_DOOR)

    @property
    def home(self) -> Told | None:
        """The fact by which the tablet came to the hub; once two were swapped, the one that came back from the door."""
        swapped = any(each.action is Action.SWAP for each in self.story)
        arrived = (each for each in self.story if each.action in _AT_THE_HUB and not (swapped and each.brought))
        return next(arrived, None)

    def last(self, action: Action) -> Told | None:
        return next((each for each in reversed(self.story) if each.action is action), None)


def outcome(kind: JobKind, facts: Collection[Told]) -> Outcome:
    """The outcome of a job from all that was told of it."""
    ordered = in_order(facts, lambda each: each)
    contested = _contested(kind, ordered)
    story = tuple(each for each in ordered if each.id not in contested)
    if kind is JobKind.DELIVER:
        return Outcome(_delivery(story), _failed_trips(ordered), story, contested)
    if kind is JobKind.SWAP:
        return Outcome(_swap(story), _failed_trips(list(filter(_of_the_way_out, ordered))), story, contested)
    state = _way_home(story) if kind is JobKind.HOME else _collection(story)
    return Outcome(state, int(any(each.action is Action.FAILED for each in ordered)), story, contested)


def _contested(kind: JobKind, facts: Sequence[Told]) -> frozenset[str]:
    """An arrival, or a leaving at a partner's, that was not collected before it is among them: it waits until it was.
    So is leaving it anywhere once it had arrived."""
    wrong = {each.id for each in facts if each.action in _OF_THE_OTHER_KIND[kind]}
    if kind is JobKind.SWAP:
        wrong |= _not_swapped_before(facts)
        facts = list(filter(_of_the_way_out, facts))
    decided = _decided(kind, facts)
    if decided is not None:
        after = facts[facts.index(decided) + 1 :]
        wrong |= {each.id for each in after if each.action in _CANNOT_FOLLOW[decided.action]}
    if kind is JobKind.COLLECT:
        before = facts if decided is None else facts[: facts.index(decided)]
        wrong |= {each.id for each in before if each.action in (Action.BACK_AT_HUB, Action.DROP)}
        home = _first([each for each in facts if each.id not in wrong], Action.BACK_AT_HUB)
        since = facts[facts.index(home) + 1 :] if home is not None else ()
        wrong |= {each.id for each in since if each.action is Action.DROP}
    return frozenset(wrong)


def _of_the_way_out(fact: Told) -> bool:
    """Whether a fact of a swap is about the tablet that goes out, or the door: all but what comes back from there."""
    return fact.brought or fact.action is not Action.BACK_AT_HUB


def _not_swapped_before(facts: Sequence[Told]) -> frozenset[str]:
    """What arrives at the hub without having been taken from anybody: it waits until it was."""
    swapped = _first(facts, Action.SWAP)
    before = facts if swapped is None else facts[: facts.index(swapped)]
    return frozenset(each.id for each in before if not _of_the_way_out(each))


def _decided(kind: JobKind, facts: Sequence[Told]) -> Told | None:
    if kind is JobKind.COLLECT:
        return _first(facts, Action.COLLECT, Action.HAND_IN)
    if kind is JobKind.SWAP:
        return _first(facts, Action.SWAP) or _first(facts, Action.BACK_AT_HUB)
    if kind is JobKind.HOME:
        return _first(facts, Action.BACK_AT_HUB)
    return _first(facts, Action.HAND_OVER) or _first(facts, Action.BACK_AT_HUB)


def _first(facts: Sequence[Told], *actions: Action) -> Told | None:
    return next((each for each in facts if each.action in actions), None)


def _delivery(story: Sequence[Told]) -> JobState:
    actions = [each.action for each in story]
    if Action.HAND_OVER in actions:
        return JobState.HANDED_OVER
    if Action.BACK_AT_HUB in actions:
        return JobState.CLOSED
    if not actions:
        return JobState.ACCEPTED
    return JobState.LOADED if actions[-1] is Action.LOAD else JobState.FAILED


def _swap(story: Sequence[Told]) -> JobState:
    if not any(each.action is Action.SWAP for each in story):
        return _delivery(story)
    return JobState.SWAPPED if all(_of_the_way_out(each) for each in story) else JobState.CLOSED


def _collection(story: Sequence[Told]) -> JobState:
    actions = {each.action for each in story}
    if actions & _AT_THE_HUB:
        return JobState.CLOSED
    if Action.DROP in actions:
        return JobState.DROPPED
    if Action.COLLECT in actions:
        return JobState.COLLECTED
    return JobState.FAILED if actions else JobState.ACCEPTED


def _way_home(story: Sequence[Told]) -> JobState:
    actions = {each.action for each in story}
    if Action.BACK_AT_HUB in actions:
        return JobState.CLOSED
    if Action.LOAD in actions:
        return JobState.LOADED
    return JobState.FAILED if actions else JobState.ACCEPTED


def _failed_trips(facts: Sequence[Told]) -> int:
    """Each stretch of failing or coming back between two loadings is one, whatever came of the delivery at last."""
    count, failing = 0, False
    for each in facts:
        if each.action in (Action.FAILED, Action.BACK_AT_HUB):
            count += 0 if failing else 1
            failing = True
        elif each.action is Action.LOAD:
            failing = False
    return count
