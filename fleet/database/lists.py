"""A list as it is asked of the database: which page, sorted and filtered how, and what was found. Knows no request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, SQLColumnExpression, func, select
from sqlalchemy.orm import Session

Item = TypeVar("Item")

MAX_PER_PAGE = 200


@dataclass(frozen=True)
class ListQuery:
    """What a reader asked of a list."""

    page: int = 1
    per_page: int = 50
    sort: str = ""
    descending: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)

    def filter(self, name: str) -> str:
        return self.filters.get(name, "").strip()

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
    """Run `statement` for one page. An unknown sort falls back to the default; `tie` makes the order total."""
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    known = query.sort in sorts
    column = sorts.get(query.sort) if known else sorts.get(default_sort)
    descending = query.descending if known else default_descending
    if column is not None:
        statement = statement.order_by(column.desc() if descending else column.asc())
    statement = statement.order_by(tie.desc() if descending else tie.asc())
    rows = session.scalars(statement.limit(query.per_page).offset((query.page - 1) * query.per_page)).all()
    return Found(rows, total, query)
