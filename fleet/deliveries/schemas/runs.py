"""Runs and their jobs, as planners ask for and see them."""

from __future__ import annotations

from datetime import date, datetime, time

from pydantic import BaseModel, ConfigDict, Field, field_validator

from fleet.deliveries.rules import (
    FailReason,
    JobEnd,
    JobKind,
    JobState,
    RunState,
    Vehicle,
)
from fleet.http.ids import RowId


class JobOut(BaseModel):
    """A job as planners see it. Whom it is for is behind `loan_id`; a way home from another hub is for nobody."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    run_id: int
    sequence: int
    kind: JobKind
    loan_id: int | None
    from_hub_id: int | None = Field(description="Of a way home, the other hub where the tablet is loaded.")
    to_hub_id: int | None = Field(description="Of a way home, the tablet's own hub, where it is scanned in.")
    tablet_id: int = Field(description="The tablet it is about; of a swap the one that comes back.")
    brings_id: int | None = Field(description="The tablet that goes out to a swap.")
    state: JobState
    ended: JobEnd | None
    window_from: datetime
    window_to: datetime
    attempts: int
    fail_reason: FailReason | None
    done_at: datetime | None


class RunOut(BaseModel):
    """A run."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    day: date
    courier_id: int | None
    organisation_id: int | None
    vehicle: Vehicle
    state: RunState
    accepted_at: datetime | None
    done_at: datetime | None


class RunWithJobs(RunOut):
    """A run and its jobs in their order."""

    jobs: list[JobOut] = Field(default_factory=list)


class RunList(BaseModel):
    """One page of runs."""

    items: list[RunOut]
    total: int
    page: int
    page_count: int


class RunIn(BaseModel):
    """Plan a run; with a courier it is offered to them."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"day": "2026-06-12", "vehicle": "bike", "courier_id": 7}]}
    )

    day: date
    vehicle: Vehicle = Vehicle.CAR
    courier_id: RowId | None = None


class WindowIn(BaseModel):
    """When the courier comes, in the hub's own time."""

    window_from: time = Field(examples=["10:30"])
    window_to: time = Field(examples=["11:00"])

    @field_validator("window_from", "window_to")
    @classmethod
    def without_zone(cls, told: time) -> time:
        return told.replace(tzinfo=None, second=0, microsecond=0)


class JobIn(WindowIn):
    """Put a loan's delivery, collection or swap on a run: which of them, its state says."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"loan_id": 12, "window_from": "10:30", "window_to": "11:00"}]}
    )

    loan_id: RowId


class MoveJobIn(WindowIn):
    """Put a job on another run."""

    run_id: RowId


class AssignIn(BaseModel):
    """Offer a run to a courier, or hand it to another one."""

    courier_id: RowId
