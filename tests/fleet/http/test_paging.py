"""Lists: CSV that no spreadsheet runs as a formula, addresses that keep what was asked."""

from __future__ import annotations

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from fleet.http.paging import Column, Table, csv_response


def make_table(**changes: object) -> Table:
    values: dict[str, object] = {
        "caption": "Things",
        "columns": (Column("Name", "name"),),
        "rows": (),
        "total": 0,
        "page": 1,
        "page_count": 3,
        "per_page": 50,
        "sort": "name",
        "descending": False,
        "filters": (),
        "path": "/things",
        "empty": "Nothing yet.",
        "params": {"q": "a b"},
    }
    return Table(**(values | changes))  # type: ignore[arg-type]  # values of many types, checked by the tests below


def test_turning_a_page_keeps_the_filter_and_the_order() -> None:
    assert make_table().url(page=2) == "/things?q=a+b&sort=name&page=2"


def test_a_heading_pressed_twice_turns_the_order_round() -> None:
    table = make_table()
    assert "sort=-name" in table.sort_url(table.columns[0])
    assert "sort=name" in make_table(descending=True).sort_url(table.columns[0])


@given(st.text(max_size=40))
@example("-inf")
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    body = bytes(csv_response("x", ["A"], [[text]]).body).decode("utf-8-sig")
    if "\r" in text or "\n" in text or "\0" in text:
        return
    rows = list(csv.reader(io.StringIO(body)))
    cell = rows[1][0] if rows[1] else ""
    assert cell in (text, f"'{text}")
    assert not cell.startswith(("=", "@", "\t"))
    assert not cell.startswith(("+", "-")) or cell.lstrip("+-")[:1].isdigit()
