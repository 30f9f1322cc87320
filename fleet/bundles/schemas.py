"""What the API and the forms ask and say of SIMs and data bundles. Money is in pence."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from fleet.bundles.rules import SimMove, SimState
from fleet.http.ids import RowId


class SimIn(BaseModel):
    """A SIM card to take into stock."""

    iccid: str = Field(
        "", max_length=40, description="The 19 or 20 digits on the card.", examples=["8944100000000000000"]
    )
    network: str = Field("", max_length=40, examples=["Sample Mobile"])


class BundleIn(BaseModel):
    """Data bought for a SIM. Its end follows from the day it is switched on."""

    gb_per_month: int = Field(ge=1, le=1000)
    months: int = Field(ge=1, le=36)
    cost_pence: int = Field(ge=0, le=1_000_000)
    funder_id: RowId | None = None
    for_one_person: bool = Field(False, description="A grant that may not pass to the next person.")


def pence_of(typed: object) -> object:
    """Pounds as people type them (12, 12.5, £12.50) in pence. What cannot be read stays as it is, to be refused."""
    found = re.fullmatch(r"£?\s*(\d{1,5})(?:\.(\d{1,2}))?", str(typed).strip())
    if found is None:
        raise ValueError("Enter the cost in pounds, such as 12 or 12.50.")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


class BundleForm(BaseModel):
    """The same, from a form: the cost is typed in pounds."""

    gb_per_month: int = Field(ge=1, le=1000)
    months: int = Field(ge=1, le=36)
    cost: Annotated[int, BeforeValidator(pence_of)]
    funder_id: RowId | None = None
    for_one_person: bool = False


class BundleOut(BaseModel):
    """The data a SIM carries."""

    model_config = ConfigDict(from_attributes=True)

    gb_per_month: int
    months: int
    cost_pence: int
    funder_id: int | None
    for_one_person: bool
    activated_on: date | None
    ends_on: date | None
    suspended_on: date | None


class SimOut(BaseModel):
    """A SIM card and its data."""

    id: int
    iccid: str
    network: str
    state: SimState
    bundle: BundleOut | None
    warnings: list[str] = Field(default_factory=list, description="Such as a check digit that does not fit.")


class SimList(BaseModel):
    """One page of SIMs."""

    items: list[SimOut]
    total: int
    page: int
    page_count: int


class SimMoveIn(BaseModel):
    """Ask for a move of the SIM's table. What follows from a loan is refused here."""

    move: SimMove
    reason: str = Field("", max_length=500)
