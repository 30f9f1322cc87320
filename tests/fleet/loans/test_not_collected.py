"""A collection that was pressed by mistake is taken back while it is fresh: they have it still (rule R15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from fleet.bundles import queries as bundle_queries
from fleet.bundles.models import Sim
from fleet.bundles.rules import SimState
from fleet.errors import MoveRefused
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.tablets import service as tablets
from fleet.tablets.rules import Custody, DataState, Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser


def collected(lending: Lending, state: LoanState = LoanState.ACTIVE) -> Loan:
    loan = lending.loan_at(state)
    lending.clock.advance(days=2)
    tablet_id = lending.tablet_id(loan.id)
    return lending.do(loans.collect, loan.id, tablet_id=tablet_id, kit_missing="case", role=Role.COURIER)


def test_they_have_it_still_and_all_runs_on(lending: Lending) -> None:
    loan = collected(lending)
    lending.clock.advance(hours=1)
    after = lending.do(loans.undo_collect, loan.id, reason="It was another stop")
    assert (after.state, after.returned_on, after.kit_missing) == (LoanState.ACTIVE, None, "")
    assert (after.due_on, after.due_version) == (loan.due_on, 1)
    tablet = lending.read(tablets.get_tablet, lending.tablet_id(loan.id))
    assert (tablet.stage, tablet.custody, tablet.data) == (Stage.ON_LOAN, Custody.PARTICIPANT, DataState.DIRTY)
    assert tablet.holder == f"loan {loan.id}"
    with lending.database.read() as session:
        link = queries.open_sim(session, loan.id)
        assert link is not None
        bundle = bundle_queries.current_bundle(session, link.sim_id)
        assert bundle is not None
        assert (session.get_one(Sim, link.sim_id).state, bundle.suspended_on) == (SimState.ACTIVATED, None)


def test_a_return_that_was_arranged_stays_so(lending: Lending) -> None:
    loan = collected(lending, LoanState.RETURN_ARRANGED)
    after = lending.do(loans.undo_collect, loan.id, reason="They were not ready")
    assert after.state is LoanState.RETURN_ARRANGED


@ON_SQLITE
def test_a_claim_that_it_was_given_back_is_looked_into_again(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    with lending.database.write() as session:
        actor, told = lending.actor(Role.COORDINATOR), Happening(now=lending.clock())
        loans.claim_returned(session, loan.id, until=date(2026, 6, 15), actor=actor, happening=told)
    lending.clock.advance(days=1)
    lending.do(loans.collect, loan.id, tablet_id=lending.tablet_id(loan.id), role=Role.COURIER)
    lending.do(loans.undo_collect, loan.id, reason="It was another stop")
    assert [each.outcome for each in lending.read(loans.claims_of, loan.id)] == [None]


@ON_SQLITE
@pytest.mark.parametrize("since", ["it arrived", "a day", "nothing is said"])
def test_it_stands_once_more_has_happened(lending: Lending, since: str) -> None:
    loan = collected(lending)
    if since == "it arrived":
        lending.do(loans.arrive_back, tablet_id=lending.tablet_id(loan.id), role=Role.TECHNICIAN)
    if since == "a day":
        lending.clock.advance(hours=25)
    with pytest.raises(MoveRefused):
        lending.do(loans.undo_collect, loan.id, reason="" if since == "nothing is said" else "It was another stop")
    assert lending.read(loans.get_loan, loan.id).state is LoanState.COLLECTED


@ON_SQLITE
def test_by_page_while_the_courier_has_it(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    loan = collected(lending, LoanState.RETURN_ARRANGED)
    coordinator, here = browser_as(Role.COORDINATOR), f"/loans/{loan.id}"
    assert "They have it still" in coordinator.get(here).text
    pressed = coordinator.submit(f"{here}/moves/undo_collect_arranged", {"reason": "It was another stop"})
    assert pressed.status_code == 303
    assert "Collection taken back: they have it still" in coordinator.get(here).text
    at_the_hub = collected(lending)
    lending.do(loans.arrive_back, tablet_id=lending.tablet_id(at_the_hub.id), role=Role.TECHNICIAN)
    assert "They have it still" not in coordinator.get(f"/loans/{at_the_hub.id}").text
