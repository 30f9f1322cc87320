"""What the API asks and says of loans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from fleet.http.acts import ReasonedAct
from fleet.http.ids import RowId
from fleet.loans.rules import (
    AskedBy,
    Barrier,
    DeclineReason,
    GoesOn,
    HandedTo,
    LoanKind,
    LoanMove,
    LoanState,
    SafeAtHome,
    StopReason,
)


class LoanOut(BaseModel):
    """A loan as it stands. The person is named by number; see them at `/people`."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    person_id: int
    programme_id: int
    cohort_id: int | None
    referrer_id: int | None
    asked_by: AskedBy
    kind: LoanKind
    venue_loan_id: int | None = Field(description="The venue loan whose tablet this is one of.")
    state: LoanState
    safe_at_home: SafeAtHome | None
    barriers: list[Barrier]
    decline_reason: DeclineReason | None
    tablet_id: int | None = None
    sim_id: int | None = None
    swap_tablet_id: int | None = Field(None, description="The tablet that is kept for a swap.")
    requested_at: datetime
    allocated_at: datetime | None
    wanted_due_on: date | None
    started_on: date | None
    original_due_on: date | None
    due_on: date | None = Field(description="A local date at the hub; runs from the hand-over on.")
    days_late: int = Field(0, description="By the programme's grace; computed today.")
    attempts: int
    handed_to: HandedTo | None
    returned_on: date | None
    condition: str
    kit_missing: str
    stop_reason: StopReason | None
    lost_reference: str = Field(description="The number of a police report or of an incident.")
    gift_authority: str = Field(description="Who allowed it to be given for good.")
    goes_on_to: GoesOn | None = Field(description="What the person goes on to.")
    warnings: list[str] = Field(default_factory=list, description="Such as data that ends before the loan.")


class LoanList(BaseModel):
    """One page of loans."""

    items: list[LoanOut]
    total: int
    page: int
    page_count: int


class LoanEventOut(BaseModel):
    """Something that happened to a loan."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: str
    words: str
    reason: str
    state: LoanState
    tablet_id: int | None
    actor_name: str
    role: str
    at: datetime
    client_at: datetime | None
    source: str
    details: dict[str, Any]


class DueVersionOut(BaseModel):
    """A due date the loan was given, with why; the first is the original one."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    due_on: date
    days_late_before: int
    beyond_number: bool = Field(description="Beyond the programme's number of extensions.")
    beyond_length: bool = Field(description="Beyond the programme's longest loan.")
    beyond_need: bool = Field(description="Though others needed a tablet of its kind.")
    beyond_early: bool = Field(description="Sooner than the programme lets it be asked for.")
    reason: str
    actor_name: str
    set_at: datetime


class LoanMoveIn(ReasonedAct):
    """Ask for a move of the loan's table that needs no more than a reason."""

    move: LoanMove


class SafeIn(ReasonedAct):
    """Whether it is safe to bring a tablet to the person's home."""

    answer: SafeAtHome


class DeclineIn(ReasonedAct):
    """Say no, with a coded reason."""

    why: DeclineReason


OVERRIDE_FIT = "Give a tablet that lacks what the person needs, with a reason, which is kept."


class AllocateIn(ReasonedAct):
    """Keep a ready tablet, and a SIM with its data, for the loan: all of it or nothing. Of data alone, a SIM."""

    tablet_id: RowId | None = Field(None, description="Left out where data alone is lent.")
    sim_id: RowId | None = None
    due_on: date | None = Field(None, description="A day wanted; otherwise the cohort or the policy decides.")
    override_fit: bool = Field(False, description=OVERRIDE_FIT)


class LoanCohortIn(ReasonedAct):
    """Put a loan that is not handed over yet into a cohort of its programme."""

    cohort_id: RowId | None = Field(description="None takes it out of the one it has.")
    override_places: bool = Field(False, description="Go beyond the cohort's places; it is kept, with the reason.")


class ExtendIn(ReasonedAct):
    """Give the person longer. Without a day, the programme's extension is added."""

    due_on: date | None = None
    override_cap: bool = Field(
        False, description="Go beyond the programme's caps, or though others need one; it is kept."
    )


class HandOverIn(ReasonedAct):
    """The person has the tablet: at the hub, or at a door when a courier has it."""

    tablet_id: RowId
    handed_to: HandedTo
    agreement_accepted: bool


class NotHandedOverIn(ReasonedAct):
    """The tablet never changed hands: its hand-over was pressed or scanned by mistake."""

    tablet_id: RowId = Field(description="The one before whoever asks, or before the courier who has it.")
    nobody_had_it: bool = Field(description="It was with the courier or at the hub the whole time.")


class StopIn(ReasonedAct):
    """All automatic contact stops at once."""

    why: StopReason
