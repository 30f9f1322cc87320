"""Marks in the place of everything personal in a database, so that an answer tells by its marks whose data it holds.

What a role may read is worked out here from the rows and the table of sight alone, by none of the product's code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Connection, Enum, String, Table, select, update

from fleet.clock import local_date
from fleet.database.session import Database
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import JobEnd, JobState, RunState
from fleet.loans.models import Loan
from fleet.loans.service import DROP_PLACES
from fleet.partners.models import Organisation, OrganisationKind
from fleet.people.models import Need, Person
from fleet.people.rules import NeedCode
from fleet.people.words import NEED_WORDS
from fleet.schema import metadata
from fleet.users.actor import Actor

PERSON, USER, ORGANISATION = Person.__tablename__, "user", Organisation.__tablename__
SOMEBODYS = re.compile(r"(^|_)(by|name|note|reason|holder)$")
"""How columns that hold somebody's name or words about somebody end, in every other table."""
NOBODYS = frozenset({"name", "version_name", "grade_reason", "fail_reason"})
"""Columns that end like that and are about a thing."""
COPIED = {PERSON: ("last_name", "address_line_1"), USER: ("name",)}
"""Fields whose words of before are looked for as well: a log or a certificate may hold a copy."""
ADDRESS = ("address_line_1", "address_line_2", "town", "postcode", "door_note")

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MARK = re.compile(r"mqj(\d+)jqm", re.IGNORECASE)
_SHAPED: dict[str, re.Pattern[str]] = {
    "phone": re.compile(r"7700\s?900\s?(\d{3})\b"),
    "help_phone": re.compile(r"7946\s?09(\d{2})\b"),
    "area": re.compile(r"\by(\d{1,2})w\b", re.IGNORECASE),
    "postcode": re.compile(r"\by(\d{1,2})w\s?1qz\b", re.IGNORECASE),
    "birth_year": re.compile(r"\b19(\d{2})\b"),
}
"""What cannot be any text: how it is found, and the number of the row within it."""


@dataclass(frozen=True)
class Mark:
    """One marked field of one row."""

    table: str
    column: str
    row: int

    def __str__(self) -> str:
        return f"{self.column} of {self.table} {self.row}"


@dataclass
class Marks:
    """The marks of a database."""

    texts: list[Mark] = field(default_factory=list)
    shaped: set[Mark] = field(default_factory=set)
    kept: dict[str, Mark] = field(default_factory=dict)
    """What stood in a field before it was marked, and may have been copied elsewhere."""
    needs: dict[NeedCode, frozenset[int]] = field(default_factory=dict)
    """The people who have each of the needs."""

    @cached_property
    def _copies(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, self.kept))})\b")

    def text(self, mark: Mark) -> str:
        self.texts.append(mark)
        return f"Mqj{len(self.texts) - 1}jqm"

    def found(self, answer: str) -> Iterator[Mark]:
        """Whatever of these an answer holds, outside of ids that could be anything."""
        answer = _UUID.sub("", answer)
        for number in set(_MARK.findall(answer)):
            yield self.texts[int(number)]
        yield from (self.kept[words] for words in set(self._copies.findall(answer)))
        for column, pattern in _SHAPED.items():
            for row in set(pattern.findall(answer)):
                table = ORGANISATION if column == "help_phone" else PERSON
                mark = Mark(table, column, int(row))
                if mark in self.shaped:
                    yield mark

    def needs_found(self, answer: str) -> Iterator[NeedCode]:
        """Whatever needs an answer names, in words or by code: as a value, for some codes are ordinary words."""
        for code in self.needs:
            if NEED_WORDS[code] in answer or re.search(rf"[\"',>;]{code.value}[\"',<;]", answer):
                yield code


def marked(database: Database) -> Marks:
    """Put a mark of its own into every personal field of every row, and say which mark is whose."""
    marks = Marks()
    with database.write() as session:
        connection = session.connection()
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if _is_personal(column)]
            if columns and "id" in table.columns:
                _mark_rows(connection, table, columns, marks)
        for need in session.query(Need):
            marks.needs[need.code] = marks.needs.get(need.code, frozenset()) | {need.person_id}
    return marks


def _is_personal(column: Column[Any]) -> bool:
    text = isinstance(column.type, String) and not isinstance(column.type, Enum)
    if column.primary_key or column.foreign_keys or not (text or column.name == "birth_year"):
        return False
    table = column.table.name
    if table == PERSON:
        return True
    if table == USER:
        return column.name in ("name", "email")
    if table == ORGANISATION:
        return column.name in ("name", "help_phone", "help_hours", "email", "address", "registration")
    if column.name == "doorstep_phrase":
        return True
    return bool(SOMEBODYS.search(column.name)) and column.name not in NOBODYS


def _mark_rows(connection: Connection, table: Table, columns: list[Column[Any]], marks: Marks) -> None:
    wanted = select(table)
    if table.name == ORGANISATION:
        wanted = wanted.where(table.c.kind != OrganisationKind.HUB)
    if table.name == PERSON:
        wanted = wanted.where(table.c.erased_at.is_(None))  # nothing personal is left of anybody else
    for row in connection.execute(wanted).mappings().all():
        marks.kept.update({row[column]: Mark(table.name, column, row["id"]) for column in COPIED.get(table.name, ())})
        values = {column.name: _value(Mark(table.name, column.name, row["id"]), marks) for column in columns}
        connection.execute(update(table).where(table.c.id == row["id"]).values(values))


def _value(mark: Mark, marks: Marks) -> str | int:
    assert mark.table != PERSON or mark.row < 100, "The marks of people have room for 99."
    shaped: dict[str, Callable[[], str | int]] = {
        "phone": lambda: f"+447700900{mark.row:03d}",
        "help_phone": lambda: f"020 7946 09{mark.row:02d}",
        "area": lambda: f"Y{mark.row}W",
        "postcode": lambda: f"Y{mark.row}W 1QZ",
        "birth_year": lambda: 1900 + mark.row,
    }
    if mark.table in (PERSON, ORGANISATION) and mark.column in shaped:
        marks.shaped.add(mark)
        return shaped[mark.column]()
    text = marks.text(mark)
    return f"{text.lower()}@doorstep.example" if mark.column == "email" else text


def open_to_courier(connection: Connection, courier: Actor, now: datetime, *, hours: int) -> set[Mark]:
    """The doors of a courier's own stops while they are open, the areas of what is asked of them, and themselves.

    The names of the places where a tablet may be left are on their list at the hub.
    """
    drop_places = select(Organisation.id).where(Organisation.kind.in_(DROP_PLACES))
    open_now = own_account(courier) | {Mark(ORGANISATION, "name", each) for each in connection.scalars(drop_places)}
    today = local_date(now, ZoneInfo("Europe/London"))
    query = (
        select(CourierRun.state, CourierRun.day, DeliveryJob, Loan.person_id)
        .join(DeliveryJob, DeliveryJob.run_id == CourierRun.id)
        .join(Loan, Loan.id == DeliveryJob.loan_id)
        .where(CourierRun.courier_id == courier.user_id, CourierRun.state != RunState.PLANNED)
    )
    for row in connection.execute(query).mappings():
        if row["ended"] is JobEnd.TAKEN_OFF:
            continue
        open_now.add(Mark(PERSON, "area", row["person_id"]))
        underway = row["state_1"] in (JobState.ACCEPTED, JobState.LOADED, JobState.FAILED)
        shortly = row["done_at"] is not None and now <= row["done_at"] + timedelta(hours=hours)
        if row["state"] is not RunState.OFFERED and row["day"] == today and (underway or shortly):
            open_now |= {Mark(PERSON, column, row["person_id"]) for column in ("first_name", *ADDRESS)}
            open_now |= {
                Mark("loan", "doorstep_phrase", row["loan_id"]),
                Mark("delivery_job", "doorstep_phrase", row["id"]),
            }
    return open_now


def open_to_referrer(connection: Connection, referrer: Actor) -> set[Mark]:
    """The names of the people their own organisation referred, and themselves."""
    query = select(Person.id).where(Person.referrer_id == referrer.organisation_id)
    theirs = connection.scalars(query)
    return own_account(referrer) | {Mark(PERSON, part, row) for row in theirs for part in ("first_name", "last_name")}


def own_account(actor: Actor) -> set[Mark]:
    """What everybody may read: what they are called, and their own organisation's name."""
    assert actor.user_id is not None
    theirs = {Mark(USER, "name", actor.user_id), Mark(USER, "email", actor.user_id)}
    return theirs | {Mark(ORGANISATION, "name", actor.organisation_id or 0)}
