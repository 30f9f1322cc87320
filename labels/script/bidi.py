"""Right-to-left and left-to-right text in one line: the Unicode bidirectional algorithm (UAX #9) for single paragraphs.

Knows isolates, which every filled-in value is put into; embeddings and overrides, which isolates replaced, are passed
over. tests/labels/script/test_bidi.py compares it with a browser's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import bidirectional

FIRST_STRONG_ISOLATE, LEFT_TO_RIGHT_ISOLATE, RIGHT_TO_LEFT_ISOLATE, POP_ISOLATE = "\u2068\u2066\u2067\u2069"
MARKS = frozenset("\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\ufeff")
"""Characters that order text and are never drawn."""

_ISOLATES = frozenset({"FSI", "LRI", "RLI"})
_PASSED_OVER = frozenset({"BN", "LRE", "RLE", "LRO", "RLO", "PDF"})
_BLANK = frozenset({"WS", "S", "B", "FSI", "LRI", "RLI", "PDI"}) | _PASSED_OVER
_NEUTRAL = frozenset({"ON", "WS", "S", "B", "FSI", "LRI", "RLI", "PDI"})
_CLOSED_BY = {"(": ")", "[": "]", "{": "}", "\u2045": "\u2046", "\u27e8": "\u27e9", "\u300c": "\u300d"}
"""Brackets that our texts may hold; the algorithm's own table has rarer ones too."""
_CLOSING = frozenset(_CLOSED_BY.values())


def isolated(value: str) -> str:
    """A value as it goes into a sentence: its own direction is its own business."""
    return f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}"


def unbroken(value: str) -> str:
    """A value that must not be cut at the end of a line, such as a phone number."""
    return isolated(value.replace(" ", "\u00a0"))


def levels_of(text: str, *, rtl: bool) -> list[int]:
    """The embedding level of every character; odd ones run from right to left."""
    base = int(rtl)
    kinds = [bidirectional(character) or "L" for character in text]
    levels = [base] * len(text)
    _resolve(text, kinds, range(len(text)), base, levels)
    return levels


def runs_in_order(text: str, levels: Sequence[int], *, rtl: bool) -> Iterator[tuple[int, int, int]]:
    """One line cut into stretches of one level, as (start, stop, level), from the left of the page to the right."""
    base = int(rtl)
    settled = list(levels)
    for index in range(len(text) - 1, -1, -1):
        if bidirectional(text[index]) not in _BLANK:
            break
        settled[index] = base
    runs: list[tuple[int, int, int]] = []
    for index, level in enumerate(settled):
        if runs and runs[-1][2] == level:
            runs[-1] = (runs[-1][0], index + 1, level)
        else:
            runs.append((index, index + 1, level))
    for level in range(max(settled, default=0), 0, -1):
        start = 0
        while start < len(runs):
            stop = start
            while stop < len(runs) and runs[stop][2] >= level:
                stop += 1
            runs[start:stop] = reversed(runs[start:stop])
            start = stop + 1
    yield from runs


def _resolve(text: str, kinds: list[str], span: range, level: int, levels: list[int]) -> None:
    """Give everything in `span` its level; what is isolated within it is resolved for itself."""
    own: list[int] = []
    index = span.start
    while index < span.stop:
        levels[index] = level
        if kinds[index] not in _PASSED_OVER:
            own.append(index)
        if kinds[index] in _ISOLATES:
            stop = _matching_pop(kinds, index, span.stop)
            _resolve(text, kinds, range(index + 1, stop), _isolate_level(kinds, index, stop, level), levels)
            index = stop
        else:
            index += 1
    _settle(text, kinds, own, level, levels)


def _matching_pop(kinds: Sequence[str], opening: int, stop: int) -> int:
    depth = 0
    for index in range(opening, stop):
        depth += (kinds[index] in _ISOLATES) - (kinds[index] == "PDI")
        if depth == 0:
            return index
    return stop


def _isolate_level(kinds: Sequence[str], opening: int, stop: int, level: int) -> int:
    kind = kinds[opening]
    rtl = kind == "RLI" or (kind == "FSI" and _first_strong(kinds, opening + 1, stop) in ("R", "AL"))
    return (level + 1) | 1 if rtl else (level + 2) & ~1


def _first_strong(kinds: Sequence[str], start: int, stop: int) -> str:
    index = start
    while index < stop:
        if kinds[index] in ("L", "R", "AL"):
            return kinds[index]
        index = _matching_pop(kinds, index, stop) if kinds[index] in _ISOLATES else index
        index += 1
    return "L"


def _settle(text: str, kinds: Sequence[str], own: Sequence[int], level: int, levels: list[int]) -> None:
    """The rules for weak and neutral characters, over one isolating run sequence."""
    edge = "R" if level % 2 else "L"
    here = _weak([kinds[index] for index in own], edge)
    _brackets([text[index] for index in own], [kinds[index] for index in own], here, edge)
    _neutral(here, edge)
    for index, kind in zip(own, here, strict=True):
        if level % 2:
            levels[index] = level + (kind in ("L", "EN", "AN"))
        else:
            levels[index] = level + {"R": 1, "EN": 2, "AN": 2}.get(kind, 0)


def _weak(kinds: list[str], edge: str) -> list[str]:
    """Rules W1 to W7."""
    here = list(kinds)
    strong = before = edge
    for at, kind in enumerate(here):
        if kind == "NSM":
            here[at] = "ON" if before in _ISOLATES or before == "PDI" else before
        elif kind == "EN" and strong == "AL":
            here[at] = "AN"
        if here[at] in ("L", "R", "AL"):
            strong = here[at]
        before = here[at]
    here = ["R" if kind == "AL" else kind for kind in here]
    for at in range(1, len(here) - 1):
        left, kind, right = here[at - 1 : at + 2]
        if left == right and ((kind in ("ES", "CS") and left == "EN") or (kind == "CS" and left == "AN")):
            here[at] = left
    _terminators(here)
    strong = edge
    for at, kind in enumerate(here):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            here[at] = "L"
        elif kind in ("ES", "ET", "CS"):
            here[at] = "ON"
    return here


def _terminators(here: list[str]) -> None:
    """Rule W5: signs beside a European number belong to it."""
    at = 0
    while at < len(here):
        stop = at
        while stop < len(here) and here[stop] == "ET":
            stop += 1
        beside = (here[at - 1] if at else "", here[stop] if stop < len(here) else "")
        if stop > at and "EN" in beside:
            here[at:stop] = ["EN"] * (stop - at)
        at = stop + 1


def _side(kind: str) -> str:
    return "R" if kind in ("R", "EN", "AN") else kind


def _brackets(characters: Sequence[str], kinds: Sequence[str], here: list[str], edge: str) -> None:
    """Rule N0: a pair of brackets goes with what is inside it, or with what stands before it."""
    for opening, closing in _pairs(characters, here):
        inside = {_side(kind) for kind in here[opening + 1 : closing]} & {"L", "R"}
        if edge in inside:
            side = edge
        elif inside:
            side = next((_side(kind) for kind in reversed(here[:opening]) if _side(kind) in ("L", "R")), edge)
        else:
            continue
        for at in (opening, closing):
            here[at] = side
            following = at + 1
            while following < len(here) and kinds[following] == "NSM":
                here[following] = side
                following += 1


def _pairs(characters: Sequence[str], here: Sequence[str]) -> list[tuple[int, int]]:
    waiting: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for at, character in enumerate(characters):
        if here[at] != "ON":
            continue
        if character in _CLOSED_BY:
            waiting.append((_CLOSED_BY[character], at))
        elif character in _CLOSING:
            for depth in range(len(waiting) - 1, -1, -1):
                if waiting[depth][0] == character:
                    pairs.append((waiting[depth][1], at))
                    del waiting[depth:]
                    break
    return sorted(pairs)


def _neutral(here: list[str], edge: str) -> None:
    """Rules N1 and N2: neutrals between two of a side take it, others take the paragraph's."""
    at = 0
    while at < len(here):
        stop = at
        while stop < len(here) and here[stop] in _NEUTRAL:
            stop += 1
        if stop > at:
            before = _side(here[at - 1]) if at else edge
            after = _side(here[stop]) if stop < len(here) else edge
            here[at:stop] = [before if before == after else edge] * (stop - at)
        at = stop + 1
