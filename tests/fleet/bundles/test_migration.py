"""The migration of data bundles goes down and up again with people's loans in the tables."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from fleet.bundles import queries, service
from fleet.bundles.rules import Ownership, SimMove, SimState
from fleet.database.migrate import downgrade, upgrade
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from tests.fleet.bundles.stocked import act, in_use
from tests.lending import Lending

REVISION = "b71e5d90c2a8"


def test_down_and_up_again_with_rows(lending: Lending) -> None:
    grant = lending.sim(for_one_person=True)
    loan = lending.loan_at(LoanState.APPROVED)
    lending.do(loans.allocate, loan.id, tablet_id=lending.tablet().id, sim_id=grant.id)
    for step in (LoanState.OUT_FOR_DELIVERY, LoanState.ACTIVE):
        lending.step(loan.id, step)
    lost, resting = lending.sim(), in_use(lending)
    act(lending, service.press, lost.id, SimMove.LOSE, settings=lending.settings, reason="Left on a bus")
    for name in (SimMove.SUSPEND, SimMove.REST):
        act(lending, service.move, resting.id, name)
    engine = lending.database.engine
    downgrade(engine, f"{REVISION}-1")
    with engine.connect() as connection:
        states = {row.id: row.state for row in connection.execute(text("SELECT id, state FROM sim"))}
        own = connection.execute(text("SELECT sim_id FROM data_bundle WHERE for_one_person")).scalars().all()
    assert (states[lost.id], states[resting.id], own) == ("barred", "suspended", [grant.id])
    upgrade(engine)
    with lending.database.read() as session:
        bundle, use = queries.current_bundle(session, grant.id), queries.open_use(session, grant.id)
        assert bundle is not None
        assert use is not None
        assert (bundle.ownership, bundle.granted_to_id) == (Ownership.PERSONS_OWN, loan.person_id)
        assert (use.loan_id, use.from_on, use.needed_until) == (loan.id, date(2026, 6, 1), date(2026, 6, 29))
        assert queries.open_use(session, resting.id) is None
        barred = service.get_sim(session, lost.id)
        assert (barred.state, barred.barred_at is not None) == (SimState.BARRED, True)
