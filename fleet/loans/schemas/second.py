"""What the API asks and says of deaths, and of what needs a second person."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from fleet.loans.rules import LoanMove, LookKind


class DeathIn(BaseModel):
    """The person has died."""

    on: date | None = Field(None, description="The day, where it is known; otherwise today.")


class DeathOut(BaseModel):
    """What is on record of it."""

    person_id: int
    deceased_on: date | None


class TakeBackIn(BaseModel):
    """The recorded death is a mistake."""

    reason: str = Field(min_length=1, max_length=500, description="How you know. Nothing about health.")


class SecondLookOut(BaseModel):
    """Something that one person asked for and that counts once a second person agrees."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: LookKind
    person_id: int
    loan_id: int | None = Field(description="None for what is about the person and not about one loan.")
    tablet_id: int | None
    move: LoanMove | None = Field(description="What would be done with the loan.")
    reason: str
    reference: str = Field(description="The number of a police report or of an incident.")
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    decided_by: str
    agreed: bool | None = Field(description="None while it waits.")
    overtaken: str = Field("", description="Why nothing is left to agree to; empty while there is.")


class SecondLookList(BaseModel):
    """One page of what waits for a second person, the oldest first."""

    items: list[SecondLookOut]
    total: int
    page: int
    page_count: int
