"""A loan's life: one table of moves, the guards that can refuse them, and the facts that dates give.

Plain Python, no I/O. Overdue, due soon and late are computed here and never stored. docs/lifecycle.md is drawn from
this folder. To the loan state machine of the domain notes it adds two ways out: an allocation can be undone without
ending the request, and a tablet lost on the way does not end the loan of a person who never had it or gave it back.
"""

from __future__ import annotations

from fleet.loans.rules.dates import days_until_due, is_due_soon, is_overdue, overdue_days, said
from fleet.loans.rules.fitting import fits
from fleet.loans.rules.guards import Facts
from fleet.loans.rules.papers import (
    MissingLanguage,
    PaperLanguage,
    language_for,
    points_for,
    reads_no_print,
    video_hours,
)
from fleet.loans.rules.phrase import DOORSTEP_WORDS
from fleet.loans.rules.second import Asked, LookKind, why_not_agree, why_not_decide
from fleet.loans.rules.states import (
    BEFORE_ALLOCATION,
    COUNTS_AGAINST_LIMIT,
    ENDED,
    WITH_A_TABLET,
    WITH_THE_PERSON,
    AskedBy,
    Barrier,
    CardAfter,
    DeclineReason,
    GoesOn,
    HandedTo,
    LoanKind,
    LoanMove,
    LoanState,
    SafeAtHome,
    StopReason,
)
from fleet.loans.rules.table import BY_MOVE, MOVES, looks_at, offers, refusals
from fleet.loans.rules.transition import Transition

__all__ = [
    "BEFORE_ALLOCATION",
    "BY_MOVE",
    "COUNTS_AGAINST_LIMIT",
    "DOORSTEP_WORDS",
    "ENDED",
    "MOVES",
    "WITH_A_TABLET",
    "WITH_THE_PERSON",
    "Asked",
    "AskedBy",
    "Barrier",
    "CardAfter",
    "DeclineReason",
    "Facts",
    "GoesOn",
    "HandedTo",
    "LoanKind",
    "LoanMove",
    "LoanState",
    "LookKind",
    "MissingLanguage",
    "PaperLanguage",
    "SafeAtHome",
    "StopReason",
    "Transition",
    "days_until_due",
    "fits",
    "is_due_soon",
    "is_overdue",
    "language_for",
    "looks_at",
    "offers",
    "overdue_days",
    "points_for",
    "reads_no_print",
    "refusals",
    "said",
    "video_hours",
    "why_not_agree",
    "why_not_decide",
]
