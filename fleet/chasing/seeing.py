"""How a loan's place in the queue is shown: one word or two, and a shape."""

from __future__ import annotations

from datetime import date

from fleet.chasing.rules import short_day
from fleet.chasing.service import Entry
from fleet.loans.rules import LoanState
from fleet.web.shapes import Shape, StateTag


def row_tag(entry: Entry, today: date) -> StateTag:
    """What outranks what: an answer, a wish to decide about, a hold, an arranged return, a task, and lateness."""
    if entry.answered:
        return StateTag("Answered, not read", Shape.HANDS)
    if entry.longer is not None:
        return StateTag("Asked for longer", Shape.HANDS)
    if entry.held_until is not None:
        return StateTag(f"Left in peace until {short_day(entry.held_until)}", Shape.WAITING)
    if entry.state is LoanState.RETURN_ARRANGED:
        return StateTag("Return arranged", Shape.WORKING)
    if entry.task is not None:
        return StateTag(f"For you{_stage(entry)}", Shape.HANDS)
    if entry.late:
        return StateTag(f"Late{_stage(entry)}", Shape.DANGER)
    due_today = entry.due_on == today
    return StateTag("Due today" if due_today else "Due", Shape.WAITING if due_today else Shape.PLAIN)


def _stage(entry: Entry) -> str:
    """How far up the ladder, where a step was reached at all."""
    return f", stage {entry.stage}" if entry.stage else ""
