"""A tablet's life: four independent facts, one table of moves, and the guards that can refuse them.

Plain Python, no I/O. Stage, data and custody change only through a move in `MOVES`; a hold blocks every move forward.
docs/lifecycle.md is drawn from this folder: `states` holds the words, `guards` what can refuse, `table` the moves, of
which each chapter of a tablet's life is a file. The table follows the device state machine of the domain notes, with
two moves more: `refresh` lets a provisioned tablet be provisioned again without a wipe (a newer profile, a person's
needs), and a grade that was given by mistake can be taken back before anything came of it.
"""

from __future__ import annotations

from fleet.tablets.rules.guards import Facts
from fleet.tablets.rules.places import SAYS_WHERE, guest_hub, hub_code
from fleet.tablets.rules.states import (
    FINAL,
    KIT_CHECKED,
    KIT_COMPLETE,
    OUTSIDE_THE_HUB,
    Custody,
    DataState,
    Grade,
    HoldKind,
    Move,
    Stage,
)
from fleet.tablets.rules.table import BY_MOVE, MOVES, looks_at, offers, refusals
from fleet.tablets.rules.transition import Transition

__all__ = [
    "BY_MOVE",
    "FINAL",
    "KIT_CHECKED",
    "KIT_COMPLETE",
    "MOVES",
    "OUTSIDE_THE_HUB",
    "SAYS_WHERE",
    "Custody",
    "DataState",
    "Facts",
    "Grade",
    "HoldKind",
    "Move",
    "Stage",
    "Transition",
    "guest_hub",
    "hub_code",
    "looks_at",
    "offers",
    "refusals",
]
