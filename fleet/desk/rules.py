"""What the desk's scanner understands: its cards and shelf labels, how a scan can end, and what a stock-take compares.

One clear rule for a scan: `DESK-…` and `MODE-UNDO` are cards, `SHELF-K7F3-QX` is a shelf, anything else names a tablet,
by our code, the address of our label, or the maker's serial. Plain Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from fleet.tablets.rules import FINAL, OUTSIDE_THE_HUB, Stage
from fleet.tags.rules import parse, shown

MODE_LASTS = timedelta(minutes=10)
"""After this long without a scan a mode ends by itself, so that nobody's card of this morning acts this afternoon."""


class DeskMode(StrEnum):
    """What the next scan of a tablet does."""

    FIND = "find"
    RECEIVE = "receive"
    CLEAN = "clean"
    PUT_AWAY = "put_away"
    LOAD = "load"
    CHECK_KIT = "check_kit"
    COUNT = "count"


class DeskOutcome(StrEnum):
    """How a scan ended: one of these, always."""

    APPLIED = "applied"
    ALREADY = "already"
    BLOCKED = "blocked"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class DeskCard:
    """A card that the desk's scanner reads, as it is printed."""

    code: str
    title: str
    does: str
    mode: DeskMode | None = None


UNDO = "MODE-UNDO"
STOP = "DESK-STOP"
CARDS: tuple[DeskCard, ...] = (
    DeskCard(
        "DESK-RECEIVE",
        "Receive",
        "A scan takes in what came to the hub: brought back, handed in, not delivered, given to us, or found again.",
        DeskMode.RECEIVE,
    ),
    DeskCard(
        "DESK-CLEAN",
        "Clean",
        "A scan records a returned tablet as cleaned. By scanning it you say that you wiped it down, that it is whole, "
        "and that its kit is complete. Anything else belongs on its own page.",
        DeskMode.CLEAN,
    ),
    DeskCard(
        "DESK-PUT-AWAY",
        "Put away",
        "Scan a shelf, then each tablet that you put there.",
        DeskMode.PUT_AWAY,
    ),
    DeskCard(
        "DESK-LOAD",
        "Load",
        "A scan hands that tablet to the courier whose run it is on. The courier stands beside you.",
        DeskMode.LOAD,
    ),
    DeskCard(
        "DESK-CHECK-KIT",
        "Check kit",
        "A scan records that tablet's kit as looked through: complete, but for what is ticked as missing.",
        DeskMode.CHECK_KIT,
    ),
    DeskCard(
        "DESK-COUNT",
        "Count",
        "Stock-take: scan a shelf, then everything that lies there, then the next shelf.",
        DeskMode.COUNT,
    ),
    DeskCard(
        "DESK-FIND", "Find", "A scan says where a tablet belongs and how it stands. Changes nothing.", DeskMode.FIND
    ),
    DeskCard(UNDO, "Undo", "Takes back what your last scan did, where that is possible."),
    DeskCard(STOP, "Stop", "Ends what you were at; a scan only finds again."),
)
_BY_CODE = {card.code: card for card in CARDS}
BY_MODE = {card.mode: card for card in CARDS if card.mode is not None}
ON_A_SHELF = frozenset({DeskMode.PUT_AWAY, DeskMode.COUNT})
"""The modes in which a scanned shelf is the one that the next tablets lie on."""


def card_of(text: str) -> DeskCard | None:
    """The card of this code, however it was typed: ``desk put away`` is ``DESK-PUT-AWAY``."""
    return _BY_CODE.get("-".join(text.strip().upper().replace("-", " ").split()))


_SHELF = re.compile(r"SHELF[-: ]+(.*)", re.IGNORECASE)


def shelf_text(code: str) -> str:
    """What the label of the shelf with this code holds: SHELF-K7F3-QX."""
    return f"SHELF-{shown(code)}"


def is_shelf(text: str) -> bool:
    """Whether this was meant as a shelf's label."""
    return _SHELF.fullmatch(text.strip()) is not None


def read_shelf(text: str) -> tuple[str, str]:
    """The code of a shelf, kept without its dash, or else the sentence that says what to look at again."""
    found = _SHELF.fullmatch(text.strip())
    reading = parse(found.group(1) if found else text)
    return reading.code, reading.problem


class Scanned(Protocol):
    """A scan as far as its sitting is concerned."""

    @property
    def at(self) -> datetime: ...


S = TypeVar("S", bound=Scanned)


def sitting(newest_first: Sequence[S], now: datetime) -> list[S]:
    """The scans that belong together: back to the first pause in which a mode would have ended."""
    kept: list[S] = []
    last = now
    for scan in newest_first:
        if last - scan.at > MODE_LASTS:
            break
        kept.append(scan)
        last = scan.at
    return kept


AT_THE_HUB = frozenset(Stage) - OUTSIDE_THE_HUB - FINAL - {Stage.EXPECTED}
"""Where a tablet stands that lies somewhere at the hub by the books."""


class DifferenceKind(StrEnum):
    """How a shelf and the books differ, in the order in which they are shown."""

    LOST = "lost"
    AWAY = "away"
    GONE = "gone"
    MISSING = "missing"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class InTheBooks:
    """A tablet as far as a stock-take is concerned. `shelf_id` is where it was last put away, if it still counts."""

    tablet_id: int
    stage: Stage
    shelf_id: int | None
    is_guest: bool = False
    """Another hub's, taken in here and waiting to go home: it lies here on no shelf of its own."""


@dataclass(frozen=True)
class Counted:
    """Something scanned on a shelf: a tablet, or the text of what we do not know."""

    id: int
    shelf_id: int
    tablet_id: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Difference:
    """One line of the list. `shelf_id` is the shelf it was counted on, or is missing from."""

    kind: DifferenceKind
    shelf_id: int
    tablet_id: int | None = None
    belongs_to: int | None = None
    count_id: int | None = None
    text: str = ""


def compare(shelves: Iterable[int], counted: Iterable[Counted], books: Mapping[int, InTheBooks]) -> list[Difference]:
    """Where the counted shelves and the books differ. Says nothing of shelves that nobody has counted yet."""
    counts = list(counted)
    here = {count.tablet_id for count in counts}
    found = [difference for count in counts if (difference := _of_count(count, books)) is not None]
    wanted = frozenset(shelves)
    for each in books.values():
        if each.shelf_id in wanted and each.tablet_id not in here and each.stage in AT_THE_HUB:
            assert each.shelf_id is not None, "a shelf that was counted"
            found.append(Difference(DifferenceKind.MISSING, each.shelf_id, each.tablet_id, each.shelf_id))
    order = list(DifferenceKind)
    return sorted(found, key=lambda each: (order.index(each.kind), each.shelf_id, each.tablet_id or 0, each.text))


def _of_count(count: Counted, books: Mapping[int, InTheBooks]) -> Difference | None:
    if count.tablet_id is None:
        return Difference(DifferenceKind.UNKNOWN, count.shelf_id, count_id=count.id, text=count.text)
    known = books[count.tablet_id]
    kind = _kind_of(known, count.shelf_id)
    if kind is None:
        return None
    return Difference(kind, count.shelf_id, known.tablet_id, known.shelf_id, count.id)


def _kind_of(known: InTheBooks, shelf_id: int) -> DifferenceKind | None:
    if known.is_guest:
        return None
    if known.stage is Stage.LOST:
        return DifferenceKind.LOST
    if known.stage in FINAL:
        return DifferenceKind.GONE
    if known.stage not in AT_THE_HUB:
        return DifferenceKind.AWAY
    return None if known.shelf_id == shelf_id else DifferenceKind.ELSEWHERE
