"""A fact as a courier's phone tells it, what was ticked, when it counts as having happened, and in which order.

Pure: no I/O. What the facts of a job amount to is in `outcomes`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from fleet.deliveries.rules import Action, Face, FailReason, KitPart, Tick
from fleet.loans.rules import HandedTo

LONGEST_OFFLINE = timedelta(hours=72)
"""A phone may tell of something this long after it happened."""
CLOCK_SLACK = timedelta(minutes=2)
"""A corrected phone time may be this far ahead of ours without being doubted."""


GLASS = (320, 140)
"""Across and down, of the picture somebody signs in."""
LONGEST_SIGNATURE = 5_000
SIGNATURE = re.compile(r"M[0-9]{1,3} [0-9]{1,3}(?:[ML][0-9]{1,3} [0-9]{1,3})+")
"""Strokes and nothing else: no remark about anybody, and no address of anything, fits in here."""


def is_signature(text: str) -> bool:
    """Whether these are strokes on the glass, and not too many."""
    return len(text) <= LONGEST_SIGNATURE and SIGNATURE.fullmatch(text) is not None


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
    place: int | None = None
    """The partner at whose place a tablet is left."""
    second_code: str = ""
    """The label of the tablet that stays, where a fact is about two."""
    signature: str = ""
    """Strokes drawn on the glass, as the path of a picture of `GLASS`; they accept the agreement as the tick does."""

    @property
    def agreed(self) -> bool:
        return self.agreement_accepted or bool(self.signature)


def kept_details(details: Details) -> dict[str, Any]:
    """What is stored of a fact's details: the closed answers that were given, and nothing else."""
    kept: dict[str, Any] = {
        "job": details.job,
        "handed_to": details.handed_to.value if details.handed_to else None,
        "phrase_heard": details.phrase_heard or None,
        "agreement_accepted": details.agreement_accepted or None,
        "ticks": sorted(tick.value for tick in details.ticks) or None,
        "reason": details.reason.value if details.reason else None,
        "condition": details.condition,
        "sim_in_tray": details.sim_in_tray,
        "kit_missing": sorted(part.value for part in details.kit_missing) or None,
        "face": details.face.value if details.face else None,
        "place": details.place,
        "second_code": details.second_code[:120] or None,
        "signature": details.signature or None,
    }
    return {name: value for name, value in kept.items() if value is not None}


def details_of(kept: dict[str, Any]) -> Details:
    """The other way round."""
    return Details(
        job=kept.get("job"),
        handed_to=HandedTo(kept["handed_to"]) if "handed_to" in kept else None,
        phrase_heard=bool(kept.get("phrase_heard")),
        agreement_accepted=bool(kept.get("agreement_accepted")),
        ticks=frozenset(Tick(each) for each in kept.get("ticks", ())),
        reason=FailReason(kept["reason"]) if "reason" in kept else None,
        condition=kept.get("condition"),
        sim_in_tray=kept.get("sim_in_tray"),
        kit_missing=frozenset(KitPart(each) for each in kept.get("kit_missing", ())),
        face=Face(kept["face"]) if "face" in kept else None,
        place=kept.get("place"),
        second_code=kept.get("second_code", ""),
        signature=kept.get("signature", ""),
    )


def first_said(told: Sequence[Details]) -> Details:
    """Several tellings of one moment as one: the first, and from the others only what it leaves unsaid."""
    said, *others = told or [Details()]
    for each in others:
        said = replace(
            said,
            condition=said.condition or each.condition,
            sim_in_tray=each.sim_in_tray if said.sim_in_tray is None else said.sim_in_tray,
            kit_missing=said.kit_missing or each.kit_missing,
            face=said.face or each.face,
        )
    return said


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
    Action.SWAP,
    Action.HAND_IN,
    Action.DROP,
    Action.BACK_AT_HUB,
    Action.HAZARD,
)
"""How a day goes: what decides between facts of one moment that a phone did not count."""
_NO_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """A fact of a job, reduced to what the job's outcome depends on. `flagged` when its clock was not believed;
    `brought` when, at a swap, it is about the tablet that goes out and not about the one that comes back."""

    id: str
    action: Action
    at: datetime
    sequence: int
    flagged: bool = False
    brought: bool = False


Item = TypeVar("Item")


def in_order(items: Iterable[Item], told: Callable[[Item], Told]) -> list[Item]:
    """As it happened: by time, or by the phone's own count once a clock among them is in doubt."""
    facts = [(told(each), each) for each in items]
    doubted = any(fact.flagged for fact, _ in facts)

    def place(pair: tuple[Told, Item]) -> tuple[datetime, int, int, str]:
        fact = pair[0]
        return (_NO_TIME if doubted else fact.at, fact.sequence, NATURAL_ORDER.index(fact.action), fact.id)

    return [each for _, each in sorted(facts, key=place)]
