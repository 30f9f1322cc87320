"""Every read of donation batches, purchase lots and intake records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.intake.models import DonationBatch, Intake, PurchaseLot
from fleet.partners.models import Organisation
from fleet.tablets.models import Tablet, TabletEvent
from fleet.tablets.rules import Stage


def batch(session: Session, batch_id: int) -> DonationBatch | None:
    return session.get(DonationBatch, batch_id)


def lot(session: Session, lot_id: int) -> PurchaseLot | None:
    return session.get(PurchaseLot, lot_id)


_INTAKE_OF = select(Intake).where(Intake.tablet_id == bindparam("tablet_id"))


def intake_of(session: Session, tablet_id: int) -> Intake | None:
    return session.scalar(_INTAKE_OF, {"tablet_id": tablet_id})


def find_batches(session: Session, query: ListQuery, *, donor_id: int | None = None) -> Found[DonationBatch]:
    """Filter: `q` (part of the giver's name). With `donor_id`, only that giver's."""
    statement = select(DonationBatch).join(Organisation, Organisation.id == DonationBatch.donor_id)
    if donor_id is not None:
        statement = statement.where(DonationBatch.donor_id == donor_id)
    if query.filter("q"):
        statement = statement.where(func.lower(Organisation.name).like(f"%{query.filter('q').lower()}%"))
    sorts = {"received": DonationBatch.received_on, "giver": Organisation.name, "id": DonationBatch.id}
    return find(
        session,
        statement,
        query,
        sorts=sorts,
        tie=DonationBatch.id,
        default_sort="received",
        default_descending=True,
    )


def find_lots(session: Session, query: ListQuery) -> Found[PurchaseLot]:
    """Filter: `q` (part of the supplier's name or the invoice reference)."""
    statement = select(PurchaseLot)
    if query.filter("q"):
        pattern = f"%{query.filter('q').lower()}%"
        statement = statement.where(
            func.lower(PurchaseLot.supplier).like(pattern) | func.lower(PurchaseLot.invoice_ref).like(pattern)
        )
    sorts = {"bought": PurchaseLot.bought_on, "supplier": PurchaseLot.supplier, "cost": PurchaseLot.cost_pence}
    return find(
        session,
        statement,
        query,
        sorts=sorts,
        tie=PurchaseLot.id,
        default_sort="bought",
        default_descending=True,
    )


def tablets_of(session: Session, *, batch_id: int | None = None, lot_id: int | None = None) -> Sequence[Tablet]:
    """The tablets of a batch or a lot, the latest added first."""
    wanted = Intake.batch_id == batch_id if batch_id is not None else Intake.lot_id == lot_id
    query = select(Tablet).join(Intake, Intake.tablet_id == Tablet.id).where(wanted)
    return session.scalars(query.order_by(Intake.id.desc())).all()


def counts_of_batches(session: Session, batch_ids: Sequence[int]) -> Mapping[int, int]:
    query = select(Intake.batch_id, func.count()).where(Intake.batch_id.in_(batch_ids)).group_by(Intake.batch_id)
    return {found: count for found, count in session.execute(query).all() if found is not None}


def counts_of_lots(session: Session, lot_ids: Sequence[int]) -> Mapping[int, int]:
    query = select(Intake.lot_id, func.count()).where(Intake.lot_id.in_(lot_ids)).group_by(Intake.lot_id)
    return {found: count for found, count in session.execute(query).all() if found is not None}


def organisation_names(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return dict(session.execute(query).all())


def waiting_for_triage(session: Session, *, limit: int = 200) -> Sequence[Tablet]:
    """Received tablets, the longest waiting first."""
    query = select(Tablet).where(Tablet.stage == Stage.RECEIVED).order_by(Tablet.changed_at, Tablet.id)
    return session.scalars(query.limit(limit)).all()


def tablet_told_before(session: Session, client_id: str) -> int | None:
    """The tablet about which a client told us this already, by its own id for what happened."""
    return session.scalar(select(TabletEvent.tablet_id).where(TabletEvent.client_id == client_id))
