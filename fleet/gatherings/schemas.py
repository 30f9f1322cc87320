"""What the API says and takes of gatherings. A link is said only to those who may use it."""

from __future__ import annotations

from datetime import datetime, time

from pydantic import BaseModel, ConfigDict, Field, field_validator

from fleet.gatherings.models import Gathering
from fleet.gatherings.rules import LONGEST_MINUTES, Entry, GatheringMove, GatheringState, Platform, Theme
from fleet.http.acts import DatedAct, ReasonedAct
from fleet.http.ids import RowId


class GatheringIn(BaseModel):
    """An entry of the catalogue. `link` is never said in a refusal, a log or an event."""

    model_config = ConfigDict(hide_input_in_errors=True)

    host_id: RowId = Field(description="The organisation that holds it. A partner's own in any case.")
    title: str = Field(min_length=1, max_length=60, examples=["Music morning"])
    theme: Theme
    weekday: int = Field(ge=0, le=6, description="0 is Monday.")
    starts_at: time = Field(description="Local time of the hub.", examples=["10:30:00"])
    minutes: int = Field(ge=1, le=LONGEST_MINUTES)
    platform: Platform
    link: str = Field(min_length=1, max_length=1000, examples=["https://meet.example.org/MusicMorning"])
    language: str = Field("en", max_length=16)
    bsl: bool = Field(False, description="With British Sign Language.")
    captions: bool = False

    @field_validator("starts_at")
    @classmethod
    def _is_a_local_time(cls, value: time) -> time:
        if value.tzinfo is not None:
            raise ValueError("Enter a time of day, such as 10:30, without a time zone.")
        return value.replace(second=0, microsecond=0)

    def entry(self) -> Entry:
        return Entry(**self.model_dump())


class GatheringAsked(GatheringIn, DatedAct):
    """An entry to add. The same `client_id` twice adds one."""

    def entry(self) -> Entry:
        return Entry(**self.model_dump(exclude=set(DatedAct.model_fields)))


class GatheringMoveIn(ReasonedAct):
    """Approve, decline, end or bring back."""

    move: GatheringMove


class GatheringOut(BaseModel):
    """An entry as it stands. `link` is null for those who may not join by it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    host_id: int
    title: str
    theme: Theme
    weekday: int
    starts_at: time
    minutes: int
    language: str
    bsl: bool
    captions: bool
    platform: Platform
    link: str | None
    state: GatheringState
    revision: int = Field(description="Goes up with every change that a tile shows.")
    changed_at: datetime

    @classmethod
    def of(cls, gathering: Gathering, *, with_link: bool) -> GatheringOut:
        out = cls.model_validate(gathering)
        return out if with_link else out.model_copy(update={"link": None})


class GatheringList(BaseModel):
    """One page of gatherings."""

    items: list[GatheringOut]
    total: int
    page: int
    page_count: int


class GatheringEventOut(BaseModel):
    """Something done to an entry."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: str
    words: str
    reason: str
    state: GatheringState
    revision: int
    actor_name: str
    role: str
    at: datetime
    client_at: datetime | None
    source: str
