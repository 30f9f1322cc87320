"""A loan that its person has, as it stands on a morning, and what the day still has to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from fleet.loans.models import Loan, LoanTablet
from fleet.loans.rules import WITH_THE_PERSON, LoanState
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from tests.year.bench import is_large
from tests.year.fates import Fate, fate_of


@dataclass(frozen=True)
class Life:
    """A loan that its person has, as it stands this morning."""

    loan_id: int
    hub_id: int
    person_id: int
    state: LoanState
    due_on: date
    due_version: int
    started_on: date
    stopped: bool
    tablet_id: int
    large: bool
    swaps: int
    today: date

    @property
    def fate(self) -> Fate:
        return fate_of(self.loan_id)

    @property
    def days_had(self) -> int:
        return (self.today - self.started_on).days

    @property
    def days_late(self) -> int:
        """Negative before it is due."""
        return (self.today - self.due_on).days


@dataclass
class Wanted:
    """What the day's couriers and coordinators still have to do, decided in the morning."""

    fetch: list[Life]
    leave: list[Life]
    swap_at_door: list[Life]
    swap_at_hub: list[Life]


def lives(session: Session, hub_ids: Sequence[int], today: date) -> list[Life]:
    had = select(LoanTablet.loan_id, LoanTablet.tablet_id, LoanTablet.to_at).subquery()
    query = (
        select(Loan, had.c.tablet_id, Tablet.profile)
        .join(had, and_(had.c.loan_id == Loan.id, had.c.to_at.is_(None)))
        .join(Tablet, Tablet.id == had.c.tablet_id)
        .where(Loan.hub_id.in_(hub_ids), Loan.state.in_(WITH_THE_PERSON), Tablet.stage == Stage.ON_LOAN)
        .order_by(Loan.id)
    )
    swapped = set(session.scalars(select(LoanTablet.loan_id).where(LoanTablet.to_at.is_not(None))))
    return [
        Life(
            loan_id=loan.id,
            hub_id=loan.hub_id,
            person_id=loan.person_id,
            state=loan.state,
            due_on=loan.due_on or today,
            due_version=loan.due_version,
            started_on=loan.started_on or today,
            stopped=loan.stopped_at is not None,
            tablet_id=tablet_id,
            large=is_large(profile),
            swaps=int(loan.id in swapped),
            today=today,
        )
        for loan, tablet_id, profile in session.execute(query)
    ]
