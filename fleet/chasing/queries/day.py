"""Reads for the coordinator's day: only columns, of every loan that is due, late, or whose data ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import Session, load_only

from fleet.bundles.models import DataBundle
from fleet.chasing.models import Chase, ChaseCall, ChaseHold, ChaseReply
from fleet.chasing.queries.around import is_undecided
from fleet.chasing.rules import CallOutcome, ChaseState, HoldReason
from fleet.cohorts.models import Cohort, Programme, ProgrammeGathering
from fleet.database.among import among
from fleet.deliveries.models import DeliveryJob, Scan
from fleet.deliveries.rules import Tick
from fleet.loans.models import Loan, LoanGathering, LoanSim, LoanTablet
from fleet.loans.rules import TO_BE_BROUGHT, WITH_THE_PERSON, LoanKind, LoanState
from fleet.people.models import Person


@dataclass(frozen=True, slots=True)
class Running:
    """A loan that somebody has, as far as its place in the list needs it."""

    loan_id: int
    person_id: int
    hub_id: int
    programme_id: int
    grace_days: int
    turnaround_days: int
    state: LoanState
    due_on: date
    due_version: int
    venue_loan_id: int | None


def running(session: Session, until: date, *, besides: Sequence[int]) -> list[Running]:
    """Loans that living people have, due by `until` or among `besides`, and not stopped; longest due first."""
    rows: Iterable[Any] = session.execute(_running(), {"until": until, "besides": besides})
    return [Running(*row) for row in rows]


@cache
def _running() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Loan.id,
            Loan.person_id,
            Loan.hub_id,
            Loan.programme_id,
            Programme.grace_days,
            Programme.turnaround_days,
            Loan.state,
            Loan.due_on,
            Loan.due_version,
            Loan.venue_loan_id,
        )
        .join(Person, Person.id == Loan.person_id)
        .join(Programme, Programme.id == Loan.programme_id)
        .where(
            Loan.state.in_(WITH_THE_PERSON),
            Loan.stopped_at.is_(None),
            Loan.due_on.is_not(None),
            or_(Loan.due_on <= bindparam("until"), Loan.id.in_(bindparam("besides", expanding=True))),
            Person.deceased_on.is_(None),
        )
        .order_by(Loan.due_on, Loan.id)
    )


def tasks(session: Session) -> dict[int, int]:
    """loan -> the stage of what a person is asked to do about it."""
    query = select(Chase.loan_id, Chase.stage).where(Chase.state == ChaseState.TO_DO).order_by(Chase.id)
    return dict(session.execute(query).all())


def stages(session: Session, until: date) -> dict[int, int]:
    """loan -> how far up the ladder its present due date has gone, of loans due by `until`."""
    return dict(session.execute(_stages(), {"until": until}).all())


@cache
def _stages() -> Select[*tuple[int, int]]:
    return (
        select(Chase.loan_id, func.max(Chase.stage))
        .join(Loan, and_(Loan.id == Chase.loan_id, Loan.due_version == Chase.due_version))
        .where(Loan.state.in_(WITH_THE_PERSON), Loan.stopped_at.is_(None), Loan.due_on <= bindparam("until"))
        .group_by(Chase.loan_id)
    )


def data_ends(session: Session, until: date) -> dict[int, date]:
    """loan -> the day its data ends, where that is by `until` and before the tablet is due."""
    return dict(session.execute(_data_ends(), {"until": until}).all())


@cache
def _data_ends() -> Select[*tuple[int, Any]]:
    return (
        select(Loan.id, DataBundle.ends_on)
        .join(LoanSim, and_(LoanSim.loan_id == Loan.id, LoanSim.to_at.is_(None)))
        .join(DataBundle, and_(DataBundle.sim_id == LoanSim.sim_id, DataBundle.replaced_at.is_(None)))
        .where(
            DataBundle.ends_on <= bindparam("until"),
            DataBundle.ends_on < Loan.due_on,
            Loan.state.in_(WITH_THE_PERSON),
            Loan.stopped_at.is_(None),
        )
    )


def not_joined(session: Session, first: date, last: date) -> dict[int, date]:
    """loan -> since when somebody has a tablet, from `first` to `last`, who has gatherings to join and joined none that
    anybody heard of: neither at the hand-over nor in a call."""
    return dict(session.execute(_not_joined(), {"first": first, "last": last}).all())


@cache
def _not_joined() -> Select[*tuple[int, Any]]:
    """Built once: the list is asked for all day, and building takes longer than the answer."""
    told = (
        select(Scan.id)
        .join(DeliveryJob, DeliveryJob.id == Scan.job_id)
        .where(DeliveryJob.loan_id == Loan.id, Scan.counts, cast(Scan.details, String).like(f'%"{Tick.JOINED}"%'))
    )
    called = select(ChaseCall.id).where(ChaseCall.loan_id == Loan.id, ChaseCall.outcome == CallOutcome.HAS_JOINED)
    chosen = select(LoanGathering.loan_id).where(LoanGathering.loan_id == Loan.id)
    usual = select(ProgrammeGathering.programme_id)
    return select(Loan.id, Loan.started_on).where(
        Loan.state == LoanState.ACTIVE,
        Loan.kind == LoanKind.TABLET,
        Loan.stopped_at.is_(None),
        Loan.started_on.between(bindparam("first"), bindparam("last")),
        or_(chosen.exists(), Loan.programme_id.in_(usual)),
        ~called.exists(),
        ~told.exists(),
    )


def count_not_delivered(session: Session) -> int:
    """Loans that a courier tried to bring, and that are still to be brought."""
    query = select(func.count()).where(Loan.state.in_(TO_BE_BROUGHT), Loan.attempts > 0)
    return session.scalar(query) or 0


def next_cohorts(session: Session, today: date) -> Mapping[int, tuple[date, str]]:
    """programme -> when its next cohort starts, and its name."""
    query = select(Cohort.programme_id, Cohort.starts_on, Cohort.name).where(Cohort.starts_on > today)
    rows = session.execute(query.order_by(Cohort.starts_on.desc(), Cohort.id.desc()))
    return {programme_id: (starts_on, name) for programme_id, starts_on, name in rows}


def people_with_answers(session: Session) -> set[int]:
    """People who answered, and nobody has read it."""
    return set(session.scalars(select(ChaseReply.person_id).where(ChaseReply.read_at.is_(None)).distinct()))


def count_failed(session: Session) -> int:
    """Messages that did not leave and wait to be tried again."""
    return session.scalar(select(func.count()).where(Chase.state == ChaseState.FAILED)) or 0


def standing_holds(session: Session, on: date) -> Sequence[tuple[int, int, HoldReason, date]]:
    """(loan, person, reason, until) of every hold that counts on a day. Claims of a return do not run out."""
    stands = or_(ChaseHold.until >= on, ChaseHold.reason == HoldReason.SAYS_GIVEN_BACK)
    query = select(ChaseHold.loan_id, ChaseHold.person_id, ChaseHold.reason, ChaseHold.until)
    return [(*row,) for row in session.execute(query.where(ChaseHold.lifted_at.is_(None), stands, is_undecided()))]


def days_named(session: Session, loan_ids: Sequence[int], on: date) -> dict[int, date]:
    """loan -> the day on which they say that they give it back, where it has not gone by."""
    query = select(ChaseHold.loan_id, ChaseHold.until).where(
        among(ChaseHold.loan_id, loan_ids),
        ChaseHold.reason == HoldReason.SAYS_WILL_GIVE_BACK,
        ChaseHold.lifted_at.is_(None),
        ChaseHold.until >= on,
        is_undecided(),
    )
    return dict(session.execute(query).all())


def asked_for_longer(session: Session) -> dict[int, tuple[int, datetime]]:
    """loan -> the hold of whoever asked to have it for longer, and since when, while nobody has decided."""
    query = select(ChaseHold.loan_id, ChaseHold.id, ChaseHold.placed_at).where(
        ChaseHold.reason == HoldReason.ASKED_LONGER, ChaseHold.lifted_at.is_(None), is_undecided()
    )
    return {loan_id: (hold_id, placed_at) for loan_id, hold_id, placed_at in session.execute(query)}


def asked_together(session: Session, hold: ChaseHold) -> Sequence[ChaseHold]:
    """The same question of a custodian about the other tablets of a venue loan, while nobody has decided."""
    if hold.reason is not HoldReason.ASKED_LONGER:
        return ()
    venue = select(Loan.venue_loan_id).where(Loan.id == hold.loan_id).scalar_subquery()
    query = select(ChaseHold).join(Loan, Loan.id == ChaseHold.loan_id)
    return session.scalars(
        query.where(
            Loan.venue_loan_id == venue,
            ChaseHold.person_id == hold.person_id,
            ChaseHold.reason == hold.reason,
            ChaseHold.lifted_at.is_(None),
        )
    ).all()


def count_conflicts(session: Session) -> int:
    """Scans of couriers that do not fit what the books say, and that nobody has settled."""
    return session.scalar(select(func.count()).where(Scan.needs_review, Scan.settled_at.is_(None))) or 0


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The last that left about a loan, and by which way."""

    day: date
    channel: str


@dataclass(frozen=True, slots=True)
class LastCall:
    """The last time somebody rang about a loan, and how it went."""

    at: datetime
    outcome: CallOutcome


def people_listed(session: Session, person_ids: Sequence[int]) -> dict[int, Person]:
    """These people with what a list says of them, and nothing else read."""
    columns = (
        *(Person.first_name, Person.last_name, Person.phone, Person.email, Person.referrer_id),
        *(Person.language_spoken, Person.interpreter, Person.channel),
        *(Person.address_line_1, Person.address_line_2, Person.town, Person.postcode, Person.door_note),
    )
    query = select(Person).where(among(Person.id, person_ids)).options(load_only(*columns))
    return {row.id: row for row in session.scalars(query)}


def referrer_ids(session: Session, loan_ids: Sequence[int]) -> dict[int, int]:
    """loan -> the organisation that asked for it, or that referred the person; loans that nobody referred are not in
    it."""
    query = select(Loan.id, func.coalesce(Loan.referrer_id, Person.referrer_id)).join(
        Person, Person.id == Loan.person_id
    )
    rows: Iterable[Any] = session.execute(query.where(among(Loan.id, loan_ids)))
    return {loan_id: referrer_id for loan_id, referrer_id in rows if referrer_id is not None}


def tablet_ids(session: Session, loan_ids: Sequence[int]) -> dict[int, int]:
    """loan -> the tablet it has."""
    query = select(LoanTablet.loan_id, LoanTablet.tablet_id)
    return dict(session.execute(query.where(among(LoanTablet.loan_id, loan_ids), LoanTablet.to_at.is_(None))).all())


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is asked to do, and at which step."""

    words: str
    rung: str


def asked_of_people(session: Session, loan_ids: Sequence[int]) -> dict[int, Asked]:
    """loan -> what a person is asked to do about it."""
    columns = select(Chase.loan_id, Chase.note, Chase.rung)
    query = columns.where(among(Chase.loan_id, loan_ids), Chase.state == ChaseState.TO_DO).order_by(Chase.id)
    return {loan_id: Asked(note, rung) for loan_id, note, rung in session.execute(query)}


def last_messages(session: Session, loan_ids: Sequence[int]) -> dict[int, LastMessage]:
    query = select(Chase.loan_id, Chase.message_day, Chase.channel).where(
        among(Chase.loan_id, loan_ids), Chase.state == ChaseState.SENT
    )
    rows = session.execute(query.order_by(Chase.id))
    return {loan_id: LastMessage(day, channel) for loan_id, day, channel in rows if day is not None}


def last_calls(session: Session, loan_ids: Sequence[int]) -> dict[int, LastCall]:
    query = select(ChaseCall.loan_id, ChaseCall.at, ChaseCall.outcome).where(among(ChaseCall.loan_id, loan_ids))
    return {loan_id: LastCall(at, outcome) for loan_id, at, outcome in session.execute(query.order_by(ChaseCall.id))}
