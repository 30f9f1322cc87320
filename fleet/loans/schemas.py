"""What the API and the forms ask and say of requests and loans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from fleet.http.acts import Act, DatedAct, ReasonedAct
from fleet.http.ids import RowId
from fleet.loans.rules import AskedBy, Barrier, DeclineReason, HandedTo, LoanMove, LoanState, SafeAtHome, StopReason
from fleet.loans.service import Condition
from fleet.people.schemas import PersonIn


class AskIn(BaseModel):
    """What is asked for, apart from the person."""

    programme_id: RowId
    cohort_id: RowId | None = None
    safe_at_home: SafeAtHome | None = Field(None, description="Nothing is lent before this was asked.")
    barriers: list[Barrier] = Field(default_factory=list)


class RequestIn(AskIn, Act):
    """A request for a tablet: for somebody on record, or with the person in it."""

    person_id: RowId | None = None
    person: PersonIn | None = Field(None, description="The person, when they are not on record yet.")


class RequestOut(BaseModel):
    """A request as whoever made it may see it: one line."""

    id: int
    status: str = Field(description="One line in plain words.", examples=["On its way."])
    requested_at: datetime
    warnings: list[str] = Field(default_factory=list, description="Such as a doubtful postcode.")


class RequestList(BaseModel):
    """One page of requests."""

    items: list[RequestOut]
    total: int
    page: int
    page_count: int


class SheetIn(BaseModel):
    """People to ask for, as the text of a CSV file. See `/requests/sheet` for its columns."""

    csv: str = Field(max_length=1_000_000)
    keep: bool = Field(False, description="Ask for everybody, or for nobody while a row has a problem.")
    somebody_else: list[int] = Field(
        default_factory=list, description="Rows that look like somebody asked for already, and are somebody else."
    )


class SheetRowOut(BaseModel):
    """One row as it would be kept."""

    row: int = Field(description="As a spreadsheet counts: the first person is in row 2.")
    problems: list[str]
    same_as: str = Field(description="Whom it looks like; left out unless named in `somebody_else`.")


class SheetOut(BaseModel):
    """A sheet as it was looked at, and the requests that were made of it."""

    rows: list[SheetRowOut]
    may_be_kept: bool
    request_ids: list[int]


class PlaceOut(BaseModel):
    """Where a request stands on the waiting list, and why it is not sooner."""

    id: int
    place: int = Field(description="1 is the next in turn.")
    of: int
    requested_at: datetime
    why: list[str] = Field(description="Who comes before, a sentence for each line of the order.")
    order: list[str] = Field(description="The order for everybody; an earlier line counts for more.")


class WaitingList(BaseModel):
    """One page of the waiting list; a referrer's people, each in their place among all."""

    items: list[PlaceOut]
    total: int
    page: int
    page_count: int


class LoanOut(BaseModel):
    """A loan as it stands. The person is named by number; see them at `/people`."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    person_id: int
    programme_id: int
    cohort_id: int | None
    referrer_id: int | None
    asked_by: AskedBy
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


class AllocateIn(ReasonedAct):
    """Keep a ready tablet, and a SIM with its data, for the loan: all of it or nothing."""

    tablet_id: RowId
    sim_id: RowId | None = None
    due_on: date | None = Field(None, description="A day wanted; otherwise the cohort or the policy decides.")


class SwapIn(ReasonedAct):
    """Keep another ready tablet for somebody whose own is to come back. The reason says why it is."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"tablet_id": 14, "reason": "Its screen is cracked", "client_id": "swap-0001"}]}
    )

    tablet_id: RowId = Field(description="The tablet they get instead; ready, and held by nothing.")


class SwapDoneIn(DatedAct):
    """Both tablets were at the hub's counter, and the person left with the other one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"tablet_id": 12, "brought_id": 14, "handed_to": "participant", "sim_in_tray": False}]
        }
    )

    tablet_id: RowId = Field(description="The tablet that came back.")
    brought_id: RowId = Field(description="The tablet that stays with the person.")
    handed_to: HandedTo
    condition: Condition | None = Field(None, description="How the one that came back looks.")
    sim_in_tray: bool | None = Field(None, description="Whether the SIM is still in the one that came back.")
    kit_missing: str = Field("", max_length=200)


class ExtendIn(ReasonedAct):
    """Give the person longer. Without a day, the programme's extension is added."""

    due_on: date | None = None
    override_cap: bool = Field(False, description="Go beyond the programme's number of extensions.")


class HandOverIn(ReasonedAct):
    """The person has the tablet: at the hub, or at a door when a courier has it."""

    tablet_id: RowId
    handed_to: HandedTo
    agreement_accepted: bool


class StopIn(ReasonedAct):
    """All automatic contact stops at once."""

    why: StopReason


class TakenBackIn(ReasonedAct):
    """The person, or somebody for them, brought the tablet to the hub."""

    condition: Condition | None = None
    sim_in_tray: bool | None = None
    kit_missing: str = Field("", max_length=200)


class InspectIn(ReasonedAct):
    """A technician has looked the tablet over and wiped it down."""

    condition: Condition
    cleaned: bool
    sim_in_tray: bool | None = None
    sim_seen: str = Field("", max_length=40, description="The digits on the card in the tray, at least its last four.")
    stray_bagged: bool = Field(False, description="The card is not ours and lies in a sealed bag.")
    kit_missing: str = Field("", max_length=200)


class ReturnOut(BaseModel):
    """A tablet on its way back, and the loan it came from."""

    tablet_id: int
    stage: str
    loan_id: int | None
    loan_state: LoanState | None
