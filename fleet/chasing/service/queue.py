"""Who to ring first: every loan that is due, late or waits for a person, the most pressing first.

What presses: the loans whose tablets the next cohort waits for (needing.py), the soonest cohort first; then age; of the
same age what a person was asked to do. Those left in peace come last. Places are worked out from columns; only the rows
of one page are read whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.queries import Asked, LastCall, LastMessage, Running
from fleet.chasing.queries.letters import count_letters
from fleet.chasing.rules import ABOUT_THE_PERSON, ChaseState, HoldReason, Ladder
from fleet.chasing.service.ladders import ladders_of
from fleet.chasing.service.letters.asking import asks_for_letter
from fleet.chasing.service.needing import needed_by_cohorts
from fleet.clock import local_date
from fleet.loans import service as loans
from fleet.loans.rules import LoanState, is_overdue
from fleet.partners import service as partners
from fleet.partners.models import Organisation
from fleet.people.models import Person

SOON_DAYS = 7
_SOON = timedelta(days=SOON_DAYS)
JOINS_WITHIN_DAYS = 7
"""Somebody who has gatherings to join is rung when none was joined in so many days; three weeks later no more."""
FORGET_JOINING_DAYS = 28
REVIEW_DAYS = 1
"""A hold that ends today or tomorrow is looked at before it runs out."""


class Show(StrEnum):
    """Which part of the queue."""

    ALL = "all"
    TASKS = "tasks"
    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    WAITING = "waiting"
    ANSWERS = "answers"
    HOLDS = "holds"
    SEARCHES = "searches"
    LONGER = "longer"
    DATA = "data"
    JOIN = "join"


@dataclass(frozen=True)
class Counts:
    """How many loans there are of each part."""

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
    """One loan of the queue with all that its row says."""

    loan_id: int
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
    page: int
    page_count: int


@dataclass(frozen=True, slots=True)
class _Placed:
    """A loan and what decides its place."""

    loan: Running
    late: bool
    held_until: date | None
    task: bool
    stage: int
    answered: bool
    review: bool
    longer: tuple[int, datetime] | None
    searched_until: date | None
    cohort: tuple[date, str] | None
    data_ends: date | None
    not_joined_since: date | None

    @property
    def waits(self) -> bool:
        """A question of theirs does not wait, however long nobody chases them meanwhile."""
        left = self.held_until is not None or self.loan.state is LoanState.RETURN_ARRANGED
        return left and self.longer is None

    def place(self, latest: date) -> tuple[bool, date, date, bool, int]:
        needed = self.cohort[0] if self.cohort is not None else latest
        return (self.waits, needed, self.loan.due_on, not self.task, self.loan.loan_id)


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
    everyone = _placed(session, today)
    chosen = [each for each in everyone if show in _parts(each, today) and stage in (None, each.stage)]
    chosen.sort(key=lambda each: each.place(date.max))
    page_count = max(1, -(-len(chosen) // per_page))
    page = min(page, page_count)
    shown = chosen[(page - 1) * per_page : page * per_page]
    return Queue(
        entries=_entries(session, shown, today),
        counts=_counts(session, everyone, today),
        total=len(chosen),
        page=page,
        page_count=page_count,
    )


def counts(session: Session, *, now: datetime) -> Counts:
    """The numbers above the queue, and on a coordinator's home."""
    today = local_date(now)
    return _counts(session, _placed(session, today), today)


def _placed(session: Session, today: date) -> list[_Placed]:
    soon = today + timedelta(days=SOON_DAYS)
    ends = queries.data_ends(session, soon)
    not_joined = queries.not_joined(
        session, today - timedelta(days=FORGET_JOINING_DAYS), today - timedelta(days=JOINS_WITHIN_DAYS)
    )
    tasks, stages = queries.tasks(session), queries.stages(session, soon)
    answers = queries.people_with_answers(session)
    held, longer = _Held.of(session, today), queries.asked_for_longer(session)
    searches = {claim.loan_id: claim.search_until for claim in loans.open_claims(session)}
    running = queries.running(session, soon, besides=sorted({*ends, *searches, *longer, *not_joined}))
    cohorts = needed_by_cohorts(session, running, today)
    return [
        _Placed(
            loan=loan,
            late=is_overdue(today, loan.due_on, loan.grace_days),
            held_until=held.until(loan),
            task=loan.loan_id in tasks,
            stage=stages.get(loan.loan_id, 0),
            answered=loan.person_id in answers,
            review=held.reviews(loan),
            longer=longer.get(loan.loan_id),
            searched_until=searches.get(loan.loan_id),
            cohort=cohorts.get(loan.loan_id),
            data_ends=ends.get(loan.loan_id),
            not_joined_since=not_joined.get(loan.loan_id),
        )
        for loan in running
    ]


@dataclass(frozen=True)
class _Held:
    """The loans and people that are left in peace, each until when, and those about whom somebody should decide."""

    loans: Mapping[int, date]
    people: Mapping[int, date]
    loans_to_review: frozenset[int]
    people_to_review: frozenset[int]

    @classmethod
    def of(cls, session: Session, today: date) -> _Held:
        until: tuple[dict[int, date], dict[int, date]] = ({}, {})
        review: tuple[set[int], set[int]] = (set(), set())
        for loan_id, person_id, reason, last in queries.standing_holds(session, today):
            number, whose = (person_id, 1) if reason in ABOUT_THE_PERSON else (loan_id, 0)
            if last >= today:
                until[whose][number] = max(last, until[whose].get(number, last))
            if reason is HoldReason.ASKED_LONGER:
                continue  # that is a part of its own
            if last <= today + timedelta(days=REVIEW_DAYS) or reason is HoldReason.SAFEGUARDING:
                review[whose].add(number)
        return cls(*until, *(frozenset(each) for each in review))

    def until(self, loan: Running) -> date | None:
        days = [day for day in (self.loans.get(loan.loan_id), self.people.get(loan.person_id)) if day is not None]
        return max(days, default=None)

    def reviews(self, loan: Running) -> bool:
        return loan.loan_id in self.loans_to_review or loan.person_id in self.people_to_review


def _parts(each: _Placed, today: date) -> Iterator[Show]:
    """The parts of the queue that a loan belongs to."""
    due_on = each.loan.due_on
    yield Show.ALL
    if each.waits:
        yield Show.WAITING
    elif each.task and not each.answered:
        yield Show.TASKS
    if each.late:
        yield Show.LATE
    if due_on == today:
        yield Show.TODAY
    elif today < due_on <= today + _SOON:
        yield Show.SOON
    if each.answered:
        yield Show.ANSWERS
    if each.review:
        yield Show.HOLDS
    if each.searched_until is not None and each.searched_until <= today:
        yield Show.SEARCHES
    if each.longer is not None:
        yield Show.LONGER
    if each.data_ends is not None:
        yield Show.DATA
    if each.not_joined_since is not None:
        yield Show.JOIN


def _counts(session: Session, everyone: Sequence[_Placed], today: date) -> Counts:
    numbers = Counter(show for each in everyone for show in _parts(each, today))
    stages = Counter(each.stage for each in everyone if each.late)
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


def _entries(session: Session, shown: Sequence[_Placed], today: date) -> tuple[Entry, ...]:
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
        for each in shown
    )


def _asks_letter(asked: Asked | None, ladder: Ladder) -> bool:
    return asked is not None and asks_for_letter(ladder.rung(asked.rung))
