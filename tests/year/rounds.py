"""Couriers and the counter: what is lent, swapped and taken back on a day, and late on two evenings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.loans import service as loans
from fleet.loans.models import Loan, LoanTablet
from fleet.loans.rules import HandedTo, LoanState
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.year import doors
from tests.year.days import moment
from tests.year.elsewhere import bring_home
from tests.year.fates import Fate, fate_of
from tests.year.life import Life, Wanted, lives
from tests.year.lives import live
from tests.year.mornings import NIGHTS, fresh
from tests.year.play import DAY, Play
from tests.year.town import Hub, Town


def lend_and_take_back(play: Play, hubs: Sequence[Hub], number: int) -> None:
    town = play.town
    courier = town.couriers[number % len(town.couriers)]
    wanted, runs = Wanted([], [], [], []), town.seen["runs"]
    for each in town.read(lives, [hub.id for hub in hubs], town.today):
        live(town, each, wanted)
    _swap_at_hub(play, wanted.swap_at_hub)
    if number % 2 == 0:
        stops = _swaps(play, wanted.swap_at_door) + wanted.fetch[:8]
        _fetch(town, courier, stops, wanted.leave)
    _bring(town, courier, [hub.id for hub in hubs])
    if town.seen["runs"] > runs:
        doors.finish_runs(town)
    for tablet_id in town.read(_at_the_partner) if number % 3 == 2 else ():
        town.do(loans.scan_in, tablet_id=tablet_id, role=Role.TECHNICIAN)
        town.seen["came on from a partner"] += 1
    if number % 4 == 1:
        bring_home(town)


def _at_the_partner(session: Session) -> list[int]:
    query = select(Tablet.id).where(Tablet.stage == Stage.IN_TRANSIT_BACK, Tablet.custody == "venue")
    return list(session.scalars(query.order_by(Tablet.id)))


def _fetch(town: Town, courier: Actor, stops: Sequence[Life], leave: Sequence[Life]) -> None:
    for each in (*stops, *leave):
        if each.state is LoanState.ACTIVE and not town.read(loans.get_loan, each.loan_id).swap_tablet_id:
            town.do(loans.arrange_return, each.loan_id)
    if stops:
        jobs = doors.run_for(town, courier, [each.loan_id for each in stops])
        doors.fetch(town, courier, [job for job in jobs if job.brings_id is None])
        for job in jobs:
            if job.brings_id is not None:
                doors.swap(town, courier, job)
                doors.old_label(town, courier, job)
    if leave:
        jobs = doors.run_for(town, courier, [each.loan_id for each in leave])
        doors.fetch(town, courier, jobs, leave_at=town.venue_id)


def _swaps(play: Play, wanted: Sequence[Life]) -> list[Life]:
    """Those for whom another tablet stands ready."""
    return [each for each in wanted if _keep_another(play, each)]


def _keep_another(play: Play, each: Life) -> int | None:
    hub = next(hub for hub in play.town.hubs if hub.id == each.hub_id)
    ready = [tablet_id for tablet_id, large in fresh(play, hub) if large is each.large]
    if not ready:
        return None
    play.town.do(loans.arrange_swap, each.loan_id, tablet_id=ready[0], reason="Its screen is cracked.")
    return ready[0]


def _swap_at_hub(play: Play, wanted: Sequence[Life]) -> None:
    for each in wanted:
        other = _keep_another(play, each)
        if other is not None:
            told: dict[str, Any] = {"tablet_id": each.tablet_id, "brought_id": other, "handed_to": HandedTo.PARTICIPANT}
            play.town.do(loans.swap_at_hub, each.loan_id, **told)
            play.town.seen["swapped at a hub"] += 1


def _bring(town: Town, courier: Actor, hub_ids: Sequence[int]) -> None:
    """A quarter by runs, of which the first try may fail; the others at the counter or by a courier's own list."""
    by_run, by_hand = [], []
    for loan_id, tablet_id, attempts in town.read(_allocated, hub_ids):
        if _kept_for_the_night(town, loan_id):
            continue
        if fate_of(loan_id) is Fate.DIED and loan_id % 2 == 0:
            town.do(loans.stop_for_death, loan_id)
            town.refused("R12", loans.hand_over, loan_id, tablet_id=tablet_id, **_HANDED)
            town.seen["died before the delivery"] += 1
        elif loan_id % 4 == 0:
            by_run.append((loan_id, attempts))
        else:
            by_hand.append((loan_id, tablet_id))
    first_try = [loan_id for loan_id, attempts in by_run if not attempts and loan_id % 8 == 0]
    rest = [loan_id for loan_id, _ in by_run if loan_id not in first_try]
    pressed, jobs = [loan_id for loan_id in rest if loan_id % 3 == 0], []
    if rest:
        jobs = doors.run_for(town, courier, rest)
        doors.bring(town, courier, [job for job in jobs if job.loan_id not in pressed])
    if first_try:
        doors.bring(town, courier, doors.run_for(town, courier, first_try), nobody_in=True)
    for loan_id, tablet_id in by_hand:
        role = Role.TECHNICIAN
        if loan_id % 4 == 3:
            town.refused("R15", loans.hand_over, loan_id, tablet_id=tablet_id, role=role, **_REFUSES)
            town.do(loans.load, loan_id, tablet_id=tablet_id, role=Role.COURIER)
            role = Role.COURIER
        town.do(loans.hand_over, loan_id, tablet_id=tablet_id, role=role, **_HANDED)
        if loan_id % 12 == 1:
            _pressed_at_the_counter(town, loan_id, tablet_id)
    for job in jobs:
        if job.loan_id in pressed:
            doors.bring_after_a_mistake(town, courier, job)


def _pressed_at_the_counter(town: Town, loan_id: int, tablet_id: int) -> None:
    """By mistake: they come for it a minute later."""
    told: dict[str, Any] = {"tablet_id": tablet_id, "nobody_had_it": True, "reason": "Pressed by mistake."}
    town.do(loans.undo_hand_over, loan_id, **told)
    town.do(loans.hand_over, loan_id, tablet_id=tablet_id, role=Role.TECHNICIAN, **_HANDED)
    town.seen["hand-overs taken back"] += 1


_HANDED: dict[str, Any] = {"handed_to": HandedTo.PARTICIPANT, "agreement_accepted": True}


_REFUSES: dict[str, Any] = {"handed_to": HandedTo.PARTICIPANT, "agreement_accepted": False}


def _kept_for_the_night(town: Town, loan_id: int) -> bool:
    """Those of even numbers wait for the evening before the clocks change."""
    return any(night - 3 * DAY <= town.today <= night for night in NIGHTS) and loan_id % 2 == 0


def late_at_night(town: Town, day: date) -> None:
    """Somebody is brought a tablet late on the evening before the clocks change, and it is told on the next morning."""
    if day in NIGHTS:
        for loan_id, _, _ in town.read(_allocated, [hub.id for hub in town.hubs])[:1]:
            courier = town.couriers[0]
            (job,) = doors.run_for(town, courier, [loan_id])
            town.clock.now = moment(day + DAY, 9)
            doors.bring_late_at_night(town, courier, job, moment(day, 23) + timedelta(minutes=30))
            doors.finish_runs(town)


def _allocated(session: Session, hub_ids: Sequence[int]) -> list[tuple[int, int, int]]:
    query = (
        select(Loan.id, LoanTablet.tablet_id, Loan.attempts)
        .join(LoanTablet, (LoanTablet.loan_id == Loan.id) & LoanTablet.to_at.is_(None))
        .where(Loan.hub_id.in_(hub_ids), Loan.state == LoanState.ALLOCATED)
    )
    return [(*row,) for row in session.execute(query.order_by(Loan.id))]
