"""A card that was packed into a tablet whose loan is then called off: somebody is told to take it out."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import pytest

from fleet.bundles import service as bundles
from fleet.bundles.models import Sim
from fleet.bundles.rules import Asks, SimState
from fleet.http.flash import COOKIE
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState, StopReason
from fleet.users.rules import Role
from tests.fleet.bundles.stocked import needed
from tests.lending import Lending
from tests.people import Browser

Browsers = Callable[..., Browser]


@pytest.fixture
def packed(lending: Lending) -> tuple[Loan, int, Sim]:
    """A loan that is packed: its card lies in its tablet."""
    loan = lending.loan_at(LoanState.ALLOCATED)
    lending.do(loans.dispatch, loan.id)
    with lending.database.read() as session:
        link = loans.open_sim(session, loan.id)
        assert link is not None
        return loan, lending.tablet_id(loan.id), bundles.get_sim(session, link.sim_id)


def sentence(tablet_id: int, sim: Sim) -> str:
    return f"SIM card ending {sim.iccid[-5:]} lies in Tablet {tablet_id} still: take it out"


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("moves/cancel", {"reason": "Changed their mind"}),
        ("moves/undo_allocation", {"reason": "Another fits better"}),
        ("stop", {"reason": StopReason.MOVED_AWAY.value}),
    ],
)
def test_whoever_calls_it_off_is_told_which_card_to_take_out_of_which_tablet(
    browser_as: Browsers, lending: Lending, packed: tuple[Loan, int, Sim], path: str, asked: dict[str, str]
) -> None:
    loan, tablet_id, sim = packed
    browser = browser_as(Role.COORDINATOR)
    answer = browser.submit(f"/loans/{loan.id}/{path}", asked)
    assert sentence(tablet_id, sim) in unquote(answer.cookies[COOKIE])
    assert sentence(tablet_id, sim) in browser.get(f"/loans/{loan.id}").text
    [told] = browser.get(f"/api/v1/loans/{loan.id}").json()["warnings"]
    assert told.startswith(sentence(tablet_id, sim))


def test_it_stands_in_the_list_and_on_the_card_until_somebody_took_it_out(
    browser_as: Browsers, lending: Lending, packed: tuple[Loan, int, Sim]
) -> None:
    loan, tablet_id, sim = packed
    lending.do(loans.cancel, loan.id, reason="Changed their mind")
    [(asks, number)] = needed(lending)
    assert (asks, needed(lending, asks="stray")) == (Asks.LEFT_IN, [])
    browser = browser_as(Role.COORDINATOR)
    assert f"Tablet {tablet_id}" in browser.get("/data").text
    assert f"/data/strays/{number}" in browser.get(f"/sims/{sim.id}").text
    technician = browser_as(Role.TECHNICIAN)
    assert "1 card left in a tablet" in technician.get("/").text
    assert f"/data/strays/{number}" in technician.get("/data?asks=left_in").text
    assert f"Take it out of Tablet {tablet_id}" in browser.get(f"/data/strays/{number}").text
    assert browser.submit(f"/data/strays/{number}", {"outcome": "Taken out"}).status_code == 303
    assert needed(lending) == []
    assert "left in a tablet" not in technician.get("/").text
    assert "lies in" not in browser.get(f"/loans/{loan.id}").text
    assert "Lies in" not in browser.get(f"/sims/{sim.id}").text


def test_whoever_gets_the_tablet_next_is_seen_to_have_a_strangers_card_in_it(
    browser_as: Browsers, lending: Lending, packed: tuple[Loan, int, Sim]
) -> None:
    loan, tablet_id, sim = packed
    lending.do(loans.cancel, loan.id, reason="Changed their mind")
    following = lending.loan_at(LoanState.APPROVED)
    lending.do(loans.allocate, following.id, tablet_id=tablet_id, sim_id=lending.sim().id)
    assert sentence(tablet_id, sim) in browser_as(Role.COORDINATOR).get(f"/loans/{following.id}").text
    assert sentence(tablet_id, sim) not in browser_as(Role.COORDINATOR).get(f"/loans/{lending.request().id}").text


def test_a_card_that_is_put_into_a_tablet_again_is_no_longer_looked_for(
    lending: Lending, packed: tuple[Loan, int, Sim]
) -> None:
    loan, _tablet_id, sim = packed
    lending.do(loans.undo_allocation, loan.id, reason="Another fits better")
    lending.do(loans.allocate, loan.id, tablet_id=lending.tablet().id, sim_id=sim.id)
    assert [asks for asks, _ in needed(lending)] == [Asks.LEFT_IN]
    lending.do(loans.dispatch, loan.id)
    assert needed(lending) == []
    assert lending.read(bundles.get_sim, sim.id).state is SimState.INSTALLED


def test_a_loan_that_was_never_packed_leaves_nothing_behind(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    lending.do(loans.cancel, loan.id, reason="Changed their mind")
    assert needed(lending) == []


def test_a_tablet_that_comes_back_after_everything_was_stopped_says_so_at_the_scanner(
    browser_as: Browsers, lending: Lending
) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    tablet_id = lending.tablet_id(loan.id)
    with lending.database.read() as session:
        link = loans.open_sim(session, loan.id)
        assert link is not None
        sim = bundles.get_sim(session, link.sim_id)
    lending.do(loans.stop_contact, loan.id, StopReason.MOVED_AWAY)
    answer = browser_as(Role.TECHNICIAN).submit("/returns", {"label": str(tablet_id)})
    said = unquote(answer.cookies[COOKIE])
    assert sentence(tablet_id, sim) in said
    assert "stays kept" not in said
