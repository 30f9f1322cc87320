"""A tablet's life: four independent facts, one table of moves, and the guards that can refuse them.

Plain Python, no I/O. Stage, data and custody change only through a move in `MOVES`; a hold blocks every move forward.
docs/lifecycle.md is drawn from this file. The table follows the device state machine of the domain notes, with one
move more: `refresh` lets a provisioned tablet be provisioned again without a wipe (a newer profile, a person's needs).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from fleet.users.rules import Role


class Stage(StrEnum):
    EXPECTED = "expected"
    RECEIVED = "received"
    TRIAGED = "triaged"
    REPAIR = "repair"
    AWAITING_WIPE = "awaiting_wipe"
    WIPING = "wiping"
    WIPED = "wiped"
    PROVISIONING = "provisioning"
    PROVISIONED = "provisioned"
    READY = "ready"
    ALLOCATED = "allocated"
    IN_TRANSIT_OUT = "in_transit_out"
    ON_LOAN = "on_loan"
    IN_TRANSIT_BACK = "in_transit_back"
    RETURNED = "returned"
    CLEANED = "cleaned"
    LOST = "lost"
    GIFTED = "gifted"
    RETIRED = "retired"
    AWAITING_RECYCLE = "awaiting_recycle"
    RECYCLED = "recycled"


FINAL = frozenset({Stage.GIFTED, Stage.RECYCLED})
OUTSIDE_THE_HUB = frozenset(
    {Stage.IN_TRANSIT_OUT, Stage.ON_LOAN, Stage.IN_TRANSIT_BACK, Stage.LOST, Stage.GIFTED, Stage.RECYCLED}
)


class DataState(StrEnum):
    """What is known about the data on it. Only a verified wipe with a certificate makes it clean."""

    UNKNOWN = "unknown"
    DIRTY = "dirty"
    WIPED_UNVERIFIED = "wiped_unverified"
    CLEAN = "clean"


class Custody(StrEnum):
    """Who physically holds it."""

    DONOR = "donor"
    HUB = "hub"
    BENCH = "bench"
    COURIER = "courier"
    PARTICIPANT = "participant"
    VENUE = "venue"
    CARRIER = "carrier"
    NOBODY_KNOWS = "nobody_knows"


class HoldKind(StrEnum):
    SAFETY = "safety"
    IDENTITY = "identity"
    DATA = "data"
    FAULT = "fault"
    HYGIENE = "hygiene"
    STOCK_TAKE = "stock_take"


class Grade(StrEnum):
    """A good, B marked, C works with a fault accepted, X unusable."""

    A = "A"
    B = "B"
    C = "C"
    X = "X"


class Move(StrEnum):
    RECEIVE = "receive"
    TRIAGE = "triage"
    SEND_TO_REPAIR = "send_to_repair"
    BACK_FROM_REPAIR = "back_from_repair"
    QUEUE_WIPE = "queue_wipe"
    START_WIPE = "start_wipe"
    RESET_SENT = "reset_sent"
    WIPE_FAILED = "wipe_failed"
    WIPE_PASSED = "wipe_passed"
    START_PROVISION = "start_provision"
    REFRESH = "refresh"
    PROVISION_FAILED = "provision_failed"
    PROVISION_PASSED = "provision_passed"
    MAKE_READY = "make_ready"
    NEEDS_REFRESH = "needs_refresh"
    ALLOCATE = "allocate"
    RELEASE = "release"
    LOAD = "load"
    BACK_UNDELIVERED = "back_undelivered"
    HAND_OVER = "hand_over"
    HUB_HAND_OVER = "hub_hand_over"
    COLLECT = "collect"
    HAND_IN = "hand_in"
    ARRIVE_BACK = "arrive_back"
    CLEAN = "clean"
    QUEUE_WIPE_AGAIN = "queue_wipe_again"
    LOSE = "lose"
    FIND = "find"
    GIFT = "gift"
    RETIRE = "retire"
    QUEUE_FINAL_WIPE = "queue_final_wipe"
    FINISH_RETIREMENT = "finish_retirement"
    RELEASE_FOR_RECYCLING = "release_for_recycling"
    RECYCLE = "recycle"


@dataclass(frozen=True)
class Facts:
    """What the guards look at: the tablet as it stands, and the policy in force. Times are aware, in UTC."""

    stage: Stage
    data: DataState
    custody: Custody
    holds: frozenset[HoldKind]
    grade: Grade | None
    os_release: int | None
    os_floor: int
    os_floor_waived: bool
    certificate_at: datetime | None
    left_hub_at: datetime | None
    verified_at: datetime | None
    verify_valid: timedelta
    label_confirmed: bool
    battery_percent: int | None
    battery_needed: int
    kit_complete: bool
    retiring: bool
    accounts_answered: bool
    destruction_ordered: bool
    now: datetime
    tiles_out_of_date: bool = False


Guard = Callable[[Facts], str | None]
"""Returns the sentence that says why not, or None."""


def no_holds(facts: Facts) -> str | None:
    """A hold blocks every move forward."""
    if not facts.holds:
        return None
    kinds = " and ".join(sorted(hold.value.replace("_", " ") for hold in facts.holds))
    return f"It is held ({kinds}); lift the hold first."


def graded(facts: Facts) -> str | None:
    return None if facts.grade else "Give it a grade first."


def usable(facts: Facts) -> str | None:
    return "It was graded X, unusable: retire it." if facts.grade is Grade.X else None


def accounts_answered(facts: Facts) -> str | None:
    return None if facts.accounts_answered else "Say first whether the giver's accounts were still on it."


def meets_os_floor(facts: Facts) -> str | None:
    if facts.retiring or facts.os_floor_waived or facts.os_release is None or facts.os_release >= facts.os_floor:
        return None
    return (
        f"It runs Android {facts.os_release}, and the oldest we lend is {facts.os_floor}. "
        "A coordinator can waive this, with a reason, or it can be retired."
    )


def wiped_since_it_was_out(facts: Facts) -> str | None:
    """The re-lend gate: a certificate newer than the last time it was out of our hands (rule R22).

    A courier's hands are ours: a tablet that came back undelivered was used by nobody, and keeps its certificate.
    """
    if facts.data is not DataState.CLEAN or facts.certificate_at is None:
        return "It has no verified wipe; wipe it first."
    if facts.left_hub_at is not None and facts.certificate_at <= facts.left_hub_at:
        return "It has been out of our hands, with a person or lost, since its last verified wipe; wipe it again."
    return None


def freshly_verified(facts: Facts) -> str | None:
    if facts.verified_at is None:
        return "Its profile has not been verified; provision it first."
    if facts.now - facts.verified_at > facts.verify_valid:
        return f"Its profile was verified more than {facts.verify_valid.days} days ago; provision it again."
    return None


def tiles_right(facts: Facts) -> str | None:
    if not facts.tiles_out_of_date:
        return None
    return "A gathering on its tiles was changed or has ended since; provision it again."


def label_confirmed(facts: Facts) -> str | None:
    return None if facts.label_confirmed else "Scan its own label back from the tablet first."


def battery_charged(facts: Facts) -> str | None:
    if facts.battery_percent is None:
        return "Its battery level is not known; plug it in at the bench."
    if facts.battery_percent < facts.battery_needed:
        return f"Its battery is at {facts.battery_percent} %; charge it to {facts.battery_needed} %."
    return None


def kit_complete(facts: Facts) -> str | None:
    return None if facts.kit_complete else "Check its kit first: charger, cable, case, guide."


def not_retiring(facts: Facts) -> str | None:
    return "It is marked to be retired." if facts.retiring else None


def retiring(facts: Facts) -> str | None:
    return None if facts.retiring else "It is not marked to be retired."


def data_gone(facts: Facts) -> str | None:
    if facts.data is DataState.CLEAN or facts.destruction_ordered:
        return None
    return "It may still hold somebody's data: wipe it, or order its destruction."


@dataclass(frozen=True)
class Transition:
    """One row of the table. `custody` and `data` are None where the move leaves them as they are."""

    move: Move
    sources: tuple[Stage, ...]
    target: Stage
    roles: frozenset[Role]
    words: str
    guards: tuple[Guard, ...] = ()
    data: DataState | None = None
    custody: Custody | None = None
    needs_reason: bool = False
    leaves_hub: bool = False
    irreversible: bool = False
    offered: bool = True
    """Whether a person presses it on the tablet's own page; the others happen in the room that owns the work."""


_TECHNICIAN = frozenset({Role.TECHNICIAN})
_COORDINATOR = frozenset({Role.COORDINATOR})
_COURIER = frozenset({Role.COURIER, Role.TECHNICIAN})
_WORKER = frozenset({Role.SYSTEM, Role.TECHNICIAN})
_DOOR = frozenset({Role.COURIER, Role.BUDDY, Role.COORDINATOR})

MOVES: tuple[Transition, ...] = (
    Transition(
        Move.RECEIVE,
        (Stage.EXPECTED,),
        Stage.RECEIVED,
        _TECHNICIAN,
        "Received",
        data=DataState.UNKNOWN,
        custody=Custody.HUB,
    ),
    Transition(
        Move.TRIAGE,
        (Stage.RECEIVED,),
        Stage.TRIAGED,
        _TECHNICIAN,
        "Triaged",
        (graded, accounts_answered),
        offered=False,
    ),
    Transition(Move.SEND_TO_REPAIR, (Stage.TRIAGED,), Stage.REPAIR, _TECHNICIAN, "Sent to repair", needs_reason=True),
    Transition(Move.BACK_FROM_REPAIR, (Stage.REPAIR,), Stage.TRIAGED, _TECHNICIAN, "Back from repair"),
    Transition(
        Move.QUEUE_WIPE,
        (Stage.TRIAGED,),
        Stage.AWAITING_WIPE,
        _TECHNICIAN,
        "Waiting for its wipe",
        (no_holds, usable, meets_os_floor),
    ),
    Transition(
        Move.START_WIPE,
        (Stage.AWAITING_WIPE,),
        Stage.WIPING,
        _WORKER,
        "Wipe begun",
        (no_holds,),
        custody=Custody.BENCH,
        offered=False,
    ),
    Transition(
        Move.RESET_SENT,
        (Stage.WIPING,),
        Stage.WIPING,
        _WORKER,
        "Reset under way, not proved",
        data=DataState.WIPED_UNVERIFIED,
        irreversible=True,
        offered=False,
    ),
    Transition(
        Move.WIPE_FAILED,
        (Stage.WIPING,),
        Stage.AWAITING_WIPE,
        _WORKER,
        "Wipe not proved",
        data=DataState.DIRTY,
        needs_reason=True,
        offered=False,
    ),
    Transition(
        Move.WIPE_PASSED,
        (Stage.WIPING,),
        Stage.WIPED,
        _WORKER,
        "Wiped, with certificate",
        (no_holds,),
        data=DataState.CLEAN,
        offered=False,
    ),
    Transition(
        Move.START_PROVISION,
        (Stage.WIPED,),
        Stage.PROVISIONING,
        _WORKER,
        "Provisioning begun",
        (no_holds, not_retiring, wiped_since_it_was_out),
        custody=Custody.BENCH,
        offered=False,
    ),
    Transition(
        Move.REFRESH,
        (Stage.PROVISIONED,),
        Stage.PROVISIONING,
        _WORKER,
        "Provisioning again",
        (no_holds, not_retiring, wiped_since_it_was_out),
        custody=Custody.BENCH,
        offered=False,
    ),
    Transition(
        Move.PROVISION_FAILED,
        (Stage.PROVISIONING,),
        Stage.WIPED,
        _WORKER,
        "Provisioning not finished",
        needs_reason=True,
        offered=False,
    ),
    Transition(
        Move.PROVISION_PASSED,
        (Stage.PROVISIONING,),
        Stage.PROVISIONED,
        _WORKER,
        "Provisioned and verified",
        (no_holds,),
        offered=False,
    ),
    Transition(
        Move.MAKE_READY,
        (Stage.PROVISIONED,),
        Stage.READY,
        _TECHNICIAN,
        "Ready to lend",
        (
            no_holds,
            wiped_since_it_was_out,
            freshly_verified,
            tiles_right,
            label_confirmed,
            battery_charged,
            kit_complete,
        ),
        custody=Custody.HUB,
    ),
    Transition(
        Move.NEEDS_REFRESH,
        (Stage.READY,),
        Stage.PROVISIONED,
        _WORKER,
        "Needs a refresh",
        needs_reason=True,
    ),
    Transition(
        Move.ALLOCATE,
        (Stage.READY,),
        Stage.ALLOCATED,
        _COORDINATOR,
        "Allocated to a loan",
        (no_holds, wiped_since_it_was_out, freshly_verified, tiles_right),
        offered=False,
    ),
    Transition(
        Move.RELEASE,
        (Stage.ALLOCATED,),
        Stage.READY,
        _COORDINATOR | {Role.SYSTEM},
        "Allocation cancelled",
        needs_reason=True,
        offered=False,
    ),
    Transition(
        Move.LOAD,
        (Stage.ALLOCATED,),
        Stage.IN_TRANSIT_OUT,
        _COURIER,
        "Loaded by the courier",
        (no_holds, wiped_since_it_was_out),
        custody=Custody.COURIER,
        offered=False,
    ),
    Transition(
        Move.BACK_UNDELIVERED,
        (Stage.IN_TRANSIT_OUT,),
        Stage.ALLOCATED,
        _COURIER,
        "Back at the hub, not delivered",
        custody=Custody.HUB,
        needs_reason=True,
        offered=False,
    ),
    Transition(
        Move.HAND_OVER,
        (Stage.IN_TRANSIT_OUT,),
        Stage.ON_LOAN,
        _DOOR,
        "Handed over at the door",
        data=DataState.DIRTY,
        custody=Custody.PARTICIPANT,
        leaves_hub=True,
        offered=False,
    ),
    Transition(
        Move.HUB_HAND_OVER,
        (Stage.ALLOCATED,),
        Stage.ON_LOAN,
        _TECHNICIAN | _COORDINATOR,
        "Handed over at the hub",
        (no_holds, wiped_since_it_was_out),
        data=DataState.DIRTY,
        custody=Custody.PARTICIPANT,
        leaves_hub=True,
        offered=False,
    ),
    Transition(
        Move.COLLECT,
        (Stage.ON_LOAN,),
        Stage.IN_TRANSIT_BACK,
        _COURIER,
        "Collected at the door",
        data=DataState.DIRTY,
        custody=Custody.COURIER,
        leaves_hub=True,
        offered=False,
    ),
    Transition(
        Move.HAND_IN,
        (Stage.ON_LOAN,),
        Stage.RETURNED,
        _COURIER,
        "Handed in",
        data=DataState.DIRTY,
        custody=Custody.HUB,
        leaves_hub=True,
        offered=False,
    ),
    Transition(
        Move.ARRIVE_BACK,
        (Stage.IN_TRANSIT_BACK,),
        Stage.RETURNED,
        _COURIER,
        "Back at the hub",
        custody=Custody.HUB,
        leaves_hub=True,
        offered=False,
    ),
    Transition(Move.CLEAN, (Stage.RETURNED,), Stage.CLEANED, _TECHNICIAN, "Inspected and cleaned", offered=False),
    Transition(
        Move.QUEUE_WIPE_AGAIN,
        (Stage.CLEANED,),
        Stage.AWAITING_WIPE,
        _TECHNICIAN,
        "Waiting for its wipe",
        (no_holds,),
    ),
    Transition(
        Move.LOSE,
        (Stage.ON_LOAN, Stage.IN_TRANSIT_OUT, Stage.IN_TRANSIT_BACK),
        Stage.LOST,
        _COORDINATOR,
        "Recorded as lost",
        custody=Custody.NOBODY_KNOWS,
        needs_reason=True,
        leaves_hub=True,
        offered=False,
    ),
    Transition(
        Move.FIND,
        (Stage.LOST,),
        Stage.RETURNED,
        _TECHNICIAN,
        "Found",
        data=DataState.DIRTY,
        custody=Custody.HUB,
        leaves_hub=True,
        offered=False,
    ),
    Transition(
        Move.GIFT,
        (Stage.ON_LOAN,),
        Stage.GIFTED,
        _COORDINATOR,
        "Given for good",
        needs_reason=True,
        irreversible=True,
        offered=False,
    ),
    Transition(
        Move.RETIRE,
        (Stage.TRIAGED, Stage.CLEANED, Stage.AWAITING_WIPE),
        Stage.RETIRED,
        _TECHNICIAN | _COORDINATOR,
        "Retired",
        needs_reason=True,
    ),
    Transition(
        Move.QUEUE_FINAL_WIPE,
        (Stage.RETIRED,),
        Stage.AWAITING_WIPE,
        _TECHNICIAN,
        "Waiting for its last wipe",
        (no_holds,),
    ),
    Transition(
        Move.FINISH_RETIREMENT,
        (Stage.WIPED,),
        Stage.AWAITING_RECYCLE,
        _TECHNICIAN | _COORDINATOR,
        "Waiting for recycling",
        (no_holds, retiring, data_gone),
    ),
    Transition(
        Move.RELEASE_FOR_RECYCLING,
        (Stage.RETIRED,),
        Stage.AWAITING_RECYCLE,
        _COORDINATOR,
        "Waiting for recycling",
        (data_gone,),
    ),
    Transition(
        Move.RECYCLE,
        (Stage.AWAITING_RECYCLE,),
        Stage.RECYCLED,
        _TECHNICIAN | _COORDINATOR,
        "Recycled",
        custody=Custody.CARRIER,
        needs_reason=True,
        irreversible=True,
    ),
)

BY_MOVE: dict[Move, Transition] = {transition.move: transition for transition in MOVES}


@dataclass(frozen=True)
class Offer:
    """A move from where the tablet stands, and what still speaks against it."""

    transition: Transition
    refusals: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        return not self.refusals


def refusals(move: Move, facts: Facts, roles: frozenset[Role]) -> tuple[str, ...]:
    """Every reason why this move may not be made; empty when it may."""
    transition = BY_MOVE[move]
    if facts.stage not in transition.sources:
        stages = " or ".join(stage.value.replace("_", " ") for stage in transition.sources)
        return (f"It is {facts.stage.value.replace('_', ' ')}, and this is done to one that is {stages}.",)
    found = [refusal for guard in transition.guards if (refusal := guard(facts))]
    if not transition.roles & roles:
        who = " or ".join(sorted(role.value.replace("_", " ") for role in transition.roles - {Role.SYSTEM}))
        found.append(f"This is done by a {who}.")
    return tuple(found)


def offers(facts: Facts, roles: frozenset[Role]) -> tuple[Offer, ...]:
    """Exactly what may happen next, and what stands in the way of the rest."""
    return tuple(
        Offer(transition, refusals(transition.move, facts, roles))
        for transition in MOVES
        if facts.stage in transition.sources and transition.offered and transition.roles & roles
    )
