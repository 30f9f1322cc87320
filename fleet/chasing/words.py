"""How holds, calls and entries of the ledger are said on staff pages."""

from __future__ import annotations

from fleet.chasing.rules import (
    ENDS_WITH_A_NEW_DAY,
    Action,
    Acts,
    AnswerBy,
    CallOutcome,
    ChaseState,
    EasyRead,
    HoldReason,
    Ladder,
    LanguageChoice,
    OwnText,
    Pieces,
    ReadingEase,
    WhyOff,
)
from fleet.chasing.rules.reading import EASY_READ_AGE, LONGEST_IDEA, LONGEST_SENTENCE, PLAIN_AGE, reading_ease
from fleet.loans.rules import MovedBecause
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
    HoldReason.ASKED_LONGER: "they asked for it for longer, and are left in peace",
    HoldReason.SAYS_WILL_GIVE_BACK: "they say that they give it back, which is waited for",
}

HOLD_CHOICES = tuple(
    (reason.value, words[:1].upper() + words[1:])
    for reason, words in HOLD_WORDS.items()
    if reason not in ENDS_WITH_A_NEW_DAY
)
"""What somebody may choose; what was said in a call is written down as its outcome."""

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

MOVED_WORDS: dict[MovedBecause, str] = {
    MovedBecause.CLOSURE: "the hub is closed then",
    MovedBecause.COHORT: "their month ends on another day",
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
    ChaseState.TO_PRINT: StateTag("Waits to be printed", Shape.HANDS),
    ChaseState.PRINTED: StateTag("Printed, not posted", Shape.WAITING),
    ChaseState.SENT: StateTag("Sent", Shape.DONE),
    ChaseState.FAILED: StateTag("Did not leave", Shape.DANGER),
    ChaseState.TO_DO: StateTag("For a person", Shape.HANDS),
    ChaseState.DONE: StateTag("Done", Shape.DONE),
    ChaseState.SKIPPED: StateTag("Passed over", Shape.PLAIN),
    ChaseState.WITHDRAWN: StateTag("No longer needed", Shape.PLAIN),
}
_POSTED = StateTag("Posted", Shape.DONE)


def state_tag(state: ChaseState, channel: str) -> StateTag:
    """How an entry of the ledger stands; a letter is posted where another message is sent."""
    return _POSTED if state is ChaseState.SENT and channel == Channel.LETTER.value else STATE_TAGS[state]


def pieces_words(pieces: Pieces) -> str:
    """As a text it is 3 text messages long (412 letters)."""
    many = f"{pieces.count} text message{'s' if pieces.count > 1 else ''}"
    if not pieces.outside:
        return f"As a text it is {many} long ({pieces.places} letters)."
    shown = " ".join(pieces.outside[:5])
    return (
        f"As a text it is {many} long ({pieces.places} letters). Fewer fit into one because of letters such as {shown}"
    )


def ease_words(ease: ReadingEase, *, easy: bool) -> str:
    """Reading age 9; longest sentence 14 words."""
    part, ages, most = ("line", EASY_READ_AGE, LONGEST_IDEA) if easy else ("sentence", PLAIN_AGE, LONGEST_SENTENCE)
    age = f"Reading age {ease.age}, longest" if ease.age is not None else "Longest"
    measured = f"{age} {part} {ease.longest} words."
    if ease.is_plain:
        return measured
    hardest = f"an age of {ages} and {part}s of {most} words" if ease.age is not None else f"{part}s of {most} words"
    return f"{measured} That is hard to read: {hardest} are the most for {'easy read' if easy else 'a message'}."


def hard_words(ladder: Ladder) -> str:
    """What is hard to read of a programme's own English words, to be said where they are saved."""
    hard = [
        f" {rung.words[:1].upper()}{rung.words[1:]}{' in easy read' if easy else ''}: {ease_words(measured, easy=easy)}"
        for rung in ladder.rungs
        for text, easy in ((rung.body, False), (rung.easy, True))
        if text and not (measured := reading_ease(text, english=True, easy=easy)).is_plain
    ]
    return "".join(hard[:3])


def easy_source_words(source: EasyRead, own: OwnText | None) -> str:
    """Where the easy read that goes with a programme's own words is from."""
    if source is EasyRead.OURS:
        return "The programme has no easy read here, so this is ours. Check that it says the same as its own words."
    if source is EasyRead.NONE:
        return "There is no easy read for this step: these plain words go, and somebody is asked to make it by hand."
    if own is not None and own.language != "en" and not own.easy_read_by:
        return "The programme’s own easy read: a draft that nobody whose language it is has read."
    read = f", read by {own.easy_read_by}" if own is not None and own.language != "en" else ""
    return f"The programme’s own easy read{read}."


WHY_OFF_WORDS: dict[WhyOff, str] = {
    WhyOff.NO_FOLDER: "It came from an installation that the data folder on this machine knows nothing of.",
    WhyOff.ANOTHER_INSTALLATION: "It and the data folder on this machine belong to two installations.",
    WhyOff.FOLDER_UNREADABLE: "The file chasing-mark.json in the data folder cannot be read.",
    WhyOff.COPIED_FOLDER: "Its data folder was copied to where it lies now, and the one before may still be in use.",
    WhyOff.OLDER_THAN_FOLDER: "It is older: more was done here, or more messages left from here, than it knows of.",
}

BY_WORDS: dict[str, str] = {
    Channel.CALL.value: "call",
    Channel.TEXT.value: "text",
    Channel.EMAIL.value: "email",
    Channel.LETTER.value: "letter",
}

ANSWER_WORDS: dict[str, str] = {
    AnswerBy.TEXT.value: "by text",
    AnswerBy.CALL.value: "in a call",
    AnswerBy.EMAIL.value: "by email",
    AnswerBy.LETTER.value: "by letter",
    AnswerBy.DOOR.value: "at the door",
}
"""By which way an answer came."""

ACTION_TAGS: dict[Action, StateTag] = {
    Action.MESSAGE: StateTag("A message", Shape.WORKING),
    Action.TASK: StateTag("A task for a person", Shape.HANDS),
    Action.WAIT: StateTag("Waits", Shape.WAITING),
    Action.NEVER: StateTag("Nothing", Shape.PLAIN),
}


def done_words(state: ChaseState, action: Action, channel: Channel) -> str:
    """Sent by text; of what a person does, how it stands."""
    tag = state_tag(state, channel.value).word
    if action is Action.MESSAGE:
        return f"A letter: {tag.lower()}" if channel is Channel.LETTER else f"{tag} by {BY_WORDS[channel]}"
    return ACTION_TAGS[Action.TASK].word if state is ChaseState.TO_DO else f"A task: {tag.lower()}"
