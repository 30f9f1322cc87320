"""What comes of sending: what the printer said, or the trouble that kept the labels from leaving."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.tags.rules.printing import Condition


@dataclass(frozen=True)
class Patience:
    """Seconds to wait for a printer."""

    connect: float = 5.0
    answer: float = 3.0
    """For what it says of itself."""
    stall: float = 60.0
    """For it to take more: a printer with a full memory takes more once labels have come out."""


class PrinterTrouble(Exception):
    """The labels did not leave, or not all of them. `sent` counts the bytes that the printer took."""

    def __init__(self, words: str, *, condition: Condition, sent: int = 0) -> None:
        super().__init__(words)
        self.words = words
        self.condition = condition
        self.sent = sent
