"""What programs send and get of files that come in."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from fleet.sheets.models import FileComing
from fleet.sheets.rules import MOST_BYTES, Looked
from fleet.sheets.rules.coming import MOST_AT_ONCE, ComingState, Progress


class FileIn(BaseModel):
    """A file as text. Without `keep` it is only looked at; with it all of it is kept, or nothing of it (422)."""

    model_config = ConfigDict(hide_input_in_errors=True)

    csv: str = Field(max_length=MOST_BYTES)
    keep: bool = False


class RowOut(BaseModel):
    """One row: its number as a spreadsheet shows it, what it would bring, what is wrong with it, and what is odd about
    one that may be kept."""

    row: int
    what: str
    problems: list[str]
    doubts: list[str]

    @classmethod
    def all_of(cls, looked: Looked) -> list[RowOut]:
        return [
            cls(row=each.number, what=each.what, problems=list(each.problems), doubts=list(each.doubts))
            for each in looked.rows
        ]


class FileOut(BaseModel):
    """What a file would bring, or brought."""

    rows: list[RowOut]
    passed_over: list[str] = Field(description="Columns that are not kept, and how many rows say that they stay out.")
    problem: str = Field(description="Why nothing could be read; empty when it could.")
    may_be_kept: bool
    kept: int

    @classmethod
    def of(cls, looked: Looked, kept: int) -> FileOut:
        return cls(
            rows=RowOut.all_of(looked),
            passed_over=list(looked.passed_over),
            problem=looked.problem,
            may_be_kept=looked.may_be_kept,
            kept=kept,
        )


class FileComingOut(BaseModel):
    """A long file that a worker checks, and keeps. It ends as `kept`, `refused` or `stopped`."""

    id: int
    kind: str
    state: ComingState = Field(
        description="checking, checked (it may be kept, and waits a day for that word), keeping, kept, refused, stopped"
    )
    href: str = Field(description="Where to ask how it stands; once a second is often enough.")
    doing: str = Field(description="What is being done with its rows.")
    done: int = Field(description="How many rows of it that has reached.")
    of: int
    kept: int
    why: str = Field(description="Why it was refused, stopped or given up, in a sentence.")
    sent_at: datetime
    found: FileOut | None = Field(
        default=None, description="What was found in each row, for a day: of a file that was checked or refused."
    )

    @classmethod
    def told(
        cls, file: FileComing, progress: Progress, href: str, *, why: str = "", looked: Looked | None = None
    ) -> FileComingOut:
        return cls(
            id=file.id,
            kind=file.kind,
            state=file.state,
            href=href,
            doing=progress.doing,
            done=progress.done,
            of=progress.of or file.rows,
            kept=file.kept,
            why=why or file.why,
            sent_at=file.at,
            found=FileOut.of(looked, 0) if looked is not None else None,
        )


LONG = f"A file of more than {MOST_AT_ONCE} rows is answered with 202, and a worker goes on with it: ask at `href`."
