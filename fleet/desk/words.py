"""How the desk's modes and answers are said, shown and heard."""

from __future__ import annotations

from fleet.desk.rules import DeskMode, DeskOutcome, DifferenceKind
from fleet.web.shapes import Shape

MODE_WORDS: dict[DeskMode, str] = {
    DeskMode.FIND: "finds a tablet",
    DeskMode.RECEIVE: "takes a tablet in",
    DeskMode.CLEAN: "records a tablet as cleaned",
    DeskMode.PUT_AWAY: "puts a tablet away",
    DeskMode.LOAD: "hands a tablet to its courier",
    DeskMode.CHECK_KIT: "records a tablet's kit",
    DeskMode.COUNT: "counts what lies here",
}

SCANNED_WORDS: dict[DeskMode, str] = {
    DeskMode.FIND: "Looked up",
    DeskMode.RECEIVE: "Taken in",
    DeskMode.CLEAN: "Recorded as cleaned",
    DeskMode.PUT_AWAY: "Put away",
    DeskMode.LOAD: "Handed to its courier",
    DeskMode.CHECK_KIT: "Its kit checked",
    DeskMode.COUNT: "Counted",
}
"""What a scan in this mode was, told afterwards."""

OUTCOME_WORDS: dict[DeskOutcome, tuple[str, Shape, str]] = {
    DeskOutcome.APPLIED: ("Done", Shape.DONE, "ready"),
    DeskOutcome.ALREADY: ("Already", Shape.WORKING, "already"),
    DeskOutcome.BLOCKED: ("Stopped", Shape.DANGER, "refused"),
    DeskOutcome.NOT_FOUND: ("Not found", Shape.LOST, "refused"),
}
"""The word, its shape, and the sound it makes."""

DIFFERENCE_WORDS: dict[DifferenceKind, tuple[str, Shape]] = {
    DifferenceKind.LOST: ("Lost, and here", Shape.LOST),
    DifferenceKind.AWAY: ("Away by the books", Shape.DANGER),
    DifferenceKind.GONE: ("Left our stock", Shape.DANGER),
    DifferenceKind.MISSING: ("Missing here", Shape.HANDS),
    DifferenceKind.ELSEWHERE: ("Belongs elsewhere", Shape.WAITING),
    DifferenceKind.UNKNOWN: ("Not known", Shape.LOST),
}
