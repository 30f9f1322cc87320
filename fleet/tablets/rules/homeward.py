"""The moves of a tablet that lies at another hub than its own: taken home by a courier, or kept where it is."""

from __future__ import annotations

from fleet.tablets.rules.guards import at_a_hub, not_dangerous
from fleet.tablets.rules.states import Custody, Move, Stage
from fleet.tablets.rules.transition import COORDINATOR, COURIER, Transition

HOMEWARD: tuple[Transition, ...] = (
    Transition(
        Move.SEND_HOME,
        (Stage.IN_TRANSIT_BACK,),
        Stage.IN_TRANSIT_BACK,
        COURIER,
        "Loaded for its way home",
        (at_a_hub, not_dangerous),
        custody=Custody.COURIER,
    ),
    Transition(
        Move.STAY,
        (Stage.IN_TRANSIT_BACK,),
        Stage.RETURNED,
        COORDINATOR,
        "Stays at the hub where it lies, for good",
        (at_a_hub,),
        custody=Custody.HUB,
        needs_reason=True,
    ),
)
