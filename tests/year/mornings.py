"""Staff in the morning: tablets taken in and looked over, people who ask, a tablet and a card for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.bundles.models import Sim
from fleet.cohorts.models import Programme
from fleet.loans import service as loans
from fleet.loans.models import Loan, LoanSim, LoanTablet
from fleet.loans.rules import LoanState
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.year import bench, cards
from tests.year.bench import is_large
from tests.year.days import CLOCKS_GO_BACK, CLOCKS_GO_FORWARD
from tests.year.fates import Fate, fate_of
from tests.year.people import ask, wants_large
from tests.year.play import DAY, Play
from tests.year.town import Hub

ASKED_BEFORE = timedelta(days=10)


READY_BEFORE = timedelta(days=5)


NIGHTS = (CLOCKS_GO_BACK - DAY, CLOCKS_GO_FORWARD - DAY)


def take_in(play: Play, hub: Hub, number: int) -> None:
    """Ten a day at each hub, until all of its own have come."""
    each = play.scale.fleets[play.town.hubs.index(hub)]
    done = play.town.seen[f"taken in {hub.id}"]
    serials = [f"YEAR{hub.id}-{place:04d}" for place in range(done, min(done + 10, each))]
    bench.take_in(play.town, hub, serials)
    play.town.seen[f"taken in {hub.id}"] += len(serials)


def look_over_what_came_back(play: Play, hub: Hub) -> None:
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


def ask_for_tablets(play: Play, hub: Hub, number: int) -> None:
    """The cohort's people ask in the days before it begins; others when they hear of us."""
    town = play.town
    for cohort_id, starts_on, _, places in hub.cohorts:
        if starts_on - ASKED_BEFORE <= town.today < starts_on:
            asked = town.read(_asked_for, cohort_id)
            for _ in range(min(4, places - asked)):
                ask(town, hub, cohort_id=cohort_id)
    if hub is town.hubs[0] and town.today in (night - 4 * DAY for night in NIGHTS):
        for _ in range(2):
            ask(town, hub)
    asking = number - play.scale.opens_after
    if asking > 0 and asking // play.scale.rolling_every > town.seen[f"rolling {hub.id}"]:
        town.seen[f"rolling {hub.id}"] += 1
        ask(town, hub)


def _asked_for(session: Session, cohort_id: int) -> int:
    return len(session.scalars(select(Loan.id).where(Loan.cohort_id == cohort_id)).all())


def begins_soon(hub: Hub, cohort_id: int | None, day: date) -> bool:
    return all(starts_on - READY_BEFORE <= day for each, starts_on, _, _ in hub.cohorts if each == cohort_id)


@dataclass(frozen=True)
class Approved:
    """A loan that waits for its tablet."""

    loan_id: int
    cohort_id: int | None
    connected: bool
    large: bool
    """Whether they need a tablet that is set up large and clear."""


def allocate(play: Play, hub: Hub, waiting: Sequence[Approved]) -> None:
    town = play.town
    shelf = fresh(play, hub) if waiting else []
    for each in waiting:
        tablet_id = next((number for number, large in shelf if large is each.large), None)
        if tablet_id is None:
            town.seen["waited for a tablet"] += 1
            continue
        shelf.remove((tablet_id, each.large))
        if each.connected and each.loan_id % 4 == 1:
            town.refused("R26", loans.allocate, each.loan_id, tablet_id=tablet_id)
        if each.loan_id % 20 == 3:
            bench.hold_and_try(town, tablet_id)
            bench.lift(town, tablet_id)
        kept: dict[str, Any] = {"tablet_id": tablet_id, "sim_id": cards.card_for(town, hub) if each.connected else None}
        town.do(loans.allocate, each.loan_id, client_id=f"allocate-{each.loan_id}-{town.today}", **kept)


def fresh(play: Play, hub: Hub) -> list[tuple[int, bool]]:
    """Those on the shelf, and whether each is set up large and clear; what was verified too long ago is sent for a
    refresh."""
    town = play.town
    too_long_ago = town.clock() - timedelta(days=town.settings.verify_valid_days)
    ready = town.read(_on_the_shelf, hub.id)
    stale = [tablet_id for tablet_id, verified, _ in ready if verified is None or verified < too_long_ago]
    for tablet_id in stale:
        bench.send_for_refresh(town, tablet_id)
        town.seen["verified too long ago"] += 1
    return [(tablet_id, is_large(profile)) for tablet_id, _, profile in ready if tablet_id not in stale]


def _on_the_shelf(session: Session, hub_id: int) -> list[tuple[int, datetime | None, str]]:
    query = select(Tablet.id, Tablet.verified_at, Tablet.profile)
    query = query.where(Tablet.hub_id == hub_id, Tablet.stage == Stage.READY)
    return [(*row,) for row in session.execute(query.order_by(Tablet.id))]


def approved(session: Session, hub_id: int) -> list[Approved]:
    query = (
        select(Loan.id, Loan.cohort_id, Programme.bundle_required, wants_large(Loan.person_id))
        .join(Programme, Programme.id == Loan.programme_id)
        .where(Loan.hub_id == hub_id, Loan.state == LoanState.APPROVED)
    )
    return [Approved(*row[:3], large=bool(row[3])) for row in session.execute(query.order_by(Loan.id))]
