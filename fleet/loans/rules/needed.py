"""Whether others need the tablet that somebody would like to keep for longer (rule R6). Pure.

A loan is of no one tablet: what counts is whether another of its kind can be theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fleet.loans.rules.dates import said


@dataclass(frozen=True)
class Month:
    """A taster month that begins while the tablet would be out: places to fill, and other tablets back by then."""

    name: str
    starts_on: date
    places: int
    back: int


@dataclass(frozen=True)
class Wanting:
    """Who wants a tablet, and what there is for them besides this one. `of_its_kind` are set up like it, or can be."""

    waiting: int
    waiting_for_its_kind: int
    stock: int
    stock_of_its_kind: int
    months: Sequence[Month] = ()


@dataclass(frozen=True)
class Need:
    """That others need it, in sentences, and when they no longer will, by what is due back; None: nobody can tell."""

    words: str = ""
    met_on: date | None = None


NOBODY_NEEDS_IT = Need()


def need_told(who: str, met_on: date | None) -> Need:
    """Who needs it, and from when on others are there for them."""
    when = (
        f"By what is due back, there are enough on {said(met_on)}."
        if met_on is not None
        else "From what is due back, nobody can tell when there will be enough."
    )
    return Need(f"{who} {when}", met_on)


def met_on(wanting: Wanting, months: Sequence[Month], ready: Mapping[date, int]) -> date | None:
    """The first day on which everybody who waits, and each taster month that has begun by then, has another tablet
    than this one. `ready` says how many others are back and ready on which day; those that come late are not in it."""
    lacking = _first_lacking(wanting)
    there = 0
    for day in sorted(ready):
        there += ready[day]
        begun = max(day, lacking.starts_on) if lacking is not None else day
        wanted = wanting.waiting + sum(month.places for month in months if month.starts_on <= begun)
        if wanting.waiting_for_its_kind <= wanting.stock_of_its_kind + there and wanted <= wanting.stock + there:
            return day
    return None


def who_needs_it(wanting: Wanting) -> str:
    """Who would go without, as a sentence; empty where other stock is there for everybody."""
    if wanting.waiting_for_its_kind > wanting.stock_of_its_kind:
        return (
            f"{_people(wanting.waiting_for_its_kind)} for a tablet like this one, and"
            f" {_others(wanting.stock_of_its_kind)} at the hub for them."
        )
    month = _first_lacking(wanting)
    if month is None:
        return ""
    return (
        f"“{month.name}” begins on {said(month.starts_on)} with {_places(month.places)} to fill, and"
        " without this tablet there are not enough by then."
    )


def _first_lacking(wanting: Wanting) -> Month | None:
    """The first month that, with those before it, would take more than there is by its first day."""
    wanted = wanting.waiting
    for month in sorted(wanting.months, key=lambda each: each.starts_on):
        wanted += month.places
        if wanted > wanting.stock + month.back:
            return month
    return None


def _people(number: int) -> str:
    return "1 person waits" if number == 1 else f"{number} people wait"


def _others(number: int) -> str:
    return {0: "no other is", 1: "only 1 other is"}.get(number, f"only {number} others are")


def _places(number: int) -> str:
    return f"{number} place{'' if number == 1 else 's'}"
