"""A programme's plan as somebody wrote it: reading its lines, asking about dates out of order, and what it amounts to.

Pure: no I/O. Lines are never sorted; whatever looks wrong is asked about.
"""

from fleet.cohorts.plan.amounts import Draft, DraftCohort, DraftDate, draft
from fleet.cohorts.plan.beside import beginning
from fleet.cohorts.plan.lines import (
    COLUMNS,
    KEPT,
    MOST_LINES,
    DateKind,
    PlanLine,
    Problem,
    day_words,
    read_lines,
    read_plan,
)
from fleet.cohorts.plan.order import Question, questions

__all__ = [
    "COLUMNS",
    "KEPT",
    "MOST_LINES",
    "DateKind",
    "Draft",
    "DraftCohort",
    "DraftDate",
    "PlanLine",
    "Problem",
    "Question",
    "beginning",
    "day_words",
    "draft",
    "questions",
    "read_lines",
    "read_plan",
]
