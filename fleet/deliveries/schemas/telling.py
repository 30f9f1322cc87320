"""What a courier's phone tells, and the answer to each fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator
from pydantic.config import JsonDict

from fleet.deliveries.facts import LONGEST_SIGNATURE, SIGNATURE, Details, Fact
from fleet.deliveries.rules import (
    Action,
    Answer,
    Face,
    FailReason,
    KitPart,
    Tick,
)
from fleet.deliveries.service import MOST_FACTS
from fleet.http.ids import RowId
from fleet.loans.rules import HandedTo
from fleet.loans.service import Condition

_HAND_OVER: JsonDict = {
    "id": "6f1c2a4e-0f0b-4a53-9a3f-5a0d3f6f7c11",
    "code": "K7F3-QX",
    "action": "hand_over",
    "occurred_at": "2026-06-12T10:41:07+01:00",
    "sequence": 4,
    "clock_offset_ms": -1200,
    "run": 3,
    "details": {
        "job": 12,
        "handed_to": "participant",
        "phrase_heard": True,
        "agreement_accepted": True,
        "ticks": ["turned_on", "charging", "knows_help_number"],
    },
}
_SWAP: JsonDict = {
    "id": "3a9c7d15-2b6e-4c08-8d41-9e2f5b7a6c14",
    "code": "B8D4-RW",
    "action": "swap",
    "occurred_at": "2026-06-12T10:55:00+01:00",
    "sequence": 5,
    "details": {
        "job": 14,
        "second_code": "K7F3-QX",
        "handed_to": "participant",
        "phrase_heard": True,
        "sim_in_tray": False,
        "condition": "damaged",
    },
}
_HAZARD: JsonDict = {
    "id": "1d5f0f3c-5a0e-4a39-9d3a-7b3f0e6f2a13",
    "code": "M2P9-TA",
    "action": "hazard",
    "occurred_at": "2026-06-12T11:31:00+01:00",
    "sequence": 6,
}
_COLLECT: JsonDict = {
    "id": "0b0e7f0a-7a5c-4f37-8f43-0f6c7f0e2d12",
    "code": "HTTPS://T.EXAMPLE/T/B8D4-RW",
    "action": "collect",
    "occurred_at": "2026-06-12T11:20:00+01:00",
    "sequence": 5,
    "details": {"job": 13, "condition": "good", "sim_in_tray": True, "kit_missing": ["cable"]},
}


class DetailsIn(BaseModel):
    """What was ticked. A closed list of answers: other fields are left out, so that no remark about anybody is kept."""

    job: RowId | None = Field(None, description="The stop that was open on the phone.")
    handed_to: HandedTo | None = Field(None, description="Who took it, as a kind. Needed for `hand_over`, `swap`.")
    phrase_heard: bool = Field(False, description="The agreed word was said. Needed for `hand_over`, `swap`.")
    agreement_accepted: bool = Field(False, description="They accept the agreement. Needed for `hand_over`.")
    ticks: list[Tick] = Field(default_factory=list, max_length=8, description="What was shown; the rest: not today.")
    reason: FailReason | None = Field(None, description="Why it could not be done. Needed for `failed`.")
    condition: Condition | None = Field(None, description="How the tablet looks, for `collect`, `swap` and `hand_in`.")
    sim_in_tray: bool | None = None
    kit_missing: list[KitPart] = Field(default_factory=list, max_length=8)
    face: Face | None = Field(None, description="How it was, if anybody wants to say.")
    place: RowId | None = Field(None, description="The partner at whose place it is left. Needed for `drop`.")
    second_code: str = Field(
        "",
        max_length=120,
        description="The label of the tablet that stays; `code` is the one that comes back. Needed for `swap`.",
        examples=["K7F3-QX"],
    )
    signature: str = Field(
        "",
        max_length=LONGEST_SIGNATURE,
        pattern=rf"^(?:{SIGNATURE.pattern})?$",
        description="Drawn on the glass instead of the tick for the agreement: strokes as an SVG path in 320 by 140.",
        examples=["M20 80L60 40L90 100M100 90L140 60"],
    )

    @field_validator("second_code")
    @classmethod
    def readable(cls, code: str) -> str:
        return "".join(letter if letter.isprintable() else "\ufffd" for letter in code)

    def details(self) -> Details:
        return Details(
            job=self.job,
            handed_to=self.handed_to,
            phrase_heard=self.phrase_heard,
            agreement_accepted=self.agreement_accepted,
            ticks=frozenset(self.ticks),
            reason=self.reason,
            condition=self.condition.value if self.condition else None,
            sim_in_tray=self.sim_in_tray,
            kit_missing=frozenset(self.kit_missing),
            face=self.face,
            place=self.place,
            second_code=self.second_code,
            signature=self.signature,
        )


class ScanIn(BaseModel):
    """One fact. The same `id` twice changes nothing and gets the same answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [_HAND_OVER, _COLLECT, _SWAP, _HAZARD]})

    id: UUID = Field(description="The phone's own id for this fact.")
    code: str = Field(
        max_length=400,
        description="As scanned or typed: a code, or the label's address. It may be empty for a `hazard` alone.",
        examples=["K7F3-QX"],
    )
    action: Action
    occurred_at: AwareDatetime = Field(description="When it happened, by the phone's clock, with its zone.")
    sequence: int = Field(ge=0, le=2**53, description="The phone's own count, one more for each fact.")
    clock_offset_ms: int = Field(
        0, ge=-4_000_000_000_000, le=4_000_000_000_000, description="By how much the phone's clock is ahead of ours."
    )
    run: RowId | None = Field(None, description="The run; without it, the courier's run of that day.")
    details: DetailsIn = Field(default_factory=DetailsIn)

    @field_validator("code")
    @classmethod
    def readable(cls, code: str) -> str:
        return "".join(letter if letter.isprintable() else "\ufffd" for letter in code)

    @model_validator(mode="after")
    def names_a_tablet(self) -> ScanIn:
        if not self.code.strip() and self.action is not Action.HAZARD:
            raise ValueError("Scan the label, or type its code.")
        return self

    @field_validator("occurred_at")
    @classmethod
    def within_a_millennium(cls, told: datetime) -> datetime:
        if not 1900 <= told.year <= 2999:
            raise ValueError("Give a year from 1900 to 2999.")
        return told

    def fact(self) -> Fact:
        return Fact(
            id=str(self.id),
            code=self.code,
            action=self.action,
            occurred_at=self.occurred_at,
            sequence=self.sequence,
            clock_offset_ms=self.clock_offset_ms,
            run=self.run,
            details=self.details.details(),
        )


class ScanBatch(BaseModel):
    """Several facts of one phone, in any order: they are applied in the order they happened."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"facts": [_HAND_OVER, _COLLECT]}]})

    facts: list[ScanIn] = Field(min_length=1, max_length=MOST_FACTS)

    @field_validator("facts", mode="before")
    @classmethod
    def not_too_many(cls, facts: Any) -> Any:
        if isinstance(facts, list) and len(facts) > MOST_FACTS:
            raise ValueError(
                f"This batch has {len(facts)} facts, and {MOST_FACTS} is the most at once. None of it was taken in: "
                "send it again in smaller parts."
            )
        return facts


def _shape(body: Any) -> str:
    return "batch" if isinstance(body, ScanBatch) or (isinstance(body, Mapping) and "facts" in body) else "one"


ScansIn = Annotated[
    Annotated[ScanIn, Tag("one")] | Annotated[ScanBatch, Tag("batch")],
    Discriminator(_shape),
]


class ScanAnswer(BaseModel):
    """What became of a fact.

    `applied`: it changed something. `already`: it was known. `refused`: the courier can put it right, as the sentence
    says. `conflict`: it is kept, and a coordinator looks at it.
    """

    model_config = ConfigDict(from_attributes=True)

    id: str
    answer: Answer
    reason: str = Field(description="A word for programs, empty when applied.", examples=["wrong_tablet"])
    sentence: str = Field(examples=["This is B8D4-RW, for someone else. Put it back and scan K7F3-QX."])
    replayed: bool = Field(description="Whether this id had been told before. Then nothing was changed.")
    clock_flagged: bool = Field(description="Whether the phone's clock could not be believed.")


class ScanAnswers(BaseModel):
    """One answer for each fact, in the order they were sent."""

    answers: list[ScanAnswer]
