"""What the ledger holds about a day on which nobody was written to, as the second half of a sentence."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.chasing.models import Chase
from fleet.chasing.rules import IN_QUEUE, MAX_FAILURES, Action, Acts, ChaseState, decide, short_day
from fleet.chasing.service.as_of import OnDay
from fleet.chasing.service.naming import step_names
from fleet.clock import local_date
from fleet.people.rules import Channel

_WAITS = (ChaseState.TO_DO, ChaseState.FAILED, ChaseState.PREPARING, ChaseState.SENDING, *IN_QUEUE)


_OVER = "Passed over: "
_NOT_POSTED = "Not posted: "


def entry_words(session: Session, asked: OnDay) -> str:
    """Of the entry that was made on the day, or waits since then; empty where there is none."""
    of_the_day = [each for each in asked.entries if local_date(each.created_at, asked.zone) == asked.day]
    entry = next((each for each in reversed(asked.entries) if _waited(each, asked)), None)
    entry = entry or next((each for each in reversed(of_the_day) if each.state is not ChaseState.SKIPPED), None)
    entry = entry or next(reversed(of_the_day), None)
    return _words(session, entry, asked) if entry is not None else ""


def _waited(entry: Chase, asked: OnDay) -> bool:
    """Whether it still asked for something at the end of the day."""
    later = local_date(entry.changed_at, asked.zone) > asked.day
    return entry.state in _WAITS or (entry.state is not ChaseState.SKIPPED and later)


def _words(session: Session, entry: Chase, asked: OnDay) -> str:
    note = entry.note.rstrip(".")
    begun = short_day(local_date(entry.created_at, asked.zone))
    changed = short_day(local_date(entry.changed_at, asked.zone))
    match entry.state:
        case ChaseState.TO_DO:
            return f"{_asked(entry, asked)} on {begun}: “{note}”"
        case ChaseState.DONE:
            return f"{_asked(entry, asked)} on {begun}, and rang on {changed}: {_small(note)}"
        case ChaseState.FAILED:
            return f"the message did not leave ({_small(note)}){_what_next(entry)}"
        case ChaseState.PREPARING | ChaseState.SENDING:
            return "the message is on its way, and nobody has said yet whether it left"
        case ChaseState.TO_PRINT:
            return f"the letter of {begun} waits for somebody to print and post it"
        case ChaseState.PRINTED:
            return f"the letter of {begun} was printed on {changed}, and nobody has said that it was posted"
        case ChaseState.SENT:
            left = short_day(entry.message_day) if entry.message_day is not None else changed
            if entry.channel == Channel.LETTER.value:
                return f"the letter was not posted on that day; it was posted on {left}"
            return f"the message did not leave on that day; it left on {left}"
        case ChaseState.WITHDRAWN:
            if note.startswith(_NOT_POSTED):
                return f"the letter of {begun} left the queue on {changed}: {note.removeprefix(_NOT_POSTED)}"
            what = f"the message due on {begun} did not leave" if entry.channel else f"a person was asked on {begun}"
            return f"{what}, and on {changed} that was no longer needed: {_small(note.removeprefix(_OVER))}"
        case ChaseState.SKIPPED:
            step = step_names(session, [entry])[entry.id]
            return f"this step was passed over ({step}): {_small(note.removeprefix(_OVER))}"


def _asked(entry: Chase, asked: OnDay) -> str:
    """Who was asked, with the reason why no message was written, unless what they are asked says it itself."""
    if entry.failures >= MAX_FAILURES:
        return f"the message did not leave {MAX_FAILURES} times, so a person was asked"
    rung = asked.situation.ladder.rung(entry.rung)
    if rung is not None and rung.by is not Acts.SYSTEM:
        return f"at this step nobody is written to; a {rung.by.value} was asked"
    decision = decide(rung, asked.facts) if rung is not None and not entry.language else None
    if decision is not None and decision.action is Action.TASK:
        return f"{decision.why}, so a person was asked"
    return "a person was asked"


def _what_next(entry: Chase) -> str:
    if entry.failures >= MAX_FAILURES:
        return ", and a person is asked instead"
    return ", and is tried again as soon as it may leave"


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
