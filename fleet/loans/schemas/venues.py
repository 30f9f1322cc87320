"""What the API asks and says of venue loans."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from fleet.http.acts import ReasonedAct
from fleet.http.ids import RowId
from fleet.loans.rules import WhyAnother


class VenueLoanIn(ReasonedAct):
    """Several tablets for a custodian at a partner's place: all of them or none."""

    place_id: RowId = Field(description="A venue or a partner of ours.")
    person_id: RowId = Field(description="The custodian: the one person who is written to.")
    programme_id: RowId
    tablet_ids: list[RowId] = Field(min_length=1, max_length=40)
    due_on: date = Field(description="One day for all; rolled to a day on which the hub is open.")


class VenueExtendIn(ReasonedAct):
    """One later day for every tablet that they still have."""

    due_on: date
    override_cap: bool = Field(
        False, description="Go beyond the programme's caps, or though others need one; it is kept."
    )


class CustodianIn(ReasonedAct):
    """Somebody else looks after the tablets that are still to come back."""

    person_id: RowId = Field(description="Whoever is written to from then on.")
    from_on: date = Field(description="Today or an earlier day.")
    why: WhyAnother
    agreement_accepted: bool = Field(False, description="They said yes; asked where tablets are with their place.")


class CustodianOut(BaseModel):
    """Who looked after the tablets of a venue loan, from which day on."""

    model_config = ConfigDict(from_attributes=True)

    person_id: int
    from_on: date
    why: WhyAnother | None = Field(description="Why they took over; nothing for the first.")
    agreed_at: datetime | None
    actor_name: str


class VenueLoanOut(BaseModel):
    """A venue loan with how many of its tablets are still out."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    place_id: int
    person_id: int
    programme_id: int
    due_on: date
    made_at: datetime
    tablets: int = 0
    still_open: int = 0
    custodians: list[CustodianOut] = Field(default_factory=list, description="The first one first.")
    loan_ids: list[int] = Field(default_factory=list, description="One for each tablet; see them at `/loans`.")


class VenueLoanList(BaseModel):
    """One page of venue loans; `loan_ids` are said of each by itself."""

    items: list[VenueLoanOut]
    total: int
    page: int
    page_count: int
