"""What the API says of the forecast, and asks and says of the days on which the hub is closed."""

from __future__ import annotations

from datetime import date, datetime, time

from pydantic import BaseModel, ConfigDict, Field

from fleet.cohorts.calendar import Hours, SpecialDays
from fleet.cohorts.schemas import CohortChange, CohortDetail
from fleet.http.acts import Act
from fleet.planning.rules.forecast import Forecast, Reason
from fleet.planning.words import REASON_WORDS, outlook

CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
"""The hub's own clock, which has no zone to be written down: JSON's "time" would ask for one."""


class WhyOut(BaseModel):
    """Tablets that will not be ready in time, and why."""

    reason: Reason
    words: str
    count: int


class PointOut(BaseModel):
    """How many tablets stand ready for this cohort on a day."""

    day: date
    ready: int


class ForecastOut(BaseModel):
    """One cohort's outlook."""

    cohort_id: int
    name: str
    programme: str
    starts_on: date
    places: int
    have_theirs: int = Field(description="Places whose people have a tablet, or one that is kept for them.")
    need: int = Field(description="Places for which a tablet is still to be found.")
    ready: int = Field(description="Tablets that will be there for them on the first day.")
    short: int
    outlook: str
    reasons: list[WhyOut]
    points: list[PointOut]


class ForecastList(BaseModel):
    """The cohorts that begin today or later, soonest first."""

    items: list[ForecastOut]


def forecast_out(forecast: Forecast) -> ForecastOut:
    wanted = forecast.wanted
    return ForecastOut(
        cohort_id=wanted.cohort_id,
        name=wanted.name,
        programme=wanted.programme,
        starts_on=wanted.starts_on,
        places=wanted.places,
        have_theirs=wanted.have_theirs,
        need=wanted.need,
        ready=forecast.ready,
        short=forecast.short,
        outlook=outlook(forecast),
        reasons=[
            WhyOut(reason=each.reason, words=REASON_WORDS[each.reason], count=each.count) for each in forecast.reasons
        ],
        points=[PointOut(day=point.day, ready=point.ready) for point in forecast.points],
    )


class DaysIn(BaseModel):
    """Days on which the hub keeps other hours than its week."""

    first_on: date
    last_on: date
    name: str = Field("", max_length=120, examples=["Staff training"])
    opens: bool = Field(False, description="Open, though the hub would be closed.")
    yearly: bool = Field(False, description="They come again every year.")

    def days(self) -> SpecialDays:
        return SpecialDays(self.first_on, self.last_on, self.name, self.opens, self.yearly)


class ClosureAsked(DaysIn):
    """Days to look at before they are written down."""

    per_day: int | None = Field(None, ge=1, le=1_000, description="The most loans a day that you want; else evenly.")


class ClosureIn(ClosureAsked, Act):
    """Days to write down. The same `client_id` twice adds nothing and gets the same answer."""

    digest: str = Field("", max_length=64, description="Of the preview: what moves is exactly what it showed.")


class MoveOut(BaseModel):
    """One loan's due date, before and after."""

    model_config = ConfigDict(from_attributes=True)

    loan_id: int
    before: date
    after: date


class PreviewOut(BaseModel):
    """What would move. Nothing was written."""

    moves: list[MoveOut]
    digest: str


class CohortMovesOut(PreviewOut):
    """What another last day of a cohort comes to. Nothing was written."""

    due_before: date
    due_after: date
    passed: bool = Field(description="Whether the day on which they would be due has gone, so that none moves.")
    own_day: int = Field(description="Loans that are due on a day of their own, which stays.")
    to_come: int = Field(description="Loans not handed over yet: they are due with the cohort's end by themselves.")
    taken: int = Field(description="Places that people have.")


class CohortChangeIn(CohortChange):
    """A cohort as it is to be, and whether its loans follow."""

    digest: str | None = Field(
        None, max_length=64, description="Of the preview: its loans get the new day. Left out, promised days stay."
    )


class CohortChanged(CohortDetail):
    """The cohort as it is now."""

    loans_moved: int = Field(description="Loans that have another due date now.")


class StrandedIn(BaseModel):
    """Loans that are due on closed days are to move as the preview showed."""

    digest: str = Field("", max_length=64)
    per_day: int | None = Field(None, ge=1, le=1_000)


class MovedOut(BaseModel):
    """How many loans were given another due date."""

    moved: int


class ClosureOut(BaseModel):
    """Days on which the hub keeps other hours than its week."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    first_on: date
    last_on: date
    name: str
    opens: bool
    yearly: bool
    loans_moved: int
    added_by: str
    added_at: datetime
    withdrawn_at: datetime | None


class ClosureList(BaseModel):
    """One page of closures."""

    items: list[ClosureOut]
    total: int
    page: int
    page_count: int


class HoursIn(BaseModel):
    """When the hub is open on one weekday; Monday is 0."""

    weekday: int = Field(ge=0, le=6)
    opens_at: str = Field(pattern=CLOCK, examples=["09:00"])
    closes_at: str = Field(pattern=CLOCK, examples=["17:00"])

    def hours(self) -> Hours:
        return Hours(self.weekday, time.fromisoformat(self.opens_at), time.fromisoformat(self.closes_at))


class WeekIn(BaseModel):
    """The hub's whole week: days that are left out are closed."""

    hours: list[HoursIn] = Field(min_length=1, max_length=7)


class WeekOut(BaseModel):
    """The hub's week, and its nation, whose bank holidays it keeps."""

    nation: str
    hours: list[HoursIn]
    stranded: int = Field(description="Loans due on a day when the hub is closed; POST /closures/stranded moves them.")
