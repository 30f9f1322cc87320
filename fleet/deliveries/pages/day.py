"""What the planning page shows of a day: who waits, by area and agreed time, and the runs to put them on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.models import CourierRun
from fleet.deliveries.pages.asked import window_words
from fleet.deliveries.queries import Stop
from fleet.deliveries.rules import UNDER_WAY, JobEnd, JobState, RunState, capacity_of, coverage_problem
from fleet.deliveries.service import Window
from fleet.deliveries.words import KIND_WORDS, RUN_TAGS, VEHICLE_WORDS, WAITING_WORDS, job_tag
from fleet.loans.models import Loan
from fleet.partners import service as partners
from fleet.people.models import Person
from fleet.tags import service as tags
from fleet.web.shapes import StateTag

PER_PAGE = 60


def page_asked(text: str, total: int) -> tuple[int, int]:
    """Which page of a list of so many is shown, the nearest to the one asked for; and how many there are."""
    page_count = max(1, -(-total // PER_PAGE))
    return min(max(int(text) if text.isdecimal() and len(text) < 7 else 1, 1), page_count), page_count


WINDOWS = tuple(Window(time(hour), time(hour + 2)) for hour in (9, 11, 13, 15, 17))
"""What is offered where nothing was agreed. A run's own page takes any."""
MOVABLE = (JobState.PLANNED, JobState.OFFERED, JobState.ACCEPTED)

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Waiting:
    """Somebody whose tablet waits to be brought or fetched."""

    loan_id: int
    task: str
    name: str


@dataclass(frozen=True)
class Group:
    """Those who wait in one area, for one agreed time or none; and the runs that go there and have room."""

    area: str
    agreed: str
    waiting: tuple[Waiting, ...]
    runs: Choices


@dataclass(frozen=True)
class PlannedStop:
    """A stop on the planning page."""

    job_id: int
    number: int
    window: str
    task: str
    name: str
    area: str
    code: str
    brings: str
    state: StateTag
    movable: bool
    can_go_up: bool
    can_go_down: bool
    other_runs: Choices = ()


@dataclass(frozen=True)
class PlannedRun:
    """A run of the day. `covers` empty: anywhere. `full` and `elsewhere` are said before anything is put on it."""

    run_id: int
    who: str
    how: str
    state: StateTag
    open: bool
    on_it: int
    capacity: int
    covers: tuple[str, ...]
    stops: tuple[PlannedStop, ...]

    @property
    def full(self) -> bool:
        return self.on_it >= self.capacity

    @property
    def words(self) -> str:
        return f"Run {self.run_id}, {self.who}, {self.on_it} of {self.capacity}"


@dataclass(frozen=True)
class PlanPage:
    day: date
    today: date
    groups: tuple[Group, ...]
    runs: tuple[PlannedRun, ...]
    windows: Choices
    total: int
    homeward: int
    """How many tablets lie at another hub than their own, this one's or others'."""
    page: int
    page_count: int
    ticked: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "Plan a day"

    @property
    def before(self) -> date | None:
        return self.day - timedelta(days=1) if self.day > self.today else None

    @property
    def after(self) -> date:
        return self.day + timedelta(days=1)


def groups_of(
    session: Session, waiting: Sequence[tuple[Loan, Person]], runs: Sequence[PlannedRun], zone: ZoneInfo
) -> tuple[Group, ...]:
    agreed = queries.last_windows(session, [loan.id for loan, _ in waiting])
    rows = sorted(
        (
            (person.area, window_words(*agreed[loan.id], zone) if loan.id in agreed else "", loan, person)
            for loan, person in waiting
        ),
        key=lambda row: (row[0], row[1], row[2].id),
    )
    found = []
    for (area, time_agreed), each in groupby(rows, key=lambda row: row[:2]):
        theirs = tuple(
            Waiting(loan.id, WAITING_WORDS[loan.state], f"{person.first_name} {person.last_name}")
            for _, _, loan, person in each
        )
        found.append(Group(area, time_agreed, theirs, _runs_for(area, runs)))
    return tuple(found)


def _runs_for(area: str, runs: Iterable[PlannedRun]) -> Choices:
    """Only those whose courier goes there, and that have room."""
    fit = (run for run in runs if run.open and not run.full and coverage_problem({area}, run.covers) is None)
    return tuple((str(run.run_id), run.words) for run in fit)


def windows_offered(groups: Iterable[Group]) -> Choices:
    offered = {f"{window.start:%H:%M} to {window.end:%H:%M}" for window in WINDOWS}
    return tuple((words, words) for words in sorted(offered | {group.agreed for group in groups if group.agreed}))


def runs_of_day(session: Session, runs: Sequence[CourierRun], zone: ZoneInfo) -> tuple[PlannedRun, ...]:
    stops = queries.stops_of(session, [run.id for run in runs])
    names = queries.names_of(session, [run.courier_id for run in runs if run.courier_id is not None])
    codes = tags.codes_of(session, [each for stop in stops for each in (stop.job.tablet_id, stop.job.brings_id or 0)])
    found = []
    for run in runs:
        organisation = partners.get_organisation(session, run.organisation_id) if run.organisation_id else None
        theirs = [stop for stop in stops if stop.run.id == run.id and stop.job.ended is not JobEnd.TAKEN_OFF]
        found.append(
            PlannedRun(
                run_id=run.id,
                who=names.get(run.courier_id or 0, "nobody yet"),
                how=VEHICLE_WORDS[run.vehicle],
                state=RUN_TAGS[run.state],
                open=run.state is not RunState.DONE,
                on_it=sum(stop.job.state in UNDER_WAY for stop in theirs),
                capacity=capacity_of(run.vehicle, organisation.vehicle_capacity if organisation else None),
                covers=tuple(organisation.covers) if organisation else (),
                stops=_stops(theirs, codes, zone, open_run=run.state is not RunState.DONE),
            )
        )
    return tuple(replace(run, stops=_with_other_runs(run, found)) for run in found)


def _with_other_runs(run: PlannedRun, runs: Sequence[PlannedRun]) -> tuple[PlannedStop, ...]:
    others = [each for each in runs if each is not run]
    return tuple(replace(stop, other_runs=_runs_for(stop.area, others)) if stop.movable else stop for stop in run.stops)


def _stops(
    stops: Sequence[Stop], codes: Mapping[int, str], zone: ZoneInfo, *, open_run: bool
) -> tuple[PlannedStop, ...]:
    done = max((place + 1 for place, stop in enumerate(stops) if stop.job.state not in UNDER_WAY), default=0)
    return tuple(
        PlannedStop(
            job_id=stop.job.id,
            number=stop.job.sequence,
            window=window_words(stop.job.window_from, stop.job.window_to, zone),
            task=KIND_WORDS[stop.job.kind],
            name=stop.whom,
            area=stop.area,
            code=codes.get(stop.job.tablet_id, ""),
            brings=codes.get(stop.job.brings_id or 0, ""),
            state=job_tag(stop.job.state, stop.job.ended),
            movable=open_run and stop.job.state in MOVABLE,
            can_go_up=open_run and place > done,
            can_go_down=open_run and done <= place < len(stops) - 1,
        )
        for place, stop in enumerate(stops)
    )
