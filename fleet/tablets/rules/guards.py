"""What can refuse a move: each guard looks at the facts and gives the sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fleet.tablets.rules.states import Custody, DataState, Grade, HoldKind, Move, Stage


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
    last_move: Move | None = None
    """The last in its log."""


Guard = Callable[[Facts], str | None]
"""Returns the sentence that says why not, or None."""


def no_holds(facts: Facts) -> str | None:
    """A hold blocks every move forward."""
    if not facts.holds:
        return None
    kinds = " and ".join(sorted(hold.value.replace("_", " ") for hold in facts.holds))
    return f"It is held ({kinds}); lift the hold first."


def not_dangerous(facts: Facts) -> str | None:
    """Nobody carries what is hot, swollen or leaking; any other hold waits at its own hub to be looked at."""
    held = HoldKind.SAFETY in facts.holds
    return "It is held (safety): leave it where it lies, and lift the hold first." if held else None


def graded(facts: Facts) -> str | None:
    return None if facts.grade else "Give it a grade first."


def usable(facts: Facts) -> str | None:
    return "It was graded X, unusable: retire it." if facts.grade is Grade.X else None


def never_lent(facts: Facts) -> str | None:
    return None if facts.left_hub_at is None else "It has been out of the hub since it was graded."


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


def at_a_hub(facts: Facts) -> str | None:
    return None if facts.custody is Custody.HUB else "It is at no hub."


def just_handed_over(facts: Facts) -> str | None:
    if facts.last_move in (Move.HAND_OVER, Move.HUB_HAND_OVER):
        return None
    return "More has happened to it since it was handed over."


def just_collected(facts: Facts) -> str | None:
    return None if facts.last_move is Move.COLLECT else "More has happened to it since it was collected."


def data_gone(facts: Facts) -> str | None:
    if facts.data is DataState.CLEAN or facts.destruction_ordered:
        return None
    return "It may still hold somebody's data: wipe it, or order its destruction."
