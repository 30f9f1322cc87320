"""The steps of a consignment as one table, and what must be known before each.

The law's words come from two notes: a transfer note for waste that is not hazardous (any paper will do that carries
what the duty of care asks for), and a consignment note for waste whose code is starred (the regulator's own form).
Which code is right is for the hub to say: nothing here chooses one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from fleet.machine import stands_elsewhere
from fleet.recycling.rules.states import EXEMPT_GRAMS, ConsignmentMove, ConsignmentState, is_hazardous


@dataclass(frozen=True)
class Packing:
    """What a consignment says of itself, as the guards read it."""

    state: ConsignmentState
    carrier: str
    registration: str
    checked_on: date | None
    receiver: str
    permit: str
    waste_code: str
    description: str
    contained_in: str
    collected_from: str
    sic_code: str
    hierarchy: bool
    tablets: int
    today: date
    note_number: str = ""
    receipt: str = ""
    to_destroy: int = 0
    destruction: str = ""
    exempt_grams: int = 0
    """What goes with it, and what went within the last twelve months, to that site under its exemption."""


Guard = Callable[[Packing], str | None]


def has_tablets(facts: Packing) -> str | None:
    return None if facts.tablets else "Put at least one tablet into it."


def carrier_registered(facts: Packing) -> str | None:
    if not facts.carrier:
        return "Say which carrier takes it."
    if not facts.registration:
        return f"Write down the waste carrier registration of {facts.carrier}, in its record under partners."
    if facts.checked_on is None:
        return "Look the carrier up in the public register, and write down the day on which you did."
    return "The day of the look-up is still to come." if facts.checked_on > facts.today else None


def receiver_permitted(facts: Packing) -> str | None:
    if not facts.receiver:
        return "Say which site receives it."
    return None if facts.permit else "Write down the permit or exemption under which that site takes it."


def within_exemption(facts: Packing) -> str | None:
    if facts.exempt_grams <= EXEMPT_GRAMS:
        return None
    return "More than 1,000 tonnes would have gone to that site under its exemption in twelve months: choose another."


def described(facts: Packing) -> str | None:
    lacking = [
        words
        for words, text in (
            ("the waste code", facts.waste_code),
            ("what it is", facts.description),
            ("how it is contained", facts.contained_in),
            ("where it is collected", facts.collected_from),
            ("your SIC code", facts.sic_code),
        )
        if not text
    ]
    return f"Still to be written down: {', '.join(lacking)}." if lacking else None


def hierarchy_applied(facts: Packing) -> str | None:
    return None if facts.hierarchy else "Confirm that none of it could be used or repaired first (the waste hierarchy)."


def note_numbered(facts: Packing) -> str | None:
    if facts.note_number:
        return None
    kind = "consignment note code" if is_hazardous(facts.waste_code) else "number of the transfer note"
    return f"Write down the {kind}."


def receipted(facts: Packing) -> str | None:
    return None if facts.receipt else "Write down the reference on the paper that says it arrived."


def destruction_proved(facts: Packing) -> str | None:
    if not facts.to_destroy or facts.destruction:
        return None
    some = "1 tablet was" if facts.to_destroy == 1 else f"{facts.to_destroy} tablets were"
    return f"{some} never wiped: write down the reference of the certificate of destruction."


@dataclass(frozen=True)
class ConsignmentTransition:
    """One row of the table."""

    move: ConsignmentMove
    sources: tuple[ConsignmentState, ...]
    target: ConsignmentState
    words: str
    verb: str
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False


_S, _M = ConsignmentState, ConsignmentMove
READY_TO_GO = (has_tablets, carrier_registered, receiver_permitted, within_exemption, described, hierarchy_applied)

MOVES: tuple[ConsignmentTransition, ...] = (
    ConsignmentTransition(_M.PACK, (_S.OPEN,), _S.PACKED, "Packed", "It is packed", READY_TO_GO),
    ConsignmentTransition(_M.UNPACK, (_S.PACKED,), _S.OPEN, "Opened again", "Open it again", needs_reason=True),
    ConsignmentTransition(
        _M.HAND_OVER,
        (_S.PACKED,),
        _S.HANDED_OVER,
        "Handed to the carrier",
        "The carrier has it",
        (*READY_TO_GO, note_numbered),
    ),
    ConsignmentTransition(
        _M.RECEIVE,
        (_S.HANDED_OVER,),
        _S.RECEIVED,
        "Receipt came",
        "The receipt is here",
        (receipted, destruction_proved),
    ),
    ConsignmentTransition(_M.CALL_OFF, (_S.OPEN,), _S.CALLED_OFF, "Called off", "Call it off", needs_reason=True),
)
BY_MOVE = {transition.move: transition for transition in MOVES}


def refusals(move: ConsignmentMove, facts: Packing) -> tuple[str, ...]:
    """Every reason why this step may not be taken; empty when it may."""
    transition = BY_MOVE[move]
    if facts.state not in transition.sources:
        return (stands_elsewhere("The consignment", facts.state, transition.sources),)
    return tuple(refusal for guard in transition.guards if (refusal := guard(facts)))
