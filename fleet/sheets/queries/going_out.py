"""Each whole table that goes out, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from fleet.bundles.models import BundleOffer, DataBundle, Sim
from fleet.chasing.models import Chase, ChaseHold
from fleet.cohorts.models import Closure, Cohort, DateKind, PlanDate, Programme, ProgrammeFunder
from fleet.gatherings.models import Gathering
from fleet.intake.models import DonationBatch, Intake, PurchaseLot
from fleet.loans.models import Loan, LoanSim, LoanTablet
from fleet.loans.rules import LoanKind
from fleet.partners.models import Organisation, OrganisationKind
from fleet.people.models import Person
from fleet.sheets.queries.named import kind_if_shared, with_kind
from fleet.sheets.rules import KEPT
from fleet.tablets.models import Tablet
from fleet.tags.models import Tag

AT_A_TIME = 500

Rows = Select[*tuple[Any, ...]]


def stream(session: Session, query: Rows) -> Iterator[Any]:
    """The rows of a query, a few hundred in memory at any moment."""
    yield from session.execute(query.execution_options(yield_per=AT_A_TIME))


def people() -> Rows:
    """Those whose record was not emptied."""
    referrer = aliased(Organisation)
    query = select(Person, with_kind(referrer).label("referrer"), or_(*_like_one_above()).label("somebody_else"))
    query = query.outerjoin(referrer, referrer.id == Person.referrer_id)
    return query.where(Person.erased_at.is_(None)).order_by(Person.id)


def _like_one_above() -> tuple[ColumnElement[bool], ...]:
    """Whether somebody who was recorded sooner has the same phone; or the same name and postcode."""
    sooner = aliased(Person)
    before = select(sooner.id).where(sooner.id < Person.id, sooner.erased_at.is_(None))
    same_name = [
        func.lower(getattr(sooner, name)) == func.lower(getattr(Person, name)) for name in ("first_name", "last_name")
    ]
    by_phone = before.where(Person.phone != "", sooner.phone == Person.phone)
    by_name = before.where(Person.postcode != "", sooner.postcode == Person.postcode, *same_name)
    return by_phone.exists(), by_name.exists()


def _loans() -> Rows:
    referrer = aliased(Organisation)
    return (
        select(
            Loan,
            Programme.name.label("programme"),
            Cohort.name.label("cohort"),
            with_kind(referrer).label("referrer"),
        )
        .join(Person, Person.id == Loan.person_id)
        .join(Programme, Programme.id == Loan.programme_id)
        .outerjoin(Cohort, Cohort.id == Loan.cohort_id)
        .outerjoin(referrer, referrer.id == Loan.referrer_id)
        .order_by(Loan.id)
    )


def requests() -> Rows:
    """What was asked for and was not handed over. For reading alone: a venue's, and those of emptied records."""
    alone = or_(Loan.kind == LoanKind.VENUE, Person.erased_at.is_not(None))
    return _loans().add_columns(alone.label("stays_out")).where(Loan.started_on.is_(None))


def loans() -> Rows:
    """What was handed over, with the last tablet and the last SIM. For reading alone: what is lent to a venue, data
    alone, and loans of those whose record was emptied."""
    had = aliased(LoanTablet)
    last = select(LoanTablet.id).where(LoanTablet.loan_id == Loan.id).order_by(LoanTablet.id.desc()).limit(1)
    sim = (
        select(Sim.iccid)
        .join(LoanSim, LoanSim.sim_id == Sim.id)
        .where(LoanSim.loan_id == Loan.id)
        .order_by(LoanSim.id.desc())
        .limit(1)
    )
    alone = or_(Loan.kind != LoanKind.TABLET, Person.erased_at.is_not(None))
    query = _loans().add_columns(alone.label("stays_out")).where(Loan.started_on.is_not(None))
    query = query.outerjoin(had, had.id == last.correlate(Loan).scalar_subquery())
    query = query.outerjoin(Tablet, Tablet.id == had.tablet_id)
    return query.add_columns(
        Tablet.id.label("tablet_id"),
        had.from_at.label("tablet_from"),
        Tablet.label_code.label("label_code"),
        Tablet.serial.label("serial"),
        Tablet.serial_note.label("serial_note"),
        sim.scalar_subquery().label("iccid"),
    )


def programmes() -> Rows:
    """With its funders in one cell: Sample Fund (a third); Sample Trust."""
    noted = case((ProgrammeFunder.note == "", ""), else_=" (" + ProgrammeFunder.note + ")")
    # In their order from within, since SQLite orders no aggregate before 3.44; both engines keep it.
    each = (
        select(ProgrammeFunder.programme_id, (Organisation.name + noted).label("words"))
        .join(Organisation, Organisation.id == ProgrammeFunder.funder_id)
        .order_by(ProgrammeFunder.programme_id, ProgrammeFunder.place)
        .subquery()
    )
    paying = select(each.c.programme_id, func.aggregate_strings(each.c.words, "; ").label("funders"))
    found = paying.group_by(each.c.programme_id).subquery()
    query = select(Programme, found.c.funders).outerjoin(found, found.c.programme_id == Programme.id)
    return query.order_by(Programme.id)


def cohorts() -> Rows:
    """With the days on which data is collected in one cell: 2026-07-20 Data collection; 2026-08-03 End."""
    kept = case((PlanDate.kept_because == "", ""), else_=KEPT + PlanDate.kept_because)
    each = (
        select(PlanDate.cohort_id, (cast(PlanDate.planned_on, String) + " " + PlanDate.words + kept).label("words"))
        .where(PlanDate.kind == DateKind.DATA_COLLECTION)
        .order_by(PlanDate.cohort_id, PlanDate.planned_on, PlanDate.id)
        .subquery()
    )
    days = select(each.c.cohort_id, func.aggregate_strings(each.c.words, "; ").label("collections"))
    found = days.group_by(each.c.cohort_id).subquery()
    query = select(Cohort, Programme.name.label("programme"), found.c.collections)
    query = query.join(Programme, Programme.id == Cohort.programme_id)
    return query.outerjoin(found, found.c.cohort_id == Cohort.id).order_by(Cohort.id)


def closures() -> Rows:
    return select(Closure).order_by(Closure.id)


def bundles() -> Rows:
    """The data on each SIM, what was replaced too."""
    funder = aliased(Organisation)
    query = (
        select(DataBundle, Sim.iccid.label("iccid"), Sim.network.label("network"), funder.name.label("funder"))
        .join(Sim, Sim.id == DataBundle.sim_id)
        .outerjoin(funder, funder.id == DataBundle.funder_id)
    )
    return query.order_by(DataBundle.id)


def sims() -> Rows:
    return select(Sim).order_by(Sim.id)


def offers() -> Rows:
    """The catalogue of data."""
    funder = aliased(Organisation)
    query = select(BundleOffer, funder.name.label("funder")).outerjoin(funder, funder.id == BundleOffer.funder_id)
    return query.order_by(BundleOffer.id)


def partners() -> Rows:
    """Hubs are left out: they are what an installation is set up with."""
    return select(Organisation).where(Organisation.kind != OrganisationKind.HUB).order_by(Organisation.id)


def donations() -> Rows:
    query = select(DonationBatch, Organisation.name.label("donor"))
    return query.join(Organisation, Organisation.id == DonationBatch.donor_id).order_by(DonationBatch.id)


def purchases() -> Rows:
    funder = aliased(Organisation)
    query = select(PurchaseLot, funder.name.label("funder")).outerjoin(funder, funder.id == PurchaseLot.funder_id)
    return query.order_by(PurchaseLot.id)


def gatherings() -> Rows:
    query = select(Gathering, kind_if_shared(Organisation).label("host"))
    return query.join(Organisation, Organisation.id == Gathering.host_id).order_by(Gathering.id)


def tags() -> Rows:
    """Every code that was ever made."""
    following = aliased(Tag)
    query = select(
        Tag,
        Tablet.serial.label("serial"),
        Tablet.serial_note.label("serial_note"),
        following.code.label("replaced_by"),
    )
    query = query.outerjoin(Tablet, Tablet.id == Tag.tablet_id).outerjoin(following, following.id == Tag.replaced_by_id)
    return query.order_by(Tag.id)


def chases() -> Rows:
    return select(Chase).order_by(Chase.id)


def messages() -> Rows:
    """The rungs that went by a channel."""
    return select(Chase).where(Chase.channel != "").order_by(Chase.id)


def holds() -> Rows:
    return select(ChaseHold).order_by(ChaseHold.id)


def tablets() -> Rows:
    """Each with where it came from."""
    donor = aliased(Organisation)
    query = (
        select(Tablet, PurchaseLot, DonationBatch, donor.name.label("donor"))
        .outerjoin(Intake, Intake.tablet_id == Tablet.id)
        .outerjoin(PurchaseLot, PurchaseLot.id == Intake.lot_id)
        .outerjoin(DonationBatch, DonationBatch.id == Intake.batch_id)
        .outerjoin(donor, donor.id == DonationBatch.donor_id)
    )
    return query.order_by(Tablet.id)
