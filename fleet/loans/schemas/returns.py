"""What the API asks and says of swaps and of what comes back."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from fleet.http.acts import DatedAct, ReasonedAct
from fleet.http.ids import RowId
from fleet.loans.rules import HandedTo, LoanState
from fleet.loans.schemas.loans import OVERRIDE_FIT
from fleet.loans.service import Condition


class SwapIn(ReasonedAct):
    """Keep another ready tablet for somebody whose own is to come back. The reason says why it is."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"tablet_id": 14, "reason": "Its screen is cracked", "client_id": "swap-0001"}]}
    )

    tablet_id: RowId = Field(description="The tablet they get instead; ready, and held by nothing.")
    override_fit: bool = Field(False, description=OVERRIDE_FIT)


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


class TakenBackIn(ReasonedAct):
    """The person, or somebody for them, brought the tablet to the hub. With `came_on` nobody saw it: it came through
    the letter-box on that day, and `reason` says how."""

    came_on: date | None = Field(None, description="The day on which it came, at most 31 days ago; it counts.")
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
    guest_hub_id: int | None = Field(description="Another hub where it lies, on its way home; else nothing.")
    loan_id: int | None
    loan_state: LoanState | None
