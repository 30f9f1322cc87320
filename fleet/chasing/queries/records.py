"""Reads of the ledger and of holds, and in a few wide reads all that the guard looks at for loans by their number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from fleet.chasing.models import Chase, ChaseCall, ChaseHold, ChaseLadder, ChaseMark, ChaseReply
from fleet.chasing.queries.around import housemates, is_undecided
from fleet.chasing.rules import ABOUT_THE_PERSON, RECALLED, ChaseState, HoldReason
from fleet.cohorts.models import Programme
from fleet.database.among import among
from fleet.database.lists import Found, ListQuery, find
from fleet.database.locking import locked
from fleet.loans.models import DueVersion, Loan, LoanTablet
from fleet.loans.rules import WITH_THE_PERSON
from fleet.partners.models import Organisation
from fleet.people.models import Person
from fleet.tablets.models import Tablet


def chase(session: Session, chase_id: int) -> Chase | None:
    return session.get(Chase, chase_id)


def chases_of_loan(session: Session, loan_id: int) -> Sequence[Chase]:
    """Newest first."""
    query = select(Chase).where(Chase.loan_id == loan_id).order_by(Chase.id.desc()).limit(200)
    return session.scalars(query).all()


def chases_of_loans(session: Session, loan_ids: Sequence[int]) -> Sequence[Chase]:
    return session.scalars(select(Chase).where(among(Chase.loan_id, loan_ids)).order_by(Chase.id)).all()


def calls_of_loans(session: Session, loan_ids: Sequence[int]) -> Sequence[ChaseCall]:
    return session.scalars(select(ChaseCall).where(among(ChaseCall.loan_id, loan_ids)).order_by(ChaseCall.id)).all()


def call_by_client_id(session: Session, client_id: str) -> ChaseCall | None:
    return session.scalar(select(ChaseCall).where(ChaseCall.client_id == client_id))


def loans_to_look_at(session: Session, until: date) -> Sequence[Loan]:
    """Loans that living people have, due by `until` and not stopped, longest due first."""
    query = (
        select(Loan)
        .join(Person, Person.id == Loan.person_id)
        .where(
            Loan.state.in_(WITH_THE_PERSON),
            Loan.stopped_at.is_(None),
            Loan.due_on <= until,
            Person.deceased_on.is_(None),
        )
    )
    return session.scalars(query.order_by(Loan.due_on, Loan.id)).all()


def loans(session: Session, loan_ids: Sequence[int]) -> Sequence[Loan]:
    """These loans, in the order given."""
    found = {row.id: row for row in session.scalars(select(Loan).where(among(Loan.id, loan_ids)))}
    return [found[loan_id] for loan_id in loan_ids if loan_id in found]


def loans_at_home(session: Session, loan_id: int) -> Sequence[int]:
    """The other running loans of the person, and of those whom we reach at the same place. Nothing is locked."""
    person_id = session.scalar(select(Loan.person_id).where(Loan.id == loan_id))
    if person_id is None:
        return []
    home = {person_id, *housemates(session, [person_id]).get(person_id, ())}
    query = select(Loan.id).where(_running_of(sorted(home)), Loan.id != loan_id)
    return session.scalars(query.order_by(Loan.id)).all()


def loans_of_people(session: Session, person_ids: Sequence[int]) -> Sequence[Loan]:
    """The running loans of these people, in order."""
    return session.scalars(select(Loan).where(_running_of(person_ids)).order_by(Loan.id)).all()


def _running_of(person_ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(among(Loan.person_id, person_ids), Loan.state.in_(WITH_THE_PERSON), Loan.stopped_at.is_(None))


def programmes(session: Session, programme_ids: Sequence[int]) -> dict[int, Programme]:
    return {row.id: row for row in session.scalars(select(Programme).where(among(Programme.id, programme_ids)))}


def hubs(session: Session, hub_ids: Sequence[int]) -> dict[int, Organisation]:
    return {row.id: row for row in session.scalars(select(Organisation).where(among(Organisation.id, hub_ids)))}


def due_versions_of(session: Session, loan_ids: Sequence[int]) -> dict[int, list[DueVersion]]:
    """loan -> every due date that it was given, the first one first."""
    query = select(DueVersion).where(among(DueVersion.loan_id, loan_ids))
    found: dict[int, list[DueVersion]] = {}
    for version in session.scalars(query.order_by(DueVersion.loan_id, DueVersion.number)):
        found.setdefault(version.loan_id, []).append(version)
    return found


def tablets(session: Session, loan_ids: Sequence[int]) -> dict[int, Tablet]:
    """loan -> the tablet it has."""
    query = (
        select(LoanTablet.loan_id, Tablet)
        .join(Tablet, Tablet.id == LoanTablet.tablet_id)
        .where(among(LoanTablet.loan_id, loan_ids), LoanTablet.to_at.is_(None))
    )
    return dict(session.execute(query).all())


def due_versions(session: Session, loan_id: int) -> Sequence[DueVersion]:
    """Every due date that a loan was given, the first one first."""
    return session.scalars(select(DueVersion).where(DueVersion.loan_id == loan_id).order_by(DueVersion.number)).all()


def due_days(session: Session, loan_ids: Sequence[int]) -> dict[tuple[int, int], date]:
    """(loan, number of the due version) -> the day it says."""
    query = select(DueVersion.loan_id, DueVersion.number, DueVersion.due_on).where(among(DueVersion.loan_id, loan_ids))
    return {(loan_id, number): due_on for loan_id, number, due_on in session.execute(query)}


def replies_of_person(session: Session, person_id: int) -> Sequence[ChaseReply]:
    """Newest first."""
    query = select(ChaseReply).where(ChaseReply.person_id == person_id).order_by(ChaseReply.id.desc()).limit(200)
    return session.scalars(query).all()


def reply(session: Session, reply_id: int) -> ChaseReply | None:
    return session.get(ChaseReply, reply_id)


def reply_by_client_id(session: Session, client_id: str) -> ChaseReply | None:
    return session.scalar(select(ChaseReply).where(ChaseReply.client_id == client_id))


def find_replies(session: Session, query: ListQuery) -> Found[ChaseReply]:
    """Filters: `read` (no: only those that nobody has read), `person` (its number)."""
    statement = select(ChaseReply)
    if query.filter("read") == "no":
        statement = statement.where(ChaseReply.read_at.is_(None))
    if (person_id := query.number("person")) is not None:
        statement = statement.where(ChaseReply.person_id == person_id)
    sorts: dict[str, Any] = {"when": ChaseReply.received_at}
    return find(session, statement, query, sorts=sorts, tie=ChaseReply.id, default_sort="when", default_descending=True)


def ladders(session: Session, programme_ids: Sequence[int] | None = None) -> dict[int, ChaseLadder]:
    """programme -> its own ladder as it was last set; programmes without one follow the default."""
    newest = select(func.max(ChaseLadder.id)).group_by(ChaseLadder.programme_id)
    query = select(ChaseLadder).where(ChaseLadder.id.in_(newest))
    if programme_ids is not None:
        query = query.where(among(ChaseLadder.programme_id, programme_ids))
    return {row.programme_id: row for row in session.scalars(query)}


def ladder_history(session: Session, programme_ids: Sequence[int]) -> Sequence[ChaseLadder]:
    """Every ladder that these programmes have followed, the oldest first."""
    query = select(ChaseLadder).where(among(ChaseLadder.programme_id, programme_ids))
    return session.scalars(query.order_by(ChaseLadder.id)).all()


def programmes_of_loans(session: Session, loan_ids: Sequence[int]) -> dict[int, int]:
    """loan -> its programme."""
    return dict(session.execute(select(Loan.id, Loan.programme_id).where(among(Loan.id, loan_ids))).all())


def mark_locked(session: Session) -> ChaseMark | None:
    return locked(session, ChaseMark, 1)


def mark(session: Session) -> ChaseMark | None:
    return session.get(ChaseMark, 1)


def last_chase_id(session: Session) -> int:
    """The number of the newest entry of the ledger; 0 while there is none."""
    return session.scalar(select(func.max(Chase.id))) or 0


def riders(session: Session, chase_id: int) -> Sequence[Chase]:
    """The entries that go in the same message as this one, in order."""
    return session.scalars(select(Chase).where(Chase.along_with == chase_id).order_by(Chase.id)).all()


def hold(session: Session, hold_id: int) -> ChaseHold | None:
    return session.get(ChaseHold, hold_id)


def hold_locked(session: Session, hold_id: int) -> ChaseHold | None:
    query = select(ChaseHold).where(ChaseHold.id == hold_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def hold_by_client_id(session: Session, client_id: str) -> ChaseHold | None:
    return session.scalar(select(ChaseHold).where(ChaseHold.client_id == client_id))


def holds_about(session: Session, loan: Loan, person_id: int | None = None) -> Sequence[ChaseHold]:
    """Every hold there ever was because of this loan, or because of its person's circumstances, newest first.
    `person_id` is somebody else who had it before."""
    whose = loan.person_id if person_id is None else person_id
    query = select(ChaseHold).where(
        or_(
            (ChaseHold.loan_id == loan.id) & ChaseHold.reason.not_in(ABOUT_THE_PERSON),
            (ChaseHold.person_id == whose) & ChaseHold.reason.in_(ABOUT_THE_PERSON),
        )
    )
    return session.scalars(query.order_by(ChaseHold.id.desc())).all()


def abandoned(session: Session, before: datetime) -> Sequence[int]:
    """Messages that somebody began to send before that moment and never finished."""
    begun = (ChaseState.PREPARING, ChaseState.SENDING)
    query = select(Chase.id).where(Chase.state.in_(begun), Chase.changed_at < before, Chase.along_with.is_(None))
    return session.scalars(query.order_by(Chase.id)).all()


def begun(session: Session, states: Sequence[ChaseState]) -> Sequence[Chase]:
    """The first entries of messages in one of these states, in order."""
    query = select(Chase).where(Chase.state.in_(states), Chase.along_with.is_(None))
    return session.scalars(query.order_by(Chase.id)).all()


def last_message_at(session: Session) -> datetime | None:
    """When the ledger last took a message up; None while there is none. Tasks are made in a restored copy as well."""
    query = select(Chase.created_at).where(Chase.reference != "").order_by(Chase.id.desc())
    return session.scalar(query.limit(1))


def failed(session: Session) -> Sequence[int]:
    return session.scalars(select(Chase.id).where(Chase.state == ChaseState.FAILED).order_by(Chase.id)).all()


def failed_entries(session: Session) -> Sequence[Chase]:
    """The messages that did not leave, in order."""
    return session.scalars(select(Chase).where(Chase.state == ChaseState.FAILED).order_by(Chase.id)).all()


def overtaken(session: Session) -> Sequence[int]:
    """Loans with entries that are not needed any more, letters that nobody printed among them: given back, stopped or
    stopped for a while, or due on another day."""
    over = or_(
        Loan.state.not_in(WITH_THE_PERSON),
        Loan.stopped_at.is_not(None),
        Loan.due_version != Chase.due_version,
        Person.deceased_on.is_not(None),
        Chase.created_at < Loan.stop_lifted_at,
    )
    query = (
        select(Loan.id)
        .join(Chase, Chase.loan_id == Loan.id)
        .join(Person, Person.id == Loan.person_id)
        .where(Chase.state.in_(RECALLED), over)
    )
    return session.scalars(query.distinct().order_by(Loan.id)).all()


def open_entries(session: Session, loan_id: int) -> Sequence[Chase]:
    query = select(Chase).where(Chase.loan_id == loan_id, Chase.state.in_(RECALLED)).order_by(Chase.id)
    return session.scalars(query).all()


def find_chases(session: Session, query: ListQuery) -> Found[Chase]:
    """Filters: `state`, `loan` (its number), `rung`."""
    statement = select(Chase)
    if (state := query.choice("state", ChaseState)) is not None:
        statement = statement.where(Chase.state == state)
    if (loan_id := query.number("loan")) is not None:
        statement = statement.where(Chase.loan_id == loan_id)
    if query.filter("rung"):
        statement = statement.where(Chase.rung == query.filter("rung"))
    sorts: dict[str, Any] = {
        "when": Chase.created_at,
        "loan": Chase.loan_id,
        "stage": Chase.stage,
        "state": Chase.state,
    }
    return find(session, statement, query, sorts=sorts, tie=Chase.id, default_sort="when", default_descending=True)


def find_holds(session: Session, query: ListQuery, on: date) -> Found[ChaseHold]:
    """Filters: `loan` (its number), `open` (yes: neither lifted, decided nor run out on that day; claims do not)."""
    statement = select(ChaseHold)
    if (loan_id := query.number("loan")) is not None:
        statement = statement.where(ChaseHold.loan_id == loan_id)
    if query.says_yes("open"):
        stands = or_(ChaseHold.until >= on, ChaseHold.reason == HoldReason.SAYS_GIVEN_BACK)
        statement = statement.where(ChaseHold.lifted_at.is_(None), stands, is_undecided())
    return find(
        session,
        statement,
        query,
        sorts={"until": ChaseHold.until, "placed": ChaseHold.placed_at},
        tie=ChaseHold.id,
        default_sort="placed",
        default_descending=True,
    )
