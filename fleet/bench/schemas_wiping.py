"""What the API says of the ways to wipe a tablet, and of what was agreed about its account."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from fleet.bench.rules import GivenBy, ToldBy
from fleet.bench.schemas import BlockerOut


class WayOut(BaseModel):
    """One way to wipe a tablet, open to it or not."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(examples=["settings_reset"])
    title: str
    offered: bool
    why: str
    clears_reset_protection: bool
    needs_hands: bool
    first_stage: bool = Field(description="It erases, but a reset from Settings has to follow.")


class WaysOut(BaseModel):
    """What the tablet in a slot offers: the best way first."""

    slot_id: int
    tablet_id: int | None
    ways: list[WayOut]
    blockers: list[BlockerOut]
    problem: str = Field(description="Why the tablet could not be asked; empty when it was.")


class ConsentIn(BaseModel):
    """Somebody agreed that the Google account on a tablet goes with a guided reset. Name no account and no person."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"given_by": "giver", "told_by": "phone", "given_on": "2026-05-30"}]}
    )

    given_by: GivenBy
    told_by: ToldBy
    given_on: date


class ConsentOut(BaseModel):
    """An agreement as it was recorded."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    tablet_id: int
    given_by: GivenBy
    told_by: ToldBy
    given_on: date
    recorded_by: str
    recorded_as: str
    recorded_at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None


class ConsentsOut(BaseModel):
    """Every agreement of a tablet, newest first, and which of them counts."""

    standing: ConsentOut | None
    items: list[ConsentOut]
