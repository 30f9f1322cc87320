"""What is to be printed and posted: the queue of letters, each as its PDF or all as one, until they are posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from fleet.chasing import service
from fleet.chasing.api import Chaser, LoanId
from fleet.chasing.pages.day_parts import Part
from fleet.chasing.pages.loan import loan_page_of
from fleet.chasing.queries import letters as kept
from fleet.chasing.rules import ChaseState, short_day
from fleet.chasing.service import KeptBack, Letter
from fleet.chasing.words import state_tag
from fleet.clock import local_date
from fleet.database.lists import Found
from fleet.errors import BadInput, Conflict
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service as loans
from fleet.people.service import list_taken, viewed, viewed_all
from fleet.people.sight import seen
from fleet.people.words import FORMAT_WORDS, language_words
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.filters import count
from fleet.web.render import render
from fleet.web.shapes import Shape, StateTag

router = PageRouter(prefix="/chasing")

COLUMNS = (
    Column("Name"),
    Column("How it stands"),
    Column("Step"),
    Column("Since"),
    Column("Language and print"),
    Column("Must not be posted"),
    Column("Loan", numeric=True),
)
MOST_SAID = 3
"""Reasons that the sentence after printing names; the ledger has them all."""


@dataclass(frozen=True)
class Row:
    """One letter, in words."""

    letter_id: int
    loan_id: int
    name: str
    step: str
    state: StateTag
    since: str
    print: str
    refused: str
    """Why it must not be posted any more; empty where it may be."""
    may_go: bool
    """Whether it is still to be posted, and may be."""


@dataclass(frozen=True)
class LettersPage:
    rows: tuple[Row, ...]
    parts: tuple[Part, ...]
    table: Table
    show: str
    may_do: bool
    today: date
    lead: str
    together: str
    """What names the letters that were just printed; empty where nobody asks for them."""
    is_copy: bool
    most: int = service.MOST_AT_ONCE
    title: str = "What is to be posted?"

    @property
    def choosable(self) -> bool:
        """Whether there is a letter that somebody may print, or post."""
        return any(row.may_go for row in self.rows)


_LEADS = {
    "waiting": "These letters are made and wait for paper. Each is looked at once more as it is printed: what must not "
    "go drops out.",
    "printed": "These are on paper, and nobody has said that they were posted. Pull out what must not go.",
    "posted": "These were posted. Their words are kept nowhere.",
}
_EMPTY = {
    "waiting": "No letter waits to be printed. Letters appear here as soon as the ladder writes to somebody who wants "
    "to hear from us by letter.",
    "printed": "Every letter that was printed is posted.",
    "posted": "No letter was posted yet. Print those that wait, post them, and say so.",
}


@router.get("/letters")
def letters_page(
    request: Request,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.CHASING_SEE))],
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
    query: Listed,
) -> Response:
    show = query.filter("show") if query.filter("show") in kept.SHOWN else "waiting"
    asked = replace(query, filters={**query.filters, "show": show})
    found = kept.find_letters(session, asked)
    copied = service.is_copy(session, settings)
    letters = service.letters_of(session, found.items, now=clock(), is_copy=copied)
    viewed_all(database, [each.situation.person.id for each in letters], actor=actor, now=clock())
    steps = service.step_names(session, found.items)
    rows = tuple(_row(each, steps[each.entry.id], actor) for each in letters)
    listed = _table(rows, Found(found.items, found.total, asked), show)
    if query.as_csv:
        about = [each.situation.person.id for each in letters]
        list_taken(database, "letters", "list of letters", about, actor=actor, now=clock())
        return table_csv(f"letters-{show}", listed)
    page = LettersPage(
        rows=rows,
        parts=_parts(kept.count_letters(session)),
        table=listed,
        show=show,
        may_do=actor.may(Permission.CHASING_DO),
        today=local_date(clock()),
        lead=_LEADS[show],
        together=query.filter("print") if show == "printed" and any(row.may_go for row in rows) else "",
        is_copy=copied,
    )
    return render(request, "chasing/letters.html", page)


@router.get("/letters/{letter_id}.pdf")
def letter_pdf(
    letter_id: RowId, session: ReadSession, actor: Chaser, database: DatabaseDep, settings: SettingsDep, clock: ClockDep
) -> Response:
    paper, letter = service.letter_paper(session, letter_id, now=clock(), settings=settings)
    return _paper(paper, [letter], f"letter-{letter_id}", database, actor, clock)


@router.get("/letters/together/{print_ref}.pdf")
def letters_pdf(
    print_ref: str,
    session: ReadSession,
    actor: Chaser,
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
    sides: Annotated[int, Query(ge=1, le=2, description="How many sides of a sheet are printed.")] = 2,
) -> Response:
    paper, letters = service.papers_together(session, print_ref, now=clock(), settings=settings, two_sided=sides == 2)
    return _paper(paper, letters, f"letters-{local_date(clock())}", database, actor, clock)


def _paper(
    paper: bytes, letters: Sequence[Letter], name: str, database: DatabaseDep, actor: Actor, clock: ClockDep
) -> Response:
    """Opened in the browser, from where it is printed; kept by nobody on the way."""
    viewed_all(database, service.people_in(letters), actor=actor, now=clock())
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(paper, media_type="application/pdf", headers=headers)


@router.post("/letters/print")
def print_letters(
    form: FormDep, session: WriteSession, actor: Chaser, settings: SettingsDep, clock: ClockDep
) -> Response:
    chosen = None if form.get("all") == "yes" else _chosen(form)
    done = service.print_letters(session, chosen, actor=actor, now=clock(), settings=settings)
    back = _kept_back(done.kept_back, "kept back")
    if not done.letters:
        return see_other("/chasing/letters", said=f"Nothing is printed.{back}")
    said = f"{count(len(done.letters), 'letter')} to print: open {'it' if len(done.letters) == 1 else 'them'} below."
    return see_other(f"/chasing/letters?show=printed&print={done.ref}", said=said + back)


@router.post("/letters/posted")
def post_letters(
    form: FormDep, session: WriteSession, actor: Chaser, settings: SettingsDep, clock: ClockDep
) -> Response:
    done = service.post_letters(
        session,
        _chosen(form),
        on=form.day("on") or local_date(clock()),
        actor=actor,
        now=clock(),
        settings=settings,
        gone_already=form.get("gone") == "yes",
    )
    said = f"Posted: {count(len(done.letters), 'letter')}.{_kept_back(done.pull_out, 'to be pulled out')}"
    return see_other("/chasing/letters?show=printed" if done.pull_out else "/chasing/letters", said=said)


@router.post("/letters/{letter_id}/pull-out")
def pull_out(
    letter_id: RowId, form: FormDep, session: WriteSession, actor: Chaser, settings: SettingsDep, clock: ClockDep
) -> Response:
    state = service.pull_out(session, letter_id, now=clock(), settings=settings)
    again = " It comes again once nothing speaks against it." if state is ChaseState.FAILED else ""
    show = form.get("show") if form.get("show") in kept.SHOWN else "printed"
    return see_other(f"/chasing/letters?show={show}", said=f"Letter {letter_id} is out of the queue.{again}")


@router.post("/loans/{loan_id}/letter")
def make_letter(
    request: Request,
    loan_id: LoanId,
    form: FormDep,
    actor: Chaser,
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    """A refusal is shown where the language, holds and answers are decided on."""
    way_out = service.outbox(settings)
    try:
        service.make_letter(database, loan_id, channel=way_out, clock=clock, settings=settings)
    except Conflict as error:
        with database.read() as session:
            loan = loans.get_loan(session, loan_id)
            viewed(database, loan.person_id, actor=actor, now=clock())
            refused = f"{error.message} {error.next_step}"
            page = loan_page_of(session, loan, actor, settings, now=clock(), refused=refused)
        return render(request, "chasing/loan.html", page, status=error.status)
    return see_other("/chasing/letters", said="The letter is made, and waits here to be printed.")


def _chosen(form: Form) -> tuple[int, ...]:
    chosen = form.rows("letter")
    if not chosen:
        raise BadInput("Nothing was changed.", fields={"letter": "Tick the letters that you mean."})
    return chosen


def _kept_back(those: Sequence[KeptBack], what: str) -> str:
    """By the numbers of loans: the sentence passes through a cookie."""
    if not those:
        return ""
    named = "; ".join(f"loan {each.loan_id}, {each.why}" for each in those[:MOST_SAID])
    more = f"; and {len(those) - MOST_SAID} more" if len(those) > MOST_SAID else ""
    return f" {len(those)} {what}: {named}{more}."


def _parts(counts: dict[ChaseState, int]) -> tuple[Part, ...]:
    waiting, printed = (counts.get(state, 0) for state in (ChaseState.TO_PRINT, ChaseState.PRINTED))
    return (
        Part(waiting, "To be printed", Shape.HANDS if waiting else Shape.PLAIN, "/chasing/letters"),
        Part(printed, "To be posted", Shape.WAITING if printed else Shape.PLAIN, "/chasing/letters?show=printed"),
    )


def _row(letter: Letter, step: str, actor: Actor) -> Row:
    entry, person = letter.entry, letter.situation.person
    names = dict.fromkeys(
        seen(each.person, (), actor).name for each in (letter.situation, *(s for _, s in letter.along))
    )
    return Row(
        letter_id=entry.id,
        loan_id=entry.loan_id,
        name=" and ".join(names),
        step=step,
        state=StateTag("Pull it out", Shape.DANGER)
        if _is_to_pull_out(letter)
        else state_tag(entry.state, entry.channel),
        since=_since(letter),
        print=f"{language_words(entry.language or person.language_read)}, {FORMAT_WORDS[person.print_format].lower()}",
        refused=letter.refused,
        may_go=entry.state is not ChaseState.SENT and not letter.refused,
    )


def _is_to_pull_out(letter: Letter) -> bool:
    return bool(letter.refused) and letter.entry.state is ChaseState.PRINTED


def _since(letter: Letter) -> str:
    row, made = letter.row, short_day(local_date(letter.entry.created_at))
    if letter.entry.state is ChaseState.SENT and row is not None and row.posted_on is not None:
        return f"posted on {short_day(row.posted_on)}, said by {row.posted_by}"
    if letter.entry.state is ChaseState.PRINTED:
        return f"printed on {short_day(local_date(row.printed_at))} by {row.printed_by}" if row else letter.entry.note
    return f"made on {made}"


def _table(rows: tuple[Row, ...], found: Found[object], show: str) -> Table:
    """The same list as a table, for its pages and its CSV."""
    return table(
        Found(rows, found.total, found.query),
        caption="Letters",
        columns=COLUMNS,
        row=lambda row: (
            Cell(row.name),
            Cell(row.state.word, state=row.state.shape),
            Cell(row.step),
            Cell(row.since),
            Cell(row.print),
            Cell(row.refused),
            Cell(str(row.loan_id), href=f"/chasing/loans/{row.loan_id}"),
        ),
        path="/chasing/letters",
        empty=_EMPTY[show],
    )
