"""The lines of a plan: from a CSV file or from a program, each with its day, its words and what kind of day it is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fleet.cohorts.calendar import WEEKDAYS
from fleet.errors import BadInput

MOST_LINES = 200
FIRST_YEAR, LAST_YEAR = 2000, 2100
COLUMNS = ("date", "what", "kind", "cohort", "places")
KEPT = "keep_because"
"""Beside the columns: why a day is right though it looks wrong."""
Answers = Mapping[int, Mapping[str, str]]
"""Line -> what was answered to what it asks: another value of one of the `COLUMNS`, or `KEPT`."""
_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_COHORT = re.compile(r"\bcohort\s+(\d+|[A-Z])\b", re.IGNORECASE)
_BEGINS = re.compile(r"\b(start|starts|begin|begins|beginning)\b", re.IGNORECASE)
_ENDS = re.compile(r"\b(end|ends|close|closes)\b", re.IGNORECASE)
_COLLECTS = re.compile(r"\bdata[ -]collection\b|\bcollect(ion of)? (data|measures)\b", re.IGNORECASE)


class DateKind(StrEnum):
    """What a day of a plan is."""

    MILESTONE = "milestone"
    COHORT_STARTS = "cohort_starts"
    COHORT_ENDS = "cohort_ends"
    DATA_COLLECTION = "data_collection"


_OF_A_COHORT = (DateKind.COHORT_STARTS, DateKind.COHORT_ENDS)


@dataclass(frozen=True)
class Problem:
    """Why a line cannot be used, and in which of the `COLUMNS` that can be mended."""

    column: str
    words: str


@dataclass(frozen=True)
class PlanLine:
    """One line. `problem` says why it cannot be used; `weekday` is the one it names, if it names one (Monday is 0).

    `kept_because` is somebody's answer to a question about its day: it is right though it looks wrong.
    """

    number: int
    day: date | None
    words: str
    kind: DateKind = DateKind.MILESTONE
    cohort: str = ""
    places: int | None = None
    weekday: int | None = None
    kept_because: str = ""
    problem: Problem | None = None


def day_words(day: date) -> str:
    """Monday 5 October 2020."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def read_plan(text: str, answers: Answers | None = None) -> tuple[PlanLine, ...]:
    """The lines of a CSV file, in the file's order, with what was answered to what they asked.

    The first row names the columns: `date` and `what`, and if wished `kind`, `cohort` and `places`; semicolons may part
    them. Raises `BadInput` for what is no CSV.
    """
    plain = "\n".join(text.removeprefix("\ufeff").strip("\r\n").splitlines())
    heading = plain.partition("\n")[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    try:
        rows = list(csv.DictReader(io.StringIO(plain), delimiter=delimiter))
    except csv.Error as error:
        said = "It cannot be read as CSV. Save it as “CSV UTF-8”, with a first row “date,what”."
        raise BadInput("The plan was not read.", fields={"plan": said}) from error
    given = ({(name or "").strip().lower(): value for name, value in row.items() if name} for row in rows)
    return read_lines(given, answers)


def read_lines(rows: Iterable[Mapping[str, str | None]], answers: Answers | None = None) -> tuple[PlanLine, ...]:
    """The lines in the order they are given. A data collection belongs to the cohort that began last above it."""
    lines: list[PlanLine] = []
    cohort = ""
    for number, row in enumerate(rows, 1):
        answered = (answers or {}).get(number, {})
        given = {**row, **{name: answered[name] for name in COLUMNS if answered.get(name)}}
        line = _line(number, given, answered.get(KEPT, ""), cohort)
        cohort = line.cohort if line.kind is DateKind.COHORT_STARTS else cohort
        lines.append(line)
    return tuple(lines)


def _line(number: int, row: Mapping[str, str | None], why: str, running: str) -> PlanLine:
    day_text = _cell(row, "date")
    words = " ".join(_cell(row, "what").split())
    kind = _kind(_cell(row, "kind"), words)
    day, weekday = _day(day_text)
    cohort = _cell(row, "cohort") or _named(words)
    if kind is DateKind.DATA_COLLECTION:
        cohort = cohort or running
    places = _cell(row, "places")
    problems = (
        ("date", "" if day else f"“{day_text[:40]}” is no date. Write it like 5 October 2026."),
        ("what", "" if words else "It does not say what happens on that day."),
        ("what", "" if len(words) <= 200 else "It says more than 200 letters."),
        ("kind", "" if kind is not None else f"“{_cell(row, 'kind')[:40]}” is no kind of day: {', '.join(DateKind)}."),
        ("places", "" if not places or _is_places(places) else "Places are a number from 1 to 10,000."),
        ("cohort", "" if cohort or kind not in _OF_A_COHORT else "It does not name its cohort."),
        ("cohort", "" if len(cohort) <= 120 else "The cohort's name has more than 120 letters."),
    )
    return PlanLine(
        number=number,
        day=day,
        words=words,
        kind=kind or DateKind.MILESTONE,
        cohort=cohort,
        places=int(places) if _is_places(places) else None,
        weekday=weekday,
        kept_because=" ".join(why.split())[:500],
        problem=next((Problem(column, said) for column, said in problems if said), None),
    )


def _cell(row: Mapping[str, str | None], name: str) -> str:
    return (row.get(name) or "").strip()


def _is_places(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5 and 1 <= int(text) <= 10_000


def _kind(given: str, words: str) -> DateKind | None:
    """The kind that is named, else what the words sound like. None for a name that is none."""
    if given:
        asked = given.lower().replace(" ", "_")
        return DateKind(asked) if asked in list(DateKind) else None
    if _COLLECTS.search(words):
        return DateKind.DATA_COLLECTION
    if _COHORT.search(words) and _BEGINS.search(words):
        return DateKind.COHORT_STARTS
    return DateKind.COHORT_ENDS if _COHORT.search(words) and _ENDS.search(words) else DateKind.MILESTONE


def _named(words: str) -> str:
    named = _COHORT.search(words)
    return f"Cohort {named[1].upper()}" if named else ""


def _day(text: str) -> tuple[date | None, int | None]:
    """The day, and the weekday that stands before it."""
    named = _WEEKDAY.match(text)
    weekday = (
        next(place for place, name in enumerate(WEEKDAYS) if name[:3].lower() == named[1].lower()) if named else None
    )
    bare = " ".join(_ORDINAL.sub("", text[named.end() if named else 0 :]).replace(",", " ").split())
    for shape in _FORMATS:
        try:
            day = datetime.strptime(bare, shape).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
        return (day if FIRST_YEAR <= day.year <= LAST_YEAR else None), weekday
    return None, weekday
