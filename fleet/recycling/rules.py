"""What a consignment for recycling can be, what must be known before each step, and which tablets may go in. Pure.

The law's words come from two notes: a transfer note for waste that is not hazardous (any paper will do that carries
what the duty of care asks for), and a consignment note for waste whose code is starred (the regulator's own form).
Which code is right is for the hub to say: nothing here chooses one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fleet.machine import stands_elsewhere
from fleet.tablets.rules import DataState, HoldKind, Stage


class ConsignmentState(StrEnum):
    OPEN = "open"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    RECEIVED = "received"
    CALLED_OFF = "called_off"


class ConsignmentKind(StrEnum):
    """Whole tablets travel together; one with a hot, swollen or leaking battery never travels among them."""

    TABLETS = "tablets"
    DAMAGED_BATTERIES = "damaged_batteries"


class ReceiverBasis(StrEnum):
    """By what right the receiving site may take it."""

    PERMIT = "permit"
    EXEMPTION = "exemption"


class ConsignmentMove(StrEnum):
    PACK = "pack"
    UNPACK = "unpack"
    HAND_OVER = "hand_over"
    RECEIVE = "receive"
    CALL_OFF = "call_off"


_CODE = re.compile(r"(\d{2})\s?(\d{2})\s?(\d{2})\s?(\*?)")
_SIC = re.compile(r"\d{2}(?:\.?\d{1,3})?(?:/\d)?")
HEAVIEST_GRAMS = 20_000
"""More than any one tablet with its kit weighs: a larger number was typed in the wrong unit."""
KEEP_YEARS = {False: 2, True: 3}
"""How long the hub keeps its copy, by whether the waste is hazardous (Duty of Care Regulations 1991, regulation 3;
three years for a consignment note)."""


def tidy_code(text: str) -> str:
    """A waste code as it is written, "16 02 13*"; empty when it is none."""
    found = _CODE.fullmatch(text.strip())
    return f"{found[1]} {found[2]} {found[3]}{found[4]}" if found else ""


def is_hazardous(code: str) -> bool:
    return code.endswith("*")


def sic_problem(text: str) -> str | None:
    """Why this is no industry code (SIC 2007), or None."""
    return None if _SIC.fullmatch(text.strip()) else "Enter a SIC 2007 code, such as 88.99."


def weight_problem(grams: int) -> str | None:
    if 1 <= grams <= HEAVIEST_GRAMS:
        return None
    return f"Enter its weight in grams, from 1 to {HEAVIEST_GRAMS:,}."


def weight_words(grams: int) -> str:
    """Kilograms as a note says them: 9.42 kg."""
    return f"{grams / 1000:.3f}".rstrip("0").rstrip(".") + " kg"


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
READY_TO_GO = (has_tablets, carrier_registered, receiver_permitted, described, hierarchy_applied)

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


@dataclass(frozen=True)
class Candidate:
    """A tablet that somebody wants to put into a consignment. `certificate`: the number of its last wipe's."""

    stage: Stage
    data: DataState
    certificate: str
    destruction_ordered: bool
    holds: frozenset[HoldKind]
    damaged: bool
    elsewhere: str = ""
    """The consignment it is in already."""


def tablet_refusals(tablet: Candidate, kind: ConsignmentKind) -> tuple[str, ...]:
    """Every reason why it may not go into a consignment of this kind; empty when it may."""
    found = []
    if tablet.elsewhere:
        found.append(f"It is in {tablet.elsewhere} already.")
    elif tablet.stage is not Stage.AWAITING_RECYCLE:
        found.append(stands_elsewhere("It", tablet.stage, (Stage.AWAITING_RECYCLE,)))
    if not ((tablet.data is DataState.CLEAN and tablet.certificate) or tablet.destruction_ordered):
        found.append("It has no certificate of a wipe, and nobody ordered its destruction.")
    others = sorted(hold.value.replace("_", " ") for hold in tablet.holds - {HoldKind.SAFETY})
    if others:
        found.append(f"It is held ({', '.join(others)}): settle that first.")
    bad = tablet.damaged or HoldKind.SAFETY in tablet.holds
    if bad and kind is ConsignmentKind.TABLETS:
        found.append("Its battery is hot, swollen or leaking, or it is held for safety: it travels apart from others.")
    if not bad and kind is ConsignmentKind.DAMAGED_BATTERIES:
        found.append("Nothing is wrong with its battery: it travels with the other tablets.")
    return tuple(found)
