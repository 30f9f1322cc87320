"""What the coded answers about a loan are called: on forms, and on its page."""

from __future__ import annotations

from collections.abc import Collection

from fleet.cohorts.rules import OUTCOME_WORDS
from fleet.loans.rules import (
    AskedBy,
    Barrier,
    CardAfter,
    ClaimOutcome,
    DeclineReason,
    GoesOn,
    HandedTo,
    LoanKind,
    SafeAtHome,
    StopReason,
    WhyAnother,
)

SAFE_WORDS: dict[SafeAtHome, str] = {
    SafeAtHome.YES: "Yes, and it may say on the bag what it is",
    SafeAtHome.PLAIN: "Yes, in plain packaging",
    SafeAtHome.NO: "No: hand it over somewhere else",
}

BARRIER_WORDS: dict[Barrier, str] = {
    Barrier.DEVICE: "Has no device that will do",
    Barrier.CONNECTIVITY: "Has no internet at home",
    Barrier.SKILLS: "Wants somebody to show how",
}

OWN_SAFE_WORDS: dict[SafeAtHome, str] = {
    SafeAtHome.YES: "Yes",
    SafeAtHome.PLAIN: "Yes, but nobody else should see what it is",
    SafeAtHome.NO: "No, I would rather fetch it somewhere",
}

OWN_BARRIER_WORDS: dict[Barrier, str] = {
    Barrier.DEVICE: "I have nothing to do it with",
    Barrier.CONNECTIVITY: "I have no internet at home",
    Barrier.SKILLS: "I would like somebody to show me",
}

ASKED_WORDS: dict[AskedBy, str] = {
    AskedBy.PARTNER: "A partner",
    AskedBy.STAFF: "One of us",
    AskedBy.SELF: "The person",
}

DECLINE_WORDS: dict[DeclineReason, str] = {
    DeclineReason.NOT_IN_AREA: "Lives outside the area we serve",
    DeclineReason.NOT_ELIGIBLE: "The programme is not for them",
    DeclineReason.NOT_SAFE: "It would not be safe",
    DeclineReason.HAS_ONE_ALREADY: "Has a tablet already",
    DeclineReason.CANNOT_BE_REACHED: "Cannot be reached",
    DeclineReason.CHANGED_THEIR_MIND: "Changed their mind",
    DeclineReason.DUPLICATE: "Was asked for twice",
}

HANDED_WORDS: dict[HandedTo, str] = {
    HandedTo.PARTICIPANT: "The person",
    HandedTo.HOUSEHOLD_MEMBER: "Somebody they live with",
    HandedTo.CARER: "A carer",
    HandedTo.VENUE_LEAD: "Somebody in charge at a venue",
}

STOP_WORDS: dict[StopReason, str] = {
    StopReason.DIED: "The person has died",
    StopReason.MOVED_TO_CARE: "The person moved into care",
    StopReason.MOVED_AWAY: "The person moved away",
    StopReason.WITHDREW: "The person withdrew",
}

KIND_WORDS: dict[LoanKind, str] = {
    LoanKind.TABLET: "A tablet",
    LoanKind.VENUE: "A tablet for a venue",
    LoanKind.DATA: "Data alone, for a device of their own",
}

GOES_ON_WORDS: dict[GoesOn, str] = {
    **{GoesOn(code): words for code, words in OUTCOME_WORDS.items()},
    GoesOn.DECLINED: "Nothing, and they want nothing",
    GoesOn.NOTHING: "Nothing yet, and they would like to",
    GoesOn.NOT_KNOWN: "They could not be asked",
}

CARD_WORDS: dict[CardAfter, str] = {
    CardAfter.BACK: "It came back to us",
    CardAfter.KEPT: "They keep it",
    CardAfter.LOST: "It is lost: somebody is asked to have it barred",
}

CLAIM_WORDS: dict[ClaimOutcome, str] = {
    ClaimOutcome.FOUND_WITH_US: "It was with us all the time",
    ClaimOutcome.CAME_BACK: "It came back while we looked",
    ClaimOutcome.WITH_THEM: "They have it still",
    ClaimOutcome.WITHDRAWN: "They no longer say so",
    ClaimOutcome.LOST: "Nobody found it: recorded as lost",
    ClaimOutcome.GIVEN: "It was given to them for good",
}

ANOTHER_WORDS: dict[WhyAnother, str] = {
    WhyAnother.MOVED_ON: "No longer works there",
    WhyAnother.AWAY: "Away for a while",
    WhyAnother.ASKED: "Asked that somebody else does it",
    WhyAnother.PUT_RIGHT: "The wrong person was written down",
}


def what_next(counted: Collection[str]) -> tuple[tuple[str, str], ...]:
    """What somebody may go on to, as a form offers it: first what their programme counts, and said so."""
    choices = [(each.value, GOES_ON_WORDS[each], each.value in counted) for each in GoesOn]
    choices.sort(key=lambda choice: not choice[2])
    return tuple((code, f"{words} (this programme counts it)" if counts else words) for code, words, counts in choices)
