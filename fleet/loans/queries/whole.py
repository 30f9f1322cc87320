"""A loan and all that belongs to it, read afresh in one go: what nearly every change of a loan begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from fleet.bundles.models import Sim
from fleet.bundles.rules import SimKind
from fleet.cohorts.models import Programme
from fleet.loans.models import Loan, LoanSim, LoanTablet
from fleet.partners.models import Organisation
from fleet.people.models import Person
from fleet.tablets.models import Tablet


@dataclass(frozen=True)
class Whole:
    """A loan and all that belongs to it as it stands."""

    loan: Loan
    person: Person
    programme: Programme
    hub: Organisation
    tablet_link: LoanTablet | None
    tablet: Tablet | None
    sim_link: LoanSim | None
    sim: Sim | None


_HAS_TABLET = and_(LoanTablet.loan_id == Loan.id, LoanTablet.to_at.is_(None))
_HAS_SIM = and_(LoanSim.loan_id == Loan.id, LoanSim.to_at.is_(None))
_WHOLE = (
    select(Loan, Person, Programme, Organisation, LoanTablet, Tablet, LoanSim, Sim)
    .join(Person, Person.id == Loan.person_id)
    .join(Programme, Programme.id == Loan.programme_id)
    .join(Organisation, Organisation.id == Loan.hub_id)
    .outerjoin(LoanTablet, _HAS_TABLET)
    .outerjoin(Tablet, Tablet.id == LoanTablet.tablet_id)
    .outerjoin(LoanSim, _HAS_SIM)
    .outerjoin(Sim, Sim.id == LoanSim.sim_id)
    .where(Loan.id == bindparam("loan_id"))
    .execution_options(populate_existing=True)
)


def whole(session: Session, loan_id: int) -> Whole | None:
    """The loan, its person, programme, hub, tablet and SIM, read afresh in one go."""
    row = session.execute(_WHOLE, {"loan_id": loan_id}).first()
    return Whole(*row) if row is not None else None


def what_carries(session: Session, loan_ids: Sequence[int]) -> dict[int, SimKind]:
    """What carries the data of each of these loans that has any."""
    query = select(LoanSim.loan_id, Sim.kind).join(Sim, Sim.id == LoanSim.sim_id).where(LoanSim.to_at.is_(None))
    return dict(session.execute(query.where(LoanSim.loan_id.in_(loan_ids))).all())
