"""What the API says and takes about a restored copy of the database: whether messages leave, and who lets them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from fleet.chasing.rules import WhyOff
from fleet.chasing.service import LookedBack, SendingState
from fleet.chasing.words import WHY_OFF_WORDS
from fleet.http.ids import RowId
from fleet.people.rules import Channel

_SEEN = "Names this state. Say it again to `/chasing/this-is-ours`: of another state nothing is decided."


class SendingOut(BaseModel):
    """Whether messages leave from this database."""

    leaves: bool
    why_off: WhyOff | None = Field(description="Null while messages leave.")
    why: str = Field(description="The same in a sentence; empty while messages leave.")
    off_since: datetime | None = Field(description="When a worker first found it so; null before one has looked.")
    last_message_at: datetime | None = Field(description="What happened after it is not in this database.")
    counts_since: datetime | None = Field(description="When it was last said that this database counts.")
    counts_by: str = Field(description="Who said so.")
    seen: str = Field(description=_SEEN)

    @classmethod
    def of(cls, state: SendingState) -> SendingOut:
        return cls(
            leaves=state.why_off is None,
            why_off=state.why_off,
            why=WHY_OFF_WORDS[state.why_off] if state.why_off is not None else "",
            off_since=state.off_since,
            last_message_at=state.last_message_at,
            counts_since=state.counts_since,
            counts_by=state.counts_by,
            seen=state.seen,
        )


class DoubtOut(BaseModel):
    """A step that may have left before the restore."""

    model_config = ConfigDict(from_attributes=True)

    loan_id: int
    person_id: int
    due_on: date
    step: str
    channel: Channel


class RestoredOut(BaseModel):
    """What left since the backup as far as anybody can say, and one page of what may have."""

    sending: SendingOut
    since: date | None = Field(description="From this day on nothing is in this database. Null where it counts.")
    is_whole: bool = Field(description="Whether all that left since then was written down here.")
    left: int = Field(description="Messages that left, and will stand in the ledger again.")
    did_not_leave: int = Field(description="Steps that are due, did not leave, and go their usual way.")
    may_have_left: list[DoubtOut] = Field(description="Passed over, unless they are named in `send`.")
    total: int = Field(description="How many may have left.")
    page: int
    page_count: int


class ThisIsOursIn(BaseModel):
    """Somebody says that this database counts from here on, and no other."""

    seen: str = Field(min_length=32, max_length=32, description="As `/chasing/restored` told it.")
    no_other_copy_in_use: Literal[True] = Field(description="You made sure of it.")
    since: date | None = Field(None, description="When the backup was made, where that is known better.")
    send: list[RowId] = Field([], max_length=20_000, description="Loans whose step leaves all the same.")
    send_all: bool = Field(False, description="All that may have left leaves, also what left before.")


class ThisIsOursOut(BaseModel):
    """What became of the messages of the time between."""

    changed: bool = Field(description="False where this database counted already; nothing was done.")
    put_back: int
    may_have_left: int = Field(description="How many may have left; they are passed over unless they were to be sent.")
    sending: SendingOut

    @classmethod
    def of(cls, found: LookedBack | None, state: SendingState) -> ThisIsOursOut:
        return cls(
            changed=found is not None,
            put_back=len(found.left) + len(found.begun_and_left) if found is not None else 0,
            may_have_left=len(found.doubtful) if found is not None else 0,
            sending=SendingOut.of(state),
        )
