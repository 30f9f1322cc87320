"""The card in the tray of a tablet that came back, against the record (rule R28)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fleet.bundles import service as bundles
from fleet.bundles.models import Sim
from fleet.bundles.rules import AfterLoan, SimKind, SimMove, SimState
from fleet.errors import BadInput, MoveRefused
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.bundles.stocked import act, needed
from tests.lending import Lending, lost_by_two
from tests.people import Browser


@pytest.fixture
def returned(lending: Lending) -> tuple[Loan, int, Sim]:
    """A loan whose tablet is at the hub to be looked over, and the SIM that should be in it."""
    loan = lending.loan_at(LoanState.COLLECTED)
    tablet_id = lending.tablet_id(loan.id)
    lending.do(loans.arrive_back, tablet_id=tablet_id, role=Role.TECHNICIAN)
    with lending.database.read() as session:
        link = loans.open_sim(session, loan.id)
        assert link is not None
        return loan, tablet_id, bundles.get_sim(session, link.sim_id)


def state(lending: Lending, sim: Sim) -> SimState:
    return lending.read(bundles.get_sim, sim.id).state


def look(lending: Lending, tablet_id: int, **found: Any) -> None:
    lending.inspect(tablet_id, **found)


def test_the_right_card_rests_before_it_is_for_somebody_else(lending: Lending, returned: tuple[Loan, int, Sim]) -> None:
    """Rule R29."""
    _loan, tablet_id, sim = returned
    look(lending, tablet_id, sim_in_tray=True, sim_seen=sim.iccid[-4:])
    assert state(lending, sim) is SimState.QUARANTINED
    with pytest.raises(MoveRefused) as refused:
        act(lending, bundles.press, sim.id, SimMove.REUSE, settings=lending.settings)
    assert "rests until" in refused.value.reasons[0]
    lending.clock.advance(days=lending.settings.sim_rest_days)
    act(lending, bundles.press, sim.id, SimMove.REUSE, settings=lending.settings)
    assert state(lending, sim) is SimState.IN_STOCK


@ON_SQLITE
def test_another_card_stops_the_return_and_says_what_to_do(lending: Lending, returned: tuple[Loan, int, Sim]) -> None:
    loan, tablet_id, sim = returned
    ours = lending.sim()
    for seen, advice in ((ours.iccid, "another of our cards, in stock"), ("8944100099999999999", "sealed bag")):
        with pytest.raises(bundles.AnotherSim) as refused:
            look(lending, tablet_id, sim_in_tray=True, sim_seen=seen)
        assert advice in refused.value.next_step
    with pytest.raises(BadInput):
        look(lending, tablet_id, sim_in_tray=True)
    assert lending.read(loans.get_loan, loan.id).state is LoanState.COLLECTED
    assert state(lending, sim) is SimState.SUSPENDED


def test_a_strange_card_is_bagged_and_ours_is_to_be_barred(lending: Lending, returned: tuple[Loan, int, Sim]) -> None:
    loan, tablet_id, sim = returned
    look(lending, tablet_id, sim_in_tray=True, sim_seen="8944100099999999999", stray_bagged=True)
    assert lending.read(loans.get_loan, loan.id).state is LoanState.CLOSED_RETURNED
    assert state(lending, sim) is SimState.LOST
    asked = dict(needed(lending))
    assert {each.value for each in asked} == {"to_bar", "stray"}
    stray_id = next(number for each, number in asked.items() if each.value == "stray")
    act(lending, bundles.settle_stray, stray_id, "Given back")
    assert [each.value for each, _ in needed(lending)] == ["to_bar"]


@ON_SQLITE
def test_a_card_that_the_person_keeps_is_not_missed(lending: Lending, returned: tuple[Loan, int, Sim]) -> None:
    _loan, tablet_id, sim = returned
    act(lending, bundles.decide_after_loan, sim.id, AfterLoan.KEEP)
    look(lending, tablet_id, sim_in_tray=False)
    assert state(lending, sim) is SimState.KEPT_BY_PARTICIPANT


@ON_SQLITE
def test_an_esim_comes_back_inside_its_tablet(lending: Lending, returned: tuple[Loan, int, Sim]) -> None:
    _loan, tablet_id, sim = returned
    with lending.database.write() as session:
        bundles.get_sim(session, sim.id).kind = SimKind.ESIM
    look(lending, tablet_id)
    assert state(lending, sim) is SimState.QUARANTINED


@ON_SQLITE
def test_a_voucher_that_was_spent_goes_to_nobody_else(lending: Lending, returned: tuple[Loan, int, Sim]) -> None:
    _loan, tablet_id, sim = returned
    with lending.database.write() as session:
        bundles.get_sim(session, sim.id).kind = SimKind.VOUCHER
    look(lending, tablet_id)
    assert state(lending, sim) is SimState.KEPT_BY_PARTICIPANT


@ON_SQLITE
def test_a_connected_loan_leaves_by_no_way_without_data(lending: Lending) -> None:
    """Neither packed, nor loaded, nor handed over at the hub once its data has ended."""
    loan = lending.loan_at(LoanState.ALLOCATED)
    with lending.database.read() as session:
        link = loans.open_sim(session, loan.id)
        assert link is not None
    early = lending.clock().date().replace(year=2025)
    act(lending, bundles.record_activation, link.sim_id, early)
    tablet_id = lending.tablet_id(loan.id)
    ways: tuple[Callable[[], object], ...] = (
        lambda: lending.do(loans.dispatch, loan.id),
        lambda: lending.do(loans.load, loan.id, tablet_id=tablet_id, role=Role.COURIER),
        lambda: lending.hand_over(loan.id, role=Role.COORDINATOR),
    )
    for leave in ways:
        with pytest.raises(MoveRefused) as refused:
            leave()
        assert "choose a SIM that has a data bundle" in refused.value.reasons[0]


@ON_SQLITE
def test_a_card_in_a_tablet_that_no_loan_has_is_bagged_too(lending: Lending) -> None:
    """Rule R28: it was swapped out or found, and the card in it is perhaps still somebody's."""
    loan = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(loan.id)
    lending.do(lost_by_two, loan.id, reason="Nobody knows")
    lending.do(loans.found, tablet_id=tablet_id, role=Role.TECHNICIAN)
    look(lending, tablet_id, sim_seen="8944100099999999999")
    assert "stray" in {each.value for each, _ in needed(lending)}


@ON_SQLITE
@pytest.mark.parametrize("whole", [True, False])
def test_a_lost_card_that_came_back_in_its_tablet_is_known_as_ours(
    lending: Lending, browser_as: Callable[..., Browser], whole: bool
) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(loan.id)
    link = lending.read(loans.open_sim, loan.id)
    assert link is not None
    card = lending.read(bundles.get_sim, link.sim_id)
    lending.do(lost_by_two, loan.id, reason="Nobody knows")
    lending.do(loans.found, tablet_id=tablet_id, role=Role.TECHNICIAN)
    look(lending, tablet_id, sim_seen=card.iccid if whole else card.iccid[-5:])
    (stray_id,) = (number for asks, number in needed(lending) if asks.value == "stray")
    page = browser_as(Role.COORDINATOR).get(f"/data/strays/{stray_id}").text
    assert "It may be ours" in page
    assert f'href="/sims/{card.id}"' in page
    assert "Lost, to be barred" in page
