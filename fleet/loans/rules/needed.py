"""Whether others need the tablet that somebody would like to keep for longer (rule R6). Pure.

A loan is of no one tablet: what counts is whether another of its kind can be theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def who_needs_it(wanting: Wanting) -> str:
    """Who would go without, as a sentence; empty where other stock is there for everybody."""
    if wanting.waiting_for_its_kind > wanting.stock_of_its_kind:
        return (
            f"{_people(wanting.waiting_for_its_kind)} for a tablet like this one, and"
            f" {_others(wanting.stock_of_its_kind)} at the hub for them."
        )
    wanted = wanting.waiting
    for month in sorted(wanting.months, key=lambda each: each.starts_on):
        wanted += month.places
        if wanted > wanting.stock + month.back:
            return (
                f"“{month.name}” begins on {said(month.starts_on)} with {_places(month.places)} to fill, and"
                " without this tablet there are not enough by then."
            )
    return ""


def _people(number: int) -> str:
    return "1 person waits" if number == 1 else f"{number} people wait"


def _others(number: int) -> str:
    return {0: "no other is", 1: "only 1 other is"}.get(number, f"only {number} others are")


def _places(number: int) -> str:
    return f"{number} place{'' if number == 1 else 's'}"
