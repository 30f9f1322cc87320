"""Breaking text into lines at spaces: words stay whole, as clear print asks, and every line is shaped as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from labels.errors import LabelDoesNotFit
from labels.script.bidi import POP_ISOLATE, isolated
from labels.script.shaping import Run, Writing, shaped, tidied


@dataclass(frozen=True)
class Line:
    """One shaped line; `width` is in points."""

    runs: tuple[Run, ...]
    points: float
    width: float


def set_line(text: str, writing: Writing, points: float) -> Line:
    """A text that must not be broken, as one line."""
    runs = shaped(tidied(text), writing)
    return Line(runs, points, sum(run.width for run in runs) * points)


def break_text(text: str, writing: Writing, points: float, width: float) -> tuple[Line, ...]:
    """The text in lines of at most `width` points, with no word alone on the last of them where there is another way.

    Raises TextNotPrintable, or LabelDoesNotFit where one word is wider than a line.
    """
    words = tidied(text).split(" ")
    starts = [0]
    while (count := _most_words(words[starts[-1] :], writing, points, width)) < len(words) - starts[-1]:
        starts.append(starts[-1] + count)
    if _ends_alone(starts, len(words)) and set_line(" ".join(words[-2:]), writing, points).width <= width:
        starts[-1] -= 1
    return tuple(
        set_line(_closed(words[start:stop], words[:start]), writing, points)
        for start, stop in pairwise([*starts, len(words)])
    )


def _ends_alone(starts: list[int], count: int) -> bool:
    """Whether one word is the whole last line, and the line before it has one to spare."""
    return len(starts) > 1 and starts[-1] == count - 1 and starts[-1] - starts[-2] > 2


def _most_words(words: list[str], writing: Writing, points: float, width: float) -> int:
    """How many of the words fit on a line, by their own widths and then by the line's."""
    used, count = 0.0, 0
    for word in words:
        used += _word_width(word, writing) * points + (_word_width(" ", writing) * points if count else 0)
        if used > width:
            break
        count += 1
    while count > 1 and set_line(" ".join(words[:count]), writing, points).width > width:
        count -= 1
    if count == 0:
        raise LabelDoesNotFit(
            f"Nothing was printed. {words[0]!r} is wider than the paper in letters of {points:g} points. "
            "Write it with a space, or choose a smaller size."
        )
    return count


@lru_cache(maxsize=4096)
def _word_width(word: str, writing: Writing) -> float:
    return sum(run.width for run in shaped(word, writing))


def _closed(words: list[str], before: list[str]) -> str:
    """A line's words. A value that began on an earlier line is isolated here too, and one that goes on is closed."""
    text, earlier = " ".join(words), " ".join(before)
    opened = earlier.count(isolated("")[0]) - earlier.count(POP_ISOLATE)
    text = isolated("")[0] * opened + text
    return text + POP_ISOLATE * (text.count(isolated("")[0]) - text.count(POP_ISOLATE))
