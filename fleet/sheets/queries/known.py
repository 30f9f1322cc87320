"""What is on record already, by the names and numbers that rows of a file say it by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from fleet.bundles.models import BundleOffer, DataBundle, Sim
from fleet.cohorts.models import Closure, Cohort, Programme
from fleet.database.among import among
from fleet.database.locking import count_as_locked
from fleet.gatherings.models import Gathering
from fleet.intake.models import DonationBatch, PurchaseLot
from fleet.partners.models import Organisation, OrganisationKind
from fleet.sheets.queries.named import with_kind
from fleet.tags.models import Tag


def programme_names(session: Session, hub_id: int) -> dict[str, int]:
    """By lower-case name; of two hubs' programmes of one name, this hub's."""
    rows = session.execute(select(Programme.id, Programme.name, Programme.hub_id).order_by(Programme.id)).all()
    own_last = sorted(rows, key=lambda row: row.hub_id == hub_id)
    return {name.lower(): found for found, name, _ in own_last}


def programmes_of(session: Session, hub_id: int) -> frozenset[str]:
    """The lower-case names of one hub's programmes."""
    return frozenset(name.lower() for name in session.scalars(select(Programme.name).where(Programme.hub_id == hub_id)))


def cohort_names(session: Session) -> frozenset[tuple[int, str]]:
    rows = session.execute(select(Cohort.programme_id, Cohort.name))
    return frozenset((programme_id, name.lower()) for programme_id, name in rows)


def cohort_ids(session: Session) -> dict[tuple[int, str], int]:
    """By programme and lower-case name."""
    rows = session.execute(select(Cohort.id, Cohort.programme_id, Cohort.name))
    return {(programme_id, name.lower()): found for found, programme_id, name in rows}


def organisation_ids(session: Session, kind: str) -> dict[str, int]:
    query = select(Organisation.id, Organisation.name).where(Organisation.kind == kind)
    return {name.lower(): found for found, name in session.execute(query)}


def referrer_ids(session: Session) -> dict[str, int]:
    """Whoever may have asked for somebody, by lower-case name: referrers as they are called, others with their kind in
    brackets, and venues by their bare name too where no referrer is called so."""
    query = select(Organisation.id, with_kind(Organisation)).where(Organisation.kind != OrganisationKind.HUB)
    whole = {name.lower(): found for found, name in session.execute(query)}
    return organisation_ids(session, OrganisationKind.VENUE) | whole


def organisations(session: Session) -> Sequence[tuple[int, str, str]]:
    """Number, kind and lower-case name of every partner."""
    rows = session.execute(select(Organisation.id, Organisation.kind, Organisation.name).order_by(Organisation.id))
    return [(found, kind.value, name.lower()) for found, kind, name in rows]


def closures_on_record(session: Session, hub_id: int) -> frozenset[tuple[object, ...]]:
    query = select(Closure.first_on, Closure.last_on).where(Closure.hub_id == hub_id, Closure.withdrawn_at.is_(None))
    return frozenset((first, last) for first, last in session.execute(query))


TELL_APART = ("received_on", "expected_count", "declared_by", "declared_on", "wiping_requirement", "note")
"""What tells two donations of one giver apart, as the columns of a file are called."""


def donations_whole(session: Session) -> frozenset[tuple[object, ...]]:
    """Each donation as its giver's number and what tells it apart; empty text for what is not filled in."""
    columns = [getattr(DonationBatch, name) for name in TELL_APART]
    rows = session.execute(select(DonationBatch.donor_id, *columns))
    return frozenset(tuple(value or "" for value in row) for row in rows)


def donations(session: Session) -> dict[tuple[int, date], list[int]]:
    """donor and day -> the donations of that day."""
    found: dict[tuple[int, date], list[int]] = {}
    rows = session.execute(select(DonationBatch.id, DonationBatch.donor_id, DonationBatch.received_on))
    for batch_id, donor_id, day in rows:
        found.setdefault((donor_id, day), []).append(batch_id)
    return found


def purchases(session: Session) -> dict[tuple[str, str, date], int]:
    """By lower-case supplier, lower-case order and day."""
    rows = session.execute(select(PurchaseLot.id, PurchaseLot.supplier, PurchaseLot.invoice_ref, PurchaseLot.bought_on))
    return {(supplier.lower(), order.lower(), day): found for found, supplier, order, day in rows}


def gathering_hours(session: Session) -> frozenset[tuple[object, ...]]:
    """Host, lower-case title, day and hour of each."""
    rows = session.execute(select(Gathering.host_id, Gathering.title, Gathering.weekday, Gathering.starts_at))
    return frozenset((host, title.lower(), weekday, starts_at) for host, title, weekday, starts_at in rows)


def offer_names(session: Session) -> frozenset[str]:
    return frozenset(name.lower() for name in session.scalars(select(BundleOffer.name)))


_SIM = select(Sim).where(Sim.iccid == bindparam("iccid"))
_CODE = select(Tag.code).where(Tag.code == bindparam("code"))


def sim(session: Session, iccid: str) -> Sim | None:
    return session.scalar(_SIM, {"iccid": iccid})


def sims(session: Session, iccids: Sequence[str]) -> dict[str, Sim]:
    """By their numbers, read afresh."""
    query = select(Sim).where(Sim.iccid.in_(iccids)).execution_options(populate_existing=True)
    found = {sim.iccid: sim for sim in session.scalars(query)}
    count_as_locked(session, *found.values())
    return found


def bundles_of(session: Session, sim_ids: Sequence[int]) -> dict[int, frozenset[tuple[object, ...]]]:
    """What was bought for each card that has any data: its size, its cost, and the day it was switched on."""
    bundle = DataBundle
    columns = bundle.sim_id, bundle.gb_per_month, bundle.months, bundle.cost_pence, bundle.activated_on
    found: dict[int, set[tuple[object, ...]]] = {}
    for sim_id, *bought in session.execute(select(*columns).where(among(bundle.sim_id, sim_ids))):
        found.setdefault(sim_id, set()).add(tuple(bought))
    return {sim_id: frozenset(bought) for sim_id, bought in found.items()}


def has_code(session: Session, code: str) -> bool:
    """Whether a label with this code is on record."""
    return session.scalar(_CODE, {"code": code}) is not None
