"""Whose turn it is for a tablet, and why: three plain rules, in one order, for everybody.

What is known of anybody's equality, needs or partner plays no part in it: the facts below are all it is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MONTH_IS_NEAR = timedelta(days=14)
"""A place in a taster month that begins sooner than this is lost to the whole group if it stays empty."""

ORDER = (
    "People whose taster month has begun or begins within two weeks.",
    "People who have not had a tablet from us before.",
    "Whoever asked first.",
)
"""The order, as anybody may read it. An earlier line counts for more than all that follow."""


@dataclass(frozen=True)
class Turn:
    """One request that waits for a tablet, with all that its turn depends on."""

    loan_id: int
    asked_at: datetime
    had_one: bool = False
    month: tuple[date, date] | None = None
    """First and last day of the taster month that was asked for."""

    def month_is_near(self, today: date) -> bool:
        return self.month is not None and self.month[0] <= today + MONTH_IS_NEAR and today <= self.month[1]

    def key(self, today: date) -> tuple[bool, bool, datetime, int]:
        """Smaller is sooner; the number makes the order total."""
        return (not self.month_is_near(today), self.had_one, self.asked_at, self.loan_id)


@dataclass(frozen=True)
class Place:
    """Where a request stands in the queue, and how many stand before it by each line of `ORDER`."""

    number: int
    of: int
    turn: Turn
    before: tuple[int, int, int]


def in_order(turns: Iterable[Turn], today: date) -> list[Turn]:
    """The queue."""
    return sorted(turns, key=lambda turn: turn.key(today))


def places(queue: Sequence[Turn], today: date) -> dict[int, Place]:
    """loan -> its place in an ordered queue, and why it is not sooner: by the first line of `ORDER` that decides."""
    ranks = [turn.key(today)[:2] for turn in queue]
    sizes = Counter(ranks)
    found = {}
    for index, (turn, (is_far, had_one)) in enumerate(zip(queue, ranks, strict=True)):
        near = sizes[False, False] + sizes[False, True] if is_far else 0
        fresh = sizes[is_far, False] if had_one else 0
        found[turn.loan_id] = Place(index + 1, len(queue), turn, (near, fresh, index - near - fresh))
    return found
