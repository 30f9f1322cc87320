"""What a label printer says of itself, read from its own answer and put in words. Silence is never good news.

ZPL's host status has three lines; its flags are those of Zebra's ZPL II Programming Guide, under ~HS. The same guide
says that some printers answer nothing at all while they are out of labels or their head is open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fleet.tags.rules.printing import Condition

ASK_ZPL = b"~HS"
WHOLE_ANSWER = 3
"""Lines of a host status."""

_LINE = re.compile(rb"\x02([^\x02\x03]*)\x03")
_FIRST, _SECOND = 12, 11
"""Fields of the first two lines."""
_FLAGS = (
    (0, 1, "It is out of labels: put a roll in."),
    (1, 2, "Its head is open: close it."),
    (1, 3, "It is out of ribbon."),
    (0, 2, "It is paused: press its pause button."),
    (0, 9, "It lost its settings: switch it off and on."),
    (0, 11, "Its head is too hot, and cools down by itself."),
    (0, 10, "Its head is too cold, and warms up by itself."),
)
"""(line, field, what it means when the field is 1)."""
_REMAINING = (1, 8)


@dataclass(frozen=True)
class Said:
    """How a printer is, as far as it can be told, with a sentence for the person beside it."""

    condition: Condition
    words: str


SILENT = Said(
    Condition.UNKNOWN,
    "It does not say how it is. Some printers are silent while they are out of labels or open: have a look.",
)


def lines_in(answer: bytes) -> int:
    """How many whole lines of a host status have come so far."""
    return len(_LINE.findall(answer))


def zpl_status(answer: bytes) -> Said:
    """What a host status says. An answer that is not whole says nothing."""
    lines = [line.split(b",") for line in _LINE.findall(answer)]
    if len(lines) < WHOLE_ANSWER or len(lines[0]) < _FIRST or len(lines[1]) < _SECOND:
        return SILENT
    wrong = [words for line, field, words in _FLAGS if lines[line][field].strip() == b"1"]
    if wrong:
        return Said(Condition.HANDS, " ".join(wrong))
    remaining = lines[_REMAINING[0]][_REMAINING[1]].strip()
    left = int(remaining) if remaining.isdigit() else 0
    return Said(Condition.READY, f"It is ready; {left} labels are still to come out." if left else "It is ready.")


def cups_status(text: str) -> Said:
    """What `lpstat -p QUEUE` says, asked for in the C locale."""
    first, *rest = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    if " is idle" in first or " now printing" in first:
        return Said(Condition.READY, "Its queue takes work.")
    if " disabled since" in first:
        why = rest[0] if rest else "no reason is given"
        return Said(Condition.HANDS, f"Its queue is stopped: {why[:120]}. Start it with `cupsenable`.")
    return SILENT
