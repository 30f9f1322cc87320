"""What the API and the forms ask and say of programmes and cohorts."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from fleet.cohorts.rules import LoanPolicy
from fleet.http.ids import RowId


class PolicyIn(BaseModel):
    """A programme's stated policy."""

    taster_days: int = Field(28, ge=1, le=366, description="How long a loan lasts, in days.")
    taster_months: int | None = Field(None, ge=1, le=12, description="Calendar months instead of days.")
    max_extensions: int = Field(2, ge=0, le=12)
    extension_days: int = Field(28, ge=1, le=366)
    grace_days: int = Field(2, ge=0, le=28, description="Days after the due date before anybody is chased.")
    bundle_required: bool = Field(True, description="Tablets go out only with a data bundle.")
    open_loans_per_person: int = Field(1, ge=1, le=5)
    gifts_allowed: bool = Field(False, description="The funder lets tablets be given for good.")
    min_age: int = Field(0, ge=0, le=120, description="0 asks for none.")

    def policy(self) -> LoanPolicy:
        """As the rules read it."""
        return LoanPolicy(**{name: getattr(self, name) for name in PolicyIn.model_fields})


class ProgrammeIn(PolicyIn):
    """A funded scheme to set up."""

    name: str = Field("", max_length=120, examples=["Sample taster months"])
    funder_id: RowId | None = None


class ProgrammeForm(ProgrammeIn):
    """The same, from a form, where a box that is not ticked is not sent."""

    bundle_required: bool = False


class ProgrammeGatherings(BaseModel):
    """What a programme's tablets carry where a loan has no gatherings of its own, in the order of the tiles."""

    gathering_ids: list[RowId] = Field(default_factory=list, max_length=20)


class ProgrammeOut(BaseModel):
    """A programme and its policy."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    funder_id: int | None
    taster_days: int
    taster_months: int | None
    max_extensions: int
    extension_days: int
    grace_days: int
    bundle_required: bool
    open_loans_per_person: int
    gifts_allowed: bool
    min_age: int
    active: bool


class CohortIn(BaseModel):
    """A dated intake to set up."""

    programme_id: RowId
    name: str = Field("", max_length=120, examples=["Sample cohort, June"])
    starts_on: date
    ends_on: date
    places: int = Field(ge=1, le=10_000)


class CohortOut(BaseModel):
    """A dated intake."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    programme_id: int
    name: str
    starts_on: date
    ends_on: date
    places: int


class CohortList(BaseModel):
    """One page of cohorts."""

    items: list[CohortOut]
    total: int
    page: int
    page_count: int
