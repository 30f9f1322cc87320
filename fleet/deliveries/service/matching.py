"""From what a courier scanned to the stop it belongs to; or the refusal, in words they can act on at the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.deliveries import queries
from fleet.deliveries.facts import Believed, Fact
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import LOADED_FIRST, TO_DO, UNDER_WAY, Action, JobEnd, JobKind
from fleet.deliveries.service.writer import Expected, expected_tablets
from fleet.errors import BadInput, NotFound
from fleet.loans import service as loans
from fleet.partners import service as partners
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tags import service as tags
from fleet.tags.rules import shown
from fleet.users.actor import Actor

_GONE = frozenset({Stage.RECYCLED, Stage.GIFTED, Stage.RETIRED, Stage.AWAITING_RECYCLE})
KIND_OF = {
    Action.LOAD: JobKind.DELIVER,
    Action.HAND_OVER: JobKind.DELIVER,
    Action.COLLECT: JobKind.COLLECT,
    Action.HAND_IN: JobKind.COLLECT,
    Action.DROP: JobKind.COLLECT,
    Action.SWAP: JobKind.SWAP,
}
"""The kind of stop at which an action makes sense; the others make sense at all. Loading does wherever a stop begins
with it."""


def goes_with_a_sim(session: Session, job: DeliveryJob) -> bool:
    """Whether the stop is about a loan whose SIM is in its tablet."""
    return job.loan_id is not None and loans.has_data_inside(session, job.loan_id)


def belongs_to(action: Action, kind: JobKind) -> bool:
    """Whether an action makes sense at a stop of this kind."""
    return KIND_OF.get(action, kind) is kind or (action is Action.LOAD and kind in LOADED_FIRST)


@dataclass(frozen=True)
class Match:
    """The stop a fact belongs to, with the tablet in hand; and at a swap the one that goes out."""

    job: DeliveryJob
    tablet_id: int
    code: str
    brings_id: int | None = None


@dataclass(frozen=True)
class NoMatch:
    """Why a fact belongs to no stop. `look` asks for a person to see it."""

    reason: str
    sentence: str
    run_id: int | None = None
    tablet_id: int | None = None
    look: bool = False


def match(session: Session, fact: Fact, when: Believed, *, actor: Actor) -> Match | NoMatch:
    """Find the stop, among the courier's own. Locks their runs, then the jobs; says nothing of anybody else's."""
    read = _read_code(session, fact.code)
    if isinstance(read, NoMatch):
        return read
    tablet, code = read
    named = _named_runs(session, fact, when, actor)
    runs = _still_own(session, named, actor)
    jobs = queries.jobs_locked(session, [run.id for run in runs])
    wanted = _stop_in_view(jobs, fact)
    in_view = [wanted] if wanted is not None else jobs
    expected = expected_tablets(session, in_view)
    mine = [job for job in in_view if tablet.id in _of_action(expected[job.id], fact.action)]
    if not mine and tablet.stage is Stage.LOST:
        return _found(code, tablet)
    if not runs:
        return _not_yours(session, named[0] if named else None, code, tablet, actor)
    if not mine and tablets.swapped_out(session, tablet.id) is not None:
        return _swapped_out(code, tablet, runs[0].id)
    if not mine:
        return _wrong_tablet(session, fact, code, tablet, wanted, jobs, runs[0].id)
    job = min(mine, key=lambda each: (each.state not in UNDER_WAY, -each.id))
    brings_id = expected[job.id].brings_id
    other = _other_tablet(session, fact, job, brings_id)
    return _usable(job, fact, tablet, code, brings_id) if other is None else other


def _of_action(expected: Expected, action: Action) -> tuple[int, ...]:
    """The tablets that an action at a stop may be about, the likeliest first: at a swap one is loaded, the other
    comes back, and either may be brought to the hub."""
    if expected.brings_id is None or action is Action.SWAP:
        return (expected.tablet_id,)
    return (expected.brings_id,) if action is Action.LOAD else (expected.brings_id, expected.tablet_id)


def _other_tablet(session: Session, fact: Fact, job: DeliveryJob, brings_id: int | None) -> NoMatch | None:
    """Why the second label of a swap is not of the tablet that should stay; None where it is, or was not scanned."""
    if fact.action is not Action.SWAP or not fact.details.second_code or brings_id is None:
        return None
    read = _read_code(session, fact.details.second_code)
    if isinstance(read, NoMatch):
        return read
    tablet, code = read
    if tablet.id == brings_id:
        return None
    instead = tags.codes_of(session, [brings_id]).get(brings_id, "the one for them")
    sentence = f"{code} is not to stay here. Put it back and scan {instead}."
    return NoMatch("wrong_tablet", sentence, run_id=job.run_id, tablet_id=tablet.id)


def _read_code(session: Session, text: str) -> tuple[Tablet, str] | NoMatch:
    try:
        tag, tablet = tags.lookup_tablet(session, text)
    except BadInput as error:
        return NoMatch("wrong_code", next(iter(error.fields.values()), error.message))
    except NotFound as error:
        return NoMatch("unknown_code", f"{error.message} {error.next_step}")
    if tablet is None:
        return NoMatch("blank_label", f"{shown(tag.code)} is a label that is on no tablet yet. Scan the other label.")
    if tablet.stage in _GONE:
        sentence = f"{shown(tag.code)} has left our stock. Put it aside and bring it to the hub."
        return NoMatch("left_the_fleet", sentence, tablet_id=tablet.id, look=True)
    return tablet, shown(tag.code)


def _named_runs(session: Session, fact: Fact, when: Believed, actor: Actor) -> Sequence[int]:
    """The run the fact names; else this courier's of that day."""
    if actor.user_id is None:
        return []
    if fact.run is not None:
        return [fact.run]
    day = local_date(when.at, ZoneInfo(partners.hub_of(session, actor).time_zone))
    return [run.id for run in queries.runs_of(session, actor.user_id, first=day, last=day)]


def _still_own(session: Session, named: Sequence[int], actor: Actor) -> Sequence[CourierRun]:
    """Those runs locked, without any that is somebody else's, or became it while we waited for the lock."""
    locked = [queries.run_locked(session, run_id) for run_id in sorted(named)]
    return [run for run in locked if run is not None and run.courier_id == actor.user_id]


def _not_yours(session: Session, run_id: int | None, code: str, tablet: Tablet, actor: Actor) -> NoMatch:
    """The same words for a run that is another's and one that never was; only a former courier's fact is looked at."""
    run = queries.run(session, run_id) if run_id is not None else None
    was_mine = (
        run is not None and actor.user_id is not None and queries.was_ever_offered_to(session, run.id, actor.user_id)
    )
    return NoMatch(
        "no_run",
        f"{code} is not on a run of yours. Ring the hub before you carry it.",
        run_id=run.id if run is not None and was_mine else None,
        tablet_id=tablet.id,
        look=was_mine,
    )


def _found(code: str, tablet: Tablet) -> NoMatch:
    """A lost tablet that is on nobody's run: whoever scans it has found it, and a coordinator hears of it."""
    sentence = f"{code} is lost by our books, and you have found it. Take it with you, and ring the hub."
    return NoMatch("found", sentence, tablet_id=tablet.id, look=True)


def _swapped_out(code: str, tablet: Tablet, run_id: int) -> NoMatch:
    sentence = f"{code} was swapped out: another tablet took its place. Hand it to nobody; bring it to the hub."
    return NoMatch("swapped_out", sentence, run_id=run_id, tablet_id=tablet.id)


def _stop_in_view(jobs: Sequence[DeliveryJob], fact: Fact) -> DeliveryJob | None:
    """The stop the courier has open on the phone, if the fact names one of this run."""
    return next((job for job in jobs if job.id == fact.details.job), None)


def _wrong_tablet(
    session: Session,
    fact: Fact,
    code: str,
    tablet: Tablet,
    wanted: DeliveryJob | None,
    jobs: Sequence[DeliveryJob],
    run_id: int,
) -> NoMatch:
    next_ones = [job for job in jobs if job.state in TO_DO and belongs_to(fact.action, job.kind)]
    right = wanted or (next_ones[0] if next_ones else None)
    expected = 0
    if right is not None:
        expected = _of_action(expected_tablets(session, [right])[right.id], fact.action)[0]
    codes = tags.codes_of(session, [expected]) if right is not None else {}
    instead = f"Put it back and scan {codes[expected]}." if codes else "Put it back."
    return NoMatch("wrong_tablet", f"This is {code}, for someone else. {instead}", run_id=run_id, tablet_id=tablet.id)


_TO_BE_DONE = {
    JobKind.DELIVER: "brought to the person",
    JobKind.COLLECT: "fetched from the person",
    JobKind.SWAP: "swapped with the person",
    JobKind.HOME: "brought home to its own hub",
}


def _usable(job: DeliveryJob, fact: Fact, tablet: Tablet, code: str, brings_id: int | None) -> Match | NoMatch:
    if not belongs_to(fact.action, job.kind):
        todo = _TO_BE_DONE[job.kind]
        return NoMatch(
            "not_for_this",
            f"{code} is to be {todo}. Open its stop and do what stands there.",
            run_id=job.run_id,
            tablet_id=tablet.id,
        )
    if job.ended is JobEnd.TAKEN_OFF:
        sentence = f"{code} was taken off your run. Bring it to the hub, please."
        return NoMatch("taken_off", sentence, run_id=job.run_id, tablet_id=tablet.id, look=True)
    return Match(job, tablet.id, code, brings_id)
