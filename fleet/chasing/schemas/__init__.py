"""What the API says and takes about chasing. Loans and people are numbers here, never names."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from fleet.chasing.rules import Action, AnswerBy, CallOutcome, ChaseState, HoldReason, LanguageChoice
from fleet.chasing.service import Done, Planned
from fleet.http.acts import Act, ReasonedAct
from fleet.http.ids import RowId
from fleet.loans.rules import ClaimOutcome
from fleet.people.rules import Channel


class TickOut(BaseModel):
    """What one tick did."""

    model_config = ConfigDict(from_attributes=True)

    sent: int = Field(description="Messages that left.")
    to_print: int = Field(description="Letters that wait for somebody to print and post them.")
    failed: int = Field(description="Messages that did not leave; they are tried again, then given to a person.")
    tasks: int = Field(description="What a person was asked to do.")
    waiting: int = Field(description="What is due and must wait: a hold, quiet hours, one message a day.")
    withdrawn: int = Field(description="What was asked for and is no longer needed.")


class PlannedOut(BaseModel):
    """What would be done about one loan on a day, if nothing changes before it; or what was done, with its `state`."""

    loan_id: int
    person_id: int
    due_version: int
    due_on: date
    rung: str = Field(examples=["week_before"])
    step: str = Field(
        description="The step in words, by the programme's own ladder.", examples=["a week before it is due"]
    )
    again: bool = Field(description="Whether it is a message that did not leave before, and is tried again.")
    skipped: list[str] = Field(description="Lower rungs that are passed over.")
    action: Action
    channel: Channel
    language: str = Field(description="The language that a message would be in; empty for all else.", examples=["cy"])
    why: str = Field(description="Why it waits, or why a person does it.", examples=["they prefer a phone call"])
    state: ChaseState | None = Field(
        None, description="How what was done stands in the ledger; null for what is only planned."
    )

    @classmethod
    def of(cls, planned: Planned | Done) -> PlannedOut:
        """One line of a day."""
        if isinstance(planned, Done):
            return cls.of_done(planned)
        return cls(
            loan_id=planned.loan_id,
            person_id=planned.person_id,
            due_version=planned.due_version,
            due_on=planned.due_on,
            rung=planned.rung.key,
            step=planned.rung.words,
            again=planned.again,
            skipped=list(planned.skipped),
            action=planned.action,
            channel=planned.channel,
            why=planned.why,
            language=planned.language,
        )

    @classmethod
    def of_done(cls, done: Done) -> PlannedOut:
        """One line of what was done."""
        return cls(
            loan_id=done.loan_id,
            person_id=done.person_id,
            due_version=done.due_version,
            due_on=done.due_on,
            rung=done.rung,
            step=done.step,
            again=False,
            skipped=[],
            action=done.action,
            channel=done.channel,
            why=done.note,
            language=done.language,
            state=done.state,
        )


class DryRunOut(BaseModel):
    """One page of who gets what on a day; of a day gone by, of who got what."""

    on: date
    items: list[PlannedOut]
    total: int
    page: int
    page_count: int


class WhyOut(BaseModel):
    """Why somebody was, or was not, written to."""

    loan_id: int
    on: date
    sentence: str = Field(
        examples=["Not messaged on Thursday 4 June: in hospital until 12 June, hold set by a coordinator on 2 June."]
    )


class ChaseOut(BaseModel):
    """One entry of the ledger."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    loan_id: int
    person_id: int
    due_version: int
    due_on: date
    rung: str
    stage: int
    state: ChaseState
    channel: str
    language: str
    reference: str
    message_day: date | None
    note: str
    created_at: datetime
    changed_at: datetime


class ChaseList(BaseModel):
    """One page of the ledger."""

    items: list[ChaseOut]
    total: int
    page: int
    page_count: int


class HoldIn(Act):
    """Leave somebody in peace. The same `client_id` twice changes nothing and gets the same answer."""

    loan_id: RowId
    reason: HoldReason
    until: date = Field(description="The last day of the hold.", examples=["2026-06-12"])


class SearchEndIn(ReasonedAct):
    """How the search for a tablet ended that is said to be back: `with_them` or `withdrawn`. What was found or lost is
    written down as that."""

    outcome: ClaimOutcome


class SearchEndedOut(BaseModel):
    """How the search ended; all claims of a loan are at `/loans/NUMBER/claims`."""

    model_config = ConfigDict(from_attributes=True)

    loan_id: int
    outcome: ClaimOutcome
    settled_at: datetime
    settled_by: str


class HoldOut(BaseModel):
    """A reason not to chase."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    loan_id: int
    person_id: int
    reason: HoldReason
    until: date
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


class HoldList(BaseModel):
    """One page of holds."""

    items: list[HoldOut]
    total: int
    page: int
    page_count: int


class LanguageIn(Act):
    """How somebody hears from us whose language has only a draft of our messages, or none."""

    choice: LanguageChoice = Field(
        description="english, draft (our words that nobody has read), or call (a person rings)."
    )


class LanguageOut(BaseModel):
    """What was decided for a person, for the language that they read."""

    model_config = ConfigDict(from_attributes=True)

    person_id: int
    language: str
    choice: LanguageChoice
    set_by: str
    set_at: datetime


class ReplyIn(Act):
    """What somebody answered to a message. The same `client_id` twice changes nothing and gets the same answer."""

    person_id: RowId
    channel: AnswerBy = Field(description="The way it came.", examples=["text"])
    words: str = Field(min_length=1, max_length=2000, description="What they wrote or said.", examples=["2"])


class ReplyOut(BaseModel):
    """An answer. What it says stands on the loan's page and nowhere else."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    person_id: int
    channel: str
    received_at: datetime
    read_by: str | None
    read_at: datetime | None


class ReplyList(BaseModel):
    """One page of answers."""

    items: list[ReplyOut]
    total: int
    page: int
    page_count: int


class CallIn(Act):
    """How a call went. The same `client_id` twice changes nothing and gets the same answer."""

    outcome: CallOutcome
    gives_back_on: date | None = None
    """The day that they named, where they will give it back; of no matter with another outcome."""


class CallOut(BaseModel):
    """A call that was made."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    loan_id: int
    outcome: CallOutcome
    actor_name: str
    at: datetime


class MessageOut(BaseModel):
    """A message to a person: which rung it stood for, by what it went, and whether it left."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    loan_id: int
    person_id: int
    rung: str
    state: ChaseState
    channel: str
    language: str
    reference: str = Field(description="Our own id for it, by which the channel is asked whether it left.")
    message_day: date | None
    along_with: int | None = Field(description="The message that this one went in: people hear from us once a day.")
    note: str
    created_at: datetime
    changed_at: datetime


class MessageList(BaseModel):
    """One page of messages."""

    items: list[MessageOut]
    total: int
    page: int
    page_count: int
