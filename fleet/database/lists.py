"""A list as it is asked of the database: which page, sorted and filtered how, and what was found. Knows no request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, SQLColumnExpression, func, select
from sqlalchemy.orm import Session

from fleet.database.base import row_number
from fleet.errors import BadInput

Item = TypeVar("Item")
Known = TypeVar("Known")
Choice = TypeVar("Choice", bound=StrEnum)

MAX_PER_PAGE = 200


@dataclass(frozen=True)
class ListQuery:
    """What a reader asked of a list."""

    page: int = 1
    per_page: int = 50
    sort: str = ""
    descending: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    is_strict: bool = False
    """Whether a filter or an order that means nothing is refused, as a program is owed, and not passed over."""
    _asked: set[str] = field(default_factory=set, compare=False, repr=False)
    _wrong: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def filter(self, name: str) -> str:
        self._asked.add(name)
        return self.filters.get(name, "").strip()

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        """One of the words of `kind`; None where none of them is asked for."""
        return self._among(name, {str(each): each for each in kind})

    def number(self, name: str) -> int | None:
        """The number of a row; None where none is asked for."""
        given = self.filter(name)
        number = row_number(given)
        if given and number is None:
            self._wrong[name] = "Enter a whole number, such as 12."
        return number

    def day(self, name: str) -> date | None:
        """A day as in 2027-06-12; None where none is asked for."""
        given = self.filter(name)
        try:
            return date.fromisoformat(given) if given else None
        except ValueError:
            self._wrong[name] = "Enter a day as year, month and day, such as 2027-06-12."
            return None

    def says_yes(self, name: str) -> bool:
        return self._among(name, {"yes": True, "no": False}) is True

    def _among(self, name: str, known: Mapping[str, Known]) -> Known | None:
        given = self.filter(name)
        if given and given not in known:
            self._wrong[name] = f"Choose one of these: {', '.join(known)}."
        return known.get(given)

    def check(self, sorts: Iterable[str] = ()) -> None:
        """Called once all filters were looked at. Raises `BadInput` where `is_strict` and one of them, or the order,
        means nothing here."""
        if not self.is_strict:
            return
        words = ", ".join(sorted(self._asked)) or "none"
        unknown = dict.fromkeys(self.filters.keys() - self._asked, f"There is no such filter here. There are: {words}.")
        order = {"sort": f"Sort by one of these: {', '.join(sorts)}."} if self.sort and self.sort not in sorts else {}
        if wrong := self._wrong | unknown | order:
            raise BadInput("Nothing was listed: part of the question means nothing here.", fields=wrong)

    @property
    def as_csv(self) -> bool:
        """Whether the address asks for the list as a file, with `format=csv`."""
        return self.filter("format") == "csv"


@dataclass(frozen=True)
class Found(Generic[Item]):
    """One page of what a query found, and how much there is in all."""

    items: Sequence[Item]
    total: int
    query: ListQuery

    @property
    def page_count(self) -> int:
        return max(1, -(-self.total // self.query.per_page))


def find(
    session: Session,
    statement: Select[Item],
    query: ListQuery,
    *,
    sorts: Mapping[str, SQLColumnExpression[Any]],
    tie: SQLColumnExpression[Any],
    default_sort: str = "",
    default_descending: bool = False,
) -> Found[Item]:
    """Run `statement` for one page. An unknown sort falls back to the default; `tie` makes the order total.

    Raises `BadInput` for a filter or a sort that means nothing, where the query is strict.
    """
    query.check(sorts)
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    known = query.sort in sorts
    column = sorts.get(query.sort) if known else sorts.get(default_sort)
    descending = query.descending if known else default_descending
    if column is not None:
        statement = statement.order_by(column.desc() if descending else column.asc())
    statement = statement.order_by(tie.desc() if descending else tie.asc())
    rows = session.scalars(statement.limit(query.per_page).offset((query.page - 1) * query.per_page)).all()
    return Found(rows, total, query)
