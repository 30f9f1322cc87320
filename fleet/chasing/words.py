"""How holds, calls and entries of the ledger are said on staff pages."""

from __future__ import annotations

from fleet.chasing.rules import Action, Acts, CallOutcome, ChaseState, HoldReason, LanguageChoice, Pieces
from fleet.people.rules import Channel
from fleet.web.shapes import Shape, StateTag

HOLD_WORDS: dict[HoldReason, str] = {
    HoldReason.IN_HOSPITAL: "in hospital",
    HoldReason.AWAY: "away from home",
    HoldReason.BEREAVEMENT: "bereaved",
    HoldReason.SAFEGUARDING: "a safeguarding matter",
    HoldReason.OUR_FAULT: "something on our side is being put right",
    HoldReason.COLLECTION_BOOKED: "a collection is booked",
    HoldReason.SAYS_GIVEN_BACK: "they say that they gave it back, and we look for it",
}

HOLD_CHOICES = tuple((reason.value, words[:1].upper() + words[1:]) for reason, words in HOLD_WORDS.items())

OUTCOME_WORDS: dict[CallOutcome, str] = {
    CallOutcome.WILL_GIVE_BACK: "Will give it back",
    CallOutcome.WANTS_LONGER: "Would like it for longer",
    CallOutcome.SAYS_GIVEN_BACK: "Says it was given back",
    CallOutcome.SPOKE: "Spoke with them",
    CallOutcome.HAS_JOINED: "Has joined a gathering",
    CallOutcome.LEFT_MESSAGE: "Left a message",
    CallOutcome.NO_ANSWER: "No answer",
    CallOutcome.WRONG_NUMBER: "Wrong number",
}

_LETTERS: dict[CallOutcome, str] = {
    CallOutcome.WILL_GIVE_BACK: "g",
    CallOutcome.WANTS_LONGER: "l",
    CallOutcome.SAYS_GIVEN_BACK: "b",
    CallOutcome.SPOKE: "s",
    CallOutcome.HAS_JOINED: "a",
    CallOutcome.LEFT_MESSAGE: "m",
    CallOutcome.NO_ANSWER: "n",
    CallOutcome.WRONG_NUMBER: "x",
}
OUTCOME_KEYS = tuple((outcome.value, words, _LETTERS[outcome]) for outcome, words in OUTCOME_WORDS.items())
"""How a call went, in words, and the letter that says so."""

LANGUAGE_CHOICES: dict[LanguageChoice, str] = {
    LanguageChoice.DRAFT: "Send the words that nobody has read",
    LanguageChoice.ENGLISH: "Send it in English",
    LanguageChoice.CALL: "Somebody rings instead",
}

ACTS_CHOICES = (
    (Acts.SYSTEM.value, "Doorstep writes to them"),
    (Acts.CHASER.value, "Somebody who rings people"),
    (Acts.COORDINATOR.value, "A coordinator"),
)

WAY_CHOICES = (
    ("", "The way that each of them prefers"),
    (Channel.TEXT.value, "Text only; others are rung"),
    (Channel.EMAIL.value, "Email only; others are rung"),
    (Channel.LETTER.value, "Letter only; others are rung"),
)

STATE_TAGS: dict[ChaseState, StateTag] = {
    ChaseState.PREPARING: StateTag("About to leave", Shape.WORKING),
    ChaseState.SENDING: StateTag("Sending", Shape.WORKING),
    ChaseState.SENT: StateTag("Sent", Shape.DONE),
    ChaseState.FAILED: StateTag("Did not leave", Shape.DANGER),
    ChaseState.TO_DO: StateTag("For a person", Shape.HANDS),
    ChaseState.DONE: StateTag("Done", Shape.DONE),
    ChaseState.SKIPPED: StateTag("Passed over", Shape.PLAIN),
    ChaseState.WITHDRAWN: StateTag("No longer needed", Shape.PLAIN),
}


def pieces_words(pieces: Pieces) -> str:
    """As a text it is 3 text messages long (412 letters)."""
    many = f"{pieces.count} text message{'s' if pieces.count > 1 else ''}"
    if not pieces.outside:
        return f"As a text it is {many} long ({pieces.places} letters)."
    shown = " ".join(pieces.outside[:5])
    return (
        f"As a text it is {many} long ({pieces.places} letters). Fewer fit into one because of letters such as {shown}"
    )


BY_WORDS: dict[str, str] = {
    Channel.CALL.value: "call",
    Channel.TEXT.value: "text",
    Channel.EMAIL.value: "email",
    Channel.LETTER.value: "letter",
}

ACTION_TAGS: dict[Action, StateTag] = {
    Action.MESSAGE: StateTag("A message", Shape.WORKING),
    Action.TASK: StateTag("A task for a person", Shape.HANDS),
    Action.WAIT: StateTag("Waits", Shape.WAITING),
    Action.NEVER: StateTag("Nothing", Shape.PLAIN),
}
