"""Going back to before a programme had several funders, and coming again, with programmes and loans in the tables."""

from __future__ import annotations

from sqlalchemy import text

from fleet.cohorts import service
from fleet.cohorts.rules import PaidBy
from fleet.database.migrate import downgrade, upgrade
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.partners.models import OrganisationKind
from fleet.partners.service import add_organisation
from fleet.users.rules import Role
from tests.lending import Lending

REVISION = "3b8d05e7a1c4"


def test_down_and_up_again_with_rows_keeps_the_first_funder(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    with lending.database.write() as session:
        fund, trust = (
            add_organisation(session, kind=OrganisationKind.FUNDER, name=name, now=lending.clock()).id
            for name in ("Sample Fund", "Sample Trust")
        )
        programme = service.get_programme(session, loan.programme_id)
        service.change_programme(
            session,
            programme.id,
            name=programme.name,
            policy=programme.policy,
            funders=(PaidBy(trust, "a third"), PaidBy(fund)),
            actor=lending.actor(Role.COORDINATOR),
        )
    engine = lending.database.engine
    for _ in range(2):
        downgrade(engine, f"{REVISION}-1")
        with engine.connect() as connection:
            assert connection.execute(text("SELECT funder_id FROM programme")).scalars().all() == [trust]
        upgrade(engine)
        assert lending.read(service.funders_of, [programme.id]) == {programme.id: (PaidBy(trust),)}
    assert lending.read(loans.get_loan, loan.id).programme_id == programme.id
