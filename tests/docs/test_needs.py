"""docs/needs.md holds each of the 92 needs once, and says of each how it stands."""

from __future__ import annotations

import re
from collections import Counter

from tests.docs.pages import DOCS, table_rows

NEEDS = {
    f"{letter}{number}"
    for letter, count in {"A": 33, "B": 23, "C": 9, "D": 11, "E": 16}.items()
    for number in range(1, count + 1)
}
STATES = ("works", "partly", "not yet")
PAGE = DOCS / "needs.md"


def rows() -> list[tuple[str, ...]]:
    return [cells for cells in table_rows(PAGE) if re.fullmatch(r"[A-E]\d+", cells[0])]


def test_each_of_the_92_needs_has_one_row() -> None:
    counted = Counter(cells[0] for cells in rows())

    assert len(rows()) == 92
    assert set(counted) == NEEDS


def test_each_need_says_honestly_how_it_stands() -> None:
    assert [cells[0] for cells in rows() if not cells[-1].startswith(STATES)] == []


def test_a_need_that_is_served_partly_says_what_is_missing() -> None:
    silent = [cells[0] for cells in rows() if cells[-1].startswith("partly") and len(cells[-1]) < len("partly: no …")]

    assert silent == []


def test_a_need_that_is_served_says_where_to_see_it() -> None:
    assert [cells[0] for cells in rows() if cells[-1].startswith(("works", "partly")) and not all(cells)] == []


def test_the_summary_counts_what_the_rows_say() -> None:
    counts = Counter(next(state for state in STATES if cells[-1].startswith(state)) for cells in rows())
    text = PAGE.read_text(encoding="utf-8")

    assert f"{counts['works']} work, {counts['partly']} work partly, {counts['not yet']} do not yet" in text


def test_a_need_that_is_served_names_a_page_or_a_test() -> None:
    shown = re.compile(r"`/|`doorstep |\(\.\./tests/")
    assert [
        cells[0] for cells in rows() if not cells[-1].startswith("not yet") and not shown.search(" ".join(cells))
    ] == []
