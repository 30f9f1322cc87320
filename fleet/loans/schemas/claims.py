"""What the API says of claims that a tablet was given back."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from fleet.loans.rules import ClaimOutcome


class ClaimOut(BaseModel):
    """Somebody says that they gave it back; what became of it is in `outcome` once it is known."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    loan_id: int
    tablet_id: int | None
    search_until: date = Field(description="It is looked for until this day, that day included.")
    made_at: datetime
    made_by: str
    outcome: ClaimOutcome | None
    note: str
    settled_at: datetime | None
    settled_by: str
