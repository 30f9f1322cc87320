"""Every ending works out what it must stop, says so, and asks what comes next."""

from __future__ import annotations

import pytest

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimState
from fleet.errors import BadInput, Conflict
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.rules import GoesOn, HandedTo, LoanState, StopReason
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending, lost_by_two


def stopped(lending: Lending, loan_id: int) -> str:
    with lending.database.read() as session:
        return " ".join(loans.what_stopped(session, loans.get_loan(session, loan_id)))


@ON_SQLITE
def test_a_loss_keeps_its_reference_and_says_what_it_stopped(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lost = lending.do(lost_by_two, loan.id, reason="Stolen from the hall", reference="CAD 1234/26")
    assert lost.lost_reference == "CAD 1234/26"
    assert "Reminders: none" in stopped(lending, loan.id)
    assert "is lost: somebody is asked to have it barred" in stopped(lending, loan.id)


@ON_SQLITE
def test_a_death_says_that_the_swap_was_called_off_too(lending: Lending) -> None:
    loan, other = lending.loan_at(LoanState.ACTIVE), lending.tablet()
    lending.do(loans.arrange_swap, loan.id, tablet_id=other.id, reason="Its screen is cracked")
    lending.do(loans.stop_for_death, loan.id)
    assert f"Swap: called off; Tablet {other.id} is in stock again." in stopped(lending, loan.id)


@ON_SQLITE
def test_somebody_who_moved_away_is_left_in_peace(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    after = lending.do(loans.stop_contact, loan.id, StopReason.MOVED_AWAY)
    assert (after.stop_reason, after.state) == (StopReason.MOVED_AWAY, LoanState.ACTIVE)
    assert "Reminders: none" in stopped(lending, loan.id)


@ON_SQLITE
@pytest.mark.parametrize("authority", ["", "x" * 121])
def test_a_gift_names_who_allowed_it(lending: Lending, authority: str) -> None:
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(gifts_allowed=True))
    with pytest.raises(BadInput) as refused:
        lending.do(loans.mark_gifted, loan.id, authority=authority)
    assert "authority" in refused.value.fields


@ON_SQLITE
@pytest.mark.parametrize("said", ["{}", " {} ", "{}, coordinator", "Chair: {}", "me", "Myself."])
def test_nobody_allows_themselves_to_give_a_tablet_away(lending: Lending, said: str) -> None:
    """The form asks for a name and what they are, so the name stands among other words."""
    own = said.format("  ".join(lending.actor(Role.COORDINATOR).name.upper().split()))
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(gifts_allowed=True))
    with pytest.raises(BadInput) as refused:
        lending.do(loans.mark_gifted, loan.id, authority=own)
    assert refused.value.fields == {"authority": "Somebody else has to allow it: name them."}
    given = lending.do(loans.mark_gifted, loan.id, authority="Sample Trustee, chair")
    assert (given.state, given.gift_authority) == (LoanState.CLOSED_GIFTED, "Sample Trustee, chair")


@ON_SQLITE
def test_a_lost_tablet_turns_up_long_after_and_blames_nobody(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(loan.id)
    lending.do(lost_by_two, loan.id, reason="Nobody knows", reference="")
    lending.clock.advance(days=200)
    found = lending.do(loans.found, tablet_id=tablet_id, role=Role.TECHNICIAN)
    assert found is not None
    assert (found.id, found.state) == (loan.id, LoanState.CLOSED_RETURNED)
    assert lending.read(tablets.get_tablet, tablet_id).stage is Stage.RETURNED


@ON_SQLITE
def test_what_somebody_goes_on_to_is_kept_and_may_turn_out_otherwise(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.CLOSED_RETURNED)
    lending.do(loans.say_what_next, loan.id, GoesOn.LIBRARY)
    after = lending.do(loans.say_what_next, loan.id, GoesOn.BOUGHT)
    assert after.goes_on_to is GoesOn.BOUGHT
    assert [each.details["to"] for each in lending.read(queries.events, loan.id) if each.kind == "goes_on"] == [
        "bought",
        "library",
    ]


@ON_SQLITE
def test_nobody_is_asked_what_the_dead_go_on_to(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.do(loans.stop_for_death, loan.id)
    with pytest.raises(Conflict):
        lending.do(loans.say_what_next, loan.id, GoesOn.NOTHING)


@ON_SQLITE
def test_a_card_that_lies_at_the_hub_is_not_lost_with_the_tablet(lending: Lending) -> None:
    """It came back in the tablet that was swapped out, and nobody has brought it to its person yet (rule R28)."""
    loan, other = lending.loan_at(LoanState.ACTIVE), lending.tablet()
    lending.do(loans.arrange_swap, loan.id, tablet_id=other.id, reason="Its screen is cracked")
    lending.do(
        loans.swap_at_hub,
        loan.id,
        tablet_id=lending.tablet_id(loan.id),
        brought_id=other.id,
        handed_to=HandedTo.PARTICIPANT,
        seen={"sim_in_tray": True},
    )
    sims = lending.read(queries.last_sim, loan.id)
    assert sims is not None
    lending.do(lost_by_two, loan.id, reason="Left on a bus")
    assert lending.read(bundles.get_sim, sims.sim_id).state is SimState.SUSPENDED


@ON_SQLITE
@pytest.mark.parametrize("why", [StopReason.DIED, StopReason.MOVED_TO_CARE])
def test_what_comes_back_undelivered_for_a_loan_that_was_stopped_is_stock_again(
    lending: Lending, why: StopReason
) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    tablet_id = lending.tablet_id(loan.id)
    lending.do(loans.stop_contact, loan.id, why)
    lending.do(loans.scan_in, tablet_id=tablet_id, role=Role.TECHNICIAN)
    assert lending.read(loans.get_loan, loan.id).state is LoanState.CANCELLED
    assert lending.read(tablets.get_tablet, tablet_id).stage is Stage.READY
