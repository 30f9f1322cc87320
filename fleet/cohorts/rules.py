"""How long a loan lasts, on which day it is due, and for whom a programme is: calendar arithmetic, never hours."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fleet.clock import add_months
from fleet.cohorts.calendar import HubCalendar

BARRIERS = ("device", "connectivity", "skills")
"""What keeps somebody offline, as a programme may ask for it."""
OUTCOME_WORDS: dict[str, str] = {
    "bought": "A device they bought",
    "given": "A device they were given",
    "family": "The family’s device",
    "library": "A library or a community place",
    "databank": "Their own device, with a Databank SIM",
    "social_tariff": "Their own device, with a social tariff",
    "other_scheme": "Another scheme that lends or gives",
}
"""What a programme may be set up to reach: ways to be online after a loan, by the code of what somebody goes on to."""
OUTCOMES = tuple(OUTCOME_WORDS)
MOST_FUNDERS = 10
TURNAROUND_DAYS = 4
"""From a return to the shelf: what a county's community equipment service keeps to."""
_AREA = re.compile(r"[A-Z]{1,2}([0-9][0-9A-Z]?)?")


@dataclass(frozen=True)
class PaidBy:
    """One who pays for a programme, and for what of it, in their own words. What each has in fact paid is counted by
    the tablet or the bundle that they bought."""

    funder_id: int
    note: str = ""


@dataclass(frozen=True)
class LoanPolicy:
    """A programme's stated policy. With `taster_months` a loan lasts calendar months, otherwise `taster_days`.

    `areas` are outward postcodes (N19) or whole postcode areas (N), `barriers` what keeps somebody offline: the
    programme is for people who live in one of them and meet one of the others. Empty asks for nothing.
    `longest_days` is how long a loan may last with all that it is extended by, None where only the number counts.
    `extend_from_days` is how many days before its due date a loan may be extended at the earliest, None at any time.
    `turnaround_days` are the working days from a tablet's return until it stands ready again, as the readiness forecast
    counts them. `outcomes` are what it was set up to reach, as codes; empty leaves it open.
    """

    taster_days: int = 28
    taster_months: int | None = None
    max_extensions: int = 2
    extension_days: int = 28
    longest_days: int | None = None
    extend_from_days: int | None = None
    grace_days: int = 2
    bundle_required: bool = True
    open_loans_per_person: int = 1
    gifts_allowed: bool = False
    min_age: int = 0
    areas: tuple[str, ...] = ()
    barriers: tuple[str, ...] = ()
    turnaround_days: int = TURNAROUND_DAYS
    outcomes: tuple[str, ...] = ()


def natural_end(start: date, policy: LoanPolicy) -> date:
    """The last day of a loan that starts on `start`, before it is rolled to a working day."""
    if policy.taster_months is not None:
        return add_months(start, policy.taster_months)
    return start + timedelta(days=policy.taster_days)


def due_date(
    start: date,
    policy: LoanPolicy,
    calendar: HubCalendar,
    *,
    cohort_end: date | None = None,
    asked_for: date | None = None,
) -> date:
    """The due date: the day asked for, else the cohort's end, else start and policy; rolled to a working day of
    the hub.

    A day asked for or a cohort's end that does not lie after the start is passed over, so that a person at a door is
    never told a day that has gone. Raises `NoOpenDay`.
    """
    wanted = next((day for day in (asked_for, cohort_end) if day is not None and day > start), None)
    return calendar.roll_forward(wanted or natural_end(start, policy))


_A_DAY = date(2026, 7, 1)
"""Any day: from it a policy's months are as long as months are."""


def policy_problems(policy: LoanPolicy) -> dict[str, str]:
    """A sentence for each number that cannot be a policy."""
    limits = {
        "taster_days": (policy.taster_days, 1, 366, "Enter a number of days from 1 to 366."),
        "taster_months": (policy.taster_months, 1, 12, "Enter a number of months from 1 to 12, or leave it empty."),
        "max_extensions": (policy.max_extensions, 0, 12, "Enter a number from 0 to 12."),
        "extension_days": (policy.extension_days, 1, 366, "Enter a number of days from 1 to 366."),
        "longest_days": (policy.longest_days, 1, 1830, "Enter a number of days from 1 to 1830, or leave it empty."),
        "extend_from_days": (
            policy.extend_from_days,
            0,
            366,
            "Enter a number of days from 0 to 366, or leave it empty.",
        ),
        "grace_days": (policy.grace_days, 0, 28, "Enter a number of days from 0 to 28."),
        "open_loans_per_person": (policy.open_loans_per_person, 1, 5, "Enter a number from 1 to 5."),
        "min_age": (policy.min_age, 0, 120, "Enter an age from 0 to 120; 0 asks for none."),
        "turnaround_days": (policy.turnaround_days, 0, 60, "Enter a number of working days from 0 to 60."),
    }
    found = {
        name: sentence
        for name, (value, low, high, sentence) in limits.items()
        if value is not None and not low <= value <= high
    }
    if policy.longest_days is not None and policy.longest_days < (natural_end(_A_DAY, policy) - _A_DAY).days:
        found.setdefault("longest_days", "That is shorter than the loan itself: enter more days, or leave it empty.")
    strange = [area for area in policy.areas if not _AREA.fullmatch(area)]
    if strange:
        found["areas"] = f"{strange[0]} is no postcode area: write the first half of a postcode, such as N19, or N."
    if not set(policy.barriers) <= set(BARRIERS):
        found["barriers"] = "Choose from the list."
    if not set(policy.outcomes) <= set(OUTCOMES):
        found["outcomes"] = f"Choose from {', '.join(OUTCOMES)}."
    return found


def funders_problem(funders: Sequence[PaidBy], known: Collection[int]) -> str:
    """Why these cannot be who pays, or nothing. `known` are the funders on record."""
    chosen = [each.funder_id for each in funders]
    if len(chosen) > MOST_FUNDERS:
        return f"Choose {MOST_FUNDERS} funders at most."
    if len(set(chosen)) < len(chosen):
        return "A funder is chosen twice: say everything about one in one line."
    if not set(chosen) <= set(known):
        return "Choose funders from your partners."
    if any(len(each.note) > 120 for each in funders):
        return "Say what somebody pays for in up to 120 letters."
    return ""


def not_for_them(policy: LoanPolicy, *, area: str, barriers: Collection[str]) -> dict[str, str]:
    """Why a programme is not for somebody who lives in `area` (an outward postcode) and meets these barriers: a
    sentence for each answer that stands against it. Ages are told apart (`fleet.people.rules.age_problem`)."""
    found = {}
    if policy.areas and not any(_lies_in(area, each) for each in policy.areas):
        found["postcode"] = f"This programme is for people in {', '.join(policy.areas)}."
    if policy.barriers and not set(policy.barriers) & set(barriers):
        found["barriers"] = (
            f"This programme is for people who lack {' or '.join(_LACKS[each] for each in policy.barriers)}."
        )
    return found


_LACKS = {"device": "a device", "connectivity": "a connection", "skills": "the skills"}


def _lies_in(area: str, wanted: str) -> bool:
    letters = re.match(r"[A-Z]*", area)
    return area == wanted or (wanted.isalpha() and letters is not None and letters.group() == wanted)
