"""Everything that is kept about one person, in one file (rule R32): for them, in words and with nothing left out."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fleet.clock import LONDON
from fleet.equality import service as equality
from fleet.people import service as people
from fleet.privacy import queries
from fleet.privacy.service.files import messages_of, photos_of
from fleet.privacy.words import LEFT_OUT, column_words, section_words
from fleet.settings import Settings


@dataclass(frozen=True)
class Section:
    """The rows of one kind: `columns` as they are stored, each row in their order."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column_words(name) for name in self.columns)

    def as_objects(self) -> list[dict[str, Any]]:
        """The rows as JSON has them."""
        return [dict(zip(self.columns, map(plain, row), strict=True)) for row in self.rows]

    @property
    def said(self) -> tuple[tuple[str, ...], ...]:
        """The rows in words, for a page."""
        return tuple(tuple(in_words(value) for value in row) for row in self.rows)


@dataclass(frozen=True)
class Everything:
    """A person's own copy. `photos` are base64, by the name of their file."""

    person_id: int
    name: str
    made_at: datetime
    sections: tuple[Section, ...]
    photos: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """The file: each section as a list of objects."""
        return {
            "about": self.person_id,
            "made_at": self.made_at.isoformat(),
            "sections": {
                each.name: {
                    "title": each.title,
                    "rows": [
                        {name: plain(value) for name, value in zip(each.columns, row, strict=True)} for row in each.rows
                    ],
                }
                for each in self.sections
            },
            "photos": dict(self.photos),
        }


def everything_about(session: Session, person_id: int, *, settings: Settings, now: datetime) -> Everything:
    """Gathered from every table that leads to the person, and every file. Raises `NotFound`."""
    person = people.get_person(session, person_id)
    found = [_table(name, queries.rows_about(session, name, person_id)) for name in queries.personal_tables()]
    found += [_table(name, rows) for name, rows in queries.rows_beside(session, person_id)]
    found += [_messages(session, person_id, settings), _equality(session, person_id)]
    photos = {
        path.name: base64.b64encode(path.read_bytes()).decode() for path in photos_of(session, [person_id], settings)
    }
    return Everything(
        person_id=person.id,
        name=f"{person.first_name} {person.last_name}",
        made_at=now,
        sections=tuple(section for section in found if section.rows),
        photos=photos,
    )


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> Section:
    columns = tuple(column for column in (rows[0] if rows else ()) if column not in LEFT_OUT)
    return Section(name, section_words(name), columns, tuple(tuple(row[column] for column in columns) for row in rows))


def _messages(session: Session, person_id: int, settings: Settings) -> Section:
    found = messages_of(session, [person_id], settings)
    rows = tuple((reference, path.name, _text(path)) for reference, files in found.items() for path in files)
    return Section("message", section_words("message"), ("reference", "file", "text"), rows)


def _text(path: Path) -> str:
    """A message's words. A letter is a picture of them, and is handed over on paper."""
    return path.read_text(encoding="utf-8") if path.suffix == ".txt" else "A letter; print it with this copy."


def _equality(session: Session, person_id: int) -> Section:
    rows = tuple(equality.everything_said(session, person_id))
    return Section("equality", section_words("equality"), ("question", "answer"), rows)


def plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime | date) else value


_CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")
"""What a program calls something: data_protection."""


def in_words(value: Any) -> str:
    """As a page has it."""
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(LONDON):%-d %B %Y, %H:%M}"
        case date():
            return f"{value:%-d %B %Y}"
        case Enum():
            return str(value.value).replace("_", " ")
        case str() if _CODE.fullmatch(value):
            return value.replace("_", " ")
        case list():
            return ", ".join(in_words(each) for each in value)
        case dict():
            return ", ".join(f"{column_words(str(name)).lower()}: {in_words(each)}" for name, each in value.items())
        case _:
            return str(value)
