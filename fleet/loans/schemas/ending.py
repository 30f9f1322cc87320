"""What the API asks of endings, of loans of data alone, and of what people go on to."""

from __future__ import annotations

from pydantic import Field

from fleet.http.acts import ReasonedAct
from fleet.loans.rules import CardAfter, GoesOn, HandedTo


class LoseIn(ReasonedAct):
    """The tablet is lost; the reason says what was tried."""

    reference: str = Field("", max_length=60, description="The number of a police report or of an incident.")
    of_swap: bool = Field(False, description="It is the other tablet of a swap, which its courier lost.")


class GiveIn(ReasonedAct):
    """The tablet becomes the person's own."""

    authority: str = Field(min_length=1, max_length=120, description="Who allowed it; somebody else than who asks.")


class GiveDataIn(ReasonedAct):
    """They have the card of a loan of data alone."""

    handed_to: HandedTo


class EndDataIn(ReasonedAct):
    """A loan of data alone is over."""

    card: CardAfter


class GoesOnIn(ReasonedAct):
    """How they are online after the loan, or why not."""

    to: GoesOn
