"""Who do I ring first? The coordinator's list, worked through with letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.chasing import queries, service
from fleet.chasing.pages.day_parts import Part, WaysOut, lines_of, parts_of, stages_of, ways_out_of
from fleet.chasing.rules import short_day, week_day
from fleet.chasing.seeing import row_tag
from fleet.chasing.service import Entry, Queue, Show
from fleet.chasing.words import BY_WORDS, OUTCOME_KEYS, OUTCOME_WORDS
from fleet.clock import local_date
from fleet.database.base import row_number
from fleet.database.lists import Found, ListQuery
from fleet.http.paging import Cell, Column, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep
from fleet.loans.rules import LoanState
from fleet.loans.words import due_day_line
from fleet.partners.words import with_contacts
from fleet.people.service import list_taken, viewed_all
from fleet.people.sight import seen
from fleet.people.words import CHANNEL_WORDS, language_words
from fleet.tags import service as tags
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/chasing")

COLUMNS = (
    Column("Name"),
    Column("Due"),
    Column("Where it stands"),
    Column("Phone"),
    Column("Speaks"),
    Column("Wants to hear by"),
    Column("Last"),
    Column("What to do"),
    Column("Loan", numeric=True),
    Column("Tablets", numeric=True),
)


@dataclass(frozen=True)
class Row:
    """One loan of the queue in words, or all that one custodian has from a venue loan."""

    loan_id: int
    others: tuple[int, ...]
    """The other loans that this row stands for."""
    venue: str
    """How many tablets it stands for and where they are; empty where nobody lent to a venue."""
    extends_at: str
    name: str
    phone: str
    due: str
    state: StateTag
    code: str
    speaks: str
    prefers: str
    last: str
    answered: bool
    """Whether they answered and nobody has read it: the call waits for that."""
    task: str
    asks_letter: bool
    referrer: str
    """Who referred them, and how to reach them; empty where nobody did."""
    referrer_phone: str
    cohort: str
    longer: str
    longer_hold: int | None
    """What they asked for, and the hold that ends once somebody says that it is not possible."""
    named: str
    search: str
    data_ends: str
    not_joined: str
    return_arranged: bool
    focused: bool
    next_id: int | None
    """The row to go on with once this one is done."""


@dataclass(frozen=True)
class QueuePage:
    rows: tuple[Row, ...]
    parts: tuple[Part, ...]
    table: Table
    heading: str
    people: int
    may_do: bool
    lines: tuple[Part, ...]
    stages: tuple[Part, ...]
    is_copy: bool
    ways: WaysOut
    back: Mapping[str, str]
    """What this list was asked for, so that a call leads back to it."""
    outcomes: tuple[tuple[str, str, str], ...] = OUTCOME_KEYS
    title: str = "Who do I ring first?"


@router.get("")
def queue_page(
    request: Request,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.CHASING_SEE))],
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
    query: Listed,
) -> Response:
    show = Show(query.filter("show")) if query.filter("show") in list(Show) else Show.ALL
    now = clock()
    stage = query.number("stage")
    found = service.queue(session, now=now, show=show, stage=stage, page=query.page, per_page=query.per_page)
    viewed_all(database, [entry.person.id for entry in found.entries], actor=actor, now=now)
    rows = _rows(session, found, actor, local_date(now), at=query.filter("at"))
    listed = _table(rows, found, query)
    if query.as_csv:
        about = [entry.person.id for entry in found.entries]
        list_taken(database, "who-to-ring", "list of who to ring", about, actor=actor, now=now)
        return table_csv("who-to-ring", listed)
    page = QueuePage(
        rows=rows,
        parts=parts_of(found.counts),
        table=listed,
        heading=_HEADINGS[show],
        people=found.people,
        may_do=actor.may(Permission.CHASING_DO),
        lines=lines_of(found.counts, queries.count_conflicts(session)),
        stages=stages_of(found.counts),
        is_copy=service.is_copy(session, settings),
        ways=ways_out_of(settings),
        back={"show": show.value, "stage": "" if stage is None else str(stage), "page": str(query.page)},
    )
    return render(request, "chasing/queue.html", page)


_HEADINGS = {
    Show.ALL: "Who do I ring first?",
    Show.TASKS: "Who am I asked to ring?",
    Show.LATE: "Who is late?",
    Show.TODAY: "Who is due today?",
    Show.SOON: "Who is due this week?",
    Show.WAITING: "Who is left in peace?",
    Show.ANSWERS: "Who has answered?",
    Show.HOLDS: "Who is left in peace, and should that go on?",
    Show.SEARCHES: "Who says it is back, and nobody has found it?",
    Show.LONGER: "Who asked for it for longer, and nobody has decided?",
    Show.DATA: "Whose data ends before the loan does?",
    Show.JOIN: "Who has joined no gathering yet?",
}


def _rows(session: Session, found: Queue, actor: Actor, today: date, *, at: str) -> tuple[Row, ...]:
    """The rows in words; the one numbered `at` has the focus, or the first where that one is gone."""
    numbers = [entry.loan_id for entry in found.entries]
    focused = row_number(at)
    if focused not in numbers:
        focused = numbers[0] if numbers and at else None
    following = dict(pairwise(numbers))
    codes = tags.codes_of(session, [entry.tablet_id for entry in found.entries if entry.tablet_id is not None])
    return tuple(
        _row(
            entry,
            codes,
            actor,
            today,
            focused=entry.loan_id == focused,
            next_id=following.get(entry.loan_id),
        )
        for entry in found.entries
    )


def _row(
    entry: Entry, codes: Mapping[int, str], actor: Actor, today: date, *, focused: bool, next_id: int | None
) -> Row:
    person, tablet_id = entry.person, entry.tablet_id
    view = seen(person, (), actor)
    return Row(
        loan_id=entry.loan_id,
        others=entry.others,
        venue=_venue(entry),
        extends_at=f"/venue-loans/{entry.venue[0]}" if entry.venue is not None else f"/loans/{entry.loan_id}/extend",
        name=view.name,
        phone=view.phone,
        due=due_day_line(entry.due_on, today),
        state=row_tag(entry, today),
        code=codes.get(tablet_id, str(tablet_id)) if tablet_id is not None else "",
        speaks=language_words(person.language_spoken) + (", with an interpreter" if person.interpreter else ""),
        prefers=CHANNEL_WORDS[person.channel].lower(),
        last=_last(entry),
        answered=entry.answered,
        task=entry.task if entry.task and entry.held_until is None and not entry.answered else "",
        asks_letter=entry.asks_letter and not entry.answered,
        referrer=with_contacts(entry.referrer) if entry.referrer is not None else "",
        referrer_phone=entry.referrer.help_phone if entry.referrer is not None else "",
        cohort=f"{entry.cohort[1]} needs it on {short_day(entry.cohort[0])}" if entry.cohort is not None else "",
        search=f"looked for until {short_day(entry.searched_until)}" if entry.searched_until is not None else "",
        longer=f"They asked on {short_day(local_date(entry.longer[1]))} to have it for longer." if entry.longer else "",
        longer_hold=entry.longer[0] if entry.longer is not None else None,
        named=f"says they give it back on {week_day(entry.named)}" if entry.named is not None else "",
        data_ends=f"data ends on {short_day(entry.data_ends)}" if entry.data_ends is not None else "",
        not_joined=_not_joined(entry.not_joined_since),
        return_arranged=entry.state is LoanState.RETURN_ARRANGED,
        focused=focused,
        next_id=next_id,
    )


def _venue(entry: Entry) -> str:
    if entry.venue is None:
        return ""
    number = 1 + len(entry.others)
    return f"{number} tablet{'' if number == 1 else 's'} at {entry.venue[1]}"


def _not_joined(since: date | None) -> str:
    return f"has joined no gathering since {short_day(since)}" if since is not None else ""


def _last(entry: Entry) -> str:
    """The last message or call, whichever was later."""
    said: list[tuple[date, str]] = []
    if entry.last_call is not None:
        day = local_date(entry.last_call.at)
        said.append((day, f"call on {short_day(day)}, {OUTCOME_WORDS[entry.last_call.outcome].lower()}"))
    if entry.last_message is not None:
        day = entry.last_message.day
        said.append((day, f"{BY_WORDS[entry.last_message.channel]} on {short_day(day)}"))
    return max(said, key=lambda each: each[0])[1] if said else "nothing yet"


def _table(rows: tuple[Row, ...], found: Queue, query: ListQuery) -> Table:
    """The same list as a table, for its pages and its CSV."""
    return table(
        Found(rows, found.total, query),
        caption="Who to ring",
        columns=COLUMNS,
        row=lambda row: (
            Cell(row.name, href=f"/loans/{row.loan_id}"),
            Cell(row.due),
            Cell(row.state.word, state=row.state.shape),
            Cell(row.phone),
            Cell(row.speaks),
            Cell(row.prefers),
            Cell(row.last),
            Cell(row.task),
            Cell(str(row.loan_id)),
            Cell(str(1 + len(row.others))),
        ),
        path="/chasing",
        empty="Nobody is due within a week, late, or waiting for a call. Loans appear here a week before they are due.",
    )
