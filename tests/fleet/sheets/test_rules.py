"""Cells read and written by the declared columns, ours and Snipe-IT's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.gatherings.rules import Theme
from fleet.sheets.columns.tablets import TABLETS, a_cost, months
from fleet.sheets.kinds import ALL, KINDS, KindName
from fleet.sheets.rules import (
    DAYS,
    Collection,
    a_day,
    a_moment,
    a_switch,
    a_time,
    a_weekday,
    an_amount,
    cell,
    collections,
    one_of,
    pounds,
    read_file,
    whole,
)
from fleet.tablets.rules import Stage

SNIPE_IT_EXPORT = (
    "Asset Name,Asset Tag,Serial,Model,Model No.,Category,Status,Checked Out To,Location,Manufacturer,Supplier,"
    "Purchase Date,Purchase Cost,Order Number,Warranty,EOL,Notes\n"
    "Tablet 17,A-0017,R52SAMPLE01,Galaxy Tab A9,SM-X110,Tablets,Ready to Deploy,Somebody,Library,Samsung,Sample shop,"
    '2025-11-03,"£1,049.99",PO-5,36 months,2030-11-03,Scratched\n'
)


def test_every_kind_that_the_api_names_is_there_and_each_column_once() -> None:
    assert set(KINDS) == set(KindName)
    for kind in ALL:
        names = [column.name for column in kind.columns]
        assert len(names) == len(set(names))
        assert kind.goes_out
        assert bool(kind.comes_in) is (kind.bring is not None)


def test_an_export_of_snipe_it_is_read_and_the_person_it_was_with_is_not() -> None:
    read = read_file(SNIPE_IT_EXPORT, TABLETS)
    (line,) = read.lines
    assert line.problems == ()
    assert dict(line.values) == {
        "item_name": "Tablet 17",
        "asset_tag": "A-0017",
        "serial": "R52SAMPLE01",
        "model": "Galaxy Tab A9",
        "model_number": "SM-X110",
        "status": "Ready to Deploy",
        "location": "Library",
        "manufacturer": "Samsung",
        "supplier": "Sample shop",
        "purchase_date": date(2025, 11, 3),
        "purchase_cost": 104_999,
        "order_number": "PO-5",
        "warranty_months": 36,
        "eol": "2030-11-03",
        "notes": "Scratched",
    }
    assert read.passed_over == ("Category", "Checked Out To")


def test_its_export_with_every_column_shown_is_read_where_two_would_mean_the_same() -> None:
    text = (
        "Default Location,Asset Tag,Serial,Model No.,Location,EOL Rate,EOL Date,Warranty Expires\n"
        "Store,A-0017,R52SAMPLE01,SM-X110,Library,60 months,2030-11-03,2028-11-03\n"
    )
    read = read_file(text, TABLETS)
    assert read.problem == ""
    (line,) = read.lines
    assert (line.values["location"], line.values["eol"]) == ("Library", "2030-11-03")
    assert read.passed_over == ("Default Location", "EOL Rate", "Warranty Expires")
    assert read_file("serial,Default Location\nR52SAMPLE01,Store\n", TABLETS).lines[0].values["location"] == "Store"


def test_the_headings_of_its_import_guide_are_read_too() -> None:
    read = read_file("serial number,model name,warranty months,asset tag\nR1SAMPLE,Tab,24,A1\n", TABLETS)
    assert set(read.lines[0].values) == {"serial", "model", "warranty_months", "asset_tag"}


def test_each_row_says_what_is_wrong_with_it() -> None:
    text = "serial,purchase_date,purchase_cost,warranty_months\n,03-11-2025,cheap,soon\nR2SAMPLE,1/2/2026,10,3,more\n"
    first, second = read_file(text, TABLETS).lines
    assert [problem.split(":")[0] for problem in first.problems] == [
        "serial",
        "purchase_date",
        "purchase_cost",
        "warranty_months",
    ]
    assert second.values["purchase_date"] == date(2026, 2, 1)
    assert second.problems == ("There are more cells than columns; put quotes round a cell that holds a comma.",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "These columns are missing: serial"),
        ("serial\n", "There is nothing in this file below its first row."),
        ("serial,Serial\nA,B\n", "These columns are there twice: serial."),
        ("serial\n" + "A\n" * 2001, "send at most 2,000 at once"),
        ("\0", "save it as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, sentence: str) -> None:
    read = read_file(text, TABLETS)
    assert sentence in read.problem
    assert read.lines == ()


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_day_comes_back_however_it_was_written(day: date) -> None:
    assert a_day(cell(day)) == a_day(f"{day:%d/%m/%Y}") == a_day(f"{day} 10:00:00") == day


@given(st.times().map(lambda given: given.replace(second=0, microsecond=0)), st.integers(0, 6), st.sampled_from(Theme))
def test_hours_days_and_words_come_back(hour: time, day: int, theme: Theme) -> None:
    assert (a_time(cell(hour)), a_weekday(DAYS[day]), one_of(Theme)(cell(theme))) == (hour, day, theme)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(0, 2_000_000_000))  # noqa: DTZ001 - UTC below
def test_moments_and_amounts_come_back(moment: datetime, pence: int) -> None:
    at = moment.replace(microsecond=0, tzinfo=UTC)
    assert (a_moment(cell(at)), an_amount()(pounds(pence))) == (at, pence)


def test_a_day_alone_is_noon_where_the_hub_is() -> None:
    assert a_moment("01/07/2026") == datetime(2026, 7, 1, 11, tzinfo=UTC)


@given(st.booleans())
def test_a_switch_comes_back(value: bool) -> None:
    assert a_switch(cell(value)) is value


def test_values_stand_in_cells_as_people_read_them() -> None:
    at = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
    assert [cell(each) for each in (None, Stage.READY, at, ["a", "b"])] == ["", "ready", "2026-06-01 09:30:00", "a; b"]
    assert (a_cost("149.9"), a_cost("£1,200"), months("36"), months("12 months")) == (14_990, 120_000, 36, 12)


@pytest.mark.parametrize(
    ("read", "text"), [(a_cost, "-1"), (a_cost, "1.005"), (a_cost, "nan"), (months, "3 years"), (whole(1, 5), "6")]
)
def test_what_is_no_such_value_is_refused_with_a_sentence(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        read(text)


def test_days_with_their_words_stand_in_one_cell() -> None:
    read = collections("2026-07-20 Data; and tea; 03/08/2026 End | kept: They meet then")
    assert read == (
        Collection(date(2026, 7, 20), "Data; and tea"),
        Collection(date(2026, 8, 3), "End", "They meet then"),
    )
    for odd in ("2026-07-20", "Soon we meet"):
        with pytest.raises(ValueError, match="write a day"):
            collections(odd)
