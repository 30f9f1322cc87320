"""Every read of people, their needs and the log of their records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, insert, literal, literal_column, null, or_, select
from sqlalchemy.orm import Session

from fleet.database.among import among
from fleet.database.lists import Found, ListQuery, find
from fleet.database.locking import locked
from fleet.people.models import Need, Person, PersonEvent, PersonView
from fleet.people.rules import tidy_email, tidy_phone, tidy_postcode
from fleet.users.actor import Actor


def person(session: Session, person_id: int) -> Person | None:
    return session.get(Person, person_id)


def person_locked(session: Session, person_id: int) -> Person | None:
    return locked(session, Person, person_id)


def people_by_id(session: Session, person_ids: Sequence[int]) -> dict[int, Person]:
    rows = session.scalars(select(Person).where(Person.id.in_(person_ids)))
    return {row.id: row for row in rows}


def current_needs_of(session: Session, person_ids: Sequence[int]) -> dict[int, list[Need]]:
    """person -> their needs that hold today, for those who have any."""
    query = select(Need).where(Need.person_id.in_(person_ids), Need.ended_at.is_(None)).order_by(Need.code)
    found: dict[int, list[Need]] = {}
    for need in session.scalars(query):
        found.setdefault(need.person_id, []).append(need)
    return found


def current_needs(session: Session, person_id: int) -> Sequence[Need]:
    query = select(Need).where(Need.person_id == person_id, Need.ended_at.is_(None)).order_by(Need.code)
    return session.scalars(query).all()


def events(session: Session, person_id: int) -> Sequence[PersonEvent]:
    """Newest first."""
    query = select(PersonEvent).where(PersonEvent.person_id == person_id)
    return session.scalars(query.order_by(PersonEvent.id.desc()).limit(200)).all()


def event_by_client_id(session: Session, client_id: str) -> PersonEvent | None:
    return session.scalar(select(PersonEvent).where(PersonEvent.client_id == client_id))


def viewed_already(session: Session, person_ids: Sequence[int], user_id: int, role: str, day: date) -> set[int]:
    """Those of these people whose record somebody opened on that day."""
    query = select(PersonView.person_id).where(
        among(PersonView.person_id, person_ids),
        PersonView.user_id == user_id,
        PersonView.role == role,
        PersonView.day == day,
    )
    return set(session.scalars(query))


def these_people(person_ids: Sequence[int]) -> Select[int]:
    return select(Person.id).where(among(Person.id, person_ids))


def write_taken_out(
    session: Session, whom: Select[int], words: str, *, actor: Actor, now: datetime, source: str
) -> None:
    """In the log of everybody whom a file is about, with one statement however many they are."""
    about = whom.subquery()
    signed = actor.signature()
    entry = select(
        about.c[0],
        literal("taken_out"),
        literal(words),
        literal(signed["actor_id"]) if signed["actor_id"] is not None else null(),
        literal(signed["actor_name"]),
        literal(signed["role"]),
        literal(now, PersonEvent.__table__.c.at.type),
        literal(source),
    )
    names = ["person_id", "kind", "words", "actor_id", "actor_name", "role", "at", "source"]
    session.execute(insert(PersonEvent).from_select(names, entry))


def look_alikes(
    session: Session, *, first_name: str, last_name: str, postcode: str, phone: str, besides: int | None = None
) -> Sequence[Person]:
    """People with the same name at the same postcode, or with the same phone number."""
    if not postcode and not phone:
        return []
    query = _alike(by_name=bool(postcode), by_phone=bool(phone))
    names = {"first_name": first_name.lower(), "last_name": last_name.lower(), "postcode": postcode}
    asked = {"phone": phone, "besides": besides or 0} | (names if postcode else {})
    return session.scalars(query, asked).all()


@cache
def _alike(*, by_name: bool, by_phone: bool) -> Select[Person]:
    """Asked for each row of a file, so each form of it is built once."""
    name = and_(
        Person.postcode == bindparam("postcode"),
        func.lower(Person.first_name) == bindparam("first_name"),
        func.lower(Person.last_name) == bindparam("last_name"),
    )
    alike = or_(*([name] if by_name else []), *([Person.phone == bindparam("phone")] if by_phone else []))
    query = select(Person).where(alike, Person.erased_at.is_(None), Person.id != bindparam("besides"))
    return query.order_by(Person.id).limit(10)


def people_known_by(session: Session, *, reference: str = "", email: str = "", phone: str = "") -> Sequence[Person]:
    """Those who came with this number, or have this email address, or this phone; at most a few. Read afresh."""
    query = _known_by(by_reference=bool(reference), by_email=bool(email), by_phone=bool(phone))
    asked = {"reference": reference, "email": tidy_email(email), "phone": tidy_phone(phone)}
    return session.scalars(query, asked).all()


def ids_with_phone(session: Session, phone: str) -> Sequence[int]:
    """Everybody who has this number on record."""
    query = select(Person.id).where(Person.phone == phone, Person.erased_at.is_(None))
    return session.scalars(query.order_by(Person.id)).all()


def phone_wrong_on(session: Session, phone: str) -> date | None:
    """The day on which somebody rang this number and it was a stranger's, as anybody's record has it."""
    return session.scalar(select(func.min(Person.phone_wrong_on)).where(Person.phone == phone))


_HAS_REFERENCE = Person.reference != literal_column("''")
"""As its index says it, which SQLite uses for nothing else."""


@cache
def _known_by(*, by_reference: bool, by_email: bool, by_phone: bool) -> Select[Person]:
    """Asked for each row of a file, so each form of it is built once."""
    query = select(Person).where(Person.erased_at.is_(None))
    if by_reference:
        query = query.where(_HAS_REFERENCE, Person.reference == bindparam("reference"))
    if by_email:
        query = query.where(Person.email == bindparam("email"))
    if by_phone:
        query = query.where(Person.phone == bindparam("phone"))
    return query.order_by(Person.id).limit(3).execution_options(populate_existing=True)


def find_people(session: Session, query: ListQuery, *, today: date | None = None) -> Found[Person]:
    """Filters: `q` (part of a name, a postcode, a phone number, or the number in the file that they came with), `area`
    (first half of a postcode), and with `today` also `needs` (review: a need is to be asked about again; unasked:
    nobody has asked yet)."""
    statement = select(Person).where(Person.erased_at.is_(None))
    asked = query.filter("q")
    if asked:
        pattern = f"%{asked.lower()}%"
        whole_name = Person.first_name + " " + Person.last_name
        found = [func.lower(whole_name).like(pattern), Person.postcode == tidy_postcode(asked)]
        statement = statement.where(or_(*found, Person.phone == tidy_phone(asked), Person.reference == asked))
    if query.filter("area"):
        statement = statement.where(Person.area == query.filter("area").upper())
    if today is not None and query.filter("needs") == "review":
        due = select(Need.person_id).where(Need.ended_at.is_(None), Need.review_on <= today)
        statement = statement.where(Person.id.in_(due))
    if query.filter("needs") == "unasked":
        statement = statement.where(Person.needs_asked.is_(False))
    sorts: dict[str, Any] = {
        "name": func.lower(Person.last_name),
        "area": Person.area,
        "added": Person.created_at,
    }
    return find(session, statement, query, sorts=sorts, tie=Person.id, default_sort="name")
