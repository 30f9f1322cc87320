"""The moves of a tablet that was lent, or recycled, before it came on record: it never stood on our shelf, and nothing
proved it."""

from __future__ import annotations

from fleet.tablets.rules.guards import no_holds
from fleet.tablets.rules.states import Custody, DataState, Move, Stage
from fleet.tablets.rules.transition import COORDINATOR, TECHNICIAN, Transition

ELSEWHERE: tuple[Transition, ...] = (
    Transition(
        Move.CAME_ON_LOAN,
        (Stage.EXPECTED,),
        Stage.ON_LOAN,
        COORDINATOR,
        "Lent already when it came on record",
        (no_holds,),
        data=DataState.DIRTY,
        custody=Custody.PARTICIPANT,
        needs_reason=True,
        leaves_hub=True,
    ),
    Transition(
        Move.CAME_LOST,
        (Stage.EXPECTED,),
        Stage.LOST,
        COORDINATOR,
        "Lost already when it came on record",
        data=DataState.DIRTY,
        custody=Custody.NOBODY_KNOWS,
        needs_reason=True,
        leaves_hub=True,
    ),
    Transition(
        Move.CAME_GIFTED,
        (Stage.EXPECTED,),
        Stage.GIFTED,
        COORDINATOR,
        "Given for good before it came on record",
        (no_holds,),
        data=DataState.DIRTY,
        custody=Custody.PARTICIPANT,
        needs_reason=True,
        leaves_hub=True,
        irreversible=True,
    ),
    Transition(
        Move.CAME_RECYCLED,
        (Stage.EXPECTED,),
        Stage.RECYCLED,
        TECHNICIAN | COORDINATOR,
        "Recycled already when it came on record",
        custody=Custody.CARRIER,
        needs_reason=True,
        irreversible=True,
    ),
)
