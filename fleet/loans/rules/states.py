"""What a loan can be, the moves by name, and the coded answers it keeps."""

from __future__ import annotations

from enum import StrEnum


class LoanState(StrEnum):
    REQUESTED = "requested"
    WAITING = "waiting"
    APPROVED = "approved"
    ALLOCATED = "allocated"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ACTIVE = "active"
    RETURN_ARRANGED = "return_arranged"
    COLLECTED = "collected"
    CLOSED_RETURNED = "closed_returned"
    CLOSED_GIFTED = "closed_gifted"
    CLOSED_LOST = "closed_lost"
    DECLINED = "declined"
    CANCELLED = "cancelled"


ENDED = frozenset(
    {
        LoanState.CLOSED_RETURNED,
        LoanState.CLOSED_GIFTED,
        LoanState.CLOSED_LOST,
        LoanState.DECLINED,
        LoanState.CANCELLED,
    }
)
WITH_THE_PERSON = frozenset({LoanState.ACTIVE, LoanState.RETURN_ARRANGED})
"""The states in which a due date runs."""
BEFORE_ALLOCATION = frozenset({LoanState.REQUESTED, LoanState.WAITING, LoanState.APPROVED})
TO_BE_BROUGHT = frozenset({LoanState.ALLOCATED, LoanState.OUT_FOR_DELIVERY})
"""A tablet is kept for the person, who does not have it yet."""
COUNTS_AGAINST_LIMIT = TO_BE_BROUGHT | WITH_THE_PERSON
"""The states that use up a person's limit of open loans."""
HAS_A_PLACE = COUNTS_AGAINST_LIMIT | {LoanState.COLLECTED, LoanState.CLOSED_RETURNED, LoanState.CLOSED_GIFTED}
"""The states in which a place of a taster month is filled."""


class LoanKind(StrEnum):
    """What is lent, and to whom."""

    TABLET = "tablet"
    """To one person, with or without data."""
    VENUE = "venue"
    """One of the tablets in the hands of a custodian at a partner's place; all of them are due together."""
    DATA = "data"
    """A SIM or a MiFi for somebody who has a device. It lasts as long as its data: no day to give it back runs."""


WITH_A_TABLET = frozenset({LoanKind.TABLET, LoanKind.VENUE})


class LoanMove(StrEnum):
    APPROVE = "approve"
    WAIT = "wait"
    DECLINE = "decline"
    CANCEL = "cancel"
    ALLOCATE = "allocate"
    UNDO_ALLOCATION = "undo_allocation"
    DISPATCH = "dispatch"
    LOAD = "load"
    FAILED_ATTEMPT = "failed_attempt"
    HAND_OVER = "hand_over"
    HUB_HAND_OVER = "hub_hand_over"
    UNDO_HAND_OVER = "undo_hand_over"
    UNDO_HUB_HAND_OVER = "undo_hub_hand_over"
    GIVE_DATA = "give_data"
    EXTEND = "extend"
    ARRANGE_SWAP = "arrange_swap"
    CALL_OFF_SWAP = "call_off_swap"
    LOAD_SWAP = "load_swap"
    SWAP = "swap"
    LOSE_SWAP = "lose_swap"
    ARRANGE_RETURN = "arrange_return"
    CANCEL_RETURN = "cancel_return"
    COLLECT = "collect"
    UNDO_COLLECT = "undo_collect"
    UNDO_COLLECT_ARRANGED = "undo_collect_arranged"
    HAND_IN = "hand_in"
    UNDO_HAND_IN = "undo_hand_in"
    UNDO_HAND_IN_ARRANGED = "undo_hand_in_arranged"
    CLOSE_RETURNED = "close_returned"
    UNDO_CLOSE = "undo_close"
    END_DATA = "end_data"
    GIFT = "gift"
    LOSE = "lose"
    LOSE_ON_THE_WAY_OUT = "lose_on_the_way_out"
    LOSE_ON_THE_WAY_BACK = "lose_on_the_way_back"
    FIND = "find"


HAND_OVERS = frozenset({LoanMove.HAND_OVER, LoanMove.HUB_HAND_OVER})
"""A tablet is with the person from here on."""
HAND_OVERS_UNDONE = frozenset({LoanMove.UNDO_HAND_OVER, LoanMove.UNDO_HUB_HAND_OVER})
"""It never was with them."""


class AskedBy(StrEnum):
    """Where a request came from."""

    PARTNER = "partner"
    STAFF = "staff"
    SELF = "self"


class SafeAtHome(StrEnum):
    """The answer to "is it safe to bring and keep a tablet there?"."""

    YES = "yes"
    PLAIN = "plain"
    NO = "no"


class HandedTo(StrEnum):
    """Who took the tablet, as a kind and never as a name."""

    PARTICIPANT = "participant"
    HOUSEHOLD_MEMBER = "household_member"
    CARER = "carer"
    VENUE_LEAD = "venue_lead"


class StopReason(StrEnum):
    """Why all automatic contact about a loan has stopped."""

    DIED = "died"
    MOVED_TO_CARE = "moved_to_care"
    MOVED_AWAY = "moved_away"
    WITHDREW = "withdrew"


class GoesOn(StrEnum):
    """What somebody goes on to when a loan ends: how they are online afterwards, or why not."""

    BOUGHT = "bought"
    GIVEN = "given"
    FAMILY = "family"
    LIBRARY = "library"
    DATABANK = "databank"
    SOCIAL_TARIFF = "social_tariff"
    OTHER_SCHEME = "other_scheme"
    DECLINED = "declined"
    NOTHING = "nothing"
    """They would like to be online, and have no way to: somebody looks for one with them."""
    NOT_KNOWN = "not_known"


class CardAfter(StrEnum):
    """What became of the card of a loan of data."""

    BACK = "back"
    KEPT = "kept"
    LOST = "lost"


class ClaimOutcome(StrEnum):
    """What became of a claim that a tablet was given back."""

    FOUND_WITH_US = "found_with_us"
    CAME_BACK = "came_back"
    WITH_THEM = "with_them"
    WITHDRAWN = "withdrawn"
    LOST = "lost"
    GIVEN = "given"


class MovedBecause(StrEnum):
    """Why the hub moved a due date that nobody asked to have moved."""

    CLOSURE = "closure"
    COHORT = "cohort"
    """Its cohort ends on another day."""


class WhyAnother(StrEnum):
    """Why somebody else looks after the tablets of a venue loan. Codes, because it is about somebody at work."""

    MOVED_ON = "moved_on"
    AWAY = "away"
    ASKED = "asked"
    PUT_RIGHT = "put_right"


class DeclineReason(StrEnum):
    NOT_IN_AREA = "not_in_area"
    NOT_ELIGIBLE = "not_eligible"
    NOT_SAFE = "not_safe"
    HAS_ONE_ALREADY = "has_one_already"
    CANNOT_BE_REACHED = "cannot_be_reached"
    CHANGED_THEIR_MIND = "changed_their_mind"
    DUPLICATE = "duplicate"


class Barrier(StrEnum):
    """What keeps somebody offline."""

    DEVICE = "device"
    CONNECTIVITY = "connectivity"
    SKILLS = "skills"
