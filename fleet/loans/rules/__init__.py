"""A loan's life: one table of moves, the guards that can refuse them, and the facts that dates give.

Plain Python, no I/O. Overdue, due soon and late are computed here and never stored. docs/lifecycle.md is drawn from
this folder. To the loan state machine of the domain notes it adds two ways out: an allocation can be undone without
ending the request, and a tablet lost on the way does not end the loan of a person who never had it or gave it back.
"""

from __future__ import annotations

from fleet.loans.rules.dates import (
    LONGEST_UNSEEN,
    days_until_due,
    is_due_soon,
    is_overdue,
    overdue_days,
    said,
    unseen_problem,
)
from fleet.loans.rules.fitting import SetUp, Wanted, fit_words, is_clear, kind_fits, lacking, rank
from fleet.loans.rules.guards import CAPS, Beyond, Facts, caps_reached
from fleet.loans.rules.history import (
    AskedBefore,
    LentBefore,
    PersonThen,
    TabletThen,
    asked_problems,
    lent_problems,
)
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
    HAND_OVERS,
    HAND_OVERS_UNDONE,
    HAS_A_PLACE,
    TO_BE_BROUGHT,
    WITH_A_TABLET,
    WITH_THE_PERSON,
    AskedBy,
    Barrier,
    CardAfter,
    ClaimOutcome,
    DeclineReason,
    GoesOn,
    HandedTo,
    LoanKind,
    LoanMove,
    LoanState,
    MovedBecause,
    SafeAtHome,
    StopReason,
    WhyAnother,
)
from fleet.loans.rules.table import BY_MOVE, MOVES, Against, against, looks_at, offers, refusals
from fleet.loans.rules.transition import Transition

__all__ = [
    "BEFORE_ALLOCATION",
    "BY_MOVE",
    "CAPS",
    "COUNTS_AGAINST_LIMIT",
    "DOORSTEP_WORDS",
    "ENDED",
    "HAND_OVERS",
    "HAND_OVERS_UNDONE",
    "HAS_A_PLACE",
    "LONGEST_UNSEEN",
    "MOVES",
    "TO_BE_BROUGHT",
    "WITH_A_TABLET",
    "WITH_THE_PERSON",
    "Against",
    "Asked",
    "AskedBefore",
    "AskedBy",
    "Barrier",
    "Beyond",
    "CardAfter",
    "ClaimOutcome",
    "DeclineReason",
    "Facts",
    "GoesOn",
    "HandedTo",
    "LentBefore",
    "LoanKind",
    "LoanMove",
    "LoanState",
    "LookKind",
    "MissingLanguage",
    "MovedBecause",
    "PaperLanguage",
    "PersonThen",
    "SafeAtHome",
    "SetUp",
    "StopReason",
    "TabletThen",
    "Transition",
    "Wanted",
    "WhyAnother",
    "against",
    "asked_problems",
    "caps_reached",
    "days_until_due",
    "fit_words",
    "is_clear",
    "is_due_soon",
    "is_overdue",
    "kind_fits",
    "lacking",
    "language_for",
    "lent_problems",
    "looks_at",
    "offers",
    "overdue_days",
    "points_for",
    "rank",
    "reads_no_print",
    "refusals",
    "said",
    "unseen_problem",
    "video_hours",
    "why_not_agree",
    "why_not_decide",
]
