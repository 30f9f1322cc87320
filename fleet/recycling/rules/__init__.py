"""What a consignment for recycling can be, what must be known before each step, and which tablets may go in. Pure."""

from __future__ import annotations

from fleet.recycling.rules.states import (
    EXEMPT_DAYS,
    EXEMPT_GRAMS,
    HEAVIEST_GRAMS,
    KEEP_YEARS,
    ConsignmentKind,
    ConsignmentMove,
    ConsignmentState,
    ReceiverBasis,
    is_hazardous,
    sic_problem,
    tidy_code,
    weight_problem,
    weight_words,
)
from fleet.recycling.rules.steps import BY_MOVE, MOVES, ConsignmentTransition, Packing, refusals
from fleet.recycling.rules.tablets import Candidate, tablet_refusals

__all__ = [
    "BY_MOVE",
    "EXEMPT_DAYS",
    "EXEMPT_GRAMS",
    "HEAVIEST_GRAMS",
    "KEEP_YEARS",
    "MOVES",
    "Candidate",
    "ConsignmentKind",
    "ConsignmentMove",
    "ConsignmentState",
    "ConsignmentTransition",
    "Packing",
    "ReceiverBasis",
    "is_hazardous",
    "refusals",
    "sic_problem",
    "tablet_refusals",
    "tidy_code",
    "weight_problem",
    "weight_words",
]
