"""What is gathered about a loan to be shown: its tablet, SIM, lateness and warnings. Reads, and decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.bundles.models import DataBundle, Sim
from fleet.bundles.service import warnings_of
from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Cohort, Programme
from fleet.errors import NotFound
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import ENDED, WITH_THE_PERSON, overdue_days
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.users.actor import Actor
from fleet.users.rules import Role


@dataclass(frozen=True)
class Gathered:
    """A loan with what it has. `days_late` counts by the programme's grace."""

    loan: Loan
    programme: Programme
    cohort: Cohort | None
    tablet: Tablet | None
    sim: Sim | None
    bundle: DataBundle | None
    days_late: int
    warnings: tuple[str, ...]


def gather(session: Session, loan: Loan, *, now: datetime) -> Gathered:
    """Everything about one loan."""
    programme = cohorts.get_programme(session, loan.programme_id)
    link = queries.open_tablet(session, loan.id)
    sim_link = queries.open_sim(session, loan.id) or queries.last_sim(session, loan.id)
    carried = queries.sim_and_bundle(session, sim_link.sim_id) if sim_link else None
    sim, bundle = carried or (None, None)
    return Gathered(
        loan=loan,
        programme=programme,
        cohort=cohorts.get_cohort(session, loan.cohort_id) if loan.cohort_id else None,
        tablet=tablets.get_tablet(session, link.tablet_id) if link else None,
        sim=sim,
        bundle=bundle,
        days_late=days_late(loan, programme, local_date(now)),
        warnings=_warnings(session, loan, programme, sim, bundle, local_date(now)),
    )


def days_late(loan: Loan, programme: Programme, today: date) -> int:
    """How late, by the programme's grace; 0 for a loan that was stopped or whose tablet is not out."""
    if loan.stopped_at is not None or loan.state not in WITH_THE_PERSON:
        return 0
    return overdue_days(today, loan.due_on, programme.grace_days)


def _warnings(
    session: Session, loan: Loan, programme: Programme, sim: Sim | None, bundle: DataBundle | None, today: date
) -> tuple[str, ...]:
    if loan.state in ENDED or sim is None or (bundle is None and not programme.bundle_required):
        return ()
    return tuple(warning.words for warning in warnings_of(session, sim.id, today=today))


def as_referrer(actor: Actor) -> int | None:
    """Whose requests the viewer may see: None for all, otherwise one organisation's, and nobody's for one without."""
    if actor.role in (Role.COORDINATOR, Role.SYSTEM):
        return None
    return actor.organisation_id if actor.organisation_id is not None else 0


def own_request(session: Session, loan_id: int, actor: Actor) -> Loan:
    """A request that the viewer may know of. Raises `NotFound` for another organisation's, as for none at all."""
    loan = queries.loan(session, loan_id)
    bound = as_referrer(actor)
    if loan is None or (bound is not None and loan.referrer_id != bound):
        raise NotFound(f"There is no request number {loan_id}.", next_step="Look for it in the list of requests.")
    return loan
