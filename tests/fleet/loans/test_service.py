"""A loan's whole life, from the asking to the next person, through the services."""

from __future__ import annotations

from datetime import date

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimState
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.tablets import service as tablets
from fleet.tablets.rules import Custody, DataState, Stage
from fleet.users.rules import Role
from tests.lending import Lending


def test_the_straight_path_goes_from_asking_to_giving_back(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    tablet_id = lending.tablet_id(loan.id)
    lending.do(loans.dispatch, loan.id, role=Role.TECHNICIAN)
    lending.do(loans.load, loan.id, tablet_id=tablet_id, role=Role.COURIER)
    active = lending.hand_over(loan.id)
    assert (active.state, active.due_on) == (LoanState.ACTIVE, date(2026, 6, 29))
    link = lending.read(loans.open_sim, loan.id)
    assert link is not None
    assert lending.read(bundles.get_sim, link.sim_id).state is SimState.ACTIVATED
    lending.clock.advance(days=27)
    lending.do(loans.arrange_return, loan.id)
    collected = lending.do(loans.collect, loan.id, tablet_id=tablet_id, role=Role.COURIER)
    assert collected.returned_on == date(2026, 6, 28)
    assert lending.read(bundles.get_sim, link.sim_id).state is SimState.SUSPENDED
    lending.do(loans.arrive_back, tablet_id=tablet_id, role=Role.TECHNICIAN)
    closed = lending.inspect(tablet_id, kit_missing="case")
    assert closed is not None
    assert closed.state is LoanState.CLOSED_RETURNED
    tablet = lending.read(tablets.get_tablet, tablet_id)
    assert (tablet.stage, tablet.data, tablet.custody) == (Stage.CLEANED, DataState.DIRTY, Custody.HUB)
    assert lending.read(loans.open_loan_of_tablet, tablet_id) is None
