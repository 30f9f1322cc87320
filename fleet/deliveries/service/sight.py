"""What a courier is shown of today: the stops in order, and of each person no more than a door needs.

Nothing here holds a surname, a phone number, needs in full, or anybody else's stops; pages and the API render these
values and nothing else. An address is in them only while `rules.address_open` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.deliveries import queries
from fleet.deliveries.models import CourierRun
from fleet.deliveries.queries import Stop
from fleet.deliveries.rules import (
    BRINGS,
    LOADED_FIRST,
    TO_DO,
    Door,
    JobEnd,
    JobKind,
    JobState,
    RunState,
    Vehicle,
    address_open,
    address_until,
    run_until,
)
from fleet.deliveries.service.runs.own import own_job
from fleet.deliveries.service.taken_back import TAKEN_BACK
from fleet.deliveries.service.writer import expected_tablets, get_run
from fleet.deliveries.words import LOOKED_FOR, kit_words
from fleet.errors import NotFound
from fleet.loans import service as loans
from fleet.partners import service as partners
from fleet.partners.models import Organisation
from fleet.people.sight import SeenPerson, seen_at_the_door
from fleet.settings import Settings
from fleet.tags import service as tags
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Place:
    """One of our own hubs: nothing about it is personal."""

    name: str
    address: tuple[str, ...]
    help_phone: str


@dataclass(frozen=True)
class SeenStop:
    """A stop as its courier sees it."""

    job_id: int
    run_id: int
    sequence: int
    kind: JobKind
    state: JobState
    ended: JobEnd | None
    first_name: str
    window_from: datetime
    window_to: datetime
    area: str
    address: tuple[str, ...]
    access_note: str
    flags: tuple[str, ...]
    phrase: str
    code: str
    """Of a swap, the label of the tablet that comes back."""
    brings_code: str
    """The label of the tablet that goes out to a swap."""
    called_off: bool
    """Whether nobody is to go to that door any more."""
    fetch_at: Place | None
    """The other hub where a tablet on its way home is loaded; None at any other stop."""
    bring_to: Place | None
    """Its own hub, where it is scanned in."""
    kit: tuple[str, ...]
    has_sim: bool
    """Whether somebody looks where the SIM is: a swap has to say, and whoever fetches a tablet may."""
    attempts: int
    done_at: datetime | None
    never_was: tuple[str, ...]
    """The ids of what was told of it and the hub took back."""
    until: datetime
    """When a copy of what is shown here must be gone, if nothing more is told of the stop."""

    @property
    def to_do(self) -> bool:
        return self.state in TO_DO

    @property
    def may_be_taken_back(self) -> bool:
        """Whether it ended with what the hub can take back, if it was a mistake."""
        return self.state is JobState.HANDED_OVER or (self.kind is JobKind.COLLECT and self.state is JobState.COLLECTED)

    @property
    def waits_at_hub(self) -> bool:
        """Whether the tablet of this stop is still to be loaded, at the hub or at another one."""
        again = self.kind is JobKind.HOME and self.state is JobState.FAILED
        return self.kind in LOADED_FIRST and (self.state is JobState.ACCEPTED or again)

    @property
    def on_board(self) -> bool:
        """Whether the courier has the tablet of this stop."""
        failed_delivery = self.state is JobState.FAILED and self.kind in BRINGS
        return failed_delivery or self.state in (JobState.LOADED, JobState.COLLECTED, JobState.SWAPPED)

    @property
    def to_whom(self) -> str:
        """Where it goes, as short as it can be said: a first name, an area, or the hub it is brought home to."""
        return self.first_name or self.area or (f"To {self.bring_to.name}" if self.bring_to is not None else "")

    @property
    def carried_code(self) -> str:
        """The label of the tablet that is loaded at the hub or brought back there: of a swap's two, the one that goes
        out until the door, and then the other."""
        return self.brings_code if self.brings_code and self.to_do else self.code


@dataclass(frozen=True)
class SeenRun:
    """A run as its courier sees it. Before it is accepted its stops have an area and no address."""

    run_id: int
    day: date
    state: RunState
    vehicle: Vehicle
    stops: tuple[SeenStop, ...]

    @property
    def left(self) -> int:
        return len(self._to_go_to)

    @property
    def last_one(self) -> SeenStop | None:
        """The one stop that is left of several, which couriers forget to tell of (rule R18)."""
        left = self._to_go_to
        return left[0] if len(left) == 1 < len(self.stops) else None

    @property
    def _to_go_to(self) -> list[SeenStop]:
        return [stop for stop in self.stops if stop.to_do and not stop.called_off]


@dataclass(frozen=True)
class Today:
    """A courier's day: runs taken on, and runs asked of them for today and the days after."""

    day: date
    help_phone: str
    runs: tuple[SeenRun, ...]
    offered: tuple[SeenRun, ...]
    until: datetime
    """When a copy of what is shown here of stops still to do must be gone."""


def today_of(session: Session, *, actor: Actor, settings: Settings, now: datetime) -> Today:
    """The courier's own runs and nobody else's."""
    hub = partners.hub_of(session, actor)
    zone = ZoneInfo(hub.time_zone)
    day = local_date(now, zone)
    if actor.user_id is None:
        return Today(day, hub.help_phone or settings.hub_phone, (), (), now)
    last = day + timedelta(days=14)
    runs = queries.runs_of(session, actor.user_id, first=day, last=last)
    seen = {run.id: run_seen(session, run, zone, settings=settings, now=now) for run in runs}
    taken_on = [run for run in runs if run.day == day and run.state in (RunState.ACCEPTED, RunState.DONE)]
    sends = partners.get_organisation(session, taken_on[0].hub_id) if taken_on else hub
    return Today(
        day=day,
        help_phone=sends.help_phone or settings.hub_phone,
        runs=tuple(seen[run.id] for run in taken_on),
        offered=tuple(seen[run.id] for run in runs if run.state is RunState.OFFERED),
        until=run_until(day, settings.address_hours_after_delivery, zone),
    )


def run_seen(session: Session, run: CourierRun, zone: ZoneInfo, *, settings: Settings, now: datetime) -> SeenRun:
    """One run, stop by stop."""
    stops = queries.stops_of(session, [run.id])
    return SeenRun(run.id, run.day, run.state, run.vehicle, _seen(session, stops, zone, settings=settings, now=now))


def stop_of(session: Session, job_id: int, *, actor: Actor, settings: Settings, now: datetime) -> SeenStop:
    """A stop of the courier's own run, on its day. Raises `NotFound` for any other, without telling which."""
    job = own_job(session, job_id, actor=actor)
    zone = ZoneInfo(partners.get_organisation(session, get_run(session, job.run_id).hub_id).time_zone)
    stops = [stop for stop in queries.stops_of(session, [job.run_id]) if stop.job.id == job.id]
    if not stops or stops[0].run.day != local_date(now, zone) or job.ended is JobEnd.TAKEN_OFF:
        raise NotFound("This is not a stop of yours.", next_step="Go back to today's run.")
    return _seen(session, stops, zone, settings=settings, now=now)[0]


NOBODY = SeenPerson(name="")
"""Whom a way home from another hub is for."""


def _place(hub: Organisation | None) -> Place | None:
    if hub is None:
        return None
    lines = (line.strip(" ,") for line in hub.address.splitlines())
    return Place(hub.name, tuple(line for line in lines if line), hub.help_phone)


def _seen(
    session: Session, stops: Sequence[Stop], zone: ZoneInfo, *, settings: Settings, now: datetime
) -> tuple[SeenStop, ...]:
    shown = [stop for stop in stops if stop.job.ended is not JobEnd.TAKEN_OFF]
    needs = queries.needs_of(session, [stop.person.id for stop in shown if stop.person is not None])
    expected = expected_tablets(session, [stop.job for stop in shown])
    carried = [each for pair in expected.values() for each in (pair.tablet_id, pair.brings_id) if each is not None]
    codes = tags.codes_of(session, carried)
    never_was = queries.void_ids(session, [stop.job.id for stop in shown], TAKEN_BACK)
    carriers = loans.what_carries(session, [stop.job.loan_id for stop in shown if stop.job.loan_id is not None])
    seen = []
    for stop in shown:
        job = stop.job
        door = Door(job.state, stop.run.day, job.done_at, now, settings.address_hours_after_delivery, zone)
        is_open = address_open(door) and not stop.called_off
        person = seen_at_the_door(stop.person, needs.get(stop.person.id, ())) if stop.person is not None else NOBODY
        seen.append(
            SeenStop(
                job_id=job.id,
                run_id=job.run_id,
                sequence=job.sequence,
                kind=job.kind,
                state=job.state,
                ended=job.ended,
                first_name=person.name if is_open else "",
                window_from=job.window_from.astimezone(zone),
                window_to=job.window_to.astimezone(zone),
                area=stop.area,
                address=person.address if is_open else (),
                access_note=person.door_note if is_open else "",
                flags=person.needs if is_open else (),
                phrase=job.doorstep_phrase if is_open and stop.person is not None else "",
                code=codes.get(expected[job.id].tablet_id, ""),
                brings_code=codes.get(expected[job.id].brings_id or 0, ""),
                called_off=stop.called_off,
                fetch_at=_place(stop.from_hub),
                bring_to=_place(stop.to_hub),
                kit=kit_words(job.kind, carriers.get(job.loan_id or 0)),
                has_sim=carriers.get(job.loan_id or 0) in LOOKED_FOR.get(job.kind, ()),
                attempts=job.attempts,
                never_was=never_was.get(job.id, ()),
                done_at=job.done_at.astimezone(zone) if job.done_at else None,
                until=address_until(door) or run_until(stop.run.day, settings.address_hours_after_delivery, zone),
            )
        )
    return tuple(seen)
