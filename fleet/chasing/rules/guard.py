"""When a borrower is written to, when a person is asked instead, and when nobody says anything. Plain Python, no I/O.

The guard is asked when a tick is planned and again in the transaction that sends (rule R9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from fleet.chasing.rules.ladder import Acts, Rung
from fleet.chasing.rules.languages import READS_ENGLISH, Reading, language_for, wants_an_answer, why_not_written
from fleet.chasing.rules.said import short_day
from fleet.cohorts.calendar import HubCalendar
from fleet.loans.rules import ENDED, WITH_THE_PERSON, LoanState
from fleet.people.rules import Channel

QUIET_FROM = time(18)
QUIET_UNTIL = time(9)
SUNDAY = 6
MESSAGES_A_WEEK = 3
"""Domain notes 4.3: one automatic message a day and three in any seven days."""


def is_quiet(local: datetime, calendar: HubCalendar) -> bool:
    """Whether no message may leave: from 18:00 to 09:00, on Sundays, on bank holidays and while the hub is closed."""
    if local.time() >= QUIET_FROM or local.time() < QUIET_UNTIL:
        return True
    return local.weekday() == SUNDAY or calendar.is_holiday(local.date())


@dataclass(frozen=True)
class HoldFacts:
    """A reason not to chase, as far as the guard needs it."""

    words: str
    until: date
    placed_by: str
    placed_on: date
    claim: bool = False
    """Whether they say that they gave it back: no message follows until somebody decides, even once `until` is over."""


@dataclass(frozen=True)
class Facts:
    """What the guard looks at, when a tick is planned and again in the transaction that sends."""

    local: datetime
    """The moment, in the hub's time zone."""
    calendar: HubCalendar
    state: LoanState
    contact_stopped: bool
    alive: bool
    opted_out: bool
    with_the_person: bool
    """Whether the tablet is where the loan says: not on its way back, at the hub or lost."""
    channel: Channel
    reachable: bool
    wrong_number: bool = False
    """Whether a stranger answered when we rang the number that they have on record, for them or for another."""
    reading: Reading = READS_ENGLISH
    hold: HoldFacts | None = None
    message_today: bool = False
    messages_this_week: int = 0
    answered_on: date | None = None
    """The day of an answer of theirs that nobody has read."""
    is_copy: bool = False
    """Whether this database is a copy restored from a backup: nothing leaves from one (rule R9)."""


class Action(StrEnum):
    """What is done about a rung that is due."""

    MESSAGE = "message"
    TASK = "task"
    WAIT = "wait"
    NEVER = "never"


@dataclass(frozen=True)
class Decision:
    """What is done about a rung, and why (the second half of a sentence)."""

    action: Action
    why: str = ""
    asks_language: bool = False
    """Whether it is a task only because nobody has decided how this person hears from us."""


_OVER = {
    LoanState.COLLECTED: "the tablet was given back",
    LoanState.CLOSED_RETURNED: "the loan has ended",
    LoanState.CLOSED_GIFTED: "the loan has ended: the tablet was given for good",
    LoanState.CLOSED_LOST: "the loan has ended: the tablet was recorded as lost",
    LoanState.DECLINED: "the request was declined",
    LoanState.CANCELLED: "the request was cancelled",
}


def never(facts: Facts) -> str | None:
    """Why this loan is not chased at all, or None (rules R9 and R12)."""
    if not facts.alive:
        return "the person has died, and all contact was stopped"
    if facts.contact_stopped:
        return "all contact about this loan was stopped"
    if facts.state in ENDED or facts.state is LoanState.COLLECTED:
        return _OVER[facts.state]
    if facts.state not in WITH_THE_PERSON:
        return "the person does not have the tablet yet"
    if not facts.with_the_person:
        return "the tablet is not with the person"
    return None


def decide(rung: Rung, facts: Facts) -> Decision:
    """What is done about a rung that is due. In doubt nobody is written to, and a person is asked instead."""
    return _kept_back(rung, facts) or _for_a_person(rung, facts) or _may_leave(facts)


_OF_A_COPY = Decision(Action.WAIT, "this is a copy restored from a backup, and nothing leaves from a copy")


def decide_letter(rung: Rung, facts: Facts, *, asked_for: bool) -> Decision:
    """Whether a letter of the queue may be printed, and posted. Its day and its hour were asked when it was made.

    `asked_for` says that a person asked for just this letter: then it does not matter whether they want automatic
    messages, or which way they prefer.
    """
    kept = _kept_back(rung, facts) or (_OF_A_COPY if facts.is_copy else None)
    if kept is not None or not asked_for:
        return kept or _for_a_person(rung, facts) or Decision(Action.MESSAGE)
    if language_for(rung, facts.reading) is None:
        return Decision(Action.TASK, why_not_written(rung, facts.reading), asks_language=True)
    return Decision(Action.MESSAGE)


def _kept_back(rung: Rung, facts: Facts) -> Decision | None:
    """What keeps every message back, whoever writes it and whichever way it goes."""
    reason = never(facts)
    if reason is not None:
        return Decision(Action.NEVER, reason)
    if facts.hold is not None and facts.hold.claim and facts.hold.until < facts.local.date():
        return Decision(Action.TASK, "they say that they gave it back, and the time to look for it is over")
    if facts.hold is not None:
        return Decision(Action.WAIT, hold_words(facts.hold))
    if facts.answered_on is not None:
        return Decision(Action.WAIT, f"they answered on {short_day(facts.answered_on)}, and nobody has read it yet")
    if facts.state is LoanState.RETURN_ARRANGED and not rung.though_return_arranged:
        return Decision(Action.WAIT, "a return is arranged")
    return None


def is_written(rung: Rung, facts: Facts) -> bool:
    """Whether the system writes to the borrower at this step: at once, or when nothing makes it wait any more."""
    claimed = facts.hold is not None and facts.hold.claim
    return never(facts) is None and not claimed and _for_a_person(rung, facts) is None


def _for_a_person(rung: Rung, facts: Facts) -> Decision | None:
    """The task that a step is for this borrower; None where the system writes to them."""
    if rung.by is not Acts.SYSTEM:
        return Decision(Action.TASK, f"a {rung.by.value} does this")
    if facts.opted_out:
        return Decision(Action.TASK, "they want no automatic messages")
    if facts.channel is Channel.CALL:
        return Decision(Action.TASK, "they prefer a phone call")
    if facts.channel is Channel.TEXT and facts.wrong_number:
        return Decision(Action.TASK, "the number on record was wrong when somebody rang: find another")
    if rung.channel is not None and rung.channel is not facts.channel:
        return Decision(Action.TASK, f"this step goes by {rung.channel.value}, and they prefer {facts.channel.value}")
    if not facts.reachable:
        return Decision(Action.TASK, f"there is nothing to reach them by {facts.channel.value}")
    if language_for(rung, facts.reading) is None:
        asks = wants_an_answer(rung, facts.reading)
        return Decision(Action.TASK, why_not_written(rung, facts.reading), asks_language=asks)
    return None


def _may_leave(facts: Facts) -> Decision:
    if facts.is_copy:
        return _OF_A_COPY
    if is_quiet(facts.local, facts.calendar):
        return Decision(Action.WAIT, _why_quiet(facts.local, facts.calendar))
    if facts.message_today:
        return Decision(Action.WAIT, "they, or somebody at their home, had a message from us on this day")
    if facts.messages_this_week >= MESSAGES_A_WEEK:
        return Decision(Action.WAIT, f"they had {MESSAGES_A_WEEK} messages from us in seven days")
    return Decision(Action.MESSAGE)


def _why_quiet(local: datetime, calendar: HubCalendar) -> str:
    day = local.date()
    if calendar.is_holiday(day):
        return f"no message leaves while the hub is closed ({calendar.why_closed(day)})"
    if day.weekday() == SUNDAY:
        return "no message leaves on a Sunday"
    return f"messages leave from {QUIET_UNTIL:%H:%M} to {QUIET_FROM:%H:%M} only"


def hold_words(hold: HoldFacts) -> str:
    """In hospital until 12 June, hold set by a coordinator on 2 June."""
    return f"{hold.words} until {short_day(hold.until)}, hold set by {hold.placed_by} on {short_day(hold.placed_on)}"
