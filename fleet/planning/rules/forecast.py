"""Will enough tablets be back, clean and ready when the next cohorts begin? Counts in, counts and reasons out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from fleet.cohorts.calendar import HubCalendar
from fleet.cohorts.rules import LoanPolicy
from fleet.tablets.rules import HoldKind, Stage

FEWEST_RETURNS = 10
"""From fewer returns nothing is learnt of how late tablets come and how many need repair."""


class Reason(StrEnum):
    """Why a tablet will not be ready in time; the order is that of a tie in the list."""

    OVERDUE = "overdue"
    STOPPED = "stopped"
    BACK_TOO_LATE = "back_too_late"
    OFTEN_LATE = "often_late"
    OFTEN_BROKEN = "often_broken"
    NOT_READY_IN_TIME = "not_ready_in_time"
    REPAIR = "repair"
    HELD = "held"
    LOST = "lost"
    RETIRING = "retiring"
    NOT_HERE_YET = "not_here_yet"
    PROMISED = "promised"
    EARLIER_COHORT = "earlier_cohort"


@dataclass(frozen=True)
class Record:
    """How tablets came back of late: each one's days after its due date (0 for in time), ascending, and how many of
    them needed repair."""

    days_late: tuple[int, ...] = ()
    needed_repair: int = 0

    def in_time(self, slack: int) -> Fraction:
        """The share that came back no more than `slack` days after its due date; 1 while too little is known."""
        if len(self.days_late) < FEWEST_RETURNS:
            return Fraction(1)
        return Fraction(bisect_right(self.days_late, slack), len(self.days_late))

    @property
    def sound(self) -> Fraction:
        """The share that needed no repair; 1 while too little is known."""
        count = len(self.days_late)
        return 1 - Fraction(self.needed_repair, count) if count >= FEWEST_RETURNS else Fraction(1)


@dataclass(frozen=True)
class Wanted:
    """One cohort to come and how it stands: `have_theirs` of its people have a tablet or one that is kept for them."""

    cohort_id: int
    name: str
    programme: str
    starts_on: date
    ends_on: date
    places: int
    have_theirs: int
    turnaround_days: int

    @property
    def need(self) -> int:
        """Places for which a tablet is still to be found."""
        return max(0, self.places - self.have_theirs)


@dataclass(frozen=True)
class Fleet:
    """Where a hub's tablets are on one day, in counts.

    `stages` leaves out those that are held, on loan or leave for a loan; `held` counts a tablet by one of its holds.
    `due` are loans with their person by due date; `fetched` those among the late ones whose return is arranged;
    `leaving` are kept for somebody or on the way out, by the day on which that loan will be due; `promised` are
    approved people without a tablet who wait for no cohort that is still to come.
    """

    today: date
    stages: Mapping[Stage, int] = field(default_factory=dict)
    held: Mapping[HoldKind, int] = field(default_factory=dict)
    retiring: int = 0
    due: Mapping[date, int] = field(default_factory=dict)
    fetched: int = 0
    stopped: int = 0
    leaving: Mapping[date, int] = field(default_factory=dict)
    promised: int = 0
    record: Record = Record()


@dataclass(frozen=True)
class Why:
    """How many tablets one reason keeps away."""

    reason: Reason
    count: int


@dataclass(frozen=True)
class Point:
    """How many tablets stand ready for this cohort on a day, when nothing more is done than is planned."""

    day: date
    ready: int


@dataclass(frozen=True)
class Forecast:
    """One cohort's outlook. `ready` counts what is there for the places still open on its first day."""

    wanted: Wanted
    day: date
    ready: int
    points: tuple[Point, ...]
    reasons: tuple[Why, ...]

    @property
    def short(self) -> int:
        return max(0, self.wanted.need - self.ready)

    @property
    def spare(self) -> int:
        return max(0, self.ready - self.wanted.need)


@dataclass(frozen=True)
class _Coming:
    """Tablets that are ready again on a day if all goes as planned. `uncertain` ones come back from people."""

    ready_on: date
    count: int
    uncertain: bool


@dataclass(frozen=True)
class _Taken:
    """Tablets that an earlier cohort or people who wait take on a day, and the day they are ready again."""

    day: date
    count: int
    back_on: date
    reason: Reason


def forecasts(fleet: Fleet, wanted: Sequence[Wanted], calendar: HubCalendar) -> tuple[Forecast, ...]:
    """The outlook of each cohort, soonest first: what the earlier ones take is gone until it is back."""
    taken: list[_Taken] = []
    found = []
    if fleet.promised:
        due = fleet.today + timedelta(days=LoanPolicy().taster_days)
        back = calendar.working_days_after(due, max((each.turnaround_days for each in wanted), default=0))
        taken.append(_Taken(fleet.today, fleet.promised, back, Reason.PROMISED))
    for each in sorted(wanted, key=lambda one: (one.starts_on, one.cohort_id)):
        coming, late = _coming(fleet, calendar, each.turnaround_days)
        outlook = _forecast(fleet, each, coming, late, taken)
        found.append(outlook)
        used = min(each.need, outlook.ready)
        if used:
            back = calendar.working_days_after(each.ends_on, each.turnaround_days)
            taken.append(_Taken(outlook.day, used, back, Reason.EARLIER_COHORT))
    return tuple(found)


def _forecast(
    fleet: Fleet, wanted: Wanted, coming: Sequence[_Coming], away: Mapping[Reason, int], taken: Sequence[_Taken]
) -> Forecast:
    day = max(wanted.starts_on, fleet.today)
    shelf = fleet.stages.get(Stage.READY, 0)

    def ready(on: date) -> int:
        back = sum(each.count for each in coming if each.ready_on <= on)
        doubtful = sum(_expected_away(coming, fleet.record, on).values())
        gone = sum(each.count for each in taken if each.day <= on < each.back_on)
        return max(0, shelf + back - doubtful - gone)

    reasons = dict(away)
    for each in coming:
        if each.ready_on > day:
            reason = Reason.BACK_TOO_LATE if each.uncertain else Reason.NOT_READY_IN_TIME
            reasons[reason] = reasons.get(reason, 0) + each.count
    for reason, count in _expected_away(coming, fleet.record, day).items():
        reasons[reason] = reasons.get(reason, 0) + count
    for gone in taken:
        if gone.day <= day < gone.back_on:
            reasons[gone.reason] = reasons.get(gone.reason, 0) + gone.count
    listed = sorted((Why(reason, count) for reason, count in reasons.items() if count), key=_order)
    points = tuple(Point(each, ready(each)) for each in _days(fleet.today, day, coming, taken))
    return Forecast(wanted, day, ready(day), points, tuple(listed))


def _order(why: Why) -> tuple[int, int]:
    return (-why.count, list(Reason).index(why.reason))


def _days(first: date, last: date, coming: Sequence[_Coming], taken: Sequence[_Taken]) -> list[date]:
    """The days on which the number may change, with the first and the last."""
    changes = {each.ready_on for each in coming} | {each.day for each in taken} | {each.back_on for each in taken}
    return sorted({first, last} | {day for day in changes if first < day < last})


def _expected_away(coming: Sequence[_Coming], record: Record, on: date) -> dict[Reason, int]:
    """How many of those that should be ready by then will not be, if people do as they did of late."""
    uncertain = [each for each in coming if each.uncertain and each.ready_on <= on]
    late = sum((each.count * (1 - record.in_time((on - each.ready_on).days)) for each in uncertain), Fraction(0))
    broken = (sum(each.count for each in uncertain) - late) * (1 - record.sound)
    return {Reason.OFTEN_LATE: _half_up(late), Reason.OFTEN_BROKEN: _half_up(broken)}


def _half_up(number: Fraction) -> int:
    return int(number + Fraction(1, 2))


def _coming(fleet: Fleet, calendar: HubCalendar, turnaround: int) -> tuple[list[_Coming], dict[Reason, int]]:
    """What will be ready again and when, and what nobody can count on."""
    ready_on: dict[tuple[date, bool], int] = {}

    def comes(day: date, count: int, *, uncertain: bool) -> None:
        ready = calendar.working_days_after(max(day, fleet.today), turnaround)
        ready_on[ready, uncertain] = ready_on.get((ready, uncertain), 0) + count

    for due, count in (*fleet.due.items(), *fleet.leaving.items()):
        if due >= fleet.today:
            comes(due, count, uncertain=True)
    comes(fleet.today + timedelta(days=1), fleet.fetched, uncertain=True)
    for stage, count in fleet.stages.items():
        if stage in DAYS_LEFT:
            ready = calendar.working_days_after(fleet.today, ceil(turnaround * DAYS_LEFT[stage]))
            ready_on[ready, False] = ready_on.get((ready, False), 0) + count
    coming = [_Coming(day, count, uncertain) for (day, uncertain), count in sorted(ready_on.items()) if count]
    return coming, _away(fleet)


def _away(fleet: Fleet) -> dict[Reason, int]:
    late = sum(count for due, count in fleet.due.items() if due < fleet.today)
    return {
        Reason.OVERDUE: late - fleet.fetched,
        Reason.STOPPED: fleet.stopped,
        Reason.REPAIR: fleet.stages.get(Stage.REPAIR, 0),
        Reason.HELD: sum(fleet.held.values()),
        Reason.LOST: fleet.stages.get(Stage.LOST, 0),
        Reason.RETIRING: fleet.retiring,
        Reason.NOT_HERE_YET: fleet.stages.get(Stage.EXPECTED, 0),
    }


DAYS_LEFT = {
    Stage.IN_TRANSIT_BACK: Fraction(1),
    Stage.RETURNED: Fraction(1),
    Stage.RECEIVED: Fraction(1),
    Stage.TRIAGED: Fraction(1),
    Stage.CLEANED: Fraction(3, 4),
    Stage.AWAITING_WIPE: Fraction(3, 4),
    Stage.WIPING: Fraction(3, 4),
    Stage.WIPED: Fraction(1, 2),
    Stage.PROVISIONING: Fraction(1, 4),
    Stage.PROVISIONED: Fraction(1, 4),
}
"""The stages on the way to the shelf, and what share of the turnaround is still ahead there."""
