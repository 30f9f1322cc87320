"""How a loan and the answers about it are said."""

from fleet.loans.words.coded import (
    ASKED_WORDS,
    BARRIER_WORDS,
    CARD_WORDS,
    DECLINE_WORDS,
    GOES_ON_WORDS,
    HANDED_WORDS,
    KIND_WORDS,
    OWN_BARRIER_WORDS,
    OWN_SAFE_WORDS,
    SAFE_WORDS,
    STOP_WORDS,
)
from fleet.loans.words.states import (
    age_words,
    days,
    due_day_line,
    due_line,
    place_words,
    reasons_before,
    state_tag,
    state_words,
    status_line,
)

__all__ = [
    "ASKED_WORDS",
    "BARRIER_WORDS",
    "CARD_WORDS",
    "DECLINE_WORDS",
    "GOES_ON_WORDS",
    "HANDED_WORDS",
    "KIND_WORDS",
    "OWN_BARRIER_WORDS",
    "OWN_SAFE_WORDS",
    "SAFE_WORDS",
    "STOP_WORDS",
    "age_words",
    "days",
    "due_day_line",
    "due_line",
    "place_words",
    "reasons_before",
    "state_tag",
    "state_words",
    "status_line",
]
