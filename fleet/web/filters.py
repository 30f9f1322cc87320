"""How values are said on a page: dates in words, counts, sizes, codes. Pure: the only clock is the page's `now`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from fleet.clock import LONDON, local_date, utc_now

KILO = 1000
"""Data bundles are sold in decimal gigabytes, so sizes are said the same way."""


def day_of(value: date | datetime) -> date:
    """The day in London that a date or an aware moment falls on."""
    return local_date(value) if isinstance(value, datetime) else value


def page_today(context: Context) -> date:
    """Today, by the page's own `now`, so that every date on a page agrees with the others."""
    now = context.get("now")
    return local_date(now if isinstance(now, datetime) else utc_now())


@pass_context
def date_words(context: Context, value: date | datetime | None) -> str:
    """`Friday 12 June`, for anything a borrower may see; the year is said only when it is another one."""
    return _with_year(context, value, "%A", "%B")


@pass_context
def date_short(context: Context, value: date | datetime | None) -> str:
    """`Fri 12 Jun`, for lists that staff scan."""
    return _with_year(context, value, "%a", "%b")


def _with_year(context: Context, value: date | datetime | None, weekday: str, month: str) -> str:
    if value is None:
        return ""
    day = day_of(value)
    year = "" if day.year == page_today(context).year else f" {day.year}"
    return f"{day:{weekday}} {day.day} {day:{month}}{year}"


def clock_time(value: datetime | time | None) -> str:
    """`14:05`, in London when the value knows its zone."""
    if value is None:
        return ""
    local = value.astimezone(LONDON) if isinstance(value, datetime) else value
    return f"{local:%H:%M}"


@pass_context
def moment(context: Context, value: datetime | None) -> str:
    """`Fri 12 Jun, 14:05`."""
    return f"{date_short(context, value)}, {clock_time(value)}" if value else ""


@pass_context
def relative(context: Context, value: date | datetime | None) -> str:
    """`3 days ago`, `today`, `in 2 days`; only ever shown beside the date itself."""
    if value is None:
        return ""
    days = (day_of(value) - page_today(context)).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        return near[days]
    return f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} ago"


@pass_context
def lateness(context: Context, value: date | datetime | None) -> str:
    """`9 days late`, `due today`, `due in 4 days`; for staff screens."""
    if value is None:
        return ""
    days = (day_of(value) - page_today(context)).days
    if days < 0:
        return f"{count(-days, 'day')} late"
    return f"due {relative(context, value)}"


def count(number: int, one: str = "", many: str | None = None) -> str:
    """`1 tablet`, `1,204 tablets`; the plural is the singular with an s unless it is given."""
    figure = f"{number:,}"
    if not one:
        return figure
    return f"{figure} {one if number == 1 else many or one + 's'}"


def byte_size(number: int) -> str:
    """`1.2 GB`, decimal, at most one figure after the point."""
    size = float(number)
    for unit in ("bytes", "kB", "MB", "GB"):
        if abs(round(size, 1)) < KILO:
            return f"{size:.1f}".removesuffix(".0") + f" {unit}"
        size /= KILO
    return f"{size:.1f}".removesuffix(".0") + " TB"


def about(seconds: float) -> str:
    """`about 3 min`: how long something will take, no more exactly than it can be known."""
    if seconds < 10:
        return "a few seconds"
    if seconds < 60:
        return f"about {round(seconds / 10) * 10} s"
    minutes = round(seconds / 60)
    return f"about {minutes} min" if minutes < 90 else f"about {count(round(minutes / 60), 'hour')}"


def words(value: Any) -> str:
    """The words of an identifier: `wiped_unverified` is said `wiped unverified`."""
    text = str(value.value if isinstance(value, Enum) else value)
    return text.replace("_", " ").replace("-", " ")


def sentence(value: Any) -> str:
    """`words`, beginning with a capital."""
    text = words(value)
    return text[:1].upper() + text[1:]


def dial(phone: object) -> str:
    """A phone number as the address of a link: `tel:02079460000`, whatever stands between its figures."""
    figures = str(phone).replace("(0)", "") if str(phone).strip().startswith("+") else str(phone)
    return "tel:" + "".join(each for each in figures if each.isdigit() or each == "+")


def code(value: object) -> Markup:
    """A code from a label, kept whole on one line, never translated."""
    return Markup('<span class="code" translate="no">{}</span>').format(escape(str(value)))


_BETWEEN_PARTS = re.compile(r"(?<=[^\W\d])([./])(?=[^\W\d])")


def breakable(value: object) -> Markup:
    """Text in which a name of many parts, such as ``com.example.fleet``, may break after each dot and slash."""
    return Markup(_BETWEEN_PARTS.sub(r"\1<wbr>", str(escape(value))))  # noqa: S704 - escaped, then only <wbr> is added


FILTERS: Mapping[str, Callable[..., Any]] = {
    "about": about,
    "breakable": breakable,
    "byte_size": byte_size,
    "clock_time": clock_time,
    "code": code,
    "count": count,
    "date_short": date_short,
    "date_words": date_words,
    "dial": dial,
    "lateness": lateness,
    "moment": moment,
    "relative": relative,
    "sentence": sentence,
    "words": words,
}
