"""A programme's ladder and its words as programs see them: the steps, own words by language, and what a step writes."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from fleet.chasing.rules import MOVED, Acts, EasyRead, Ladder, OwnText, Rung
from fleet.chasing.service import Words
from fleet.people.rules import Channel

MOST_LETTERS = 4000
_BLANKS = "Filled in: `$first_name`, `$due_date`, `$hub`, `$ring_us`."

Subject = Annotated[str, Field(max_length=200)]
Body = Annotated[str, Field(max_length=MOST_LETTERS, description=_BLANKS)]
Easy = Annotated[str, Field(max_length=MOST_LETTERS, description="The same in easy read: one idea a line.")]


class StepIn(BaseModel):
    """One step. Its words are the programme's own, in English; without a body those that come with Doorstep go."""

    model_config = ConfigDict(from_attributes=True)

    key: str = Field(pattern="^[a-z0-9_]{1,40}$", examples=["due_day"])
    days: int = Field(description="Days after the due date; before it when negative.", examples=[-2])
    working_days: bool = False
    stage: int
    by: Acts = Field(description="`system` writes to the borrower; `chaser` and `coordinator` get a task.")
    channel: Channel | None = Field(None, description="The only way this step goes; null for the one they prefer.")
    words: str = Field(max_length=80, examples=["a week after it was due"])
    task: str = Field(max_length=300, description="What a person does, also where nobody can be written to.")
    though_return_arranged: bool = False
    subject: Subject = ""
    body: Body = ""
    easy: Easy = ""

    def rung(self) -> Rung:
        """As the rules take it; words in other languages are not part of it."""
        written = {name: getattr(self, name).replace("\r\n", "\n").strip() for name in ("subject", "body", "easy")}
        return Rung(**{**self.model_dump(include=set(StepIn.model_fields)), **written})


class OwnWordsIn(BaseModel):
    """A programme's own words for a step in another language than English. Without a body they are taken away."""

    subject: Subject = ""
    body: Body = ""
    read_by: str = Field(
        "", max_length=120, description="Who has read them whose language it is; empty while they are a draft."
    )
    easy: Easy = ""
    easy_read_by: str = Field("", max_length=120, description="The same for the easy read, which may be a draft alone.")

    def own_text(self, language: str) -> OwnText:
        """As the rules take it."""
        body, easy = (each.replace("\r\n", "\n").strip() for each in (self.body, self.easy))
        return OwnText(language, self.subject.strip(), body, self.read_by.strip(), easy, self.easy_read_by.strip())


class OwnWordsOut(BaseModel):
    """A programme's own words in one language."""

    model_config = ConfigDict(from_attributes=True)

    language: str
    subject: str
    body: str
    read_by: str
    easy: str
    easy_read_by: str


class StepOut(StepIn):
    """One step, with its words in other languages."""

    others: list[OwnWordsOut]


class LadderIn(BaseModel):
    """A whole ladder, in the order of its days."""

    grace_days: int = Field(description="The days of grace that the steps after the due date count on.")
    steps: list[StepIn] = Field(max_length=100)


class LadderOut(BaseModel):
    """The ladder that a programme follows."""

    programme_id: int
    grace_days: int
    steps: list[StepOut]
    always: list[StepOut] = Field(description="What every programme has before its own steps, and none can change.")

    @classmethod
    def of(cls, programme_id: int, ladder: Ladder) -> LadderOut:
        steps = [StepOut.model_validate(rung) for rung in ladder.rungs]
        always = [StepOut.model_validate(MOVED)]
        return cls(programme_id=programme_id, grace_days=ladder.grace_days, steps=steps, always=always)


class StepWordsOut(BaseModel):
    """What one step writes to a borrower, and how it reads."""

    step: str = Field(description="The step's key.", examples=["due_day"])
    language: str
    rtl: bool
    subject: str
    body: str
    is_own: bool = Field(description="Whether the words are the programme's own.")
    easy: EasyRead = Field(description="Where the easy read is from; `none` where these are the plain words.")
    text_messages: int = Field(description="How many text messages it takes.")
    reading_age: int | None = Field(description="Years, by Flesch and Kincaid's grade; null in other languages.")
    longest: int = Field(description="Words in the longest sentence, or in the longest line of easy read.")
    is_plain: bool = Field(description="Whether both are within what messages are held to.")
    doubt: str = Field(description="Why it does not leave like this; empty where it does.")

    @classmethod
    def of(cls, words: Words) -> StepWordsOut:
        written, measured = words.written, words.measured
        return cls(
            step=words.rung.key,
            language=written.language,
            rtl=written.rtl,
            subject=written.subject,
            body=written.body,
            is_own=written.is_own,
            easy=written.easy,
            text_messages=words.pieces.count,
            reading_age=measured.age,
            longest=measured.longest,
            is_plain=measured.is_plain,
            doubt=words.doubt,
        )


class PreviewOut(BaseModel):
    """What each step would write about one real loan; no loan, and no steps, while nobody borrows."""

    loan_id: int | None
    items: list[StepWordsOut]
