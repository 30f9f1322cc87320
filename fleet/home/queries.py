"""Every read of the home pages: counts of what waits, and the few rows that a day begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fleet.bench.models import Bench, Run
from fleet.bench.rules import UNFINISHED
from fleet.bundles.models import LEFT_IN, StraySim
from fleet.deliveries.models import CourierRun, DeliveryJob, Scan
from fleet.deliveries.rules import BRINGS, TO_DO, UNDER_WAY
from fleet.intake.models import DonationBatch, Intake
from fleet.jobs.models import Job
from fleet.jobs.rules import JobState
from fleet.loans.models import Loan
from fleet.loans.rules import WITH_A_TABLET, LoanState
from fleet.partners.models import Organisation, OrganisationKind
from fleet.people.models import Person
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.service import counts_at, out_of_date_ids
from fleet.users.models import User
from fleet.users.rules import SIGN_IN_ROLES, Role


def tablets_by_stage(session: Session, *, hub_id: int, with_virtual: bool) -> dict[Stage, int]:
    """A hub's stock by stage. A demonstration has only virtual tablets; elsewhere they do not count."""
    query = select(Tablet.stage, func.count()).where(counts_at(hub_id)).group_by(Tablet.stage)
    if not with_virtual:
        query = query.where(Tablet.is_virtual.is_(False))
    return dict(session.execute(query).all())


def ready_too_long(session: Session, *, hub_id: int, with_virtual: bool, fresh_since: datetime) -> int:
    """How many of those that stand ready were verified before then: they are checked again before they are lent."""
    old = or_(Tablet.verified_at.is_(None), Tablet.verified_at < fresh_since)
    query = select(func.count()).where(counts_at(hub_id), Tablet.stage == Stage.READY, old)
    return session.scalar(query if with_virtual else query.where(Tablet.is_virtual.is_(False))) or 0


def of_hub(session: Session, hub_id: int) -> str:
    """The end of an address that keeps a list of tablets to one hub; nothing where there is only one."""
    query = select(func.count()).where(Organisation.kind == OrganisationKind.HUB, Organisation.active)
    return f"&hub={hub_id}" if (session.scalar(query) or 0) > 1 else ""


def held_tablets(session: Session) -> int:
    query = select(func.count(func.distinct(Hold.tablet_id))).where(Hold.lifted_at.is_(None))
    return session.scalar(query) or 0


def tablets_out_of_date(session: Session) -> int:
    """Those whose tiles show a gathering as it was before."""
    return session.scalar(select(func.count(Tablet.id)).where(Tablet.id.in_(out_of_date_ids()))) or 0


def cards_left_in_tablets(session: Session) -> int:
    """Cards of ours in tablets whose loans were called off after they were packed."""
    query = select(func.count()).where(StraySim.kind == LEFT_IN, StraySim.settled_at.is_(None))
    return session.scalar(query) or 0


def runs_under_way(session: Session) -> int:
    return session.scalar(select(func.count()).where(Run.state.in_(UNFINISHED))) or 0


def benches(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Bench)) or 0


def loans_by_state(session: Session) -> dict[LoanState, int]:
    return dict(session.execute(select(Loan.state, func.count()).group_by(Loan.state)).all())


def loans_without_a_run(session: Session) -> int:
    """Loans whose tablet waits to be brought or fetched and that no courier has."""
    on_a_run = select(DeliveryJob.loan_id).where(
        DeliveryJob.state.in_(UNDER_WAY), DeliveryJob.loan_id.is_not(None)
    )  # one NULL among them, and NOT IN is true of nothing
    query = select(func.count()).where(
        Loan.state.in_((LoanState.ALLOCATED, LoanState.RETURN_ARRANGED)),
        Loan.kind.in_(WITH_A_TABLET),
        Loan.id.not_in(on_a_run),
    )
    return session.scalar(query) or 0


@dataclass(frozen=True)
class OnTheWay:
    """A courier who is on the way to somebody of whom all contact was stopped."""

    loan_id: int
    run_id: int
    courier: str | None


def couriers_to_turn_back(session: Session) -> Sequence[OnTheWay]:
    """Each visit that was begun and that nobody is to make any more."""
    query = (
        select(Loan.id, CourierRun.id, User.name)
        .join(DeliveryJob, DeliveryJob.loan_id == Loan.id)
        .join(CourierRun, CourierRun.id == DeliveryJob.run_id)
        .outerjoin(User, User.id == CourierRun.courier_id)
        .where(Loan.stopped_at.is_not(None), DeliveryJob.kind.in_(BRINGS), DeliveryJob.state.in_(TO_DO))
        .order_by(DeliveryJob.id)
    )
    return [OnTheWay(*row) for row in session.execute(query)]


def scans_to_settle(session: Session) -> int:
    return session.scalar(select(func.count()).where(Scan.needs_review, Scan.settled_at.is_(None))) or 0


def own_requests(session: Session, organisation_id: int, *, limit: int = 10) -> Sequence[tuple[Loan, Person]]:
    """What an organisation asked for last, newest first."""
    query = (
        select(Loan, Person)
        .join(Person, Person.id == Loan.person_id)
        .where(Loan.referrer_id == organisation_id)
        .order_by(Loan.id.desc())
        .limit(limit)
    )
    return [(loan, person) for loan, person in session.execute(query)]


def gifts_by_stage(session: Session, donor_id: int) -> dict[Stage, int]:
    """What became of an organisation's gifts."""
    query = (
        select(Tablet.stage, func.count())
        .join(Intake, Intake.tablet_id == Tablet.id)
        .join(DonationBatch, DonationBatch.id == Intake.batch_id)
        .where(DonationBatch.donor_id == donor_id)
        .group_by(Tablet.stage)
    )
    return dict(session.execute(query).all())


def users_by_role(session: Session) -> dict[Role, int]:
    """How many people can sign in in each role; somebody with two roles counts in both."""
    users = session.scalars(select(User).where(User.active)).all()
    return {role: sum(role in user.roles for user in users) for role in SIGN_IN_ROLES}


def active_users(session: Session) -> int:
    return session.scalar(select(func.count()).where(User.active)) or 0


def failed_jobs(session: Session, *, limit: int = 5) -> Sequence[Job]:
    query = select(Job).where(Job.state == JobState.FAILED).order_by(Job.finished_at.desc(), Job.id.desc())
    return session.scalars(query.limit(limit)).all()


def failed_job_count(session: Session) -> int:
    return session.scalar(select(func.count()).where(Job.state == JobState.FAILED)) or 0
