"""What waits for a run, and the runs of a day: what the planning page is made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from fleet.deliveries.models import CourierRun, DeliveryJob, Scan
from fleet.deliveries.rules import UNDER_WAY, JobKind
from fleet.loans.models import Loan
from fleet.loans.rules import WITH_A_TABLET, LoanState
from fleet.partners.models import Organisation
from fleet.people.models import Person
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, Stage, hub_code

MOST_RUNS = 60
"""Of one day on one page: a hub with more couriers than that has more than one planner."""


def loans_waiting(session: Session, *, hub_id: int, limit: int = 200, offset: int = 0) -> Sequence[tuple[Loan, Person]]:
    """Loans whose tablet waits to be brought, fetched or swapped and that no run has yet; by area."""
    query = (
        select(Loan, Person)
        .join(Person, Person.id == Loan.person_id)
        .where(*_waiting(hub_id))
        .order_by(Person.area, Loan.state, Loan.id)
        .limit(limit)
        .offset(offset)
    )
    return list(session.execute(query))


def count_loans_waiting(session: Session, *, hub_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Loan).where(*_waiting(hub_id))) or 0


def _waiting(hub_id: int) -> tuple[ColumnElement[bool], ...]:
    on_a_run = select(DeliveryJob.loan_id).where(
        DeliveryJob.state.in_(UNDER_WAY), DeliveryJob.loan_id.is_not(None)
    )  # one NULL among them, and NOT IN is true of nothing
    return (
        or_(
            Loan.state.in_((LoanState.ALLOCATED, LoanState.RETURN_ARRANGED)),
            and_(Loan.state == LoanState.ACTIVE, Loan.swap_tablet_id.is_not(None)),
        ),
        Loan.kind.in_(WITH_A_TABLET),
        Loan.hub_id == hub_id,
        Loan.id.not_in(on_a_run),
    )


@dataclass(frozen=True)
class Homeward:
    """A tablet that lies at another hub than its own, and the stop that is to bring it home, if there is one."""

    tablet: Tablet
    home: Organisation
    stop: DeliveryJob | None


def homeward(session: Session, *, hub_id: int, limit: int = 200, offset: int = 0) -> list[Homeward]:
    """What lies at a hub and belongs to another, and what of its own lies at others; by where, the longest first."""
    query = (
        select(Tablet, Organisation, DeliveryJob)
        .join(Organisation, Organisation.id == Tablet.hub_id)
        .outerjoin(DeliveryJob, and_(DeliveryJob.tablet_id == Tablet.id, *_UNDER_WAY_HOME))
        .where(*_homeward(hub_id))
        .order_by(Tablet.holder, Tablet.changed_at, Tablet.id)
        .limit(limit)
        .offset(offset)
    )
    return [Homeward(*row) for row in session.execute(query)]


def count_homeward(session: Session, *, hub_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Tablet).where(*_homeward(hub_id))) or 0


_UNDER_WAY_HOME = (DeliveryJob.kind == JobKind.HOME, DeliveryJob.state.in_(UNDER_WAY))


def _homeward(hub_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Tablet.stage == Stage.IN_TRANSIT_BACK,
        Tablet.custody == Custody.HUB,
        or_(Tablet.hub_id == hub_id, Tablet.holder == hub_code(hub_id)),
    )


def last_windows(session: Session, loan_ids: Collection[int]) -> dict[int, tuple[datetime, datetime]]:
    """loan -> the window of its latest stop: what was agreed before, where a courier was to come already."""
    latest = select(func.max(DeliveryJob.id)).where(DeliveryJob.loan_id.in_(loan_ids)).group_by(DeliveryJob.loan_id)
    query = select(DeliveryJob.loan_id, DeliveryJob.window_from, DeliveryJob.window_to).where(
        DeliveryJob.id.in_(latest)
    )
    return {loan_id: (begins, ends) for loan_id, begins, ends in session.execute(query) if loan_id is not None}


def runs_on(session: Session, *, hub_id: int, day: date) -> Sequence[CourierRun]:
    """The hub's runs of one day, in the order they were planned."""
    query = select(CourierRun).where(CourierRun.hub_id == hub_id, CourierRun.day == day)
    return session.scalars(query.order_by(CourierRun.id).limit(MOST_RUNS)).all()


def last_heard(session: Session, run_ids: Collection[int]) -> dict[int, datetime]:
    """run -> when its courier's phone last told us of it. A run that was not heard of is not in it."""
    query = select(Scan.run_id, func.max(Scan.received_at)).where(Scan.run_id.in_(run_ids)).group_by(Scan.run_id)
    return {run_id: heard for run_id, heard in session.execute(query) if run_id is not None}
