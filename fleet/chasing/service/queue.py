"""Who to ring first: every loan that is due, late or waits for a person, the most pressing first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import Chase, ChaseCall
from fleet.chasing.rules import ABOUT_THE_PERSON, ChaseState
from fleet.chasing.service.situation import Situation, situations
from fleet.clock import local_date
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState, is_overdue

SOON_DAYS = 7


class Show(StrEnum):
    """Which part of the queue."""

    ALL = "all"
    TASKS = "tasks"
    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    WAITING = "waiting"


@dataclass(frozen=True)
class Counts:
    """How many loans there are of each part."""

    tasks: int
    late: int
    today: int
    soon: int
    waiting: int
    all: int


@dataclass(frozen=True)
class Entry:
    """One loan of the queue with all that its row says."""

    situation: Situation
    task: Chase | None
    last_message: Chase | None
    last_call: ChaseCall | None


@dataclass(frozen=True)
class Queue:
    """One page of the queue."""

    entries: tuple[Entry, ...]
    counts: Counts
    total: int
    page: int
    page_count: int


@dataclass(frozen=True)
class _Placed:
    """A loan and what decides its place."""

    loan: Loan
    late: bool
    waits: bool
    task: Chase | None


def queue(session: Session, *, now: datetime, show: Show = Show.ALL, page: int = 1, per_page: int = 50) -> Queue:
    """A page of the queue: what a person was asked to do, then the longest late; those in peace come last."""
    today = local_date(now)
    everyone = _placed(session, today)
    chosen = [each for each in everyone if _is_shown(each, show, today)]
    chosen.sort(key=lambda each: (each.waits, each.task is None, each.loan.due_on, each.loan.id))
    page_count = max(1, -(-len(chosen) // per_page))
    page = min(page, page_count)
    shown = chosen[(page - 1) * per_page : page * per_page]
    return Queue(
        entries=_entries(session, shown, now),
        counts=_counts(everyone, today),
        total=len(chosen),
        page=page,
        page_count=page_count,
    )


def counts(session: Session, *, now: datetime) -> Counts:
    """The numbers above the queue, and on a coordinator's home."""
    today = local_date(now)
    return _counts(_placed(session, today), today)


def _placed(session: Session, today: date) -> list[_Placed]:
    loans = queries.loans_to_look_at(session, today + timedelta(days=SOON_DAYS))
    tasks = queries.tasks(session)
    graces = {
        key: row.grace_days
        for key, row in queries.programmes(session, sorted({loan.programme_id for loan in loans})).items()
    }
    people, held = set(), set()
    for hold in queries.open_holds(session, today):
        held.add(hold.loan_id)
        if hold.reason in ABOUT_THE_PERSON:
            people.add(hold.person_id)
    return [
        _Placed(
            loan=loan,
            late=is_overdue(today, loan.due_on, graces[loan.programme_id]),
            waits=loan.id in held or loan.person_id in people or loan.state is LoanState.RETURN_ARRANGED,
            task=tasks.get(loan.id),
        )
        for loan in loans
    ]


def _is_shown(each: _Placed, show: Show, today: date) -> bool:
    match show:
        case Show.ALL:
            return True
        case Show.TASKS:
            return each.task is not None and not each.waits
        case Show.LATE:
            return each.late
        case Show.TODAY:
            return each.loan.due_on == today
        case Show.SOON:
            return each.loan.due_on is not None and each.loan.due_on > today
        case Show.WAITING:
            return each.waits


def _counts(everyone: Sequence[_Placed], today: date) -> Counts:
    numbers = {show.value: sum(_is_shown(each, show, today) for each in everyone) for show in Show}
    return Counts(**numbers)


def _entries(session: Session, shown: Sequence[_Placed], now: datetime) -> tuple[Entry, ...]:
    loans = [each.loan for each in shown]
    calls = {call.loan_id: call for call in queries.calls_of_loans(session, [loan.id for loan in loans])}
    return tuple(
        Entry(
            situation=situation,
            task=each.task,
            last_message=next((chase for chase in reversed(situation.chases) if chase.state is ChaseState.SENT), None),
            last_call=calls.get(each.loan.id),
        )
        for each, situation in zip(shown, situations(session, loans, at=now), strict=True)
    )
