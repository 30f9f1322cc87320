"""Which tablets may go into a consignment of which kind."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.machine import stands_elsewhere
from fleet.recycling.rules.states import ConsignmentKind
from fleet.tablets.rules import DataState, HoldKind, Stage


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
