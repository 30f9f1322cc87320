"""No table may keep words about a person unseen: each column that could is given up, or says why it stays."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Enum, String

from fleet.privacy.queries import personal_tables
from fleet.privacy.rules import DELETED, GIVEN_UP, KEPT
from fleet.privacy.words import SECTION_WORDS
from fleet.schema import metadata


def holds_words(column: Column[object]) -> bool:
    kind = column.type
    return isinstance(kind, JSON) or (isinstance(kind, String) and not isinstance(kind, Enum))


def test_every_column_that_can_hold_words_about_a_person_is_given_up_or_says_why_it_stays() -> None:
    """When it fails: name the column in fleet/privacy/rules.py, in `GIVEN_UP`, or in `KEPT` with the reason."""
    undecided = [
        f"{name}.{column.name}"
        for name in personal_tables()
        for column in metadata.tables[name].columns
        if name not in DELETED
        and holds_words(column)
        and column.name not in GIVEN_UP.get(name, {})
        and column.name not in KEPT.get(name, {})
    ]
    assert undecided == []


def test_the_lists_name_only_what_there_is() -> None:
    named = {(table, column) for lists in (GIVEN_UP, KEPT) for table, columns in lists.items() for column in columns}
    there = {(name, column.name) for name in personal_tables() for column in metadata.tables[name].columns}
    assert named - there == set()
    assert set(DELETED) <= set(personal_tables())


def test_every_table_about_a_person_has_a_heading_in_their_own_copy() -> None:
    assert set(personal_tables()) - set(SECTION_WORDS) == set()
