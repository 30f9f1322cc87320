"""What the API asks and says of a loan's papers and of programmes' texts."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from fleet.http.acts import Act
from fleet.http.ids import RowId
from fleet.loans.rules import MissingLanguage


class WordsOut(BaseModel):
    """What somebody agrees to."""

    model_config = ConfigDict(from_attributes=True)

    language: str
    version: int
    reviewed: bool = Field(description="Whether a reader whose language it is has looked at it.")
    title: str
    lead: str
    terms: list[str]
    accept: str


class AgreementOut(WordsOut):
    """A loan's agreement. Once `frozen_at` is set, its words are what the person accepted."""

    source: str = Field(description="Whose text it is: a programme's, or Doorstep's own.")
    digest: str = Field(description="SHA-256 over the words.")
    made_at: datetime
    frozen_at: datetime | None


class PapersOut(BaseModel):
    """How a loan's papers stand."""

    language: str | None = Field(description="Null while somebody must answer for `missing_language`.")
    missing_language: str = Field(description="A language the person reads and papers lack; else empty.")
    answer: MissingLanguage | None
    reviewed: bool
    points: int
    doubts: list[str]
    agreement: AgreementOut | None


class AnswerIn(Act):
    """English, or waiting for the translation."""

    answer: MissingLanguage


class TextIn(BaseModel):
    """Another version of a programme's text. `$hub` and `$phone` in it are filled in."""

    programme_id: RowId
    language: str = Field(max_length=16)
    title: str = Field(min_length=1, max_length=120)
    lead: str = Field(min_length=1, max_length=1000)
    terms: list[str] = Field(min_length=1, max_length=40)
    accept: str = Field(min_length=1, max_length=1000)
    reviewed: bool = Field(False, description="Whether a reader whose language it is has looked at it.")


class TextOut(WordsOut):
    """One version of a programme's text."""

    id: int
    programme_id: int
    added_at: datetime
