"""What is said of tablets to those who gave them or study them: what became of each, and its life, without people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fleet.tablets.rules import Move, Stage


class Fate(StrEnum):
    """What became of a gift, in the order in which a statement says it."""

    IN_USE = "in_use"
    READY = "ready"
    MADE_READY = "made_ready"
    REPAIRED = "repaired"
    GIVEN_ON = "given_on"
    LOST = "lost"
    TO_RECYCLE = "to_recycle"
    RECYCLED = "recycled"
    STILL_TO_COME = "still_to_come"


FATES: Mapping[Stage, Fate] = {
    Stage.EXPECTED: Fate.STILL_TO_COME,
    Stage.RECEIVED: Fate.MADE_READY,
    Stage.TRIAGED: Fate.MADE_READY,
    Stage.REPAIR: Fate.REPAIRED,
    Stage.AWAITING_WIPE: Fate.MADE_READY,
    Stage.WIPING: Fate.MADE_READY,
    Stage.WIPED: Fate.MADE_READY,
    Stage.PROVISIONING: Fate.MADE_READY,
    Stage.PROVISIONED: Fate.MADE_READY,
    Stage.READY: Fate.READY,
    Stage.ALLOCATED: Fate.READY,
    Stage.IN_TRANSIT_OUT: Fate.IN_USE,
    Stage.ON_LOAN: Fate.IN_USE,
    Stage.IN_TRANSIT_BACK: Fate.IN_USE,
    Stage.RETURNED: Fate.MADE_READY,
    Stage.CLEANED: Fate.MADE_READY,
    Stage.LOST: Fate.LOST,
    Stage.GIFTED: Fate.GIVEN_ON,
    Stage.RETIRED: Fate.TO_RECYCLE,
    Stage.AWAITING_RECYCLE: Fate.TO_RECYCLE,
    Stage.RECYCLED: Fate.RECYCLED,
}
"""Every stage has its fate: a new one is a question for whoever adds it."""

FATE_WORDS: Mapping[Fate, str] = {
    Fate.IN_USE: "in use",
    Fate.READY: "ready to be lent",
    Fate.MADE_READY: "being made ready",
    Fate.REPAIRED: "being repaired",
    Fate.GIVEN_ON: "given to somebody for good",
    Fate.LOST: "lost",
    Fate.TO_RECYCLE: "waiting to be recycled",
    Fate.RECYCLED: "recycled",
    Fate.STILL_TO_COME: "still to come",
}


@dataclass(frozen=True)
class Numbers:
    """What became of a number of gifts. `given` counts those that came; what is still to come stands apart."""

    given: int
    by_fate: Mapping[Fate, int]
    still_to_come: int

    @property
    def sentence(self) -> str:
        """20 given: 15 in use, 2 being repaired, 3 recycled."""
        parts = [f"{self.by_fate[fate]} {FATE_WORDS[fate]}" for fate in Fate if self.by_fate.get(fate)]
        said = f"{self.given} given: {', '.join(parts)}." if parts else "Nothing has come yet."
        if not self.still_to_come:
            return said
        return f"{said} {self.still_to_come} more {'is' if self.still_to_come == 1 else 'are'} still to come."


def numbers(by_stage: Mapping[Stage, int]) -> Numbers:
    """The numbers of a statement from a count by stage; they add up to all that came."""
    by_fate: dict[Fate, int] = {}
    for stage, count in by_stage.items():
        by_fate[FATES[stage]] = by_fate.get(FATES[stage], 0) + count
    still_to_come = by_fate.pop(Fate.STILL_TO_COME, 0)
    return Numbers(sum(by_fate.values()), by_fate, still_to_come)


class HowItEnded(StrEnum):
    STILL_OUT = "still_out"
    BACK = "back"
    LOST = "lost"
    GIVEN = "given"


@dataclass(frozen=True)
class Happened:
    """An entry of a tablet's log, as far as its life is told: which move, and on which local day."""

    move: str
    on: date


@dataclass(frozen=True)
class Stay:
    """One time that a tablet was with somebody."""

    began: date
    ended: date | None
    how: HowItEnded

    def days(self, today: date) -> int:
        """How long it was with them; a day that is begun counts."""
        return ((self.ended or today) - self.began).days + 1


@dataclass(frozen=True)
class Repair:
    began: date
    ended: date | None


_OUT = {Move.HAND_OVER.value, Move.HUB_HAND_OVER.value}
_NEVER_OUT = {Move.UNDO_HAND_OVER.value, Move.UNDO_HUB_HAND_OVER.value}
_ENDS = {
    Move.COLLECT.value: HowItEnded.BACK,
    Move.HAND_IN.value: HowItEnded.BACK,
    Move.HAND_IN_ELSEWHERE.value: HowItEnded.BACK,
    Move.LOSE.value: HowItEnded.LOST,
    Move.GIFT.value: HowItEnded.GIVEN,
}


def stays(log: Iterable[Happened]) -> tuple[Stay, ...]:
    """Each time that the tablet was with somebody, from its log in order. What was taken back never was."""
    found: list[Stay] = []
    for entry in log:
        is_out = bool(found) and found[-1].how is HowItEnded.STILL_OUT
        if entry.move in _OUT and not is_out:
            found.append(Stay(entry.on, None, HowItEnded.STILL_OUT))
        elif entry.move in _ENDS and is_out:
            found[-1] = Stay(found[-1].began, entry.on, _ENDS[entry.move])
        elif entry.move in _NEVER_OUT and is_out:
            found.pop()
        elif entry.move == Move.UNDO_HAND_IN.value and found:
            found[-1] = Stay(found[-1].began, None, HowItEnded.STILL_OUT)
    return tuple(found)


def repairs(log: Iterable[Happened]) -> tuple[Repair, ...]:
    """Each time that it was being repaired. What leaves repair by another way than back ends it too."""
    found: list[Repair] = []
    for entry in log:
        in_repair = bool(found) and found[-1].ended is None
        if entry.move == Move.SEND_TO_REPAIR.value:
            found.append(Repair(entry.on, None))
        elif in_repair and entry.move in {Move.BACK_FROM_REPAIR.value, Move.RETIRE.value}:
            found[-1] = Repair(found[-1].began, entry.on)
    return tuple(found)


def total_days(all_stays: Sequence[Stay], today: date) -> int:
    return sum(stay.days(today) for stay in all_stays)
