"""What the API says of a tablet. Nothing here is about a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from fleet.http.acts import ReasonedAct
from fleet.tablets.rules import Custody, DataState, Grade, HoldKind, Move, Stage


class TabletOut(BaseModel):
    """A tablet's four facts and what is known of it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    hub_id: int = Field(description="The hub it belongs to.")
    guest_hub_id: int | None = Field(description="Another hub where it lies, on its way home; else nothing.")
    serial: str
    manufacturer: str
    model: str
    os_release: int | None
    stage: Stage
    data: DataState
    custody: Custody
    holds: list[HoldKind] = Field(default_factory=list)
    grade: Grade | None
    profile: str
    certificate_at: datetime | None
    verified_at: datetime | None
    label_code: str = Field(description="The code on its label, without the dash; empty while it has none.")
    label_confirmed_at: datetime | None
    battery_percent: int | None
    is_virtual: bool
    tiles_out_of_date: bool = Field(False, description="A gathering on its tiles was changed or has ended since.")


class TabletList(BaseModel):
    """One page of tablets."""

    items: list[TabletOut]
    total: int
    page: int
    page_count: int


class EventOut(BaseModel):
    """Something that happened to a tablet."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: str
    words: str
    reason: str
    stage: Stage
    data: DataState
    custody: Custody
    actor_name: str
    role: str
    at: datetime
    client_at: datetime | None
    source: str
    details: dict[str, Any]


class MoveIn(ReasonedAct):
    """Ask for a move of the table. The same `client_id` twice changes nothing and gets the same answer."""

    move: Move


class HoldIn(BaseModel):
    """Hold a tablet: a safety hold may be placed from any stage, by anyone who handles tablets."""

    kind: HoldKind
    reason: str = Field(min_length=1, max_length=500)


class KitIn(BaseModel):
    """The kit was looked through: charger, cable, case, guide."""

    missing: str = Field("", max_length=150, description="What is not there; empty when the kit is complete.")


class WaiverIn(BaseModel):
    """A coordinator's decision about one tablet, with its reason."""

    reason: str = Field(min_length=1, max_length=500)


class LiftIn(BaseModel):
    """Lift a hold, saying how it was settled."""

    reason: str = Field(min_length=1, max_length=500)


class HoldOut(BaseModel):
    """Why a tablet is or was held."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tablet_id: int
    kind: HoldKind
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    lift_reason: str | None


class HoldList(BaseModel):
    """One page of holds."""

    items: list[HoldOut]
    total: int
    page: int
    page_count: int
