"""What becomes of a loan in the simulated year, dealt out in a fixed order so that each ending comes about."""

from __future__ import annotations

import random
from enum import StrEnum

SEED = 33


class Fate(StrEnum):
    """The story of one loan."""

    IN_TIME = "in_time"
    BY_HAND = "by_hand"
    LATE = "late"
    VERY_LATE = "very_late"
    LONGER = "longer"
    LONGER_WHILE_LATE = "longer_while_late"
    LONGER_THAN_ALLOWED = "longer_than_allowed"
    SAYS_GIVEN_BACK = "says_given_back"
    LOST = "lost"
    LOST_AND_FOUND = "lost_and_found"
    DIED = "died"
    MOVED_TO_CARE = "moved_to_care"
    GIVEN_FOR_GOOD = "given_for_good"
    SWAPPED_AT_THE_DOOR = "swapped_at_the_door"
    SWAPPED_AT_THE_HUB = "swapped_at_the_hub"
    LETTER_BOX = "letter_box"
    OPTED_OUT = "opted_out"
    IN_HOSPITAL = "in_hospital"
    ANSWERS = "answers"
    LEFT_AT_A_PARTNER = "left_at_a_partner"
    ANOTHER_SIM = "another_sim"
    ANOTHER_HUB = "another_hub"


_HOW_MANY = {
    Fate.IN_TIME: 4,
    Fate.BY_HAND: 4,
    Fate.LATE: 3,
    Fate.VERY_LATE: 2,
    Fate.LONGER: 2,
    Fate.DIED: 2,
    Fate.LOST_AND_FOUND: 2,
}


def _deck() -> tuple[Fate, ...]:
    deck = [fate for fate in Fate for _ in range(_HOW_MANY.get(fate, 1))]
    random.Random(SEED).shuffle(deck)
    return tuple(deck)


DECK = _deck()


def fate_of(loan_id: int) -> Fate:
    """The same for the same number, also after a backup came back."""
    return DECK[loan_id % len(DECK)]
