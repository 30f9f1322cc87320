"""How consignments are said."""

from __future__ import annotations

from fleet.recycling.rules import ConsignmentKind, ConsignmentState, ReceiverBasis
from fleet.web.shapes import Shape, StateTag

KIND_WORDS: dict[ConsignmentKind, str] = {
    ConsignmentKind.TABLETS: "Tablets, their batteries sound",
    ConsignmentKind.DAMAGED_BATTERIES: "Tablets with hot, swollen or leaking batteries, apart from all others",
}

BASIS_WORDS: dict[ReceiverBasis, str] = {
    ReceiverBasis.PERMIT: "Environmental permit or licence",
    ReceiverBasis.EXEMPTION: "Registered exemption, such as T11",
}

STATE_WORDS: dict[ConsignmentState, StateTag] = {
    ConsignmentState.OPEN: StateTag("Being packed", Shape.WORKING),
    ConsignmentState.PACKED: StateTag("Packed, waits for the carrier", Shape.WAITING),
    ConsignmentState.HANDED_OVER: StateTag("With the carrier, receipt to come", Shape.WAITING),
    ConsignmentState.RECEIVED: StateTag("Receipt is here", Shape.DONE),
    ConsignmentState.CALLED_OFF: StateTag("Called off", Shape.PLAIN),
}


def number_of(consignment_id: int) -> str:
    """Our own number of a consignment."""
    return f"R{consignment_id:05d}"


def count_words(tablets: int) -> str:
    return "1 tablet" if tablets == 1 else f"{tablets} tablets"
