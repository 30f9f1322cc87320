"""What the bench's scanner understands: mode cards, the few commands, and how a scan can end. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ScanMode(StrEnum):
    """What the next scan of a tablet does."""

    FIND = "find"
    WIPE = "wipe"
    PROVISION = "provision"
    CHECK = "check"
    READY = "ready"
    GRADE_A = "grade_a"
    GRADE_B = "grade_b"
    GRADE_C = "grade_c"


class ScanOutcome(StrEnum):
    """How a scan ended: one of these, always."""

    APPLIED = "applied"
    ALREADY = "already"
    BLOCKED = "blocked"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Card:
    """A card that a scanner reads: its code, what it is called, and what it does, as it is printed."""

    code: str
    title: str
    does: str
    mode: ScanMode | None = None


UNDO = "MODE-UNDO"
_LOOKED = "By scanning it you say that you looked it over, and that its battery is neither swollen, hot nor leaking."
CARDS: tuple[Card, ...] = (
    Card("MODE-FIND", "Find", "A scan opens the tablet, or says where it is.", ScanMode.FIND),
    Card(
        "MODE-WIPE",
        "Wipe",
        "A scan begins the wipe of that tablet. By scanning it you say that its SIM and memory card are out.",
        ScanMode.WIPE,
    ),
    Card("MODE-PROVISION", "Provision", "A scan begins to make that tablet ready.", ScanMode.PROVISION),
    Card("MODE-CHECK", "Check", "A scan says what still stands between that tablet and a loan.", ScanMode.CHECK),
    Card("MODE-READY", "Ready", "A scan puts that tablet on the shelf: ready to lend.", ScanMode.READY),
    Card("GRADE-A", "Grade A", f"A scan grades that tablet: good. {_LOOKED}", ScanMode.GRADE_A),
    Card("GRADE-B", "Grade B", f"A scan grades that tablet: marked. {_LOOKED}", ScanMode.GRADE_B),
    Card("GRADE-C", "Grade C", f"A scan grades it: works, with a fault we accept. {_LOOKED}", ScanMode.GRADE_C),
    Card(UNDO, "Undo", "Takes back what the last scan did, where that is possible."),
)
_BY_CODE = {card.code: card for card in CARDS}


def card_of(text: str) -> Card | None:
    """The card of this code, however it was typed: ``mode wipe`` is ``MODE-WIPE``."""
    return _BY_CODE.get("-".join(text.strip().upper().replace("-", " ").split()))
