"""The table of every move a loan can make, in the order of its life, and what it offers or refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fleet.loans.rules.ending import ENDING
from fleet.loans.rules.going_out import GOING_OUT
from fleet.loans.rules.guards import (
    CAPS,
    Facts,
    Guard,
    agreement_accepted,
    bundle_if_needed,
    days_of,
    due_not_past,
    just_collected,
    just_handed_over,
    language_answered,
    later_than_before,
    nobody_had_it,
    set_up_as_needed,
    under_limit,
)
from fleet.loans.rules.requesting import REQUESTING
from fleet.loans.rules.returning import RETURNING
from fleet.loans.rules.running import RUNNING
from fleet.loans.rules.states import LoanKind, LoanMove
from fleet.loans.rules.transition import Transition
from fleet.machine import Offer, done_by, stands_elsewhere
from fleet.users.rules import Role

MOVES: tuple[Transition, ...] = (*REQUESTING, *GOING_OUT, *RUNNING, *RETURNING, *ENDING)
BY_MOVE: dict[LoanMove, Transition] = {row.move: row for row in MOVES}

_OTHER_KIND = {True: "This loan is of data alone, without a tablet.", False: "This loan is of a tablet."}

LOOKED_AT: dict[str, tuple[Guard, ...]] = {
    "has_bundle": (bundle_if_needed,),
    "other_open_loans": (under_limit,),
    "papers_missing": (language_answered,),
    "last_move": (just_handed_over, just_collected),
}
"""The facts that no row at hand holds, with every guard that looks at them."""


def looks_at(move: LoanMove | None, fact: str) -> bool:
    """Whether this move, or any where none is named, depends on a fact of `LOOKED_AT`."""
    return move is None or not set(LOOKED_AT[fact]).isdisjoint(BY_MOVE[move].guards)


@dataclass(frozen=True)
class Against:
    """Everything that speaks against a move: sentences for a person; and for a program what the guards are called that
    speak, in the order of their sentences, which come first, and the days that belong to them. All are empty where the
    move may be made."""

    sentences: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    days: Mapping[str, object] = field(default_factory=dict)


def against(move: LoanMove, facts: Facts, roles: frozenset[Role]) -> Against:
    """What speaks against this move. Each guard is asked once, and none where the loan does not stand there."""
    row = BY_MOVE[move]
    if facts.state not in row.sources:
        return Against((stands_elsewhere("The loan", facts.state, row.sources),))
    if facts.kind not in row.kinds:
        return Against((_OTHER_KIND[facts.kind is LoanKind.DATA],))
    said = [(refusal, guard.__name__) for guard in row.guards if (refusal := guard(facts))]
    not_theirs = () if row.roles & roles else (done_by(row.roles),)
    days = days_of(facts) if said and move is LoanMove.EXTEND else {}
    return Against((*(sentence for sentence, _ in said), *not_theirs), tuple(code for _, code in said), days)


def refusals(move: LoanMove, facts: Facts, roles: frozenset[Role]) -> tuple[str, ...]:
    """Every reason why this move may not be made, in sentences; empty when it may."""
    return against(move, facts, roles).sentences


def offers(facts: Facts, roles: frozenset[Role]) -> tuple[Offer[Transition], ...]:
    """Exactly what this person may press next, and what stands in the way. What a form still asks for is not held
    against a move."""
    return tuple(
        Offer(row, tuple(reason for guard in row.guards if guard not in _asked_later(row) and (reason := guard(facts))))
        for row in MOVES
        if facts.state in row.sources and facts.kind in row.kinds and row.offered and row.roles & roles
    )


def _asked_later(row: Transition) -> tuple[Guard, ...]:
    """The guards about what the form of this move asks for."""
    asked: tuple[Guard, ...] = (
        due_not_past,
        agreement_accepted,
        later_than_before,
        nobody_had_it,
        set_up_as_needed,
    )
    more: dict[LoanMove, tuple[Guard, ...]] = {LoanMove.ALLOCATE: (bundle_if_needed,), LoanMove.EXTEND: CAPS}
    return (*asked, *more.get(row.move, ()))
