"""Rule R16: a tablet received at a hub that is not its own ends its loan's clock there, and goes home from there."""

from __future__ import annotations

import pytest

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimState
from fleet.clock import local_date
from fleet.database.lists import ListQuery
from fleet.errors import Conflict
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.queries import find_tablets
from fleet.tablets.rules import Custody, Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending, lost_by_two
from tests.two_hubs import firth_hub, lending_beside


@pytest.fixture
def firth(lending: Lending) -> int:
    return firth_hub(lending).id


def scan(lending: Lending, tablet_id: int, at: int | None = None) -> None:
    lending.do(loans.scan_in, tablet_id=tablet_id, at=at, role=Role.TECHNICIAN)


def again(lending: Lending, tablet_id: int) -> Tablet:
    return lending.read(tablets.get_tablet, tablet_id)


def coming_back(lending: Lending, hub_id: int) -> list[int]:
    return [tablet.id for tablet in lending.read(queries.tablets_coming_back, hub_id=hub_id)]


def counted(lending: Lending, hub_id: int) -> list[int]:
    """The stock of a hub."""
    found = lending.read(find_tablets, ListQuery(filters={"hub": str(hub_id)}))
    return [tablet.id for tablet in found.items]


def test_a_tablet_received_at_another_hub_stops_its_loan_there_and_goes_home(lending: Lending, firth: int) -> None:
    lent = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(lent.id)
    lending.clock.advance(days=3)
    scan(lending, tablet_id, at=firth)
    loan, tablet = lending.read(loans.get_loan, lent.id), again(lending, tablet_id)
    link = lending.read(loans.open_sim, lent.id)
    assert link is not None
    assert (loan.state, loan.returned_on) == (LoanState.COLLECTED, local_date(lending.clock()))
    assert lending.read(bundles.get_sim, link.sim_id).state is SimState.SUSPENDED
    assert (tablet.stage, tablet.custody, tablet.guest_hub_id) == (Stage.IN_TRANSIT_BACK, Custody.HUB, firth)
    assert tablet.hub_id == lending.hub_id, "it is still the first hub's to wipe and to lend"
    assert lending.read(tablets.way_home, tablet) == "At Firth hub, on its way to Test hub"
    assert coming_back(lending, firth) == coming_back(lending, lending.hub_id) == [tablet_id]
    assert (counted(lending, firth), counted(lending, lending.hub_id)) == ([tablet_id], []), "it counts where it is"
    with pytest.raises(Conflict, match="is here already, on its way to Test hub"):
        scan(lending, tablet_id, at=firth)
    lending.clock.advance(days=2)
    scan(lending, tablet_id, at=lending.hub_id)
    home = again(lending, tablet_id)
    assert (home.stage, home.guest_hub_id, home.holder) == (Stage.RETURNED, None, "")
    assert (coming_back(lending, firth), coming_back(lending, lending.hub_id)) == ([], [tablet_id])
    assert (counted(lending, firth), counted(lending, lending.hub_id)) == ([], [tablet_id])
    closed = lending.inspect(tablet_id)
    assert closed is not None
    assert (closed.state, closed.returned_on) == (LoanState.CLOSED_RETURNED, loan.returned_on)


def test_a_courier_s_tablet_brought_to_another_hub_waits_there_and_may_be_taken_back(
    lending: Lending, firth: int
) -> None:
    collected = lending.loan_at(LoanState.COLLECTED)
    tablet_id = lending.tablet_id(collected.id)
    courier = again(lending, tablet_id).holder
    scan(lending, tablet_id, at=firth)
    assert again(lending, tablet_id).guest_hub_id == firth
    lending.do(loans.undo_scan_in, tablet_id=tablet_id, reason="The wrong one", role=Role.TECHNICIAN)
    back = again(lending, tablet_id)
    assert (back.stage, back.custody, back.holder) == (Stage.IN_TRANSIT_BACK, Custody.COURIER, courier)
    scan(lending, tablet_id, at=firth)
    scan(lending, tablet_id)
    assert again(lending, tablet_id).stage is Stage.RETURNED
    with pytest.raises(Conflict, match="another hub had taken it in"):
        lending.do(loans.undo_scan_in, tablet_id=tablet_id, reason="No", role=Role.TECHNICIAN)


def test_a_hand_in_at_another_hub_by_mistake_runs_on_with_the_person(lending: Lending, firth: int) -> None:
    lent = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(lent.id)
    scan(lending, tablet_id, at=firth)
    lending.do(loans.undo_scan_in, tablet_id=tablet_id, reason="The wrong one", role=Role.TECHNICIAN)
    tablet, loan = again(lending, tablet_id), lending.read(loans.get_loan, lent.id)
    assert (tablet.stage, tablet.custody, tablet.holder) == (Stage.ON_LOAN, Custody.PARTICIPANT, f"loan {lent.id}")
    assert (loan.state, loan.returned_on, loan.due_on) == (LoanState.ACTIVE, None, lent.due_on)


@ON_SQLITE
def test_found_at_another_hub_it_goes_home_and_what_goes_out_is_left_to_its_hub(lending: Lending, firth: int) -> None:
    lost = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(lost.id)
    lending.do(lost_by_two, lost.id, reason="Nobody knows where")
    lending.do(loans.found, tablet_id=tablet_id, at=firth, role=Role.TECHNICIAN)
    assert again(lending, tablet_id).guest_hub_id == firth
    scan(lending, tablet_id, at=lending.hub_id)
    assert lending.inspect(tablet_id) is None
    going = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    with pytest.raises(Conflict, match="Test hub is sending"):
        scan(lending, lending.tablet_id(going.id), at=firth)
    assert again(lending, lending.tablet_id(going.id)).stage is Stage.IN_TRANSIT_OUT


@ON_SQLITE
def test_what_another_hub_lends_is_kept_for_none_of_our_loans(lending: Lending) -> None:
    beside = lending_beside(lending)
    loan, active = lending.loan_at(LoanState.APPROVED), lending.loan_at(LoanState.ACTIVE)
    theirs, ours = beside.tablet(), lending.tablet()
    for tablet, card in ((theirs, lending.sim()), (ours, beside.sim())):
        with pytest.raises(Conflict, match="is lent by Firth hub, and this loan is one of Test hub"):
            lending.do(loans.allocate, loan.id, tablet_id=tablet.id, sim_id=card.id)
    with pytest.raises(Conflict, match="is lent by Firth hub"):
        lending.do(loans.arrange_swap, active.id, tablet_id=theirs.id, reason="The screen is cracked")
    assert lending.read(loans.get_loan, loan.id).state is LoanState.APPROVED
    assert (again(lending, theirs.id).stage, again(lending, ours.id).stage) == (Stage.READY, Stage.READY)
