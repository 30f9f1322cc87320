"""What one person asks for and another has to agree to, and who may. Plain Python, no I/O.

Domain notes 4.5 ask for four eyes on a loss; rule R12 asks for a second person before a death is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LookKind(StrEnum):
    """What is asked for."""

    LOSS = "loss"
    """A tablet is to be recorded as lost."""
    DEATH_TAKEN_BACK = "death_taken_back"
    """A death was recorded by mistake."""


@dataclass(frozen=True)
class Asked:
    """What is asked for, as far as deciding about it needs it."""

    asked_by_id: int
    asked_by: str
    decided: bool
    decided_by: str = ""
    overtaken: str = ""
    """What has happened since, so that nothing is left to agree to; empty while it can be agreed to."""


def why_not_decide(asked: Asked) -> str | None:
    """Why nobody decides about it any more, or None."""
    return f"{asked.decided_by} has decided it already." if asked.decided else None


def why_not_agree(asked: Asked, *, actor_id: int | None) -> str | None:
    """Why this person may not agree to it, as a sentence, or None."""
    done = why_not_decide(asked)
    if done is not None:
        return done
    if actor_id is None:
        return "A person has to agree to it, not a program by itself."
    if actor_id == asked.asked_by_id:
        return "You asked for it, so somebody else has to agree: another coordinator, or a hub admin."
    return asked.overtaken or None
