"""What lies at another hub than its own, as planners ask for and see it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from fleet.deliveries.schemas.runs import JobOut, WindowIn
from fleet.http.ids import RowId


class HomewardOut(BaseModel):
    """A tablet that lies at another hub than its own."""

    tablet_id: int
    lies_at_hub_id: int
    home_hub_id: int
    since: datetime
    run_id: int | None = Field(description="The run that is to bring it home, once there is one.")


class HomewardList(BaseModel):
    """One page of them."""

    items: list[HomewardOut]
    total: int
    page: int
    page_count: int


class BringHomeIn(WindowIn):
    """Put tablets on a run that brings them home."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"tablet_ids": [31, 44], "window_from": "10:30", "window_to": "11:00"}]}
    )

    tablet_ids: list[RowId] = Field(min_length=1, max_length=100)


class JobsOut(BaseModel):
    """The stops that were made, in the order of their tablets' numbers."""

    jobs: list[JobOut]


class StayIn(BaseModel):
    """A tablet stays at the hub where it lies."""

    reason: str = Field(min_length=1, max_length=500, description="Why. It stands in the tablet's log.")


class KeptOut(BaseModel):
    """A tablet that another hub keeps."""

    tablet_id: int
    hub_id: int
    stage: str
