"""How a loan's place in the queue is shown: one word or two, and a shape."""

from __future__ import annotations

from fleet.chasing.rules import ChaseState, short_day
from fleet.chasing.service.situation import Situation
from fleet.loans.rules import LoanState
from fleet.web.shapes import Shape, StateTag


def row_tag(situation: Situation) -> StateTag:
    """What outranks what: a hold, an arranged return, a task, lateness, and then merely being due."""
    if situation.hold is not None:
        return StateTag(f"Left in peace until {short_day(situation.hold.until)}", Shape.WAITING)
    if situation.loan.state is LoanState.RETURN_ARRANGED:
        return StateTag("Return arranged", Shape.WORKING)
    stage = stage_of(situation)
    if any(chase.state is ChaseState.TO_DO for chase in situation.chases):
        return StateTag(f"For you, stage {stage}", Shape.HANDS)
    if situation.days_late:
        return StateTag(f"Late, stage {stage}", Shape.DANGER)
    today = situation.facts.local.date() == situation.loan.due_on
    return StateTag("Due today" if today else "Due", Shape.WAITING if today else Shape.PLAIN)


def stage_of(situation: Situation) -> int:
    """How far up the ladder this due date has gone, counting what is due and not yet done."""
    done = [chase.stage for chase in situation.chases if chase.due_version == situation.loan.due_version]
    due = situation.standing.rung
    return max([*done, *([due.stage] if due is not None else [])], default=0)
