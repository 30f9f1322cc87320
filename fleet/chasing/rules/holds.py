"""Why somebody is left in peace, and how a call went: coded answers. Plain Python, no I/O."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from fleet.chasing.rules.said import week_day

LONGEST_HOLD_DAYS = 366
CLAIM_SEARCH_DAYS = 14
"""How long a tablet that is said to be back is looked for before a coordinator decides."""
QUIET_WHILE_ASKED = 3
"""For how many working days nobody is chased who asked for longer; then chasing goes on, and the question stays."""


class HoldReason(StrEnum):
    """Why somebody is left in peace for a while."""

    IN_HOSPITAL = "in_hospital"
    AWAY = "away"
    BEREAVEMENT = "bereavement"
    SAFEGUARDING = "safeguarding"
    OUR_FAULT = "our_fault"
    COLLECTION_BOOKED = "collection_booked"
    SAYS_GIVEN_BACK = "says_given_back"
    """Claimed returned, which is neither returned nor lost (rule R19): we look for it."""
    ASKED_LONGER = "asked_longer"
    """Somebody has to decide whether they may have it for longer: another due date, or lifting this, answers it."""
    SAYS_WILL_GIVE_BACK = "says_will_give_back"
    """They named the day on which they give it back, and that day is waited for."""


ABOUT_THE_PERSON = frozenset({HoldReason.IN_HOSPITAL, HoldReason.AWAY, HoldReason.BEREAVEMENT, HoldReason.SAFEGUARDING})
"""Reasons that hold for every loan of the person; the others are about one tablet."""

ENDS_WITH_A_NEW_DAY = (HoldReason.ASKED_LONGER, HoldReason.SAYS_WILL_GIVE_BACK)
"""Reasons that are over once another due date was given."""


class CallOutcome(StrEnum):
    """How a call went."""

    WILL_GIVE_BACK = "will_give_back"
    WANTS_LONGER = "wants_longer"
    SAYS_GIVEN_BACK = "says_given_back"
    SPOKE = "spoke"
    HAS_JOINED = "has_joined"
    """They have joined a gathering by now."""
    LEFT_MESSAGE = "left_message"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


SETTLES = frozenset(
    {
        CallOutcome.WILL_GIVE_BACK,
        CallOutcome.WANTS_LONGER,
        CallOutcome.SAYS_GIVEN_BACK,
        CallOutcome.SPOKE,
        CallOutcome.HAS_JOINED,
    }
)
"""The outcomes after which what the ladder asked for is done."""


def hold_problems(until: date | None, today: date) -> dict[str, str]:
    """A sentence for each answer that cannot be a hold."""
    if until is None:
        return {"until": "Say until when; it can be lifted or set again at any time."}
    if until < today:
        return {"until": f"{week_day(until)} has passed; choose today or a later day."}
    if (until - today).days > LONGEST_HOLD_DAYS:
        return {"until": "Choose a day within a year; it can be set again."}
    return {}


class AnswerBy(StrEnum):
    """The way an answer came."""

    TEXT = "text"
    CALL = "call"
    EMAIL = "email"
    LETTER = "letter"
    DOOR = "at_the_door"
