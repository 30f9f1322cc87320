"""Facts as they were told, for planners, and how one that does not fit is settled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from fleet.deliveries.rules import Action, Choice
from fleet.deliveries.schemas.telling import ScanAnswer


class ScanOut(ScanAnswer):
    """A fact as it was told, with its answer; for planners."""

    number: int = Field(validation_alias="row_id")
    code: str
    action: Action
    occurred_at: datetime
    effective_at: datetime
    received_at: datetime
    sequence: int
    run_id: int | None
    job_id: int | None
    tablet_id: int | None
    courier_name: str
    details: dict[str, Any]
    settled_at: datetime | None
    settle_reason: str


class ScanList(BaseModel):
    """One page of facts."""

    items: list[ScanOut]
    total: int
    page: int
    page_count: int


class SettleIn(BaseModel):
    """How a fact that does not fit is settled."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"choice": "count", "reason": "The borrower says that it was handed over."}]}
    )

    choice: Choice = Field(
        Choice.LEAVE, description="`count` it after all, where the machines allow it, or `leave` the books as they are."
    )
    reason: str = Field(min_length=1, max_length=500)
