"""A courier's day as they may see it."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from fleet.deliveries.rules import (
    JobEnd,
    JobKind,
    JobState,
    RunState,
    Vehicle,
)


class PlaceOut(BaseModel):
    """One of our own hubs."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    address: list[str]
    help_phone: str


class StopOut(BaseModel):
    """A stop, as its courier may see it: address, note, flags and word are empty outside their time."""

    model_config = ConfigDict(from_attributes=True)

    job: int = Field(validation_alias="job_id")
    sequence: int
    kind: JobKind
    state: JobState
    ended: JobEnd | None
    first_name: str
    window_from: datetime
    window_to: datetime
    area: str = Field(description="First half of the postcode.")
    address: list[str]
    access_note: str
    flags: list[str] = Field(description="What to mind at the door.")
    phrase: str = Field(description="The agreed word.")
    code: str = Field(
        description="The label of the tablet that belongs to this stop; of a swap the one that comes back."
    )
    brings_code: str = Field(description="The label of the tablet that goes out to a swap; empty at any other stop.")
    called_off: bool = Field(description="Nobody goes to that door any more; what is on board is brought back.")
    fetch_at: PlaceOut | None = Field(description="Of a way home, the other hub where the tablet is loaded.")
    bring_to: PlaceOut | None = Field(description="Of a way home, the tablet's own hub, where it is scanned in.")
    kit: list[str]
    attempts: int


class SeenRunOut(BaseModel):
    """A run, as its courier may see it."""

    model_config = ConfigDict(from_attributes=True)

    run: int = Field(validation_alias="run_id")
    day: date
    state: RunState
    vehicle: Vehicle
    left: int
    stops: list[StopOut]


class MyRun(BaseModel):
    """A courier's day."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    help_phone: str
    runs: list[SeenRunOut]
    offered: list[SeenRunOut] = Field(description="Runs asked of this courier and not yet accepted; without addresses.")
