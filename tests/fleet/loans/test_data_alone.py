"""A loan of data alone: a card for somebody who has a device, with no day to give it back and nobody reminded."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimKind, SimState
from fleet.errors import BadInput, MoveRefused
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import CardAfter, HandedTo, LoanKind, LoanState, StopReason
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.loans.test_second_look import agree, another, doubt
from tests.lending import Lending, lost_by_two
from tests.people import Browser

pytestmark = ON_SQLITE


def card_given(lending: Lending) -> tuple[Loan, int]:
    loan = lending.request(lending.programme(bundle_required=False), kind=LoanKind.DATA, safe_at_home=None)
    lending.do(loans.approve, loan.id)
    sim = lending.sim()
    lending.do(loans.allocate, loan.id, tablet_id=None, sim_id=sim.id)
    return lending.do(loans.give_data, loan.id, handed_to=HandedTo.PARTICIPANT, role=Role.TECHNICIAN), sim.id


def test_a_card_goes_out_without_a_tablet_a_due_date_or_papers(lending: Lending) -> None:
    loan, sim_id = card_given(lending)
    assert (loan.state, loan.due_on, loan.started_on) == (LoanState.ACTIVE, None, lending.clock().date())
    assert lending.read(queries.open_tablet, loan.id) is None
    assert lending.read(queries.agreement, loan.id) is None
    assert lending.read(bundles.get_sim, sim_id).state is SimState.ACTIVATED


@pytest.mark.parametrize(
    ("card", "becomes"),
    [
        (CardAfter.BACK, SimState.QUARANTINED),
        (CardAfter.KEPT, SimState.KEPT_BY_PARTICIPANT),
        (CardAfter.LOST, SimState.LOST),
    ],
)
def test_its_end_says_what_became_of_the_card(lending: Lending, card: CardAfter, becomes: SimState) -> None:
    loan, sim_id = card_given(lending)
    ended = lending.do(loans.end_data, loan.id, card=card)
    assert ended.state is LoanState.CLOSED_RETURNED
    assert lending.read(bundles.get_sim, sim_id).state is becomes
    assert lending.read(queries.open_sim, loan.id) is None


@pytest.mark.parametrize("card", [CardAfter.BACK, CardAfter.KEPT])
def test_a_voucher_that_was_spent_is_lent_to_nobody_else(lending: Lending, card: CardAfter) -> None:
    loan, sim_id = card_given(lending)
    with lending.database.write() as session:
        bundles.get_sim(session, sim_id).kind = SimKind.VOUCHER
    lending.do(loans.end_data, loan.id, card=card)
    assert lending.read(bundles.get_sim, sim_id).state is SimState.KEPT_BY_PARTICIPANT


@pytest.mark.parametrize("card", list(CardAfter))
def test_nobody_is_said_to_have_given_back_what_they_keep_or_lost(
    lending: Lending, browser_as: Callable[..., Browser], card: CardAfter
) -> None:
    loan, _ = card_given(lending)
    lending.do(loans.end_data, loan.id, card=card)
    coordinator = browser_as(Role.COORDINATOR)
    page = coordinator.get(f"/loans/{loan.id}").text
    assert "Loan of data over" in page
    assert "Given back" not in page
    assert "Given back" not in coordinator.get("/loans?format=csv").text
    assert "Given back" not in coordinator.get("/requests").text
    assert "the tablet" not in coordinator.get(f"/chasing/loans/{loan.id}").text


def test_a_stop_asks_for_no_tablet_and_for_no_more_data(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    loan, _ = card_given(lending)
    lending.do(loans.stop_contact, loan.id, StopReason.MOVED_TO_CARE)
    lending.clock.advance(days=80)
    page = browser_as(Role.COORDINATOR).get(f"/loans/{loan.id}").text
    assert "runs until the loan of data is ended" in page
    assert "End the loan of data once it is known" in page
    assert "The tablet is fetched" not in page
    assert "top it up" not in page


def test_what_was_stopped_asks_for_no_data_until_that_is_taken_back(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    loan, _ = card_given(lending)
    lending.clock.advance(days=80)
    coordinator = browser_as(Role.COORDINATOR)
    assert f"/loans/{loan.id}" in coordinator.get("/data").text
    lending.do(loans.stop_for_death, loan.id)
    assert f"/loans/{loan.id}" not in coordinator.get("/data").text
    assert "about data" not in coordinator.get("/").text
    agree(lending, doubt(lending, loan.person_id), another(lending))
    assert f"/loans/{loan.id}" in coordinator.get("/data").text


def test_it_needs_data_whatever_its_programme_says_and_takes_no_tablet(lending: Lending) -> None:
    loan = lending.request(lending.programme(bundle_required=False), kind=LoanKind.DATA)
    lending.do(loans.approve, loan.id)
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.allocate, loan.id, tablet_id=None)
    assert refused.value.reasons == ("This loan is of data alone: choose a SIM that has a data bundle.",)
    with pytest.raises(BadInput) as refused_tablet:
        lending.do(loans.allocate, loan.id, tablet_id=lending.tablet().id, sim_id=lending.sim().id)
    assert "leave the tablet out" in refused_tablet.value.fields["tablet_id"]


@pytest.mark.parametrize("act", [loans.extend, loans.arrange_return, lost_by_two])
def test_what_is_done_with_tablets_is_not_done_with_it(lending: Lending, act: object) -> None:
    assert callable(act)
    loan, _ = card_given(lending)
    with pytest.raises(MoveRefused) as refused:
        lending.do(act, loan.id, reason="Tried")
    assert refused.value.reasons == ("This loan is of data alone, without a tablet.",)


def test_a_card_is_no_second_tablet(lending: Lending) -> None:
    person, programme = lending.person(), lending.programme()
    lending.loan_at(LoanState.ACTIVE, programme, person=person)
    loan = lending.request(programme, person, kind=LoanKind.DATA)
    lending.do(loans.approve, loan.id)
    assert lending.do(loans.allocate, loan.id, tablet_id=None, sim_id=lending.sim().id).state is LoanState.ALLOCATED


def test_whoever_waits_for_data_waits_for_no_tablet(lending: Lending) -> None:
    loan = lending.request(kind=LoanKind.DATA)
    lending.do(loans.put_on_waiting_list, loan.id)
    lines, total = lending.read(
        loans.waiting_list,
        hub_id=lending.hub_id,
        today=lending.clock().date(),
        first=0,
        count=9,
        fresh_since=lending.clock(),
    )
    assert (list(lines), total) == ([], 0)
