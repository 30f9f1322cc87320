"""The table of every move a tablet can make, in the order of its life, and what it offers or refuses."""

from __future__ import annotations

from fleet.machine import Offer, done_by, stands_elsewhere
from fleet.tablets.rules.arriving import ARRIVING
from fleet.tablets.rules.bench import AT_THE_BENCH
from fleet.tablets.rules.elsewhere import ELSEWHERE
from fleet.tablets.rules.guards import (
    Facts,
    Guard,
    just_collected,
    just_handed_over,
    no_holds,
    not_dangerous,
    tiles_right,
)
from fleet.tablets.rules.homeward import HOMEWARD
from fleet.tablets.rules.leaving import LEAVING
from fleet.tablets.rules.lending import LENDING
from fleet.tablets.rules.states import Move
from fleet.tablets.rules.transition import Transition
from fleet.users.rules import Role

MOVES: tuple[Transition, ...] = (*ARRIVING, *AT_THE_BENCH, *LENDING, *HOMEWARD, *LEAVING, *ELSEWHERE)
BY_MOVE: dict[Move, Transition] = {transition.move: transition for transition in MOVES}


LOOKED_AT: dict[str, tuple[Guard, ...]] = {
    "holds": (no_holds, not_dangerous),
    "tiles_out_of_date": (tiles_right,),
    "last_move": (just_handed_over, just_collected),
}
"""The facts that the tablet's own row does not hold, with every guard that looks at them."""


def looks_at(move: Move | None, fact: str) -> bool:
    """Whether this move, or any where none is named, depends on a fact of `LOOKED_AT`."""
    return move is None or not set(LOOKED_AT[fact]).isdisjoint(BY_MOVE[move].guards)


def refusals(move: Move, facts: Facts, roles: frozenset[Role]) -> tuple[str, ...]:
    """Every reason why this move may not be made; empty when it may."""
    transition = BY_MOVE[move]
    if facts.stage not in transition.sources:
        return (stands_elsewhere("It", facts.stage, transition.sources),)
    found = [refusal for guard in transition.guards if (refusal := guard(facts))]
    if not transition.roles & roles:
        found.append(done_by(transition.roles))
    return tuple(found)


def offers(facts: Facts, roles: frozenset[Role]) -> tuple[Offer[Transition], ...]:
    """Exactly what may happen next, and what stands in the way of the rest."""
    return tuple(
        Offer(transition, refusals(transition.move, facts, roles))
        for transition in MOVES
        if facts.stage in transition.sources and transition.offered and transition.roles & roles
    )
