"""Who to ring first: every loan that is due, late or waits for a person, the most pressing first.

Places are worked out from columns (placing.py); only the rows of one page are read whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.queries import Asked, LastCall, LastMessage
from fleet.chasing.queries.letters import count_letters
from fleet.chasing.rules import ChaseState, Ladder
from fleet.chasing.service.ladders import ladders_of
from fleet.chasing.service.letters.asking import asks_for_letter
from fleet.chasing.service.placing import Placed, Show, parts, placed_loans
from fleet.clock import local_date
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.partners import service as partners
from fleet.partners.models import Organisation
from fleet.people.models import Person

Key = TypeVar("Key")


@dataclass(frozen=True)
class Counts:
    """How many rows there are of each part: loans, and custodians with all that they have from a venue loan."""

    tasks: int
    late: int
    today: int
    soon: int
    waiting: int
    answers: int
    holds: int
    searches: int
    longer: int
    data: int
    join: int
    all: int
    stages: Mapping[int, int]
    """Stage -> how many of the late ones stand there."""
    failed: int
    """Messages that did not leave."""
    not_delivered: int
    """Tablets that a courier did not get to somebody, and that are still to be brought."""
    stopped: int
    """Tablets that nobody is asked for any more, and that are still out: fetched by arrangement."""
    letters: int
    """Letters that wait to be printed."""
    printed: int
    """Letters that were printed, and that nobody has posted as far as we know."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One loan of the queue with all that its row says; the most pressing where one row stands for several."""

    loan_id: int
    others: tuple[int, ...]
    """Of a venue loan: the other loans that this row stands for."""
    venue: tuple[int, str] | None
    """The venue loan, and what its place is called."""
    person: Person
    state: LoanState
    due_on: date
    late: bool
    stage: int
    held_until: date | None
    tablet_id: int | None
    answered: bool
    """Whether they answered and nobody has read it: until then nobody rings."""
    task: str | None
    referrer: Organisation | None
    """Who referred them, to be rung where the task says so."""
    asks_letter: bool
    """Whether what a person is asked is a letter that can be made here."""
    last_message: LastMessage | None
    last_call: LastCall | None
    cohort: tuple[date, str] | None
    """When the next cohort of its programme starts, and its name; None where its tablet would not be ready for it."""
    longer: tuple[int, datetime] | None
    """The hold of whoever asked for it for longer, and since when, while nobody has decided."""
    named: date | None
    """The day on which they say that they give it back."""
    searched_until: date | None
    """Until when its tablet is looked for, which they say is back."""
    data_ends: date | None
    not_joined_since: date | None
    """Since when they have the tablet without having joined a gathering; None where that asks for nothing."""


@dataclass(frozen=True)
class Queue:
    """One page of the queue."""

    entries: tuple[Entry, ...]
    counts: Counts
    total: int
    people: int
    """How many people these rows are about."""
    page: int
    page_count: int


def queue(
    session: Session,
    *,
    now: datetime,
    show: Show = Show.ALL,
    stage: int | None = None,
    page: int = 1,
    per_page: int = 50,
) -> Queue:
    """A page of the queue; with `stage`, only what stands at that stage of the ladder."""
    today = local_date(now)
    everyone = placed_loans(session, today)
    chosen = [each for each in everyone if show in parts(each, today) and stage in (None, each.stage)]
    chosen.sort(key=lambda each: each.place(date.max))
    rows: dict[tuple[int, int, bool], list[Placed]] = {}
    for each in chosen:
        rows.setdefault(each.row, []).append(each)
    page_count = max(1, -(-len(rows) // per_page))
    page = min(page, page_count)
    shown = list(rows.values())[(page - 1) * per_page : page * per_page]
    return Queue(
        entries=_entries(session, shown, today),
        counts=_counts(session, everyone, today),
        total=len(rows),
        people=len({each.loan.person_id for each in chosen}),
        page=page,
        page_count=page_count,
    )


def counts(session: Session, *, now: datetime) -> Counts:
    """The numbers above the queue, and on a coordinator's home."""
    today = local_date(now)
    return _counts(session, placed_loans(session, today), today)


def _counts(session: Session, everyone: Sequence[Placed], today: date) -> Counts:
    numbers = _rows(everyone, lambda each: parts(each, today))
    stages = _rows(everyone, lambda each: (each.stage,) if each.late else ())
    letters = count_letters(session)
    return Counts(
        **{show.value: numbers[show] for show in Show},
        stages=dict(sorted(stages.items())),
        failed=queries.count_failed(session),
        not_delivered=queries.count_not_delivered(session),
        stopped=loans.count_stopped(session),
        letters=letters.get(ChaseState.TO_PRINT, 0),
        printed=letters.get(ChaseState.PRINTED, 0),
    )


def _rows(everyone: Sequence[Placed], of: Callable[[Placed], Iterable[Key]]) -> Counter[Key]:
    """How many rows there are of each kind; one that stands for several loans counts once."""
    numbers = Counter(key for each in everyone if each.loan.venue_loan_id is None for key in of(each))
    together = {(key, each.row) for each in everyone if each.loan.venue_loan_id is not None for key in of(each)}
    numbers.update(key for key, _ in together)
    return numbers


def _entries(session: Session, rows: Sequence[Sequence[Placed]], today: date) -> tuple[Entry, ...]:
    shown = [each for each, *_ in rows]
    venues = loans.place_names(session, sorted({each.loan.venue_loan_id or 0 for each in shown} - {0}))
    loan_ids = [each.loan.loan_id for each in shown]
    people = queries.people_listed(session, sorted({each.loan.person_id for each in shown}))
    tablets, asked = queries.tablet_ids(session, loan_ids), queries.asked_of_people(session, loan_ids)
    ladders = ladders_of(session, sorted({each.loan.programme_id for each in shown}))
    named = queries.days_named(session, loan_ids, today)
    referred = queries.referrer_ids(session, loan_ids)
    referrers = partners.referrers(session, referred.values())
    messages, calls = queries.last_messages(session, loan_ids), queries.last_calls(session, loan_ids)
    return tuple(
        Entry(
            loan_id=each.loan.loan_id,
            others=tuple(other.loan.loan_id for other in others),
            venue=_venue(each, venues),
            person=people[each.loan.person_id],
            state=each.loan.state,
            due_on=each.loan.due_on,
            late=each.late,
            stage=each.stage,
            held_until=each.held_until,
            tablet_id=tablets.get(each.loan.loan_id),
            answered=each.answered,
            task=asked[each.loan.loan_id].words if each.loan.loan_id in asked else None,
            referrer=referrers.get(referred.get(each.loan.loan_id, 0)),
            asks_letter=_asks_letter(asked.get(each.loan.loan_id), ladders.of(each.loan.programme_id)),
            last_message=messages.get(each.loan.loan_id),
            last_call=calls.get(each.loan.loan_id),
            cohort=each.cohort,
            longer=each.longer,
            named=named.get(each.loan.loan_id),
            searched_until=each.searched_until,
            data_ends=each.data_ends,
            not_joined_since=each.not_joined_since,
        )
        for each, *others in rows
    )


def _venue(each: Placed, venues: Mapping[int, str]) -> tuple[int, str] | None:
    number = each.loan.venue_loan_id
    return (number, venues[number]) if number is not None else None


def _asks_letter(asked: Asked | None, ladder: Ladder) -> bool:
    return asked is not None and asks_for_letter(ladder.rung(asked.rung))
