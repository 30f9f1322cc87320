"""What the API and the forms ask and say of requests, sheets of people and the waiting list."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from fleet.http.acts import Act
from fleet.http.ids import RowId
from fleet.loans.rules import Barrier, LoanKind, SafeAtHome
from fleet.people.schemas import PersonIn


class AskIn(BaseModel):
    """What is asked for, apart from the person."""

    programme_id: RowId
    cohort_id: RowId | None = None
    safe_at_home: SafeAtHome | None = Field(None, description="Nothing is lent before this was asked.")
    barriers: list[Barrier] = Field(default_factory=list)
    data_alone: bool = Field(False, description="A SIM or a MiFi for a device of their own, without a tablet.")

    @property
    def kind(self) -> LoanKind:
        return LoanKind.DATA if self.data_alone else LoanKind.TABLET


class RequestIn(AskIn, Act):
    """A request for a tablet: for somebody on record, or with the person in it."""

    person_id: RowId | None = None
    person: PersonIn | None = Field(None, description="The person, when they are not on record yet.")


class RequestOut(BaseModel):
    """A request as whoever made it may see it: one line."""

    id: int
    status: str = Field(description="One line in plain words.", examples=["On its way."])
    requested_at: datetime
    warnings: list[str] = Field(default_factory=list, description="Such as a doubtful postcode.")


class RequestList(BaseModel):
    """One page of requests."""

    items: list[RequestOut]
    total: int
    page: int
    page_count: int


class SheetIn(BaseModel):
    """People to ask for, as the text of a CSV file. See `/requests/sheet` for its columns."""

    csv: str = Field(max_length=1_000_000)
    keep: bool = Field(False, description="Ask for everybody, or for nobody while a row has a problem.")
    somebody_else: list[int] = Field(
        default_factory=list, description="Rows that look like somebody asked for already, and are somebody else."
    )
    same_person: list[int] = Field(
        default_factory=list, description="Rows that are the person they look like: a request on the record there is."
    )


class SheetRowOut(BaseModel):
    """One row as it would be kept."""

    row: int = Field(description="As a spreadsheet counts: the first person is in row 2.")
    problems: list[str]
    same_as: str = Field(description="Whom it looks like; left out unless named in one of the two lists.")


class SheetOut(BaseModel):
    """A sheet as it was looked at, and the requests that were made of it."""

    rows: list[SheetRowOut]
    may_be_kept: bool
    request_ids: list[int]


class PlaceOut(BaseModel):
    """Where a request stands on the waiting list, and why it is not sooner."""

    id: int
    place: int = Field(description="1 is the next in turn.")
    of: int
    requested_at: datetime
    why: list[str] = Field(description="Who comes before, a sentence for each line of the order.")
    order: list[str] = Field(description="The order for everybody; an earlier line counts for more.")


class WaitingList(BaseModel):
    """One page of the waiting list; a referrer's people, each in their place among all."""

    items: list[PlaceOut]
    total: int
    page: int
    page_count: int
