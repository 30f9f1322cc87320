"""What two couriers' phones say of a day: scans, in the batches in which they reach the hub. Values only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from fleet.deliveries.facts import Details
from fleet.deliveries.rules import Action, Face, FailReason, KitPart
from fleet.loans.rules import HandedTo

DOOR = Details(handed_to=HandedTo.PARTICIPANT, phrase_heard=True, agreement_accepted=True)
TICKED: dict[Action, tuple[Details, ...]] = {
    Action.LOAD: (Details(),),
    Action.BACK_AT_HUB: (Details(),),
    Action.FAILED: (
        Details(reason=FailReason.NO_ANSWER),
        Details(reason=FailReason.NOT_WELL),
        Details(),
    ),
    Action.HAND_OVER: (
        DOOR,
        replace(DOOR, handed_to=HandedTo.CARER, face=Face.GOOD),
        replace(DOOR, face=Face.BAD),
        replace(DOOR, phrase_heard=False),
    ),
    Action.COLLECT: (
        Details(condition="good", sim_in_tray=True),
        Details(condition="damaged", kit_missing=frozenset({KitPart.CABLE}), face=Face.MIDDLING),
        Details(),
    ),
    Action.HAND_IN: (Details(), Details(condition="worn", sim_in_tray=False)),
    Action.DROP: (Details(place=1), Details(place=2), Details()),
    Action.SWAP: (
        Details(handed_to=HandedTo.PARTICIPANT, phrase_heard=True, second_code="other", sim_in_tray=False),
        Details(handed_to=HandedTo.CARER, phrase_heard=True, second_code="other", sim_in_tray=True, face=Face.GOOD),
        Details(handed_to=HandedTo.CARER, phrase_heard=True, second_code="own"),
        Details(handed_to=HandedTo.CARER, phrase_heard=True),
    ),
}
"""What may be ticked with each action: enough, in different words, and too little."""

CLOCKS = (timedelta(), timedelta(hours=7), timedelta(days=-56 * 365), timedelta(seconds=-40))
"""By how much a phone's clock is off, which it knows and says."""
LONGEST_DAY, LONGEST_DELAY = 30 * 60, 40 * 60
"""Minutes: over a midnight, and all of it told within the three days in which a phone is believed."""


@dataclass(frozen=True)
class Said:
    """A scan: of the tablet of a stop, on a phone of one of the two couriers. `at` is in minutes."""

    courier: int
    stop: int
    action: Action
    at: int
    ticked: int = 0
    opened: int | None = None
    """The stop that is open on the phone, if that is said."""
    names_run: bool = True
    other: bool = False
    """Whether the label is that of the tablet that goes out to a swap."""


@dataclass(frozen=True)
class Batch:
    """What one phone sends at once, as places in the day; and how many minutes pass before it does."""

    courier: int
    places: tuple[int, ...]
    delay: int = 0


@dataclass(frozen=True)
class Day:
    said: tuple[Said, ...]
    clocks: tuple[timedelta, timedelta]
    arrivals: tuple[Batch, ...]

    @property
    def told_at_once(self) -> tuple[Batch, ...]:
        """The same day with everything told in one go, in the evening, in the order it was scanned."""
        of = {courier: [place for place, said in enumerate(self.said) if said.courier == courier] for courier in (0, 1)}
        return tuple(Batch(courier, tuple(places)) for courier, places in of.items() if places)


COURIER_OF = (0, 0, 0, 1, 1, 1, 0, 1)
"""Whose run each stop is on that `prepare` makes."""
STOPS = len(COURIER_OF)
