"""Every read behind a statement and a life: gifts by where they stand, a tablet's log, its loans and certificates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from fleet.bench.models import Certificate
from fleet.database.lists import Found, ListQuery, find
from fleet.intake.models import DonationBatch, Intake
from fleet.loans.models import Loan, LoanTablet
from fleet.partners.models import Organisation, OrganisationKind
from fleet.tablets.models import Tablet, TabletEvent
from fleet.tablets.rules import Stage


def _gifts(donor_id: int, batch_id: int | None) -> Select[Tablet]:
    query = (
        select(Tablet)
        .join(Intake, Intake.tablet_id == Tablet.id)
        .join(DonationBatch, DonationBatch.id == Intake.batch_id)
        .where(DonationBatch.donor_id == donor_id)
    )
    return query if batch_id is None else query.where(DonationBatch.id == batch_id)


def count_by_stage(session: Session, donor_id: int, batch_id: int | None) -> dict[Stage, int]:
    """Where the gifts of one giver stand, all together or those of one donation."""
    query = _gifts(donor_id, batch_id).with_only_columns(Tablet.stage, func.count()).group_by(Tablet.stage)
    return dict(session.execute(query).all())


def find_gifts(session: Session, donor_id: int, batch_id: int | None, query: ListQuery) -> Found[Tablet]:
    sorts = {"id": Tablet.id, "stage": Tablet.stage, "model": Tablet.model, "serial": Tablet.serial}
    return find(session, _gifts(donor_id, batch_id), query, sorts=sorts, tie=Tablet.id, default_sort="id")


def gifts(session: Session, donor_id: int, batch_id: int | None, *, limit: int) -> Sequence[Tablet]:
    return session.scalars(_gifts(donor_id, batch_id).order_by(Tablet.id).limit(limit)).all()


def is_gift_of(session: Session, tablet_id: int, donor_id: int) -> bool:
    return session.scalar(_gifts(donor_id, None).where(Tablet.id == tablet_id)) is not None


def find_givers(session: Session, query: ListQuery) -> Found[Organisation]:
    """Filter: `q` (part of the name)."""
    statement = select(Organisation).where(Organisation.kind == OrganisationKind.DONOR)
    if query.filter("q"):
        statement = statement.where(func.lower(Organisation.name).like(f"%{query.filter('q').lower()}%"))
    sorts = {"name": func.lower(Organisation.name)}
    return find(session, statement, query, sorts=sorts, tie=Organisation.id, default_sort="name")


def counts_of_givers(session: Session, donor_ids: Sequence[int]) -> dict[int, dict[Stage, int]]:
    """By giver, where their gifts stand."""
    query = (
        select(DonationBatch.donor_id, Tablet.stage, func.count())
        .join(Intake, Intake.batch_id == DonationBatch.id)
        .join(Tablet, Tablet.id == Intake.tablet_id)
        .where(DonationBatch.donor_id.in_(donor_ids))
        .group_by(DonationBatch.donor_id, Tablet.stage)
    )
    found: dict[int, dict[Stage, int]] = {}
    for donor_id, stage, count in session.execute(query).all():
        found.setdefault(donor_id, {})[stage] = count
    return found


def log(session: Session, tablet_id: int, *kinds: str) -> Sequence[TabletEvent]:
    """A tablet's entries of these kinds, in order."""
    query = select(TabletEvent).where(TabletEvent.tablet_id == tablet_id, TabletEvent.kind.in_(kinds))
    return session.scalars(query.order_by(TabletEvent.id)).all()


def certificates(session: Session, tablet_id: int) -> Sequence[Certificate]:
    return session.scalars(select(Certificate).where(Certificate.tablet_id == tablet_id).order_by(Certificate.id)).all()


def loans_of_tablet(session: Session, tablet_id: int) -> Sequence[tuple[LoanTablet, Loan]]:
    """The loans that had it, in order."""
    query = select(LoanTablet, Loan).join(Loan, Loan.id == LoanTablet.loan_id)
    rows = session.execute(query.where(LoanTablet.tablet_id == tablet_id).order_by(LoanTablet.id)).all()
    return [(row[0], row[1]) for row in rows]


def batches_of(session: Session, donor_id: int) -> Sequence[DonationBatch]:
    query = select(DonationBatch).where(DonationBatch.donor_id == donor_id)
    return session.scalars(query.order_by(DonationBatch.received_on, DonationBatch.id)).all()
