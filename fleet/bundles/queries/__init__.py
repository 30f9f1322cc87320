"""Every read of SIMs and data bundles, and the locked read that every change begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from fleet.bundles.models import LEFT_IN, BundleOffer, DataBundle, Sim, SimEvent, SimSecret, SimUse, StraySim
from fleet.bundles.rules import OUT_OF_USE, Ownership, SecretKind, SimKind, SimState, seen_matches, tidy_iccid
from fleet.database.lists import Found, ListQuery, find
from fleet.database.locking import locked


def sim(session: Session, sim_id: int) -> Sim | None:
    return session.get(Sim, sim_id)


def sim_locked(session: Session, sim_id: int) -> Sim | None:
    return locked(session, Sim, sim_id)


def sims_by_iccid(session: Session, iccids: Sequence[str]) -> dict[str, Sim]:
    return {sim.iccid: sim for sim in session.scalars(select(Sim).where(Sim.iccid.in_(iccids)))}


def live_sim_by_phone(session: Session, phone: str) -> Sim | None:
    """The SIM that has this number and is neither expired nor destroyed."""
    return session.scalar(select(Sim).where(Sim.phone == phone, Sim.state.not_in(OUT_OF_USE)))


def number_rests_until(session: Session, phone: str) -> date | None:
    """The last day on which this phone number rests, by the cards that had it and are over."""
    rests = select(func.max(Sim.rests_until)).where(Sim.phone == phone, Sim.rests_until.is_not(None))
    return session.scalar(rests.where(Sim.state.in_(OUT_OF_USE)))


_CURRENT = select(DataBundle).where(DataBundle.sim_id == bindparam("sim_id"), DataBundle.replaced_at.is_(None))


def current_bundle(session: Session, sim_id: int) -> DataBundle | None:
    return session.scalar(_CURRENT, {"sim_id": sim_id})


def current_bundles(session: Session, sim_ids: Sequence[int]) -> dict[int, DataBundle]:
    query = select(DataBundle).where(DataBundle.sim_id.in_(sim_ids), DataBundle.replaced_at.is_(None))
    return {bundle.sim_id: bundle for bundle in session.scalars(query)}


_OPEN_USE = select(SimUse).where(SimUse.sim_id == bindparam("sim_id"), SimUse.over_at.is_(None))


def open_use(session: Session, sim_id: int) -> SimUse | None:
    """The loan that the SIM is kept for, if there is one."""
    return session.scalar(_OPEN_USE, {"sim_id": sim_id})


def open_uses(session: Session, sim_ids: Sequence[int]) -> dict[int, SimUse]:
    query = select(SimUse).where(SimUse.sim_id.in_(sim_ids), SimUse.over_at.is_(None))
    return {use.sim_id: use for use in session.scalars(query)}


def last_use(session: Session, sim_id: int) -> SimUse | None:
    return session.scalar(select(SimUse).where(SimUse.sim_id == sim_id).order_by(SimUse.id.desc()).limit(1))


def events(session: Session, sim_id: int) -> Sequence[SimEvent]:
    """Newest first."""
    query = select(SimEvent).where(SimEvent.sim_id == sim_id).order_by(SimEvent.id.desc()).limit(200)
    return session.scalars(query).all()


def latest_event(session: Session, sim_id: int, kind: str) -> SimEvent | None:
    """The last entry of this kind."""
    query = select(SimEvent).where(SimEvent.sim_id == sim_id, SimEvent.kind == kind)
    return session.scalar(query.order_by(SimEvent.id.desc()).limit(1))


def earlier_use(session: Session, use: SimUse) -> SimUse | None:
    """The last time before this one in which somebody had data by the same bundle."""
    query = select(SimUse).where(SimUse.bundle_id == use.bundle_id, SimUse.id < use.id, SimUse.from_on.is_not(None))
    return session.scalar(query.order_by(SimUse.id.desc()).limit(1))


def event_by_client_id(session: Session, client_id: str) -> SimEvent | None:
    return session.scalar(select(SimEvent).where(SimEvent.client_id == client_id))


_SECRETS = select(SimSecret).where(SimSecret.sim_id == bindparam("sim_id"))


def secrets(session: Session, sim_id: int) -> dict[SecretKind, SimSecret]:
    return {row.kind: row for row in session.scalars(_SECRETS, {"sim_id": sim_id})}


def every_secret(session: Session, after: int, *, limit: int = 500) -> Sequence[SimSecret]:
    """A batch of what is sealed, in the order of its numbers, locked."""
    query = select(SimSecret).where(SimSecret.id > after).order_by(SimSecret.id).limit(limit)
    return session.scalars(query.with_for_update()).all()


_LEFT_IN = select(StraySim).where(
    StraySim.seen == bindparam("iccid"), StraySim.kind == LEFT_IN, StraySim.settled_at.is_(None)
)


def left_in(session: Session, iccid: str) -> StraySim | None:
    """Where this card lies still, though the loan that it was put in for was called off."""
    return session.scalar(_LEFT_IN, {"iccid": iccid})


def sims_that_end_in(session: Session, seen: str) -> Sequence[Sim]:
    """Ours whose number is, or ends in, what was read from a card."""
    if seen_matches(seen, "") is None:
        return ()
    return session.scalars(select(Sim).where(Sim.iccid.endswith(tidy_iccid(seen))).order_by(Sim.id).limit(10)).all()


def stray(session: Session, stray_id: int) -> StraySim | None:
    return session.get(StraySim, stray_id)


def sims_in_stock(
    session: Session, *, hub_id: int, today: date, person_id: int | None = None, limit: int = 100
) -> Sequence[tuple[Sim, DataBundle | None]]:
    """A hub's SIMs that may be reserved: those with data first, then those whose data has ended, then those without.

    What rests, and what was granted to somebody else than this person, is left out."""
    granted = DataBundle.ownership == Ownership.PERSONS_OWN
    somebody_elses = and_(granted, or_(Sim.used_before, DataBundle.granted_to_id.is_not(None)))
    theirs = DataBundle.granted_to_id == person_id if person_id is not None else false()
    query = (
        select(Sim, DataBundle)
        .outerjoin(DataBundle, (DataBundle.sim_id == Sim.id) & DataBundle.replaced_at.is_(None))
        .where(Sim.state == SimState.IN_STOCK, Sim.hub_id == hub_id)
        .where(or_(Sim.rests_until.is_(None), Sim.rests_until <= today))
        .where(or_(DataBundle.id.is_(None), ~somebody_elses, theirs))
        .order_by(DataBundle.id.is_(None), func.coalesce(DataBundle.ends_on, today) < today, Sim.id)
        .limit(limit)
    )
    return [(sim, bundle) for sim, bundle in session.execute(query)]


def find_sims(session: Session, query: ListQuery) -> Found[Sim]:
    """Filters: `state`, `kind`, `q` (part of the number, phone number or network)."""
    statement = select(Sim)
    if (state := query.choice("state", SimState)) is not None:
        statement = statement.where(Sim.state == state)
    if (kind := query.choice("kind", SimKind)) is not None:
        statement = statement.where(Sim.kind == kind)
    if query.filter("q"):
        pattern = f"%{query.filter('q').lower()}%"
        same = Sim.iccid.like(pattern) | Sim.phone.like(pattern) | func.lower(Sim.network).like(pattern)
        statement = statement.where(same)
    sorts = {"iccid": Sim.iccid, "network": Sim.network, "state": Sim.state, "changed": Sim.changed_at}
    return find(session, statement, query, sorts=sorts, tie=Sim.id, default_sort="changed", default_descending=True)


def offer(session: Session, offer_id: int) -> BundleOffer | None:
    return session.get(BundleOffer, offer_id)


def offer_by_name(session: Session, hub_id: int, name: str) -> BundleOffer | None:
    return session.scalar(select(BundleOffer).where(BundleOffer.hub_id == hub_id, BundleOffer.name == name))


def active_offers(session: Session, *, limit: int = 200) -> Sequence[BundleOffer]:
    """What can be bought today, the smallest first."""
    query = select(BundleOffer).where(BundleOffer.active).order_by(BundleOffer.gb_per_month, BundleOffer.id)
    return session.scalars(query.limit(limit)).all()


def find_offers(session: Session, query: ListQuery) -> Found[BundleOffer]:
    """Filters: `active` (yes or no), `q` (part of the name or network)."""
    statement = select(BundleOffer)
    if query.filter("active") in ("yes", "no"):
        statement = statement.where(BundleOffer.active.is_(query.filter("active") == "yes"))
    if query.filter("q"):
        pattern = f"%{query.filter('q').lower()}%"
        same = func.lower(BundleOffer.name).like(pattern) | func.lower(BundleOffer.network).like(pattern)
        statement = statement.where(same)
    sorts = {
        "name": func.lower(BundleOffer.name),
        "network": BundleOffer.network,
        "gb": BundleOffer.gb_per_month,
        "months": BundleOffer.months,
        "cost": BundleOffer.cost_pence,
    }
    return find(session, statement, query, sorts=sorts, tie=BundleOffer.id, default_sort="name")
