"""The queue of letters for programs: what waits for paper, printing, posting, and what is taken out."""

from __future__ import annotations

from datetime import date

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from fleet.chasing import service
from fleet.chasing.api import Chaser, LoanId
from fleet.chasing.queries import letters as kept
from fleet.chasing.rules import ChaseState
from fleet.chasing.schemas import MessageOut
from fleet.chasing.service import MOST_AT_ONCE, Letter
from fleet.clock import local_date
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.papers import PDF, pdf_response
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.people.service import viewed_all
from fleet.users.access import may
from fleet.users.rules import Permission

router = ApiRouter(tags=["chasing"])

_see = [Depends(may(Permission.CHASING_SEE))]


class LetterOut(MessageOut):
    """A letter: a message that somebody prints and posts."""

    refused: str = Field(description="Why it must not be posted any more; empty where it may be.")
    print_ref: str = Field(description="What letters that were printed together have in common; empty before.")
    posted_on: date | None

    @classmethod
    def of(cls, letter: Letter) -> LetterOut:
        """One letter as it stands."""
        row, told = letter.row, MessageOut.model_validate(letter.entry).model_dump()
        ref, posted_on = (row.print_ref, row.posted_on) if row is not None else ("", None)
        return cls(**told, refused=letter.refused, print_ref=ref, posted_on=posted_on)


class LetterList(BaseModel):
    """One page of letters."""

    items: list[LetterOut]
    total: int
    page: int
    page_count: int


class PrintIn(BaseModel):
    """Which letters to print."""

    letters: list[RowId] | None = Field(
        None, max_length=MOST_AT_ONCE, description="Their numbers; the longest waiting where left out."
    )


class PostedIn(BaseModel):
    """Which letters were posted, and when."""

    letters: list[RowId] = Field(min_length=1, max_length=MOST_AT_ONCE)
    on: date | None = Field(None, description="The day on which they were posted; today if left out.")
    gone_already: bool = Field(False, description="Say so although some must not be posted any more: they are gone.")


class KeptBackOut(BaseModel):
    """A letter that must not be posted, and why."""

    model_config = ConfigDict(from_attributes=True)

    letter_id: int
    loan_id: int
    why: str


class PrintedOut(BaseModel):
    """What is printed, under one name, and what is not."""

    model_config = ConfigDict(from_attributes=True)

    ref: str = Field(description="The name under which the letters are one PDF.")
    letters: list[int]
    kept_back: list[KeptBackOut]


class PostedOut(BaseModel):
    """What is posted, and what has to be pulled out of the stack."""

    model_config = ConfigDict(from_attributes=True)

    letters: list[int]
    pull_out: list[KeptBackOut]


class PulledOut(BaseModel):
    """How a letter stands once it is out of the queue."""

    state: ChaseState


@router.get("/letters", dependencies=_see, responses=responses())
def list_letters(session: ReadSession, settings: SettingsDep, clock: ClockDep, query: Listed) -> LetterList:
    """The queue, the longest waiting first. Filters: `show` (waiting, printed, posted), `loan`, `print`."""
    found = kept.find_letters(session, query)
    copied = service.is_copy(session, settings)
    items = [LetterOut.of(each) for each in service.letters_of(session, found.items, now=clock(), is_copy=copied)]
    return LetterList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.get("/letters/{letter_id}", dependencies=_see, responses=responses(404))
def see_letter(letter_id: RowId, session: ReadSession, settings: SettingsDep, clock: ClockDep) -> LetterOut:
    """One letter, and whether it may still be posted."""
    return LetterOut.of(service.letter_of(session, letter_id, now=clock(), settings=settings))


@router.get("/letters/{letter_id}/pdf", response_class=Response, responses=responses(404, 409) | PDF)
def letter_pdf(
    letter_id: RowId, session: ReadSession, actor: Chaser, database: DatabaseDep, settings: SettingsDep, clock: ClockDep
) -> Response:
    """One letter of the queue as it would be printed, or was; that its people were looked at is written down."""
    paper, letter = service.letter_paper(session, letter_id, now=clock(), settings=settings)
    viewed_all(database, service.people_in([letter]), actor=actor, now=clock())
    return pdf_response(paper, f"letter-{letter_id}")


@router.get("/letters/printed/{print_ref}", response_class=Response, responses=responses(404, 409) | PDF)
def printed_pdf(
    print_ref: str,
    session: ReadSession,
    actor: Chaser,
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    """The letters that were printed together as one PDF, for printing on both sides; without what is posted by now.
    That their people were looked at is written down."""
    paper, letters = service.papers_together(session, print_ref, now=clock(), settings=settings, two_sided=True)
    viewed_all(database, service.people_in(letters), actor=actor, now=clock())
    return pdf_response(paper, f"letters-{local_date(clock())}")


@router.post("/letters/print", responses=responses(409))
def print_letters(
    asked: PrintIn, session: WriteSession, actor: Chaser, settings: SettingsDep, clock: ClockDep
) -> PrintedOut:
    """Print letters of the queue. Each is looked at once more; what must not go drops out, with the reason."""
    done = service.print_letters(session, asked.letters, actor=actor, now=clock(), settings=settings)
    return PrintedOut.model_validate(done)


@router.post("/letters/posted", responses=responses())
def post_letters(
    asked: PostedIn, session: WriteSession, actor: Chaser, settings: SettingsDep, clock: ClockDep
) -> PostedOut:
    """Say that printed letters were posted. One that must not be posted any more stays as it is, and is named."""
    done = service.post_letters(
        session,
        asked.letters,
        on=asked.on or local_date(clock()),
        actor=actor,
        now=clock(),
        settings=settings,
        gone_already=asked.gone_already,
    )
    return PostedOut.model_validate(done)


@router.post("/letters/{letter_id}/pull-out", responses=responses(404, 409))
def pull_out(
    letter_id: RowId, session: WriteSession, actor: Chaser, settings: SettingsDep, clock: ClockDep
) -> PulledOut:
    """Take a letter out of the queue, or its paper out of the stack."""
    service.letter_of(session, letter_id, now=clock(), settings=settings)
    return PulledOut(state=service.pull_out(session, letter_id, now=clock(), settings=settings))


@router.post("/chasing/loans/{loan_id}/letter", status_code=204, responses=responses(404, 409))
def make_letter(loan_id: LoanId, actor: Chaser, database: DatabaseDep, settings: SettingsDep, clock: ClockDep) -> None:
    """Make the letter that the ladder asks a person for; it waits in the queue, and the task is closed by it."""
    service.make_letter(database, loan_id, channel=service.outbox(settings), clock=clock, settings=settings)
