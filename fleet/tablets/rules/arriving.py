"""The moves of a tablet that came in: received, looked at, mended, waiting for its first wipe."""

from __future__ import annotations

from fleet.tablets.rules.guards import accounts_answered, graded, meets_os_floor, never_lent, no_holds, usable
from fleet.tablets.rules.states import Custody, DataState, Move, Stage
from fleet.tablets.rules.transition import TECHNICIAN, Transition

ARRIVING: tuple[Transition, ...] = (
    Transition(
        Move.RECEIVE,
        (Stage.EXPECTED,),
        Stage.RECEIVED,
        TECHNICIAN,
        "Received",
        data=DataState.UNKNOWN,
        custody=Custody.HUB,
        verb="Receive it",
    ),
    Transition(
        Move.UNDO_RECEIVE,
        (Stage.RECEIVED,),
        Stage.EXPECTED,
        TECHNICIAN,
        "Receipt taken back",
        (never_lent,),
        custody=Custody.DONOR,
        needs_reason=True,
    ),
    Transition(
        Move.TRIAGE,
        (Stage.RECEIVED,),
        Stage.TRIAGED,
        TECHNICIAN,
        "Triaged",
        (graded, accounts_answered),
    ),
    Transition(
        Move.TAKE_TRIAGE_BACK,
        (Stage.TRIAGED, Stage.AWAITING_WIPE),
        Stage.RECEIVED,
        TECHNICIAN,
        "Triage taken back",
        (never_lent,),
    ),
    Transition(
        Move.SEND_TO_REPAIR,
        (Stage.TRIAGED,),
        Stage.REPAIR,
        TECHNICIAN,
        "Sent to repair",
        needs_reason=True,
        verb="Send it to repair",
    ),
    Transition(
        Move.BACK_FROM_REPAIR,
        (Stage.REPAIR,),
        Stage.TRIAGED,
        TECHNICIAN,
        "Back from repair",
        verb="Take it back from repair",
    ),
    Transition(
        Move.QUEUE_WIPE,
        (Stage.TRIAGED,),
        Stage.AWAITING_WIPE,
        TECHNICIAN,
        "Waiting for its wipe",
        (no_holds, usable, meets_os_floor),
        verb="Send it for its wipe",
    ),
)
