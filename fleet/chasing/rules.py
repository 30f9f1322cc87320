"""When a borrower is written to, when a person is asked to ring, and when nobody says anything. Plain Python, no I/O.

The ladder itself is data (ladder.toml). Dates are the hub's local days; a rung is due on a day, never at an hour.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from fleet.cohorts.calendar import bank_holidays
from fleet.cohorts.rules import roll_forward
from fleet.loans.rules import ENDED, WITH_THE_PERSON, LoanState
from fleet.people.rules import Channel

QUIET_FROM = time(18)
QUIET_UNTIL = time(9)
SUNDAY = 6
MESSAGES_A_WEEK = 3
"""Domain notes 4.3: one automatic message a day and three in any seven days."""
MAX_FAILURES = 3
"""A message that failed this often becomes a task for a person."""
LONGEST_HOLD_DAYS = 366


class Acts(StrEnum):
    """Who does what a rung asks for."""

    SYSTEM = "system"
    CHASER = "chaser"
    COORDINATOR = "coordinator"


@dataclass(frozen=True)
class Rung:
    """One step of the ladder."""

    key: str
    days: int
    stage: int
    by: Acts
    words: str
    task: str
    working_days: bool = False
    though_return_arranged: bool = False


@dataclass(frozen=True)
class Ladder:
    """The rungs, lowest first. `grace_days` is the grace that those after the due date count on."""

    grace_days: int
    rungs: tuple[Rung, ...]

    def rung(self, key: str) -> Rung | None:
        return next((each for each in self.rungs if each.key == key), None)


class ChaseState(StrEnum):
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    TO_DO = "to_do"
    DONE = "done"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"


class ChaseMove(StrEnum):
    ARRIVE = "arrive"
    FAIL = "fail"
    TRY_AGAIN = "try_again"
    HAND_TO_A_PERSON = "hand_to_a_person"
    DO = "do"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Transition:
    """One row of the ledger's machine. An entry begins as sending, to do or skipped."""

    move: ChaseMove
    sources: tuple[ChaseState, ...]
    target: ChaseState
    words: str


MOVES: tuple[Transition, ...] = (
    Transition(ChaseMove.ARRIVE, (ChaseState.SENDING,), ChaseState.SENT, "Sent"),
    Transition(ChaseMove.FAIL, (ChaseState.SENDING,), ChaseState.FAILED, "Did not leave"),
    Transition(ChaseMove.TRY_AGAIN, (ChaseState.FAILED,), ChaseState.SENDING, "Tried again"),
    Transition(ChaseMove.HAND_TO_A_PERSON, (ChaseState.FAILED,), ChaseState.TO_DO, "Given to a person"),
    Transition(ChaseMove.DO, (ChaseState.TO_DO,), ChaseState.DONE, "Done"),
    Transition(
        ChaseMove.WITHDRAW,
        (ChaseState.TO_DO, ChaseState.FAILED),
        ChaseState.WITHDRAWN,
        "No longer needed",
    ),
)
BY_MOVE = {row.move: row for row in MOVES}
BEGINNINGS = (ChaseState.SENDING, ChaseState.TO_DO, ChaseState.SKIPPED)
OPEN = frozenset({ChaseState.TO_DO, ChaseState.FAILED})
"""What still asks for something."""


class HoldReason(StrEnum):
    """Why somebody is left in peace for a while."""

    IN_HOSPITAL = "in_hospital"
    AWAY = "away"
    BEREAVEMENT = "bereavement"
    SAFEGUARDING = "safeguarding"
    OUR_FAULT = "our_fault"
    COLLECTION_BOOKED = "collection_booked"


ABOUT_THE_PERSON = frozenset({HoldReason.IN_HOSPITAL, HoldReason.AWAY, HoldReason.BEREAVEMENT, HoldReason.SAFEGUARDING})
"""Reasons that hold for every loan of the person; the others are about one tablet."""


class CallOutcome(StrEnum):
    """How a call went."""

    WILL_GIVE_BACK = "will_give_back"
    WANTS_LONGER = "wants_longer"
    SPOKE = "spoke"
    LEFT_MESSAGE = "left_message"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


SETTLES = frozenset({CallOutcome.WILL_GIVE_BACK, CallOutcome.WANTS_LONGER, CallOutcome.SPOKE})
"""The outcomes after which what the ladder asked for is done."""


def rung_day(rung: Rung, due_on: date, *, nation: str, grace_days: int, ladder_grace_days: int) -> date:
    """The day on which a rung is due. Rungs after the due date wait for a longer grace."""
    if rung.days <= 0:
        return due_on + timedelta(days=rung.days)
    start = due_on + timedelta(days=max(0, grace_days - ladder_grace_days))
    if not rung.working_days:
        return start + timedelta(days=rung.days)
    for _ in range(rung.days):
        start = roll_forward(start + timedelta(days=1), nation)
    return start


@dataclass(frozen=True)
class Dates:
    """What the rungs' days are counted from: the due date, the day it was given, and the hub's habits."""

    due_on: date
    given_on: date
    nation: str
    grace_days: int


@dataclass(frozen=True)
class Standing:
    """Where a loan stands on the ladder: the one rung to act on, those below it that are passed over, what is next."""

    rung: Rung | None
    skipped: tuple[Rung, ...]
    next_rung: Rung | None
    next_day: date | None


def standing(ladder: Ladder, dates: Dates, today: date, past: Collection[str]) -> Standing:
    """The highest rung due and not in `past`, so that missed days never pile up (rule R7).

    A rung before the due date is passed over when the date was given on or after its day: the person has just heard.
    """
    days = [
        rung_day(
            rung,
            dates.due_on,
            nation=dates.nation,
            grace_days=dates.grace_days,
            ladder_grace_days=ladder.grace_days,
        )
        for rung in ladder.rungs
    ]
    reached = max((number for number, rung in enumerate(ladder.rungs) if rung.key in past), default=-1)
    ahead = [
        number
        for number, rung in enumerate(ladder.rungs)
        if number > reached and not (rung.days <= 0 and days[number] <= dates.given_on)
    ]
    due = [number for number in ahead if days[number] <= today]
    later = next((number for number in ahead if days[number] > today), None)
    chosen = due[-1] if due else None
    skipped = range(chosen) if chosen is not None else range(0)
    return Standing(
        rung=ladder.rungs[chosen] if chosen is not None else None,
        skipped=tuple(ladder.rungs[number] for number in skipped if ladder.rungs[number].key not in past),
        next_rung=ladder.rungs[later] if later is not None else None,
        next_day=days[later] if later is not None else None,
    )


def is_quiet(local: datetime, nation: str) -> bool:
    """Whether no message may leave: from 18:00 to 09:00, on Sundays and on the hub's bank holidays."""
    if local.time() >= QUIET_FROM or local.time() < QUIET_UNTIL:
        return True
    return local.weekday() == SUNDAY or local.date() in bank_holidays(local.year, nation)


@dataclass(frozen=True)
class HoldFacts:
    """A reason not to chase, as far as the guard needs it."""

    words: str
    until: date
    placed_by: str
    placed_on: date


@dataclass(frozen=True)
class Facts:
    """What the guard looks at, when a tick is planned and again in the transaction that sends."""

    local: datetime
    """The moment, in the hub's time zone."""
    nation: str
    state: LoanState
    contact_stopped: bool
    alive: bool
    opted_out: bool
    with_the_person: bool
    """Whether the tablet is where the loan says: not on its way back, at the hub or lost."""
    channel: Channel
    reachable: bool
    hold: HoldFacts | None = None
    message_today: bool = False
    messages_this_week: int = 0


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


def never(facts: Facts) -> str | None:
    """Why this loan is not chased at all, or None (rules R9 and R12)."""
    if not facts.alive:
        return "the person has died, and all contact was stopped"
    if facts.contact_stopped:
        return "all contact about this loan was stopped"
    if facts.state in ENDED or facts.state is LoanState.COLLECTED:
        return "the loan has ended" if facts.state in ENDED else "the tablet was given back"
    if facts.state not in WITH_THE_PERSON:
        return "the person does not have the tablet yet"
    if not facts.with_the_person:
        return "the tablet is not with the person"
    return None


def decide(rung: Rung, facts: Facts) -> Decision:
    """What is done about a rung that is due. In doubt nobody is written to, and a person is asked instead."""
    reason = never(facts)
    if reason is not None:
        return Decision(Action.NEVER, reason)
    if facts.hold is not None:
        return Decision(Action.WAIT, hold_words(facts.hold))
    if facts.state is LoanState.RETURN_ARRANGED and not rung.though_return_arranged:
        return Decision(Action.WAIT, "a return is arranged")
    if rung.by is not Acts.SYSTEM:
        return Decision(Action.TASK, f"a {rung.by.value} does this")
    if facts.opted_out:
        return Decision(Action.TASK, "they want no automatic messages")
    if facts.channel is Channel.CALL:
        return Decision(Action.TASK, "they prefer a phone call")
    if not facts.reachable:
        return Decision(Action.TASK, f"there is nothing to reach them by {facts.channel.value}")
    return _may_leave(facts)


def _may_leave(facts: Facts) -> Decision:
    if is_quiet(facts.local, facts.nation):
        return Decision(Action.WAIT, "messages leave from 09:00 to 18:00, never on Sundays or bank holidays")
    if facts.message_today:
        return Decision(Action.WAIT, "they had a message from us today")
    if facts.messages_this_week >= MESSAGES_A_WEEK:
        return Decision(Action.WAIT, f"they had {MESSAGES_A_WEEK} messages from us in seven days")
    return Decision(Action.MESSAGE)


def hold_words(hold: HoldFacts) -> str:
    """In hospital until 12 June, hold set by a coordinator on 2 June."""
    return f"{hold.words} until {short_day(hold.until)}, hold set by {hold.placed_by} on {short_day(hold.placed_on)}"


def short_day(day: date) -> str:
    """12 June."""
    return f"{day.day} {day:%B}"


def week_day(day: date) -> str:
    """Thursday 4 June."""
    return f"{day:%A} {short_day(day)}"


def hold_problems(until: date | None, today: date) -> dict[str, str]:
    """A sentence for each answer that cannot be a hold."""
    if until is None:
        return {"until": "Say until when; it can be lifted or set again at any time."}
    if until < today:
        return {"until": f"{week_day(until)} has passed; choose today or a later day."}
    if (until - today).days > LONGEST_HOLD_DAYS:
        return {"until": "Choose a day within a year; it can be set again."}
    return {}
