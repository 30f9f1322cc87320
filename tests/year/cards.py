"""SIM cards through the year: chosen for a loan, topped up before they run dry, rested, barred when lost."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.models import DataBundle, Sim, SimUse
from fleet.bundles.rules import Ownership, SimMove, SimState
from fleet.loans.models import LoanSim
from tests.year.people import buy_sim
from tests.year.town import Hub, Town

_AHEAD = timedelta(days=10)


def card_for(town: Town, hub: Hub) -> int:
    """One in stock with data that has not ended and was granted to nobody; bought where there is none."""
    return town.read(_in_stock, hub.id, town) or buy_sim(town, hub).id


def _in_stock(session: Session, hub_id: int, town: Town) -> int | None:
    query = (
        select(Sim.id)
        .join(DataBundle, (DataBundle.sim_id == Sim.id) & DataBundle.replaced_at.is_(None))
        .where(
            Sim.hub_id == hub_id,
            Sim.state == SimState.IN_STOCK,
            (DataBundle.ends_on.is_(None)) | (DataBundle.ends_on >= town.today + timedelta(days=40)),
            (DataBundle.ownership == Ownership.OURS)
            | (Sim.used_before.is_(False) & DataBundle.granted_to_id.is_(None)),
        )
    )
    return session.scalar(query.order_by(Sim.used_before.desc(), Sim.id).limit(1))


def look_after_cards(town: Town) -> None:
    """What the data of cards asks for: a top-up in time, a rest that is over, a bar for those that are lost."""
    for sim_id in town.read(_ends_soon, town):
        town.tell(bundles.top_up, sim_id, gb=0, months=1, cost_pence=400)
        town.seen["topped up"] += 1
    for sim_id, rests_until in town.read(_at_rest):
        if rests_until is not None and rests_until > town.today:
            if town.seen["refused R29"] < 3:
                town.refused("R29", bundles.press, sim_id, SimMove.REUSE)
                _use_at_rest(town, sim_id)
        elif not town.read(_ended, sim_id, town):
            town.do(bundles.press, sim_id, SimMove.REUSE)
            town.seen["cards used again"] += 1
        else:
            town.do(bundles.press, sim_id, SimMove.EXPIRE)
    for sim_id in town.read(_in_state, SimState.LOST):
        town.do(bundles.press, sim_id, SimMove.BAR)
        town.seen["barred"] += 1
    for sim_id in town.read(_granted_and_back):
        town.refused("R27", bundles.press, sim_id, SimMove.REST)
        town.do(bundles.press, sim_id, SimMove.KEEP, reason="It was granted to them.")


def _use_at_rest(town: Town, sim_id: int) -> None:
    """Rule R28: somebody took the card out, and uses it while it lies in our drawer."""
    before = 1000 * town.seen["used at rest"]
    for days_ago, used in ((1, before + 100), (0, before + 900)):
        on = town.today - timedelta(days=days_ago)
        town.tell(bundles.record_usage, sim_id, used_mb=used, on=on)
    town.seen["used at rest"] += 1


def _ends_soon(session: Session, town: Town) -> list[int]:
    query = (
        select(SimUse.sim_id)
        .join(DataBundle, (DataBundle.sim_id == SimUse.sim_id) & DataBundle.replaced_at.is_(None))
        .where(
            SimUse.over_at.is_(None),
            SimUse.from_on.is_not(None),
            DataBundle.ends_on < SimUse.needed_until,
            DataBundle.ends_on <= town.today + _AHEAD,
        )
    )
    return list(session.scalars(query.order_by(SimUse.sim_id)))


def _at_rest(session: Session) -> list[tuple[int, date | None]]:
    query = select(Sim.id, Sim.rests_until).where(Sim.state == SimState.QUARANTINED).order_by(Sim.id)
    return [(number, until) for number, until in session.execute(query)]


def _ended(session: Session, sim_id: int, town: Town) -> bool:
    return not bundles.has_data(session, sim_id, town.today)


def _in_state(session: Session, state: SimState) -> list[int]:
    return list(session.scalars(select(Sim.id).where(Sim.state == state).order_by(Sim.id)))


def _granted_and_back(session: Session) -> list[int]:
    query = (
        select(Sim.id)
        .join(DataBundle, (DataBundle.sim_id == Sim.id) & DataBundle.replaced_at.is_(None))
        .where(Sim.state == SimState.SUSPENDED, DataBundle.ownership == Ownership.PERSONS_OWN)
        .where(Sim.id.not_in(select(LoanSim.sim_id).where(LoanSim.to_at.is_(None))))
    )
    return list(session.scalars(query.order_by(Sim.id)))
