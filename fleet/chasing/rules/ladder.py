"""The ladder: its rungs as data, on which day each is due, and where a loan stands on it. Plain Python, no I/O.

Dates are the hub's local days; a rung is due on a day, never at an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from fleet.cohorts.calendar import HubCalendar
from fleet.loans.rules import MovedBecause
from fleet.people.rules import Channel

_FARTHEST_BACK = 400
"""Days within which working days must be found, before a calendar is called one without open days."""


class Acts(StrEnum):
    """Who does what a rung asks for."""

    SYSTEM = "system"
    CHASER = "chaser"
    COORDINATOR = "coordinator"


@dataclass(frozen=True)
class OwnText:
    """A programme's own words for a step in another language than English."""

    language: str
    subject: str
    body: str
    read_by: str = ""
    """Who has read it whose language it is; empty while nobody has, and it is a draft."""
    easy: str = ""
    """The message in easy read, one idea a line; empty where nobody has made one."""
    easy_read_by: str = ""
    """The same as `read_by`, for the easy read: it may be a draft where the message is none."""


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
    channel: Channel | None = None
    """The only way this step goes; None for whichever way the borrower prefers."""
    subject: str = ""
    body: str = ""
    """A programme's own words for the message, in English; empty for the text of that key in texts/."""
    easy: str = ""
    """The same message in easy read, in English; empty where the programme has none."""
    others: tuple[OwnText, ...] = ()
    """The same in other languages, one each."""

    def in_language(self, language: str) -> OwnText | None:
        """A programme's own words in a language, English or another."""
        if self.body and language == "en":
            return OwnText(language, self.subject, self.body, "us", self.easy, "us" if self.easy else "")
        return next((each for each in self.others if self.body and each.language == language), None)


MOVED = Rung(
    key="day_moved",
    days=0,
    stage=0,
    by=Acts.SYSTEM,
    words="because we moved the day it is due",
    task="Ring and tell them.",
)
"""The step that every programme has and none can take out: who did not ask for another day is told of it (rule R3). It
is due at once, goes before the others, and is over with the day itself."""


def with_words_kept(rungs: Sequence[Rung], before: Ladder) -> tuple[Rung, ...]:
    """These rungs with the words in other languages that the ladder before had for them. Where the English ones are
    other ones, somebody reads the rest again: they are drafts; where only the English easy read is, the others'."""
    kept = []
    for rung in rungs:
        was = before.rung(rung.key)
        others = was.others if was is not None and rung.body else ()
        if was is not None and (was.subject, was.body) != (rung.subject, rung.body):
            others = tuple(replace(each, read_by="", easy_read_by="") for each in others)
        elif was is not None and was.easy != rung.easy:
            others = tuple(replace(each, easy_read_by="") for each in others)
        kept.append(replace(rung, others=others))
    return tuple(kept)


@dataclass(frozen=True)
class Ladder:
    """The rungs, lowest first. `grace_days` is the grace that those after the due date count on."""

    grace_days: int
    rungs: tuple[Rung, ...]

    def rung(self, key: str) -> Rung | None:
        return self.own_rung(key) or (MOVED if key == MOVED.key else None)

    def own_rung(self, key: str) -> Rung | None:
        """A step that is the programme's to change."""
        return next((each for each in self.rungs if each.key == key), None)


def rung_day(rung: Rung, due_on: date, *, calendar: HubCalendar, grace_days: int, ladder_grace_days: int) -> date:
    """The day on which a rung is due. Rungs after the due date wait for a longer grace."""
    if rung.days <= 0:
        return due_on + timedelta(days=rung.days)
    start = due_on + timedelta(days=max(0, grace_days - ladder_grace_days))
    if not rung.working_days:
        return start + timedelta(days=rung.days)
    for _ in range(rung.days):
        start = calendar.roll_forward(start + timedelta(days=1))
    return start


def last_due_on(rung: Rung, today: date, *, calendar: HubCalendar, grace_days: int, ladder_grace_days: int) -> date:
    """The latest due date for which the rung's day has come by `today`: `rung_day` looked at from the other side."""
    latest = today - timedelta(days=rung.days)
    if rung.days <= 0:
        return latest
    latest -= timedelta(days=max(0, grace_days - ladder_grace_days))
    if not rung.working_days:
        return latest
    for back in range(_FARTHEST_BACK):
        due_on = latest - timedelta(days=back)
        day = rung_day(rung, due_on, calendar=calendar, grace_days=grace_days, ladder_grace_days=ladder_grace_days)
        if day <= today:
            return due_on
    raise LookupError(f"no due date in the year before {today} leaves {rung.days} open days")


@dataclass(frozen=True)
class Segment:
    """The due dates for which one rung is the highest that is due: later than `after`, `until` included."""

    number: int
    after: date | None
    until: date


def segments(ladder: Ladder, today: date, *, calendar: HubCalendar, grace_days: int) -> tuple[Segment, ...]:
    """Every due date on which something is due by `today`, cut into stretches with one rung each, the oldest first.

    Because a rung's day never comes earlier for a later due date, a database can look for them by ranges.
    """
    found: list[Segment] = []
    after: date | None = None
    for number in range(len(ladder.rungs) - 1, -1, -1):
        until = last_due_on(
            ladder.rungs[number], today, calendar=calendar, grace_days=grace_days, ladder_grace_days=ladder.grace_days
        )
        if after is None or until > after:
            found.append(Segment(number, after, until))
            after = until
    return tuple(found)


@dataclass(frozen=True)
class Moved:
    """That the hub moved a due date: from the day that the person knows of, and why."""

    before: date
    because: MovedBecause


@dataclass(frozen=True)
class Dates:
    """What the rungs' days are counted from: the due date, the day it was given, and the hub's habits."""

    due_on: date
    given_on: date
    calendar: HubCalendar
    grace_days: int
    moved: Moved | None = None


@dataclass(frozen=True)
class Standing:
    """Where a loan stands on the ladder: the one rung to act on, those below it that are passed over, what is next."""

    rung: Rung | None
    skipped: tuple[Rung, ...]
    next_rung: Rung | None
    next_day: date | None


def standing(ladder: Ladder, dates: Dates, today: date, past: Collection[str]) -> Standing:
    """That the hub moved the day, until it is in `past` or the day is over; otherwise the highest rung due and not in
    `past`, so that missed days never pile up (rule R7)."""
    found = _on_the_ladder(ladder, dates, today, past)
    if dates.moved is None or MOVED.key in past or not dates.given_on <= today <= dates.due_on:
        return found
    if found.rung is not None:
        return Standing(rung=MOVED, skipped=(), next_rung=found.rung, next_day=today + timedelta(days=1))
    return replace(found, rung=MOVED)


def _on_the_ladder(ladder: Ladder, dates: Dates, today: date, past: Collection[str]) -> Standing:
    """A rung before the due date is passed over when the date was given on or after its day: they have just heard."""
    days = [
        rung_day(
            rung,
            dates.due_on,
            calendar=dates.calendar,
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


MOST_RUNGS = 20
EARLIEST, LATEST = -60, 365
HIGHEST_STAGE = 9


def ladder_problems(rungs: Sequence[Rung], has_text: Callable[[Rung], bool]) -> dict[str, str]:
    """A sentence for each field that cannot be used, keyed as `days-2`: the field, and which rung from 0.

    `has_text` says whether a rung has words that can be sent.
    """
    if not 0 < len(rungs) <= MOST_RUNGS:
        return {"ladder": f"A ladder has from 1 to {MOST_RUNGS} steps."}
    found: dict[str, str] = {}
    for number, rung in enumerate(rungs):
        before = rungs[number - 1] if number else None
        for field, sentence in _rung_problems(rung, before, has_text).items():
            found[f"{field}-{number}"] = sentence
    keys = [rung.key for rung in rungs]
    if MOVED.key in keys:
        found["ladder"] = f"Every programme has the step {MOVED.key} as it is. Take it out."
    elif len(set(keys)) != len(keys):
        found["ladder"] = "Two steps have the same name. Take one out."
    return found


def _rung_problems(rung: Rung, before: Rung | None, has_text: Callable[[Rung], bool]) -> dict[str, str]:
    found: dict[str, str] = {}
    if not EARLIEST <= rung.days <= LATEST:
        found["days"] = f"Enter a number of days from {EARLIEST} to {LATEST}."
    elif before is not None and rung.days < before.days:
        found["days"] = "Steps stand in the order of their days; this one comes before the step above it."
    if rung.working_days and rung.days <= 0:
        found["working_days"] = "Working days can be counted only after the due date."
    if not 0 <= rung.stage <= HIGHEST_STAGE or (before is not None and rung.stage < before.stage):
        found["stage"] = f"Enter a stage from 0 to {HIGHEST_STAGE}, never lower than the step above."
    if not 0 < len(rung.words) <= 80:
        found["words"] = "Say when it is, in up to 80 letters, such as: a week after it was due."
    if not 0 < len(rung.task) <= 300:
        found["task"] = "Say what a person does, in up to 300 letters."
    if rung.by is Acts.SYSTEM and not has_text(rung):
        found["body"] = "Write what the borrower reads; there is no text for this step."
    if rung.by is not Acts.SYSTEM and rung.channel is Channel.LETTER and not has_text(rung):
        found["body"] = "Write what the letter says; there is no text for this step."
    if rung.by is Acts.SYSTEM and rung.channel is Channel.CALL:
        found["channel"] = "A call is made by a person: choose who acts, or another way."
    return found
