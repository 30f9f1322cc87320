"""What decides a loan's place in the queue, and in which parts of it a loan stands.

What presses: the loans whose tablets the next cohort waits for (needing.py), the soonest cohort first; then age; of the
same age what a person was asked to do. Those left in peace come last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.queries import Running
from fleet.chasing.rules import ABOUT_THE_PERSON, HoldReason
from fleet.chasing.service.needing import needed_by_cohorts
from fleet.loans import service as loans
from fleet.loans.rules import LoanState, is_overdue

_SOON = timedelta(days=7)
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


@dataclass(frozen=True, slots=True)
class Placed:
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

    @property
    def row(self) -> tuple[int, int, bool]:
        """What stands in one row with it: all that one custodian has from a venue loan, as far as it is left in peace
        or not; any other loan has a row of its own."""
        venue = self.loan.venue_loan_id
        return (self.loan.person_id, venue, self.waits) if venue is not None else (0, self.loan.loan_id, False)

    def place(self, latest: date) -> tuple[bool, date, date, bool, int]:
        needed = self.cohort[0] if self.cohort is not None else latest
        return (self.waits, needed, self.loan.due_on, not self.task, self.loan.loan_id)


def placed_loans(session: Session, today: date) -> list[Placed]:
    """Every loan of the queue, in no order."""
    soon = today + _SOON
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
        Placed(
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


def parts(each: Placed, today: date) -> Iterator[Show]:
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
