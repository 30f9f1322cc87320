"""The table of every move a tablet can make, in the order of its life, and what it offers or refuses."""

from __future__ import annotations

from fleet.machine import Offer, done_by, stands_elsewhere
from fleet.tablets.rules.arriving import ARRIVING
from fleet.tablets.rules.bench import AT_THE_BENCH
from fleet.tablets.rules.guards import Facts
from fleet.tablets.rules.leaving import LEAVING
from fleet.tablets.rules.lending import LENDING
from fleet.tablets.rules.states import Move
from fleet.tablets.rules.transition import Transition
from fleet.users.rules import Role

MOVES: tuple[Transition, ...] = (*ARRIVING, *AT_THE_BENCH, *LENDING, *LEAVING)
BY_MOVE: dict[Move, Transition] = {transition.move: transition for transition in MOVES}


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
