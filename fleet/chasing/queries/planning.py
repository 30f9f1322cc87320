"""Set-wise reads for a tick: the loans for which a rung is due that the ledger does not have, by ranges of due dates.

The ranges are worked out by `fleet.chasing.rules.segments`. Nothing here looks at a loan that has ended, or that is not
yet due for anything; what was done already costs one look into the ledger's index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from fleet.chasing.models import Chase
from fleet.chasing.rules import MOVED
from fleet.cohorts.models import Programme
from fleet.database.among import among
from fleet.loans.models import DueVersion, Loan, LoanTablet
from fleet.loans.rules import WITH_THE_PERSON, LoanState
from fleet.partners.models import Organisation
from fleet.people.models import Person
from fleet.people.rules import Channel
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage

Place = tuple[date, int]
"""Where a page of candidates ended: a due date and a loan."""


@dataclass(frozen=True)
class Stream:
    """Loans that share their calendar and their policy: one programme, in one state."""

    programme_id: int
    hub_id: int
    grace_days: int
    time_zone: str
    state: LoanState
    first_due: date
    """The earliest due date among them."""


@dataclass(frozen=True)
class Candidate:
    """A loan for which something may be due, with what the guard looks at besides holds, answers and messages."""

    loan_id: int
    person_id: int
    due_on: date
    due_version: int
    given_at: datetime | None
    moved: bool
    """Whether the hub moved the day, which `loans_moved` finds until the ledger has that they were told."""
    alive: bool
    channel: Channel
    opted_out: bool
    phone: str
    wrong_number: bool
    email: str
    address_line_1: str
    postcode: str
    language_read: str
    stage: Stage | None


def streams(session: Session) -> Sequence[Stream]:
    """Every programme with what its days are counted by, for each state in which a due date of a loan runs."""
    states = sorted(WITH_THE_PERSON)
    first_due = [
        select(func.min(Loan.due_on))
        .where(Loan.programme_id == Programme.id, Loan.state == state)
        .correlate(Programme)
        .scalar_subquery()
        for state in states
    ]
    query = select(Programme.id, Programme.hub_id, Programme.grace_days, Organisation.time_zone, *first_due)
    rows = session.execute(query.join(Organisation, Organisation.id == Programme.hub_id).order_by(Programme.id)).all()
    return [
        Stream(*row[:4], state=state, first_due=first)
        for row in rows
        for state, first in zip(states, row[4:], strict=True)
        if first is not None
    ]


def candidates(
    session: Session,
    stream: Stream,
    *,
    due_after: date | None,
    due_until: date,
    taken_by: Sequence[str],
    known_until: datetime,
    after: Place | None,
    limit: int,
) -> Sequence[Candidate]:
    """A page of the stream's loans due in that range whose ledger has none of the rungs `taken_by`, by due date.

    Entries of the ledger from `known_until` on do not count: a dry run of a day gone by must not know of them.
    """
    day, loan_id = after or (due_after + timedelta(days=1) if due_after else date.min, 0)
    rows: Iterable[Any] = session.execute(
        _candidates(),
        {
            "programme_id": stream.programme_id,
            "hub_id": stream.hub_id,
            "state": stream.state,
            "from_day": day,
            "from_id": loan_id,
            "until": due_until,
            "taken_by": list(taken_by),
            "known_until": known_until,
            "limit": limit,
        },
    )
    return [Candidate(*row) for row in rows]


@cache
def _candidates() -> Select[*tuple[Any, ...]]:
    """Built once: a tick asks it of every stretch of every programme, and building takes longer than the answer."""
    # Both the look into the ledger and the page are subqueries with a limit, which no planner may turn into a join of
    # whole tables: what it would guess of a ledger that has just grown is wrong.
    taken = (
        select(Chase.id)
        .where(
            Chase.loan_id == Loan.id,
            Chase.due_version == Loan.due_version,
            Chase.rung.in_(bindparam("taken_by", expanding=True)),
            Chase.created_at < bindparam("known_until"),
        )
        .limit(1)
        .scalar_subquery()
    )
    page = select(Loan.id, Loan.person_id, Loan.due_on, Loan.due_version).where(
        Loan.programme_id == bindparam("programme_id"),
        Loan.state == bindparam("state"),
        Loan.due_on >= bindparam("from_day"),
        Loan.due_on <= bindparam("until"),
        or_(Loan.due_on > bindparam("from_day"), Loan.id > bindparam("from_id")),
        Loan.hub_id == bindparam("hub_id"),
        Loan.stopped_at.is_(None),
        taken.is_(None),
    )
    return _with_facts(page.order_by(Loan.due_on, Loan.id).limit(bindparam("limit")))


def _with_facts(page: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    loan = page.subquery("page").c
    return (
        select(
            loan.id,
            loan.person_id,
            loan.due_on,
            loan.due_version,
            DueVersion.set_at,
            DueVersion.moved_because.is_not(None),
            Person.deceased_on.is_(None),
            Person.channel,
            Person.opted_out,
            Person.phone,
            Person.phone_wrong_on.is_not(None),
            Person.email,
            Person.address_line_1,
            Person.postcode,
            Person.language_read,
            Tablet.stage,
        )
        .join(Person, Person.id == loan.person_id)
        .outerjoin(DueVersion, and_(DueVersion.loan_id == loan.id, DueVersion.number == loan.due_version))
        .outerjoin(LoanTablet, and_(LoanTablet.loan_id == loan.id, LoanTablet.to_at.is_(None)))
        .outerjoin(Tablet, Tablet.id == LoanTablet.tablet_id)
        .order_by(loan.due_on, loan.id)
    )


def loans_moved(
    session: Session, due_from: date, *, known_until: datetime, after: Place | None, limit: int
) -> Sequence[Loan]:
    """A page of the loans whose day the hub moved, to that day or a later one, and whose ledger has nothing of it, by
    due date: of those that the streams have."""
    # Subqueries with a limit, as above: what is read is the index of the days that moved, and nothing else of loans.
    still = (
        select(Loan.id)
        .join(Programme, Programme.id == Loan.programme_id)
        .join(Person, Person.id == Loan.person_id)
        .where(
            Loan.id == DueVersion.loan_id,
            Loan.due_version == DueVersion.number,
            Loan.state.in_(WITH_THE_PERSON),
            Loan.stopped_at.is_(None),
            Loan.hub_id == Programme.hub_id,
            Person.deceased_on.is_(None),
        )
        .limit(1)
        .correlate(DueVersion)
        .scalar_subquery()
    )
    told = (
        select(Chase.id)
        .where(
            Chase.loan_id == DueVersion.loan_id,
            Chase.due_version == DueVersion.number,
            Chase.rung == MOVED.key,
            Chase.created_at < known_until,
        )
        .limit(1)
        .correlate(DueVersion)
        .scalar_subquery()
    )
    day, loan_id = after or (due_from, 0)
    page = select(DueVersion.loan_id).where(
        DueVersion.moved_because.is_not(None),
        DueVersion.due_on >= day,
        or_(DueVersion.due_on > day, DueVersion.loan_id > loan_id),
        still.is_not(None),
        told.is_(None),
    )
    found = session.scalars(page.order_by(DueVersion.due_on, DueVersion.loan_id).limit(limit)).all()
    return session.scalars(select(Loan).where(among(Loan.id, found)).order_by(Loan.due_on, Loan.id)).all()


def loans_elsewhere(session: Session, until: date) -> Sequence[Loan]:
    """Loans due by `until` whose hub is not their programme's, which the streams leave out: hardly ever any."""
    query = (
        select(Loan)
        .join(Programme, Programme.id == Loan.programme_id)
        .join(Person, Person.id == Loan.person_id)
        .where(
            Loan.state.in_(WITH_THE_PERSON),
            Loan.stopped_at.is_(None),
            Loan.due_on <= until,
            Loan.hub_id != Programme.hub_id,
            Person.deceased_on.is_(None),
        )
    )
    return session.scalars(query.order_by(Loan.due_on, Loan.id)).all()


def loans_of_programme(session: Session, programme_id: int, *, limit: int) -> Sequence[Loan]:
    """Loans of a programme that somebody has and that were not stopped, longest due first."""
    query = select(Loan).where(
        Loan.programme_id == programme_id,
        Loan.state.in_(WITH_THE_PERSON),
        Loan.stopped_at.is_(None),
        Loan.due_on.is_not(None),
    )
    return session.scalars(query.order_by(Loan.due_on, Loan.id).limit(limit)).all()


def rungs_taken(session: Session, loan_ids: Sequence[int], known_until: datetime) -> dict[int, set[str]]:
    """loan -> the rungs that its ledger has for its present due date."""
    query = (
        select(Chase.loan_id, Chase.rung)
        .join(Loan, and_(Loan.id == Chase.loan_id, Loan.due_version == Chase.due_version))
        .where(among(Chase.loan_id, loan_ids), Chase.created_at < known_until)
    )
    found: dict[int, set[str]] = defaultdict(set)
    for loan_id, rung in session.execute(query):
        found[loan_id].add(rung)
    return found


def sent_to_the_dead(session: Session, since: datetime) -> Sequence[Chase]:
    """Messages from then on to somebody who has died, or that name them beside somebody else at their home."""
    dead = (
        select(Chase.id, Chase.along_with)
        .join(Person, Person.id == Chase.person_id)
        .where(Chase.created_at >= since, Person.deceased_on.is_not(None))
    )
    numbers = [along_with or number for number, along_with in session.execute(dead)]
    query = select(Chase).where(among(Chase.id, numbers), Chase.reference != "")
    return session.scalars(query.order_by(Chase.id)).all()
