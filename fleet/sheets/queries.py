"""Every read behind a file: each whole table that goes out, a piece at a time, and whom a file is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, literal, null, select
from sqlalchemy.orm import Session, aliased

from fleet.bundles.models import DataBundle, Sim
from fleet.chasing.models import Chase, ChaseHold
from fleet.cohorts.models import Closure, Cohort, Programme
from fleet.database.lists import Found, ListQuery, find
from fleet.intake.models import DonationBatch, Intake, PurchaseLot
from fleet.loans.models import Loan, LoanSim, LoanTablet
from fleet.partners.models import Organisation
from fleet.people.models import Person, PersonEvent
from fleet.sheets.models import FileTaken
from fleet.tablets.models import Tablet
from fleet.users.actor import Actor

AT_A_TIME = 500

Rows = Select[*tuple[Any, ...]]


def stream(session: Session, query: Rows) -> Iterator[Any]:
    """The rows of a query, a few hundred in memory at any moment."""
    yield from session.execute(query.execution_options(yield_per=AT_A_TIME))


def people() -> Rows:
    """Those whose record was not emptied."""
    referrer = aliased(Organisation)
    query = select(Person, referrer.name.label("referrer")).outerjoin(referrer, referrer.id == Person.referrer_id)
    return query.where(Person.erased_at.is_(None)).order_by(Person.id)


def _loans() -> Rows:
    referrer = aliased(Organisation)
    return (
        select(
            Loan,
            Programme.name.label("programme"),
            Cohort.name.label("cohort"),
            referrer.name.label("referrer"),
        )
        .join(Programme, Programme.id == Loan.programme_id)
        .outerjoin(Cohort, Cohort.id == Loan.cohort_id)
        .outerjoin(referrer, referrer.id == Loan.referrer_id)
        .order_by(Loan.id)
    )


def requests() -> Rows:
    """What was asked for and has had no tablet."""
    return _loans().where(Loan.allocated_at.is_(None))


def loans() -> Rows:
    """What has had a tablet, with the last one and the last SIM."""
    tablet = select(LoanTablet.tablet_id).where(LoanTablet.loan_id == Loan.id).order_by(LoanTablet.id.desc()).limit(1)
    sim = (
        select(Sim.iccid)
        .join(LoanSim, LoanSim.sim_id == Sim.id)
        .where(LoanSim.loan_id == Loan.id)
        .order_by(LoanSim.id.desc())
        .limit(1)
    )
    query = _loans().where(Loan.allocated_at.is_not(None))
    return query.add_columns(tablet.scalar_subquery().label("tablet_id"), sim.scalar_subquery().label("iccid"))


def programmes() -> Rows:
    funder = aliased(Organisation)
    query = select(Programme, funder.name.label("funder")).outerjoin(funder, funder.id == Programme.funder_id)
    return query.order_by(Programme.id)


def cohorts() -> Rows:
    query = select(Cohort, Programme.name.label("programme")).join(Programme, Programme.id == Cohort.programme_id)
    return query.order_by(Cohort.id)


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


def people_in_holds() -> Rows:
    return select(ChaseHold.person_id).distinct()


def everybody() -> Rows:
    return select(Person.id).where(Person.erased_at.is_(None))


def write_taken_out(session: Session, whom: Rows, words: str, *, actor: Actor, now: datetime, source: str) -> None:
    """In the log of everybody whom a file is about, with one statement however many they are."""
    about = whom.subquery()
    signed = actor.signature()
    entry = select(
        about.c[0],
        literal("taken_out"),
        literal(words),
        literal(signed["actor_id"]) if signed["actor_id"] is not None else null(),
        literal(signed["actor_name"]),
        literal(signed["role"]),
        literal(now, PersonEvent.__table__.c.at.type),
        literal(source),
    )
    names = ["person_id", "kind", "words", "actor_id", "actor_name", "role", "at", "source"]
    session.execute(insert(PersonEvent).from_select(names, entry))


def find_taken(session: Session, query: ListQuery) -> Found[FileTaken]:
    """The files that were taken out, the latest first. Filter: `kind`."""
    statement = select(FileTaken)
    if query.filter("kind"):
        statement = statement.where(FileTaken.kind == query.filter("kind"))
    return find(session, statement, query, sorts={"at": FileTaken.id}, tie=FileTaken.id, default_descending=True)


def programme_names(session: Session) -> dict[str, int]:
    """By lower-case name."""
    return {name.lower(): found for found, name in session.execute(select(Programme.id, Programme.name))}


def cohort_names(session: Session) -> frozenset[tuple[int, str]]:
    rows = session.execute(select(Cohort.programme_id, Cohort.name))
    return frozenset((programme_id, name.lower()) for programme_id, name in rows)


def organisation_ids(session: Session, kind: str) -> dict[str, int]:
    query = select(Organisation.id, Organisation.name).where(Organisation.kind == kind)
    return {name.lower(): found for found, name in session.execute(query)}


def closures_on_record(session: Session, hub_id: int) -> frozenset[tuple[object, ...]]:
    query = select(Closure.first_on, Closure.last_on).where(Closure.hub_id == hub_id, Closure.withdrawn_at.is_(None))
    return frozenset((first, last) for first, last in session.execute(query))
