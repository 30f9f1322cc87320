"""Every read of SIMs and data bundles, and the locked read that every change begins with."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fleet.bundles.models import DataBundle, Sim, SimEvent
from fleet.bundles.rules import SimState
from fleet.http.paging import Found, ListQuery, find


def sim(session: Session, sim_id: int) -> Sim | None:
    return session.get(Sim, sim_id)


def sim_locked(session: Session, sim_id: int) -> Sim | None:
    query = select(Sim).where(Sim.id == sim_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def sim_by_iccid(session: Session, iccid: str) -> Sim | None:
    return session.scalar(select(Sim).where(Sim.iccid == iccid))


def current_bundle(session: Session, sim_id: int) -> DataBundle | None:
    return session.scalar(select(DataBundle).where(DataBundle.sim_id == sim_id, DataBundle.replaced_at.is_(None)))


def current_bundles(session: Session, sim_ids: Sequence[int]) -> dict[int, DataBundle]:
    query = select(DataBundle).where(DataBundle.sim_id.in_(sim_ids), DataBundle.replaced_at.is_(None))
    return {bundle.sim_id: bundle for bundle in session.scalars(query)}


def events(session: Session, sim_id: int) -> Sequence[SimEvent]:
    """Newest first."""
    query = select(SimEvent).where(SimEvent.sim_id == sim_id).order_by(SimEvent.id.desc()).limit(200)
    return session.scalars(query).all()


def sims_in_stock(session: Session, *, limit: int = 100) -> Sequence[tuple[Sim, DataBundle | None]]:
    """SIMs that may be reserved, those whose data is bought first."""
    query = (
        select(Sim, DataBundle)
        .outerjoin(DataBundle, (DataBundle.sim_id == Sim.id) & DataBundle.replaced_at.is_(None))
        .where(Sim.state == SimState.IN_STOCK)
        .order_by(DataBundle.id.is_(None), Sim.id)
        .limit(limit)
    )
    return [(sim, bundle) for sim, bundle in session.execute(query)]


def find_sims(session: Session, query: ListQuery) -> Found[Sim]:
    """Filters: `state`, `q` (part of the number or network)."""
    statement = select(Sim)
    if query.filter("state") in list(SimState):
        statement = statement.where(Sim.state == SimState(query.filter("state")))
    if query.filter("q"):
        pattern = f"%{query.filter('q').lower()}%"
        statement = statement.where(Sim.iccid.like(pattern) | func.lower(Sim.network).like(pattern))
    sorts = {"iccid": Sim.iccid, "network": Sim.network, "state": Sim.state, "changed": Sim.changed_at}
    return find(session, statement, query, sorts=sorts, tie=Sim.id, default_sort="changed", default_descending=True)
