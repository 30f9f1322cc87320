"""The simulated year, day by day: what staff do in the morning, couriers at noon, the reminders in the afternoon."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.bundles.models import Sim
from fleet.chasing import service as chasing
from fleet.cohorts.models import Programme
from fleet.jobs.service import JobContext
from fleet.loans import service as loans
from fleet.loans.models import Loan, LoanSim, LoanTablet
from fleet.loans.rules import HandedTo, LoanState
from fleet.people.models import Person
from fleet.privacy.rules import WhyErase
from fleet.privacy.service import ask_to_erase, erase_handler
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.year import bench, cards, doors, lives
from tests.year.bench import Benches
from tests.year.closing import close_days
from tests.year.days import CLOCKS_GO_BACK, CLOCKS_GO_FORWARD, DAYS, FIRST, SUNDAY, moment
from tests.year.fates import Fate, fate_of
from tests.year.lives import Life, Wanted
from tests.year.people import ask
from tests.year.programmes import set_up_programmes
from tests.year.restoring import BACKUP_ON
from tests.year.town import Hub, Town

DAY = timedelta(days=1)
ASKED_BEFORE = timedelta(days=10)
READY_BEFORE = timedelta(days=5)


@dataclass(frozen=True)
class Scale:
    """How large a year: with the whole of it every rule comes about."""

    days: int = DAYS
    tablets: int = 400
    places: int = 7
    rolling_every: int = 12
    """Days from one request outside the cohorts to the next, at each hub."""


@dataclass
class Play:
    """A town, its benches, and how large its year is."""

    town: Town
    benches: Benches
    scale: Scale

    @property
    def days(self) -> Sequence[date]:
        return [FIRST + number * DAY for number in range(self.scale.days)]


def begin(town: Town, scale: Scale) -> Play:
    town.clock.now = moment(FIRST, 8)
    set_up_programmes(town, scale.places)
    return Play(town, bench.set_up_benches(town), scale)


def play_day(play: Play, day: date) -> None:
    """Everything that happens on a day, but the restores."""
    town = play.town
    number = (day - FIRST).days
    _at(town, day, 8)
    if number % 30 == 10:
        _nothing_leaves_before_nine(town)
    _at(town, day, 9, 30)
    close_days(town, day)
    open_hubs = [hub for hub in town.hubs if hub.is_open(day)]
    for hub in open_hubs:
        _take_in(play, hub, number)
        _look_over_what_came_back(play, hub)
        _ask(play, hub, number)
        soon = [each for each in town.read(_approved, hub.id) if _begins_soon(hub, each.cohort_id, day)]
        if soon or number % 4 == 0:
            bench.make_ready(town, play.benches, hub, wanted=len(soon) + 1)
        _allocate(play, hub, soon)
    _at(town, day, 11)
    if open_hubs:
        if number % 3 == 0:
            cards.look_after_cards(town)
        _lend_and_take_back(play, open_hubs, number)
        if number % 3 == 1:
            _find_the_lost(town)
        _forget(play, day)
    _late_at_night(town, day)
    _at(town, day, 16)
    town.ticked = not _worker_is_down(number) and (day.weekday() != SUNDAY or number % 3 == 0)
    if town.ticked:
        town.seen["rounds made twice"] += number % 9 == 0
        for _ in range(2 if number % 9 == 0 else 1):
            chasing.tick(town.database, clock=town.clock, settings=town.settings, channel=town.post)
    town.seen["rounds left out"] += _worker_is_down(number)
    _at(town, day, 23, 45)


def _at(town: Town, day: date, hour: int, minute: int = 0) -> None:
    """Never backwards."""
    town.clock.now = max(town.clock.now, moment(day, hour, minute))


def _worker_is_down(number: int) -> bool:
    """Three days in a row, every seven weeks."""
    return number % 49 in (30, 31, 32)


def _nothing_leaves_before_nine(town: Town) -> None:
    before = len(town.post.left)
    chasing.tick(town.database, clock=town.clock, settings=town.settings, channel=town.post)
    town.seen["ticks before nine"] += 1
    if len(town.post.left) != before:
        town.wrong.append(f"R9: a message left at 08:00 on {town.today}")


def _take_in(play: Play, hub: Hub, number: int) -> None:
    """Ten a day at each hub, until all have come."""
    each = play.scale.tablets // len(play.town.hubs) + 1
    done = play.town.seen[f"taken in {hub.id}"]
    serials = [f"YEAR{hub.id}-{place:04d}" for place in range(done, min(done + 10, each))]
    bench.take_in(play.town, hub, serials)
    play.town.seen[f"taken in {hub.id}"] += len(serials)


def _look_over_what_came_back(play: Play, hub: Hub) -> None:
    town = play.town
    for tablet_id, loan_id, iccid in town.read(_returned, hub.id):
        another = loan_id is not None and fate_of(loan_id) is Fate.ANOTHER_SIM and iccid
        damaged = tablet_id % 9 == 0
        if another:
            told: dict[str, Any] = {"sim_in_tray": True, "sim_seen": "8944109999999999990"}
            town.refused(
                "R28",
                loans.inspect,
                tablet_id=tablet_id,
                condition=loans.Condition.GOOD,
                cleaned=True,
                role=Role.TECHNICIAN,
                **told,
            )
            town.do(
                loans.inspect,
                tablet_id=tablet_id,
                condition=loans.Condition.GOOD,
                cleaned=True,
                role=Role.TECHNICIAN,
                stray_bagged=True,
                **told,
            )
        else:
            bench.look_over(town, tablet_id, damaged=damaged, seen=iccid, in_tray=bool(iccid))
        if damaged and town.seen["recycled"] < 12:
            bench.retire(town, play.benches, hub, tablet_id)


def _returned(session: Session, hub_id: int) -> list[tuple[int, int | None, str]]:
    query = (
        select(Tablet.id, LoanTablet.loan_id, Sim.iccid)
        .outerjoin(LoanTablet, (LoanTablet.tablet_id == Tablet.id) & LoanTablet.to_at.is_(None))
        .outerjoin(LoanSim, (LoanSim.loan_id == LoanTablet.loan_id) & LoanSim.to_at.is_(None))
        .outerjoin(Sim, Sim.id == LoanSim.sim_id)
        .where(Tablet.hub_id == hub_id, Tablet.stage == Stage.RETURNED)
    )
    return [(tablet, loan, iccid or "") for tablet, loan, iccid in session.execute(query.order_by(Tablet.id))]


def _ask(play: Play, hub: Hub, number: int) -> None:
    """The cohort's people ask in the days before it begins; others when they hear of us."""
    town = play.town
    for cohort_id, starts_on, _, places in hub.cohorts:
        if starts_on - ASKED_BEFORE <= town.today < starts_on:
            asked = town.read(_asked_for, cohort_id)
            for _ in range(min(4, places - asked)):
                ask(town, hub, cohort_id=cohort_id)
    if hub is town.hubs[0] and town.today in (night - 4 * DAY for night in _NIGHTS):
        for _ in range(2):
            ask(town, hub)
    if number > 21 and (number - 21) // play.scale.rolling_every > town.seen[f"rolling {hub.id}"]:
        town.seen[f"rolling {hub.id}"] += 1
        ask(town, hub)


def _asked_for(session: Session, cohort_id: int) -> int:
    return len(session.scalars(select(Loan.id).where(Loan.cohort_id == cohort_id)).all())


def _begins_soon(hub: Hub, cohort_id: int | None, day: date) -> bool:
    return all(starts_on - READY_BEFORE <= day for each, starts_on, _, _ in hub.cohorts if each == cohort_id)


@dataclass(frozen=True)
class Approved:
    """A loan that waits for its tablet."""

    loan_id: int
    cohort_id: int | None
    connected: bool


def _allocate(play: Play, hub: Hub, waiting: Sequence[Approved]) -> None:
    town = play.town
    for each, tablet_id in zip(waiting, _fresh(play, hub) if waiting else (), strict=False):
        if each.connected and each.loan_id % 4 == 1:
            town.refused("R26", loans.allocate, each.loan_id, tablet_id=tablet_id)
        if each.loan_id % 20 == 3:
            bench.hold_and_try(town, tablet_id)
            bench.lift(town, tablet_id)
        kept: dict[str, Any] = {"tablet_id": tablet_id, "sim_id": cards.card_for(town, hub) if each.connected else None}
        town.do(loans.allocate, each.loan_id, client_id=f"allocate-{each.loan_id}-{town.today}", **kept)


def _fresh(play: Play, hub: Hub) -> list[int]:
    """Those on the shelf; what was verified too long ago is refused, and sent for a refresh."""
    town = play.town
    too_long_ago = town.clock() - timedelta(days=town.settings.verify_valid_days)
    ready = town.read(_on_the_shelf, hub.id)
    stale = [tablet_id for tablet_id, verified in ready if verified is None or verified < too_long_ago]
    for tablet_id in stale:
        bench.send_for_refresh(town, tablet_id)
        town.seen["verified too long ago"] += 1
    return [tablet_id for tablet_id, _ in ready if tablet_id not in stale]


def _on_the_shelf(session: Session, hub_id: int) -> list[tuple[int, datetime | None]]:
    query = select(Tablet.id, Tablet.verified_at).where(Tablet.hub_id == hub_id, Tablet.stage == Stage.READY)
    return [(*row,) for row in session.execute(query.order_by(Tablet.id))]


def _approved(session: Session, hub_id: int) -> list[Approved]:
    query = (
        select(Loan.id, Loan.cohort_id, Programme.bundle_required)
        .join(Programme, Programme.id == Loan.programme_id)
        .where(Loan.hub_id == hub_id, Loan.state == LoanState.APPROVED)
    )
    return [Approved(*row) for row in session.execute(query.order_by(Loan.id))]


def _lend_and_take_back(play: Play, hubs: Sequence[Hub], number: int) -> None:
    town = play.town
    courier = town.couriers[number % len(town.couriers)]
    wanted, runs = Wanted([], [], [], []), town.seen["runs"]
    for each in town.read(lives.lives, [hub.id for hub in hubs], town.today):
        lives.live(town, each, wanted)
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
    fresh = _fresh(play, hub)
    if not fresh:
        return None
    play.town.do(loans.arrange_swap, each.loan_id, tablet_id=fresh[0], reason="Its screen is cracked.")
    return fresh[0]


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
    if rest:
        doors.bring(town, courier, doors.run_for(town, courier, rest))
    if first_try:
        doors.bring(town, courier, doors.run_for(town, courier, first_try), nobody_in=True)
    for loan_id, tablet_id in by_hand:
        role = Role.TECHNICIAN
        if loan_id % 4 == 3:
            town.refused("R15", loans.hand_over, loan_id, tablet_id=tablet_id, role=role, **_REFUSES)
            town.do(loans.load, loan_id, tablet_id=tablet_id, role=Role.COURIER)
            role = Role.COURIER
        town.do(loans.hand_over, loan_id, tablet_id=tablet_id, role=role, **_HANDED)


_HANDED: dict[str, Any] = {"handed_to": HandedTo.PARTICIPANT, "agreement_accepted": True}
_REFUSES: dict[str, Any] = {"handed_to": HandedTo.PARTICIPANT, "agreement_accepted": False}
_NIGHTS = (CLOCKS_GO_BACK - DAY, CLOCKS_GO_FORWARD - DAY)


def _kept_for_the_night(town: Town, loan_id: int) -> bool:
    """Those of even numbers wait for the evening before the clocks change."""
    return any(night - 3 * DAY <= town.today <= night for night in _NIGHTS) and loan_id % 2 == 0


def _late_at_night(town: Town, day: date) -> None:
    """Somebody is brought a tablet late on the evening before the clocks change, and it is told on the next morning."""
    if day in _NIGHTS:
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


def _find_the_lost(town: Town) -> None:
    """Nine days after it was given up, somebody brings one in."""
    for tablet_id, loan_id in town.read(_lost_for_long, town):
        if fate_of(loan_id) is Fate.LOST_AND_FOUND:
            town.do(loans.found, tablet_id=tablet_id, role=Role.TECHNICIAN)
            town.refused("R20", loans.extend, loan_id, reason="They would like it again.")
            town.seen["found"] += 1


def _lost_for_long(session: Session, town: Town) -> list[tuple[int, int]]:
    query = (
        select(Tablet.id, LoanTablet.loan_id)
        .join(LoanTablet, LoanTablet.tablet_id == Tablet.id)
        .join(Loan, Loan.id == LoanTablet.loan_id)
        .where(Tablet.stage == Stage.LOST, Loan.state == LoanState.CLOSED_LOST)
        .where(Loan.closed_at < town.clock() - timedelta(days=9))
    )
    return [(*row,) for row in session.execute(query.order_by(Tablet.id))]


def _forget(play: Play, day: date) -> None:
    """Every twelfth day somebody whose loan is over asks to be forgotten, and every thirtieth somebody who has one."""
    town, number = play.town, (day - FIRST).days
    for every, having_one in ((12, False), (30, True)):
        if number % every == 5 or (day == BACKUP_ON + 3 * DAY and not having_one):
            for person_id in town.read(_to_be_forgotten, having_one):
                standing = town.do(ask_to_erase, person_id, WhyErase.ASKED, role=Role.DATA_PROTECTION)
                town.seen["erasures that wait" if standing.waits else "erased at once"] += 1
    if number % 3 == 0:
        erase_handler(town.settings)(
            JobContext(town.database, town.clock, 1, {}, "worker", lambda _: None, threading.Event())
        )


def _to_be_forgotten(session: Session, having_one: bool) -> list[int]:
    ended = (LoanState.CLOSED_RETURNED, LoanState.CLOSED_LOST)
    theirs = select(Loan.person_id).where(Loan.state == LoanState.ACTIVE if having_one else Loan.state.in_(ended))
    query = select(Person.id).where(Person.id.in_(theirs), Person.erased_at.is_(None))
    return list(session.scalars(query.order_by(Person.id).limit(1)))
