"""How dates, counts, sizes and codes are said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from fleet.web.filters import FILTERS

NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
TODAY = NOW.date()


class Stage(StrEnum):
    WIPED_UNVERIFIED = "wiped_unverified"


def said(filter_name: str, value: object, *arguments: object) -> str:
    environment = Environment(autoescape=True)
    environment.filters.update(FILTERS)
    template = environment.from_string(f"{{{{ value | {filter_name}(*arguments) }}}}")
    return template.render(value=value, arguments=arguments, now=NOW)


@pytest.mark.parametrize(
    ("filter_name", "value", "words"),
    [
        ("date_words", date(2026, 6, 12), "Friday 12 June"),
        ("date_words", date(2027, 1, 1), "Friday 1 January 2027"),
        ("date_short", date(2026, 6, 1), "Mon 1 Jun"),
        ("date_short", datetime(2026, 6, 12, 23, 30, tzinfo=UTC), "Sat 13 Jun"),
        ("moment", datetime(2026, 6, 11, 13, 5, tzinfo=UTC), "Thu 11 Jun, 14:05"),
        ("moment", datetime(2026, 1, 11, 13, 5, tzinfo=UTC), "Sun 11 Jan, 13:05"),
        ("clock_time", time(9, 5), "09:05"),
        ("dial", "+44 (0)20 7946-0000", "tel:+442079460000"),
        ("dial", "020 7946 0000", "tel:02079460000"),
        ("breakable", "Through com.example.fleet. 1.5 GB", "Through com.<wbr>example.<wbr>fleet. 1.5 GB"),
        ("breakable", "<b>a.b/C</b>", "&lt;b&gt;a.<wbr>b/<wbr>C&lt;/b&gt;"),
        ("relative", date(2026, 6, 12), "today"),
        ("relative", date(2026, 6, 11), "yesterday"),
        ("relative", date(2026, 6, 13), "tomorrow"),
        ("relative", date(2026, 6, 9), "3 days ago"),
        ("relative", date(2026, 6, 14), "in 2 days"),
        ("lateness", date(2026, 6, 3), "9 days late"),
        ("lateness", date(2026, 6, 11), "1 day late"),
        ("lateness", date(2026, 6, 12), "due today"),
        ("lateness", date(2026, 6, 16), "due in 4 days"),
        ("byte_size", 0, "0 bytes"),
        ("byte_size", 64_000_000_000, "64 GB"),
        ("byte_size", 1_250_000, "1.2 MB"),
        ("byte_size", 999_999, "1 MB"),
        ("byte_size", 3_000_000_000_000, "3 TB"),
        ("about", 4, "a few seconds"),
        ("about", 48, "about 50 s"),
        ("about", 170, "about 3 min"),
        ("about", 7_300, "about 2 hours"),
        ("words", Stage.WIPED_UNVERIFIED, "wiped unverified"),
        ("sentence", "on_loan", "On loan"),
    ],
)
def test_a_value_is_said_in_words(filter_name: str, value: Any, words: str) -> None:
    assert said(filter_name, value) == words


@pytest.mark.parametrize("filter_name", ["date_words", "date_short", "moment", "clock_time", "relative", "lateness"])
def test_a_missing_date_says_nothing(filter_name: str) -> None:
    assert said(filter_name, None) == ""


@pytest.mark.parametrize(
    ("number", "arguments", "words"),
    [
        (1, ("tablet",), "1 tablet"),
        (0, ("tablet",), "0 tablets"),
        (1204, ("tablet",), "1,204 tablets"),
        (2, ("person", "people"), "2 people"),
        (3000, (), "3,000"),
    ],
)
def test_a_count_agrees_with_its_noun(number: int, arguments: tuple[str, ...], words: str) -> None:
    assert said("count", number, *arguments) == words


def test_a_code_is_kept_whole_and_cannot_smuggle_markup() -> None:
    assert said("code", "K7F3-QX") == '<span class="code" translate="no">K7F3-QX</span>'
    assert "<script>" not in said("code", "<script>")


@given(st.integers(min_value=-4000, max_value=4000))
def test_a_day_late_by_any_number_is_late_and_never_due(days: int) -> None:
    words = said("lateness", TODAY + timedelta(days=days))
    assert words.endswith("late") == (days < 0)
    assert words.startswith("due") == (days >= 0)
