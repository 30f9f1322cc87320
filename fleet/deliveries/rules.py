"""A run's and a job's life: two tables of moves, what a vehicle carries, and when a courier sees an address.

Plain Python, no I/O. What the facts of a day amount to is in `facts`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from fleet.machine import done_by, stands_elsewhere
from fleet.users.rules import Role


class RunState(StrEnum):
    PLANNED = "planned"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DONE = "done"


class RunMove(StrEnum):
    OFFER = "offer"
    ACCEPT = "accept"
    TURN_DOWN = "turn_down"
    FINISH = "finish"


class JobKind(StrEnum):
    DELIVER = "deliver"
    COLLECT = "collect"
    SWAP = "swap"
    HOME = "home"


BRINGS = frozenset({JobKind.DELIVER, JobKind.SWAP})
"""The kinds of stop to which a tablet is brought from the hub."""
LOADED_FIRST = BRINGS | {JobKind.HOME}
"""The kinds of stop that begin with loading: at the hub, or at another one where a tablet waits for its way home."""


class JobState(StrEnum):
    PLANNED = "planned"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    LOADED = "loaded"
    HANDED_OVER = "handed_over"
    COLLECTED = "collected"
    DROPPED = "dropped"
    SWAPPED = "swapped"
    FAILED = "failed"
    CLOSED = "closed"


UNDER_WAY = frozenset({JobState.PLANNED, JobState.OFFERED, JobState.ACCEPTED, JobState.LOADED, JobState.FAILED})
"""The states in which a loan's job still keeps the loan from getting another."""
TO_DO = frozenset({JobState.ACCEPTED, JobState.LOADED, JobState.FAILED})
"""The states in which the courier still has to go to the door."""


class JobMove(StrEnum):
    OFFER = "offer"
    ACCEPT = "accept"
    TURN_DOWN = "turn_down"
    LOAD = "load"
    FAIL = "fail"
    HAND_OVER = "hand_over"
    TAKE_BACK = "take_back"
    TAKE_COLLECTION_BACK = "take_collection_back"
    COLLECT = "collect"
    DROP = "drop"
    SWAP = "swap"
    BACK = "back"
    TAKE_OFF = "take_off"
    FINISH = "finish"


class JobEnd(StrEnum):
    """What became of a job."""

    HANDED_OVER = "handed_over"
    COLLECTED = "collected"
    SWAPPED = "swapped"
    BROUGHT_HOME = "brought_home"
    BACK_AT_HUB = "back_at_hub"
    NOT_DONE = "not_done"
    TAKEN_OFF = "taken_off"


class Vehicle(StrEnum):
    FOOT = "foot"
    BIKE = "bike"
    CAR = "car"


CAPACITY: dict[Vehicle, int] = {Vehicle.FOOT: 3, Vehicle.BIKE: 6, Vehicle.CAR: 20}
"""Kits at once, unless the courier's organisation says another number."""


class Action(StrEnum):
    """What a courier says happened, by scanning."""

    LOAD = "load"
    HAND_OVER = "hand_over"
    COLLECT = "collect"
    FAILED = "failed"
    BACK_AT_HUB = "back_at_hub"
    HAND_IN = "hand_in"
    DROP = "drop"
    SWAP = "swap"
    HAZARD = "hazard"


class Answer(StrEnum):
    """What became of a fact. `conflict` means a person has to look; `refused` that the courier can put it right."""

    APPLIED = "applied"
    ALREADY = "already"
    CONFLICT = "conflict"
    REFUSED = "refused"


class Choice(StrEnum):
    """How a coordinator settles a fact that does not fit: it counts after all, or the books stay as they are."""

    LEAVE = "leave"
    COUNT = "count"


class FailReason(StrEnum):
    """Why nothing was handed over or collected, as a code: no remarks about a person are kept."""

    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    WRONG_ADDRESS = "wrong_address"
    NOT_SAFE = "not_safe"
    NOT_WELL = "not_well"
    TABLET_FAULT = "tablet_fault"
    OUT_OF_TIME = "out_of_time"


class Tick(StrEnum):
    """What was shown at the door."""

    TURNED_ON = "turned_on"
    CHARGING = "charging"
    JOINED = "joined"
    KNOWS_HELP_NUMBER = "knows_help_number"


class KitPart(StrEnum):
    CHARGER = "charger"
    CABLE = "cable"
    CASE = "case"
    GUIDE = "guide"


class Face(StrEnum):
    """How it was, if anybody wants to say."""

    GOOD = "good"
    MIDDLING = "middling"
    BAD = "bad"


@dataclass(frozen=True)
class RunTransition:
    """One row of a run's table."""

    move: RunMove
    sources: tuple[RunState, ...]
    target: RunState
    roles: frozenset[Role]
    words: str


@dataclass(frozen=True)
class JobTransition:
    """One row of a job's table. Scans may skip steps that were never told: whoever hands over had loaded."""

    move: JobMove
    sources: tuple[JobState, ...]
    target: JobState
    roles: frozenset[Role]
    words: str
    end: JobEnd | None = None


_PLANNER = frozenset({Role.COORDINATOR, Role.SYSTEM})
_COURIER = frozenset({Role.COURIER, Role.SYSTEM})
_EITHER = _PLANNER | _COURIER
_R, _J = RunState, JobState

RUN_MOVES: tuple[RunTransition, ...] = (
    RunTransition(RunMove.OFFER, (_R.PLANNED, _R.OFFERED, _R.ACCEPTED), _R.OFFERED, _PLANNER, "Offered to a courier"),
    RunTransition(RunMove.ACCEPT, (_R.OFFERED,), _R.ACCEPTED, _COURIER, "Accepted"),
    RunTransition(RunMove.TURN_DOWN, (_R.OFFERED, _R.ACCEPTED), _R.PLANNED, _EITHER, "Turned down"),
    RunTransition(RunMove.FINISH, (_R.PLANNED, _R.OFFERED, _R.ACCEPTED), _R.DONE, _EITHER, "Finished"),
)

JOB_MOVES: tuple[JobTransition, ...] = (
    JobTransition(JobMove.OFFER, (_J.PLANNED, _J.OFFERED, _J.ACCEPTED), _J.OFFERED, _PLANNER, "Offered to a courier"),
    JobTransition(JobMove.ACCEPT, (_J.PLANNED, _J.OFFERED), _J.ACCEPTED, _EITHER, "Accepted by the courier"),
    JobTransition(JobMove.TURN_DOWN, (_J.OFFERED, _J.ACCEPTED), _J.PLANNED, _EITHER, "Turned down"),
    JobTransition(JobMove.LOAD, (_J.ACCEPTED, _J.FAILED), _J.LOADED, _COURIER, "Loaded"),
    JobTransition(JobMove.FAIL, (_J.ACCEPTED, _J.LOADED), _J.FAILED, _COURIER, "Could not be done"),
    JobTransition(
        JobMove.HAND_OVER,
        (_J.ACCEPTED, _J.LOADED, _J.FAILED, _J.CLOSED),
        _J.HANDED_OVER,
        _COURIER,
        "Handed over",
        JobEnd.HANDED_OVER,
    ),
    JobTransition(
        JobMove.TAKE_BACK,
        (_J.HANDED_OVER, _J.CLOSED),
        _J.LOADED,
        frozenset({Role.SYSTEM}),
        "Hand-over taken back at the hub",
    ),
    JobTransition(
        JobMove.TAKE_COLLECTION_BACK,
        (_J.COLLECTED,),
        _J.ACCEPTED,
        frozenset({Role.SYSTEM}),
        "Collection taken back at the hub",
    ),
    JobTransition(
        JobMove.COLLECT,
        (_J.ACCEPTED, _J.FAILED, _J.CLOSED),
        _J.COLLECTED,
        _COURIER,
        "Collected",
        JobEnd.COLLECTED,
    ),
    JobTransition(JobMove.DROP, (_J.COLLECTED,), _J.DROPPED, _COURIER, "Left at a partner's place"),
    JobTransition(
        JobMove.SWAP,
        (_J.ACCEPTED, _J.LOADED, _J.FAILED, _J.CLOSED),
        _J.SWAPPED,
        _COURIER,
        "Swapped",
        JobEnd.SWAPPED,
    ),
    JobTransition(
        JobMove.BACK,
        (_J.ACCEPTED, _J.LOADED, _J.FAILED, _J.COLLECTED, _J.DROPPED, _J.SWAPPED),
        _J.CLOSED,
        _COURIER,
        "Back at the hub",
        JobEnd.BACK_AT_HUB,
    ),
    JobTransition(
        JobMove.TAKE_OFF,
        (_J.PLANNED, _J.OFFERED, _J.ACCEPTED, _J.FAILED),
        _J.CLOSED,
        _PLANNER,
        "Taken off the run",
        JobEnd.TAKEN_OFF,
    ),
    JobTransition(
        JobMove.FINISH,
        (_J.PLANNED, _J.OFFERED, _J.ACCEPTED, _J.FAILED, _J.HANDED_OVER),
        _J.CLOSED,
        _EITHER,
        "Closed with its run",
    ),
)

RUN_BY_MOVE: dict[RunMove, RunTransition] = {row.move: row for row in RUN_MOVES}
JOB_BY_MOVE: dict[JobMove, JobTransition] = {row.move: row for row in JOB_MOVES}


def run_refusals(move: RunMove, state: RunState, roles: frozenset[Role]) -> tuple[str, ...]:
    """Every reason why a run may not make this move; empty when it may."""
    row = RUN_BY_MOVE[move]
    if state not in row.sources:
        return (stands_elsewhere("The run", state, row.sources),)
    return () if row.roles & roles else (done_by(row.roles),)


def job_refusals(move: JobMove, state: JobState, roles: frozenset[Role]) -> tuple[str, ...]:
    """Every reason why a job may not make this move; empty when it may."""
    row = JOB_BY_MOVE[move]
    if state not in row.sources:
        return (stands_elsewhere("The job", state, row.sources),)
    return () if row.roles & roles else (done_by(row.roles),)


def capacity_of(vehicle: Vehicle, organisation_says: int | None) -> int:
    """How many kits go on a run at once."""
    return organisation_says if organisation_says is not None else CAPACITY[vehicle]


def room_problem(jobs: int, capacity: int) -> str | None:
    """Why another job does not fit, or None."""
    if jobs < capacity:
        return None
    return f"This run carries {capacity} kit{'' if capacity == 1 else 's'}, and has that many stops already."


def coverage_problem(areas: Collection[str], covers: Collection[str]) -> str | None:
    """Why an organisation cannot go to these areas (first halves of postcodes), or None. No list means anywhere."""
    beyond = sorted({area for area in areas if area not in covers}) if covers else []
    if not beyond:
        return None
    return f"That courier's organisation does not cover {', '.join(each or 'an unknown area' for each in beyond)}."


@dataclass(frozen=True)
class Door:
    """What decides whether a courier may see the address of a stop."""

    state: JobState
    run_day: date
    done_at: datetime | None
    now: datetime
    hours_after: int
    zone: ZoneInfo


def address_open(door: Door) -> bool:
    """From the acceptance until the job is done and some hours more; never beyond those hours after the run's day."""
    if door.state in (JobState.PLANNED, JobState.OFFERED):
        return False
    if door.now >= run_until(door.run_day, door.hours_after, door.zone):
        return False
    if door.state in TO_DO:
        return True
    return door.done_at is not None and door.now <= door.done_at + timedelta(hours=door.hours_after)


def address_until(door: Door) -> datetime | None:
    """The moment at which an open address closes if nothing more is told of the stop; None for one that is closed."""
    if not address_open(door):
        return None
    end = run_until(door.run_day, door.hours_after, door.zone)
    if door.state in TO_DO or door.done_at is None:
        return end
    return min(end, door.done_at + timedelta(hours=door.hours_after))


def run_until(day: date, hours_after: int, zone: ZoneInfo) -> datetime:
    """When nothing personal of a run may be shown to its courier any more."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, zone)
    return midnight.astimezone(UTC) + timedelta(hours=hours_after)
