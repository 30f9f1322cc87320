"""Reads of what surrounds some people besides their loans: who they are, holds, answers, messages, languages, needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from fleet.chasing.models import Chase, ChaseHold, ChaseLanguage, ChaseReply
from fleet.chasing.rules import ABOUT_THE_PERSON, ENDS_WITH_A_NEW_DAY, HoldReason
from fleet.database.among import among, among_named
from fleet.loans.models import DueVersion
from fleet.people.models import Need, Person, PersonEvent
from fleet.people.rules import Channel as ContactBy
from fleet.people.rules import NeedCode


def people(session: Session, person_ids: Sequence[int]) -> dict[int, Person]:
    return {row.id: row for row in session.scalars(select(Person).where(among(Person.id, person_ids)))}


def message_days(
    session: Session, person_ids: Sequence[int], day: date, *, besides: int | None
) -> dict[int, set[date]]:
    """person -> the days of the week that ends with `day` on which we wrote to them.

    The message whose first entry is `besides` does not count.
    """
    query = select(Chase.person_id, Chase.message_day).where(
        among(Chase.person_id, person_ids), Chase.message_day > day - timedelta(days=7)
    )
    if besides is not None:
        query = query.where(Chase.id != besides, or_(Chase.along_with.is_(None), Chase.along_with != besides))
    found: dict[int, set[date]] = defaultdict(set)
    for person_id, message_day in session.execute(query):
        if message_day is not None:
            found[person_id].add(message_day)
    return found


def housemates(session: Session, person_ids: Sequence[int]) -> dict[int, set[int]]:
    """person -> the others whom a message reaches at the same place: one phone, one inbox, one front door."""
    reached: dict[ContactBy, list[int]] = defaultdict(list)
    for person_id, channel in session.execute(_REACHED, {"person_ids": person_ids}):
        reached[channel].append(person_id)
    found: dict[int, set[int]] = defaultdict(set)
    for channel, those in reached.items():
        if channel in _AT_ONE_PLACE:
            for person_id, mate_id in session.execute(_AT_ONE_PLACE[channel], {"person_ids": those}):
                found[person_id].add(mate_id)
    return found


def _at_one_place(channel: ContactBy, given: ColumnElement[bool], same: ColumnElement[bool]) -> Select[int, int]:
    return (
        select(Person.id, _OTHER.id)
        .join(_OTHER, and_(same, _OTHER.channel == channel, _OTHER.id != Person.id))
        .where(among_named(Person.id, "person_ids"), Person.channel == channel, given)
    )


def _written_alike(first: InstrumentedAttribute[str], second: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """House and street as one reads them: on one line or two, with commas or without, in capitals or not."""
    spelt: ColumnElement[str] = func.lower(first + second)
    for mark in (" ", ",", "."):
        spelt = func.replace(spelt, mark, "")
    return spelt


_OTHER = aliased(Person)
_REACHED = select(Person.id, Person.channel).where(among_named(Person.id, "person_ids"))
_ONE_DOOR = and_(
    _OTHER.postcode == Person.postcode,
    _written_alike(_OTHER.address_line_1, _OTHER.address_line_2)
    == _written_alike(Person.address_line_1, Person.address_line_2),
)
_AT_ONE_PLACE: Mapping[ContactBy, Select[int, int]] = {
    ContactBy.TEXT: _at_one_place(ContactBy.TEXT, Person.phone != "", _OTHER.phone == Person.phone),
    ContactBy.EMAIL: _at_one_place(ContactBy.EMAIL, Person.email != "", _OTHER.email == Person.email),
    ContactBy.LETTER: _at_one_place(ContactBy.LETTER, Person.postcode != "", _ONE_DOOR),
}
"""Each is asked for people who are reached that way and for nobody else: for a way that hardly anybody uses, PostgreSQL
reads everybody there is rather than an index, for every few hundred people anew."""


def holds_of_people(session: Session, person_ids: Sequence[int], on: date) -> Sequence[ChaseHold]:
    """Holds because of these people's own circumstances that have not been lifted and have not run out by `on`."""
    query = select(ChaseHold).where(
        among(ChaseHold.person_id, person_ids),
        ChaseHold.reason.in_(ABOUT_THE_PERSON),
        ChaseHold.lifted_at.is_(None),
        ChaseHold.until >= on,
    )
    return session.scalars(query).all()


def holds_of_loans(session: Session, loan_ids: Sequence[int], on: date) -> Sequence[ChaseHold]:
    """The other ones, of these loans, whoever has them by now; and claims that somebody gave a tablet back, which do
    not run out."""
    query = select(ChaseHold).where(
        among(ChaseHold.loan_id, loan_ids),
        ChaseHold.reason.not_in(ABOUT_THE_PERSON),
        ChaseHold.lifted_at.is_(None),
        or_(ChaseHold.until >= on, ChaseHold.reason == HoldReason.SAYS_GIVEN_BACK),
        is_undecided(),
    )
    return session.scalars(query).all()


def is_undecided() -> ColumnElement[bool]:
    """Not a hold of somebody who asked for longer, or named a day, and was given another due date since, not by a
    closure."""
    given = exists().where(
        DueVersion.loan_id == ChaseHold.loan_id,
        DueVersion.set_at > ChaseHold.placed_at,
        DueVersion.moved_because.is_(None),
    )
    return or_(ChaseHold.reason.not_in(ENDS_WITH_A_NEW_DAY), ~given)


def unread_replies(session: Session, person_ids: Sequence[int]) -> dict[int, datetime]:
    """person -> when the first of their answers came that nobody has read."""
    query = (
        select(ChaseReply.person_id, func.min(ChaseReply.received_at))
        .where(among(ChaseReply.person_id, person_ids), ChaseReply.read_at.is_(None))
        .group_by(ChaseReply.person_id)
    )
    return dict(session.execute(query).all())


def languages_of(session: Session, person_ids: Sequence[int]) -> dict[int, ChaseLanguage]:
    """person -> what was answered about the language we write to them in."""
    query = select(ChaseLanguage).where(among(ChaseLanguage.person_id, person_ids))
    return {row.person_id: row for row in session.scalars(query)}


def needs_of(session: Session, person_id: int) -> set[NeedCode]:
    """What somebody needs of us today."""
    query = select(Need.code).where(Need.person_id == person_id, Need.ended_at.is_(None))
    return set(session.scalars(query))


def noted(session: Session, person_id: int, kinds: Sequence[str]) -> Sequence[tuple[str, datetime]]:
    """(kind, when) of these lines in somebody's log, the first one first."""
    query = select(PersonEvent.kind, PersonEvent.at).where(
        PersonEvent.person_id == person_id, PersonEvent.kind.in_(kinds)
    )
    return [(*row,) for row in session.execute(query.order_by(PersonEvent.id))]
