"""The couriers' days: runs with stops to bring, to fetch and to swap, told by phones at once, late, and twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.deliveries import service as deliveries
from fleet.deliveries.facts import Details, Fact
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import Action, Answer, FailReason, RunState, Vehicle
from fleet.deliveries.service import Answered, Window
from fleet.loans import service as loans
from fleet.loans.rules import HandedTo
from fleet.tags import service as tags
from fleet.users.actor import Actor
from tests.year.days import moment
from tests.year.town import Town

AT_THE_DOOR = Details(handed_to=HandedTo.PARTICIPANT, phrase_heard=True, agreement_accepted=True)
TAKEN_BACK = Details(condition="good", sim_in_tray=True)
NOBODY_IN = Details(reason=FailReason.NO_ANSWER)


def run_for(town: Town, courier: Actor, loan_ids: Sequence[int]) -> list[DeliveryJob]:
    """A run of today with a stop for each of these loans, taken on by its courier. What a stop is, its loan says."""
    town.seen["runs"] += 1
    with town.together() as session:
        run = town.tell(deliveries.create_run, day=town.today, vehicle=Vehicle.CAR, courier_id=courier.user_id)
        town.tell(deliveries.accept_run, run.id, by=courier)
        jobs = []
        for place, loan_id in enumerate(loan_ids):
            window = Window(time(10 + place // 2, 30 * (place % 2)), time(10 + place // 2, 30 * (place % 2) + 25))
            jobs.append(town.do(deliveries.add_job, run.id, loan_id=loan_id, window=window))
        carried = [job.tablet_id for job in jobs] + [job.brings_id for job in jobs if job.brings_id]
        tags.make_tags(session, carried, actor=town.actors[courier.role], happening=town.happening())
    return jobs


def bring(town: Town, courier: Actor, jobs: Sequence[DeliveryJob], *, nobody_in: bool = False) -> None:
    """Loaded at the hub, then handed over; or nobody in, and brought back."""
    told: list[Fact] = []
    for place, job in enumerate(jobs):
        at = town.clock() - timedelta(minutes=60 - 5 * place)
        told.append(fact(town, job, Action.LOAD, at))
        if nobody_in:
            told.append(fact(town, job, Action.FAILED, at + timedelta(minutes=2), NOBODY_IN))
            told.append(fact(town, job, Action.BACK_AT_HUB, at + timedelta(minutes=3)))
        else:
            told.append(fact(town, job, Action.HAND_OVER, at + timedelta(minutes=2), AT_THE_DOOR))
    tell(town, courier, told, again=True)
    town.seen["failed attempts" if nobody_in else "brought by runs"] += len(jobs)


def bring_after_a_mistake(town: Town, courier: Actor, job: DeliveryJob) -> None:
    """Pressed in the van, taken back by the hub, and handed over ten minutes later."""
    now = town.clock()
    told = [
        fact(town, job, Action.LOAD, now - timedelta(minutes=30)),
        fact(town, job, Action.HAND_OVER, now - timedelta(minutes=20), AT_THE_DOOR),
    ]
    tell(town, courier, told)
    in_hand: dict[str, Any] = {"tablet_id": job.tablet_id, "reason": "It was another stop."}
    town.refused("R15", loans.undo_hand_over, job.of_loan, nobody_had_it=False, **in_hand)
    town.do(loans.undo_hand_over, job.of_loan, nobody_had_it=True, **in_hand)
    town.seen["hand-overs taken back"] += 1
    town.clock.now = now + timedelta(minutes=10)
    tell(town, courier, [fact(town, job, Action.HAND_OVER, town.clock(), AT_THE_DOOR)])


def bring_late_at_night(town: Town, courier: Actor, job: DeliveryJob, at: datetime) -> None:
    """Handed over close to midnight, told as soon as there was a signal: the next morning."""
    told = [fact(town, job, Action.LOAD, at - timedelta(hours=1)), fact(town, job, Action.HAND_OVER, at, AT_THE_DOOR)]
    tell(town, courier, told)
    town.seen["told the next morning"] += 1


def fetch(town: Town, courier: Actor, jobs: Sequence[DeliveryJob], *, leave_at: int | None = None) -> None:
    """Collected at the door and scanned in at the hub; or left at a partner's place until another day."""
    told = []
    for place, job in enumerate(jobs):
        at = town.clock() - timedelta(minutes=60 - 5 * place)
        told.append(fact(town, job, Action.COLLECT, at, TAKEN_BACK))
        if leave_at is None:
            told.append(fact(town, job, Action.BACK_AT_HUB, at + timedelta(minutes=3)))
        else:
            told.append(fact(town, job, Action.DROP, at + timedelta(minutes=3), Details(place=leave_at)))
    tell(town, courier, told, again=leave_at is None)
    town.seen["left at a partner" if leave_at else "fetched by runs"] += len(jobs)


def swap(town: Town, courier: Actor, job: DeliveryJob) -> None:
    """The other tablet stays, theirs comes back; scanned once more afterwards, the old label says what happened."""
    at = town.clock() - timedelta(minutes=30)
    assert job.brings_id is not None
    both = replace(AT_THE_DOOR, second_code=code_of(town, job.brings_id), sim_in_tray=False)
    told = [
        fact(town, job, Action.LOAD, at, tablet_id=job.brings_id),
        fact(town, job, Action.SWAP, at + timedelta(minutes=5), both),
        fact(town, job, Action.BACK_AT_HUB, at + timedelta(minutes=20)),
    ]
    tell(town, courier, told)
    town.seen["swapped at a door"] += 1


def fact(
    town: Town, job: DeliveryJob, action: Action, at: datetime, details: Details | None = None, *, tablet_id: int = 0
) -> Fact:
    """What the phone tells of a scan; every fiftieth phone believes it is 1970."""
    town.seen["facts"] += 1
    number = town.seen["facts"]
    confused = number % 50 == 0
    return Fact(
        id=str(UUID(int=number)),
        code=code_of(town, tablet_id or job.tablet_id),
        action=action,
        occurred_at=datetime(1970, 1, 1, tzinfo=at.tzinfo) if confused else at,
        sequence=number,
        run=job.run_id,
        details=details or Details(),
    )


def code_of(town: Town, tablet_id: int) -> str:
    codes = town.read(tags.codes_of, [tablet_id])
    return codes[tablet_id]


def tell(town: Town, courier: Actor, told: Sequence[Fact], *, again: bool = False) -> list[Answered]:
    """A phone tells; with `again` its answer was lost on the way, and it tells the whole batch once more."""
    answers = _told(town, courier, told)
    for answer in answers:
        if answer.answer not in (Answer.APPLIED, Answer.ALREADY):
            town.wrong.append(f"R13: a fact was answered {answer.answer} {answer.reason}: {answer.sentence}")
    if again and town.seen["facts"] % 3 == 0:
        repeated = _told(town, courier, told)
        town.seen["facts told twice"] += len(repeated)
        pairs = zip(answers, repeated, strict=True)
        if not all(after.replayed and after.answer == before.answer for before, after in pairs):
            town.wrong.append("R13: a fact told again was answered otherwise")
    return answers


def _told(town: Town, courier: Actor, told: Sequence[Fact]) -> list[Answered]:
    with town.writing() as session:
        return deliveries.tell(session, told, actor=courier, settings=town.settings, now=town.clock())


def finish_runs(town: Town) -> None:
    """In the evening every run of today is closed."""
    for run_id in town.read(_open_runs):
        town.do(deliveries.finish_run, run_id)


def _open_runs(session: Session) -> list[int]:
    query = select(CourierRun.id).where(CourierRun.state != RunState.DONE)
    return list(session.scalars(query.order_by(CourierRun.id)))


def old_label(town: Town, courier: Actor, job: DeliveryJob) -> None:
    """Rule R17: the label of a tablet that was swapped out says so."""
    late = Fact(
        id=str(UUID(int=10**9 + job.id)),
        code=code_of(town, job.tablet_id),
        action=Action.HAND_OVER,
        occurred_at=moment(town.today, 15),
        sequence=10**9 + job.id,
        run=job.run_id,
        details=AT_THE_DOOR,
    )
    (answer,) = _told(town, courier, [late])
    town.seen["facts"] += 1
    town.seen["old labels scanned"] += 1
    if answer.answer is not Answer.REFUSED or answer.reason not in ("swapped_out", "not_for_this"):
        town.wrong.append(f"R17: a swapped-out label was answered {answer.answer} {answer.reason}")
