"""Lists: every one is sorted, filtered and paged the same way, and leaves as a page, as JSON or as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response

from fleet.database.lists import MAX_PER_PAGE, Found, ListQuery
from fleet.spreadsheet import written

Item = TypeVar("Item")


def list_query(
    request: Request,
    page: Annotated[int, Query(ge=1, le=1_000_000, description="Which page, from 1.")] = 1,
    per_page: Annotated[int, Query(ge=1, le=MAX_PER_PAGE, description="Rows on a page.")] = 50,
    sort: Annotated[str, Query(max_length=40, description="Column to sort by; with - in front, downwards.")] = "",
) -> ListQuery:
    """FastAPI dependency: paging, sort and every other query parameter that the route does not ask for itself as a
    filter. A program's question is strict."""
    own = {"page", "per_page", "sort", *(each.alias for each in request.scope["route"].dependant.query_params)}
    filters = {key: value for key, value in request.query_params.items() if key not in own and value}
    is_strict = request.url.path.startswith("/api/")
    return ListQuery(page, per_page, sort.removeprefix("-"), sort.startswith("-"), filters, is_strict)


Listed = Annotated[ListQuery, Depends(list_query)]
"""What a route that answers with a list takes."""


@dataclass(frozen=True)
class Column:
    """A column of a table on a page. `sort`: the name it sorts by, if it does. `whole`: its words stay on one line."""

    title: str
    sort: str = ""
    numeric: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in a table: text, perhaps a link, perhaps a state (rendered by word, shape and colour)."""

    text: str
    href: str = ""
    state: str = ""
    """One of done, waiting, hands, working, danger, lost, or empty for plain text."""
    note: str = ""


@dataclass(frozen=True)
class Filter:
    """A control above a table: a text box, or a choice when `choices` is given as (value, words)."""

    name: str
    label: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """A list as a page shows it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    page: int
    page_count: int
    per_page: int
    sort: str
    descending: bool
    filters: tuple[Filter, ...]
    path: str
    empty: str
    """The sentence for an empty list: what will appear here, and the first thing to do."""
    params: Mapping[str, str] = field(default_factory=dict)

    def url(self, **changes: str | int) -> str:
        """This list's address with some of its parameters changed."""
        kept = {key: value for key, value in self.params.items() if value}
        if self.sort:
            kept["sort"] = f"-{self.sort}" if self.descending else self.sort
        merged = kept | {key: str(value) for key, value in changes.items()}
        return f"{self.path}?{urlencode(merged)}" if merged else self.path

    def sort_url(self, column: Column) -> str:
        """Where a column's heading leads: sort by it, or turn the order round."""
        down = self.sort == column.sort and not self.descending
        return self.url(sort=f"-{column.sort}" if down else column.sort)

    @property
    def csv_url(self) -> str:
        return self.url(format="csv")


def table(
    found: Found[Item],
    *,
    caption: str,
    columns: Sequence[Column],
    row: Callable[[Item], Iterable[Cell]],
    path: str,
    empty: str,
    filters: Sequence[Filter] = (),
) -> Table:
    """A `Table` for a page of results."""
    query = found.query
    return Table(
        caption=caption,
        columns=tuple(columns),
        rows=tuple(tuple(row(item)) for item in found.items),
        total=found.total,
        page=query.page,
        page_count=found.page_count,
        per_page=query.per_page,
        sort=query.sort,
        descending=query.descending,
        filters=tuple(filters),
        path=path,
        empty=empty,
        params={key: value for key, value in query.filters.items() if key != "format"},
    )


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file for a spreadsheet. A cell that a spreadsheet would run as a formula is made plain text."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response("".join(written(header, rows)), media_type="text/csv; charset=utf-8", headers=headers)


def table_csv(name: str, shown: Table) -> Response:
    """The same list as CSV: what is on the page is what is in the file."""
    return csv_response(name, [c.title for c in shown.columns], [[cell.text for cell in row] for row in shown.rows])
