"""The moves that end in leaving the fleet: given for good, retired, recycled."""

from __future__ import annotations

from fleet.tablets.rules.guards import data_gone, no_holds, retiring
from fleet.tablets.rules.states import Custody, Move, Stage
from fleet.tablets.rules.transition import COORDINATOR, TECHNICIAN, Transition

LEAVING: tuple[Transition, ...] = (
    Transition(
        Move.GIFT,
        (Stage.ON_LOAN,),
        Stage.GIFTED,
        COORDINATOR,
        "Given for good",
        needs_reason=True,
        irreversible=True,
    ),
    Transition(
        Move.RETIRE,
        (Stage.TRIAGED, Stage.CLEANED, Stage.AWAITING_WIPE),
        Stage.RETIRED,
        TECHNICIAN | COORDINATOR,
        "Retired",
        needs_reason=True,
        verb="Retire it",
    ),
    Transition(
        Move.QUEUE_FINAL_WIPE,
        (Stage.RETIRED,),
        Stage.AWAITING_WIPE,
        TECHNICIAN,
        "Waiting for its last wipe",
        (no_holds,),
        verb="Send it for its last wipe",
    ),
    Transition(
        Move.FINISH_RETIREMENT,
        (Stage.WIPED,),
        Stage.AWAITING_RECYCLE,
        TECHNICIAN | COORDINATOR,
        "Waiting for recycling",
        (no_holds, retiring, data_gone),
        verb="Send it for recycling",
    ),
    Transition(
        Move.RELEASE_FOR_RECYCLING,
        (Stage.RETIRED,),
        Stage.AWAITING_RECYCLE,
        COORDINATOR,
        "Waiting for recycling",
        (data_gone,),
        verb="Send it for recycling",
    ),
    Transition(
        Move.RECYCLE,
        (Stage.AWAITING_RECYCLE,),
        Stage.RECYCLED,
        TECHNICIAN | COORDINATOR,
        "Recycled",
        custody=Custody.CARRIER,
        needs_reason=True,
        irreversible=True,
    ),
)
