"""CSV in and out: what a spreadsheet would run is kept from running, and comes back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fleet.spreadsheet import RISKY, NotASheet, column_name, decoded, guarded, read_grid, unguarded, written

cells = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x85\u2028\u2029"), max_size=20)
rows = st.lists(st.lists(cells.map(str.strip), min_size=2, max_size=2), max_size=6)


@given(rows)
@example([["=1+1", "-2"], ["'quoted", '"']])
def test_what_goes_out_comes_back_and_nothing_of_it_runs(given_rows: list[list[str]]) -> None:
    text = "".join(written(("one", "two"), given_rows, at_a_time=2))
    grid = read_grid(text)
    assert grid.head == ("one", "two")
    kept = [tuple(row) for row in given_rows if any(row)]
    assert [tuple(map(unguarded, row)) for _, row in grid.rows] == kept
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
        assert not any(value.startswith(RISKY) and not _is_number(value) for value in row)


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isascii() and text.lstrip("+-").replace(".", "", 1).isdigit()


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1+cmd", "-2+3", "@SUM(A1)", "\tx", "-inf"])
def test_a_formula_is_written_as_text(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-12.50", "+3", "07700 900123", "", "Sample"])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert guarded(cell) == cell


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_every_separator_of_a_spreadsheet_is_read(mark: str) -> None:
    grid = read_grid(f"\ufeffSerial{mark}Purchase Date\r\n\r\nS1{mark}2026-01-02\r\n")
    assert [column_name(cell) for cell in grid.head] == ["serial", "purchase_date"]
    assert grid.rows == ((3, ("S1", "2026-01-02")),)


def test_letters_of_an_older_spreadsheet_are_read() -> None:
    assert decoded("Café £3".encode("cp1252")) == decoded("\ufeffCafé £3".encode()) == "Café £3"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8", "cp1252"])
def test_a_file_is_read_however_a_spreadsheet_saved_it(encoding: str) -> None:
    grid = read_grid(decoded("Name\tPlace\r\nZoë\tCafé\r\n".encode(encoding)))
    assert (grid.head, grid.rows) == (("Name", "Place"), ((2, ("Zoë", "Café")),))


def test_what_is_no_text_is_said_to_be_none() -> None:
    with pytest.raises(NotASheet):
        read_grid("PK\0\0")
    assert read_grid("").head == ()
