"""One tablet for another: the loan goes on as it was, and both tablets' custody stays whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from fleet.errors import Conflict, MoveRefused
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import HandedTo, LoanState, StopReason
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, DataState, HoldKind, Stage
from fleet.tags import service as tags
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending, lost_by_two, swap_lost_by_two
from tests.people import Browser


@dataclass(frozen=True)
class Swapping:
    """A loan whose own tablet is cracked, and the one that is kept for it."""

    lending: Lending
    loan_id: int
    own: int
    other: int

    @property
    def loan(self) -> Loan:
        return self.lending.read(loans.get_loan, self.loan_id)

    def tablet(self, tablet_id: int) -> Tablet:
        return self.lending.read(tablets.get_tablet, tablet_id)

    def load(self) -> None:
        self.lending.do(loans.load_swap, self.loan_id, tablet_id=self.other, role=Role.COURIER)

    def swap(self, role: Role = Role.COURIER, **told: object) -> Loan:
        return self.lending.do(
            loans.swap,
            self.loan_id,
            tablet_id=self.own,
            brought_id=self.other,
            handed_to=HandedTo.CARER,
            role=role,
            **told,
        )


@pytest.fixture
def swapping(lending: Lending) -> Swapping:
    loan = lending.loan_at(LoanState.ACTIVE)
    other = lending.tablet().id
    lending.do(loans.arrange_swap, loan.id, tablet_id=other, reason="Its screen is cracked")
    return Swapping(lending, loan.id, lending.tablet_id(loan.id), other)


def test_a_swap_leaves_the_loan_as_it_was_but_for_its_tablet(swapping: Swapping) -> None:
    before, lending = swapping.loan, swapping.lending
    sim = lending.read(queries.open_sim, swapping.loan_id)
    lending.clock.advance(days=9)
    swapping.load()
    after = swapping.swap()
    assert (after.state, after.due_on, after.due_version) == (LoanState.ACTIVE, before.due_on, 1)
    assert (after.handed_to, after.started_on, after.swap_tablet_id) == (before.handed_to, before.started_on, None)
    kept = lending.read(queries.open_sim, swapping.loan_id)
    assert sim is not None
    assert kept is not None
    assert kept.sim_id == sim.sim_id
    assert lending.tablet_id(swapping.loan_id) == swapping.other


def test_both_tablets_have_a_whole_custody_and_the_returned_one_is_dirty(swapping: Swapping) -> None:
    swapping.load()
    assert swapping.tablet(swapping.other).custody is Custody.COURIER
    swapping.swap()
    own, other = swapping.tablet(swapping.own), swapping.tablet(swapping.other)
    assert (own.stage, own.data, own.custody) == (Stage.IN_TRANSIT_BACK, DataState.DIRTY, Custody.COURIER)
    assert (other.stage, other.custody, other.holder) == (
        Stage.ON_LOAN,
        Custody.PARTICIPANT,
        f"loan {swapping.loan_id}",
    )
    links = swapping.lending.read(queries.tablets_had, swapping.loan_id)
    assert [(link.tablet_id, link.to_at) for link in links] == [
        (swapping.own, links[1].from_at),
        (swapping.other, None),
    ]


def test_the_returned_one_is_scanned_in_inspected_and_lent_again(swapping: Swapping) -> None:
    swapping.load()
    swapping.swap()
    lending = swapping.lending
    assert lending.do(loans.scan_in, tablet_id=swapping.own, role=Role.TECHNICIAN) is None
    assert lending.inspect(swapping.own) is None
    lending.wipe_and_make_ready(swapping.own)
    assert swapping.tablet(swapping.own).stage is Stage.READY
    assert swapping.loan.state is LoanState.ACTIVE


def test_a_swap_at_the_hub_needs_no_courier(swapping: Swapping) -> None:
    swapping.swap(Role.TECHNICIAN)
    assert swapping.tablet(swapping.own).stage is Stage.RETURNED
    assert swapping.tablet(swapping.other).custody is Custody.PARTICIPANT


def test_the_same_swap_told_twice_happens_once(swapping: Swapping) -> None:
    swapping.load()
    swapping.swap(client_id="swap-once-01")
    swapping.swap(client_id="swap-once-01")
    assert len(swapping.lending.read(queries.tablets_had, swapping.loan_id)) == 2


def test_another_tablet_is_refused_by_name(swapping: Swapping) -> None:
    stranger, lending = swapping.lending.tablet().id, swapping.lending
    with pytest.raises(loans.WrongTablet, match="not the tablet kept for this swap"):
        lending.do(loans.load_swap, swapping.loan_id, tablet_id=stranger, role=Role.COURIER)
    swapping.load()
    with pytest.raises(loans.WrongTablet, match="not the tablet for this loan"):
        lending.do(
            loans.swap,
            swapping.loan_id,
            tablet_id=swapping.other,
            brought_id=swapping.other,
            handed_to=HandedTo.CARER,
            role=Role.COURIER,
        )
    assert swapping.tablet(swapping.own).stage is Stage.ON_LOAN


def test_nothing_is_swapped_before_a_swap_is_arranged(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.load_swap, loan.id, tablet_id=lending.tablet().id, role=Role.COURIER)
    assert refused.value.reasons == ("No other tablet is kept for this loan; arrange a swap first.",)


def test_a_swap_is_arranged_for_a_reason_once_and_with_a_tablet_that_may_go_out(lending: Lending) -> None:
    loan, held = lending.loan_at(LoanState.ACTIVE), lending.tablet().id
    technician = lending.actor(Role.TECHNICIAN)
    with lending.database.write() as session:
        tablets.place_hold(
            session, held, HoldKind.FAULT, actor=technician, happening=lending.happening(reason="It hums")
        )
    with pytest.raises(MoveRefused, match="was not moved"):
        lending.do(loans.arrange_swap, loan.id, tablet_id=held, reason="Its screen is cracked")
    with pytest.raises(MoveRefused) as unsaid:
        lending.do(loans.arrange_swap, loan.id, tablet_id=lending.tablet().id)
    assert len(unsaid.value.reasons) == 1
    lending.do(loans.arrange_swap, loan.id, tablet_id=lending.tablet().id, reason="Its screen is cracked")
    with pytest.raises(MoveRefused):
        lending.do(loans.arrange_swap, loan.id, tablet_id=lending.tablet().id, reason="Once more")


def test_a_swap_called_off_gives_the_tablet_back_to_stock(swapping: Swapping) -> None:
    swapping.lending.do(loans.call_off_swap, swapping.loan_id, reason="It works again")
    assert swapping.loan.swap_tablet_id is None
    assert swapping.tablet(swapping.other).stage is Stage.READY


def test_a_swap_is_not_called_off_while_a_courier_has_the_tablet(swapping: Swapping) -> None:
    swapping.load()
    with pytest.raises(Conflict, match="A courier still has"):
        swapping.lending.do(loans.call_off_swap, swapping.loan_id, reason="It works again")
    assert swapping.loan.swap_tablet_id == swapping.other


def test_nobody_in_brings_the_other_back_to_the_hub_still_kept_for_the_swap(swapping: Swapping) -> None:
    swapping.load()
    swapping.lending.do(loans.swap_not_done, swapping.loan_id, reason="Nobody in", role=Role.COURIER)
    back = swapping.lending.do(loans.scan_in, tablet_id=swapping.other, role=Role.TECHNICIAN)
    assert back is not None
    assert (back.id, back.swap_tablet_id, back.attempts) == (swapping.loan_id, swapping.other, 0)
    assert swapping.tablet(swapping.other).stage is Stage.ALLOCATED
    swapping.load()
    assert swapping.swap().state is LoanState.ACTIVE


@pytest.mark.parametrize("out", [False, True], ids=["waiting at the hub", "with a courier"])
def test_a_loan_that_ends_before_the_swap_lets_the_other_tablet_go(swapping: Swapping, out: bool) -> None:
    if out:
        swapping.load()
    swapping.lending.do(loans.hand_in, swapping.loan_id, tablet_id=swapping.own, role=Role.TECHNICIAN)
    if out:
        assert swapping.loan.swap_tablet_id == swapping.other
        swapping.lending.do(loans.scan_in, tablet_id=swapping.other, role=Role.TECHNICIAN)
    assert swapping.loan.swap_tablet_id is None
    assert swapping.tablet(swapping.other).stage is Stage.READY


def test_everything_stopped_stops_the_swap_too(swapping: Swapping) -> None:
    swapping.lending.do(loans.stop_contact, swapping.loan_id, StopReason.MOVED_TO_CARE)
    assert swapping.tablet(swapping.other).stage is Stage.READY


@pytest.mark.parametrize("end", [loans.arrange_return, lost_by_two])
def test_a_coordinator_calls_the_swap_off_before_ending_the_loan(swapping: Swapping, end: object) -> None:
    assert callable(end)
    with pytest.raises(MoveRefused) as refused:
        swapping.lending.do(end, swapping.loan_id, reason="It was asked for")
    assert "Another tablet is kept for a swap; call the swap off first." in refused.value.reasons


def test_the_other_tablet_lost_on_the_way_is_not_the_persons_loss(swapping: Swapping) -> None:
    swapping.load()
    swapping.lending.do(swap_lost_by_two, swapping.loan_id, reason="The courier's bag is gone")
    assert (swapping.loan.state, swapping.loan.swap_tablet_id) == (LoanState.ACTIVE, None)
    assert swapping.tablet(swapping.other).stage is Stage.LOST
    assert swapping.tablet(swapping.own).stage is Stage.ON_LOAN


def test_a_swap_told_again_as_earlier_sets_the_links_and_moves_nothing(swapping: Swapping) -> None:
    swapping.load()
    swapping.swap()
    earlier = swapping.lending.clock()
    swapping.lending.clock.advance(hours=2)
    told = {"tablet_id": swapping.own, "brought_id": swapping.other, "handed_to": HandedTo.CARER}
    swapping.lending.do(
        loans.swapped_earlier,
        swapping.loan_id,
        role=Role.COURIER,
        client_at=earlier,
        seen={"sim_in_tray": True},
        **told,
    )
    links = swapping.lending.read(queries.tablets_had, swapping.loan_id)
    assert (links[0].to_at, links[1].from_at) == (earlier, earlier)
    events = swapping.lending.read(queries.events, swapping.loan_id)
    assert events[0].details["sim_in_tray"] is True


@ON_SQLITE
def test_a_coordinator_swaps_both_tablets_at_the_counter(
    swapping: Swapping, browser_as: Callable[..., Browser]
) -> None:
    lending, here = swapping.lending, f"/loans/{swapping.loan_id}/swap/at-hub"
    own, other = codes_of(swapping)
    coordinator = browser_as(Role.COORDINATOR)
    assert here in coordinator.get(f"/loans/{swapping.loan_id}").text
    page = coordinator.get(here).text
    assert page.index(own) < page.index(other)
    unsaid = coordinator.submit(here, {"code": own})
    assert unsaid.status_code == 422
    for sentence in ("Scan the label, or type its code.", "Choose who takes it.", "Look where their SIM is, and say."):
        assert sentence in unsaid.text
    given = {"code": own.lower(), "handed_to": "carer", "sim_in_tray": "yes", "condition": "damaged"}
    wrong = coordinator.submit(here, given | {"second_code": own})
    assert (wrong.status_code, f"take {other}" in wrong.text) == (409, True)
    done = coordinator.submit(here, given | {"second_code": other})
    assert (done.status_code, done.headers["location"]) == (303, f"/loans/{swapping.loan_id}")
    said = coordinator.get(done.headers["location"]).text
    assert f"Their SIM is in {own}" in said
    assert f"Swapped: {own} came back, {other} stays" in said
    assert swapping.tablet(swapping.own).stage is Stage.RETURNED
    assert lending.tablet_id(swapping.loan_id) == swapping.other
    told = next(each for each in lending.read(queries.events, swapping.loan_id) if each.kind == "swap")
    assert (told.details["condition"], told.details["sim_in_tray"]) == ("damaged", True)


@ON_SQLITE
def test_the_counter_says_where_the_other_tablet_is(swapping: Swapping, browser_as: Callable[..., Browser]) -> None:
    coordinator, here = browser_as(Role.COORDINATOR), f"/loans/{swapping.loan_id}/swap/at-hub"
    own, other = codes_of(swapping)
    swapping.load()
    assert f"A courier has {other}." in coordinator.get(here).text
    given = {"code": own, "second_code": other, "handed_to": "carer", "sim_in_tray": "no"}
    refused = coordinator.submit(here, given)
    assert (refused.status_code, "Scan it back at the hub first" in refused.text) == (409, True)
    swapping.swap()
    assert "No other tablet is kept" in coordinator.get(here).text


@ON_SQLITE
def test_a_program_arranges_a_swap_and_tells_of_it(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    loan, other = lending.loan_at(LoanState.ACTIVE), lending.tablet().id
    own, coordinator = lending.tablet_id(loan.id), browser_as(Role.COORDINATOR)
    address = f"/api/v1/loans/{loan.id}/swap"
    unsaid = coordinator.post(address, json={"tablet_id": other})
    assert (unsaid.status_code, unsaid.json()["code"]) == (409, "move_refused")
    asked = {"tablet_id": other, "reason": "Its screen is cracked", "client_id": "swap-0001"}
    kept = [coordinator.post(address, json=asked).json() for _ in range(2)]
    assert [each["swap_tablet_id"] for each in kept] == [other, other]
    told = {"tablet_id": own, "brought_id": other, "handed_to": "participant", "client_id": "swap-0002"}
    swapped = [coordinator.post(f"{address}/done", json=told).json() for _ in range(2)]
    assert [(each["tablet_id"], each["due_on"]) for each in swapped] == [(other, str(loan.due_on))] * 2
    assert browser_as(Role.COURIER).post(address, json=asked).status_code == 403


@ON_SQLITE
def test_what_was_swapped_out_says_so_until_it_was_cleaned(
    swapping: Swapping, browser_as: Callable[..., Browser]
) -> None:
    lending, technician = swapping.lending, browser_as(Role.TECHNICIAN)
    (_, other), page = codes_of(swapping), f"/tablets/{swapping.own}"
    assert "Swapped out" not in technician.get(page).text
    swapping.load()
    swapping.swap()
    assert f"Swapped out: {other} stays instead. It holds somebody" in technician.get(page).text
    assert "bring it to the hub and scan it in there" in technician.get(page).text
    lending.do(loans.scan_in, tablet_id=swapping.own, role=Role.TECHNICIAN)
    assert "look it over, clean it, then wipe it" in technician.get(page).text
    lending.inspect(swapping.own)
    assert "It holds somebody" not in technician.get(page).text
    assert "Swapped out" not in technician.get(f"/tablets/{swapping.other}").text


def codes_of(swapping: Swapping) -> tuple[str, str]:
    """What stands on the label of the one that comes back, and of the one that stays."""
    pair = [swapping.own, swapping.other]
    with swapping.lending.database.write() as session:
        actor, happening = swapping.lending.actor(Role.TECHNICIAN), swapping.lending.happening()
        tags.make_tags(session, pair, actor=actor, happening=happening)
        codes = tags.codes_of(session, pair)
    return codes[swapping.own], codes[swapping.other]


def test_the_other_tablet_lost_after_the_loan_ended_is_recorded_and_changes_nothing_else(swapping: Swapping) -> None:
    lending = swapping.lending
    swapping.load()
    lending.do(loans.hand_in, swapping.loan_id, tablet_id=swapping.own, role=Role.TECHNICIAN)
    lending.inspect(swapping.own)
    lending.do(swap_lost_by_two, swapping.loan_id, reason="The courier's bag is gone")
    loan = swapping.loan
    assert (loan.state, loan.swap_tablet_id) == (LoanState.CLOSED_RETURNED, None)
    assert swapping.tablet(swapping.other).stage is Stage.LOST


def test_a_hand_in_taken_back_leaves_the_swap_arranged(swapping: Swapping) -> None:
    lending = swapping.lending
    lending.do(loans.hand_in, swapping.loan_id, tablet_id=swapping.own, role=Role.TECHNICIAN)
    assert swapping.tablet(swapping.other).stage is Stage.READY
    lending.do(loans.undo_scan_in, tablet_id=swapping.own, role=Role.TECHNICIAN, reason="The wrong tablet")
    loan = swapping.loan
    assert (loan.state, loan.swap_tablet_id) == (LoanState.ACTIVE, swapping.other)
    assert swapping.tablet(swapping.other).stage is Stage.ALLOCATED


def test_a_swap_called_off_since_is_not_arranged_again_by_a_later_hand_in_taken_back(swapping: Swapping) -> None:
    lending = swapping.lending
    for reason in ("It works again", ""):
        lending.do(loans.scan_in, tablet_id=swapping.own, role=Role.TECHNICIAN)
        lending.do(loans.undo_scan_in, tablet_id=swapping.own, role=Role.TECHNICIAN, reason="The wrong tablet")
        if reason:
            lending.do(loans.call_off_swap, swapping.loan_id, reason=reason)
    assert swapping.loan.swap_tablet_id is None
    assert swapping.tablet(swapping.other).stage is Stage.READY


def test_a_hand_in_taken_back_says_when_the_other_tablet_went_to_somebody_else(swapping: Swapping) -> None:
    lending = swapping.lending
    lending.do(loans.hand_in, swapping.loan_id, tablet_id=swapping.own, role=Role.TECHNICIAN)
    elsewhere = lending.loan_at(LoanState.APPROVED)
    lending.do(loans.allocate, elsewhere.id, tablet_id=swapping.other, sim_id=lending.sim().id)
    lending.do(loans.undo_scan_in, tablet_id=swapping.own, role=Role.TECHNICIAN, reason="The wrong tablet")
    assert swapping.loan.swap_tablet_id is None
    assert "arrange the swap anew" in lending.read(queries.events, swapping.loan_id)[0].words
