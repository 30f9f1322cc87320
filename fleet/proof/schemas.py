"""What the API says of gifts and of a tablet's life. No person is in any of it."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from fleet.proof.rules import Fate, HowItEnded
from fleet.proof.service import Life, Statement


class GiftOut(BaseModel):
    """What became of one tablet."""

    model_config = ConfigDict(from_attributes=True)

    tablet_id: int
    serial: str
    kind: str
    fate: Fate
    words: str
    wiped_on: date | None
    certificate: str = Field(description="The number of its last wipe's certificate; empty where there is none.")
    left: str = Field(description="How it left for recycling; empty where it did not.")


class StatementOut(BaseModel):
    """What became of a giver's tablets. `by_fate` adds up to `given`; what is still to come stands apart."""

    donor_id: int
    giver: str
    batch_id: int | None
    as_of: date
    sentence: str
    given: int
    by_fate: dict[Fate, int]
    still_to_come: int
    items: list[GiftOut]
    total: int
    page: int
    page_count: int

    @classmethod
    def of(cls, found: Statement, items: list[GiftOut], *, total: int, page: int, page_count: int) -> StatementOut:
        return cls(
            donor_id=found.giver.id,
            giver=found.giver.name,
            batch_id=found.batch.id if found.batch else None,
            as_of=found.as_of,
            sentence=found.numbers.sentence,
            given=found.numbers.given,
            by_fate=dict(found.numbers.by_fate),
            still_to_come=found.numbers.still_to_come,
            items=items,
            total=total,
            page=page,
            page_count=page_count,
        )


class LoanedOut(BaseModel):
    """One loan of the tablet, by its place in the row of them."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    kind: str = Field(description="What was lent and to what kind of borrower, in words.")
    began: str
    ended: str
    how: HowItEnded
    days: int | None
    condition: str = Field(description="How it came back, in a word; empty where nobody said.")


class MendedOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    began: str
    ended: str


class WipedOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    on: str
    certificate: str


class LifeOut(BaseModel):
    """What a tablet has been through: days for the hub, months for a giver or an evaluator; never whom it was with."""

    model_config = ConfigDict(from_attributes=True)

    tablet_id: int
    kind: str
    serial: str = Field(description="Empty for an evaluator.")
    stands: str
    sentence: str
    loans: list[LoanedOut]
    repairs: list[MendedOut]
    wipes: list[WipedOut]
    days_lent: int

    @classmethod
    def told(cls, life: Life) -> LifeOut:
        return cls.model_validate(life)
