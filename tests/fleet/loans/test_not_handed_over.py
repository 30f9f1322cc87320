"""A hand-over that was pressed by mistake is taken back while it is fresh, and with it all that followed (rule R15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from fleet.bundles import queries as bundle_queries
from fleet.bundles import service as bundles
from fleet.bundles.models import Sim
from fleet.bundles.rules import SimMove, SimState
from fleet.errors import MoveRefused
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan, LoanAgreement
from fleet.loans.rules import LoanState
from fleet.loans.service import WrongTablet
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, DataState, Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser


def not_handed_over(lending: Lending, loan: Loan, **asked: Any) -> Loan:
    given: dict[str, Any] = {
        "tablet_id": lending.tablet_id(loan.id),
        "nobody_had_it": True,
        "reason": "Pressed by mistake",
    }
    return lending.do(loans.undo_hand_over, loan.id, **(given | asked))


def tablet_of(lending: Lending, loan: Loan) -> Tablet:
    return lending.read(tablets.get_tablet, lending.tablet_id(loan.id))


def sim_of(lending: Lending, loan: Loan) -> Sim:
    with lending.database.read() as session:
        link = queries.open_sim(session, loan.id)
        assert link is not None
        return session.get_one(Sim, link.sim_id)


def handed_over_at_the_hub(lending: Lending) -> Loan:
    loan = lending.loan_at(LoanState.ALLOCATED)
    return lending.hand_over(loan.id, role=Role.COORDINATOR)


def refused(lending: Lending, loan: Loan, **asked: Any) -> str:
    with pytest.raises(MoveRefused) as refusal:
        not_handed_over(lending, loan, **asked)
    return " ".join(refusal.value.reasons)


def test_what_was_pressed_in_the_van_leaves_the_tablet_with_its_courier(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    before = tablet_of(lending, loan)
    lending.clock.advance(minutes=20)
    lending.hand_over(loan.id)
    lending.clock.advance(minutes=20)
    after = not_handed_over(lending, loan)
    assert after.state is LoanState.OUT_FOR_DELIVERY
    assert (after.started_on, after.original_due_on, after.due_on, after.handed_to) == (None, None, None, None)
    assert after.agreement_accepted_at is None
    now = tablet_of(lending, loan)
    assert (now.stage, now.custody, now.holder) == (Stage.IN_TRANSIT_OUT, Custody.COURIER, before.holder)
    assert (now.data, now.left_hub_at) == (DataState.CLEAN, before.left_hub_at)


def test_at_the_hub_it_is_kept_for_them_and_may_be_handed_over_that_day(lending: Lending) -> None:
    loan = handed_over_at_the_hub(lending)
    not_handed_over(lending, loan)
    tablet = tablet_of(lending, loan)
    assert (tablet.stage, tablet.custody, tablet.holder) == (Stage.ALLOCATED, Custody.HUB, "")
    again = lending.hand_over(loan.id, role=Role.COORDINATOR)
    assert again.state is LoanState.ACTIVE


def test_the_next_hand_over_counts_from_its_own_day(lending: Lending) -> None:
    """With a due version of its own; the first stays on record, and nobody was given longer by it."""
    loan = lending.loan_at(LoanState.ACTIVE)
    first = lending.read(loans.get_loan, loan.id).due_on
    not_handed_over(lending, loan)
    lending.clock.advance(days=3)
    again = lending.hand_over(loan.id)
    versions = lending.read(queries.due_versions, loan.id)
    assert [each.number for each in versions] == [1, 2]
    assert versions[0].due_on == first
    assert again.due_on == again.original_due_on == versions[1].due_on
    assert again.due_on is not None
    assert first is not None
    assert again.due_on > first
    assert lending.read(queries.count_extensions, loan.id) == 0


@ON_SQLITE
def test_its_page_calls_no_second_hand_over_an_extension(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    not_handed_over(lending, loan)
    lending.clock.advance(days=3)
    lending.hand_over(loan.id)
    lending.clock.advance(days=1)
    lending.do(loans.extend, loan.id, reason="Asked for longer")
    page = browser_as(Role.COORDINATOR).get(f"/loans/{loan.id}").text
    assert "The first date, of a hand-over that was taken back" in page
    assert "Handed over again" in page
    assert page.count("Extended: ") == 1
    assert "Extended: Asked for longer" in page


def test_no_data_runs_until_somebody_has_it(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    not_handed_over(lending, loan)
    sim = sim_of(lending, loan)
    bundle = lending.read(bundle_queries.current_bundle, sim.id)
    assert bundle is not None
    assert (sim.state, sim.used_before) == (SimState.INSTALLED, False)
    assert (bundle.activated_on, bundle.ends_on) == (None, None)
    lending.clock.advance(days=2)
    again = lending.hand_over(loan.id)
    bundle = lending.read(bundle_queries.current_bundle, sim.id)
    assert bundle is not None
    assert bundle.activated_on == again.started_on


@ON_SQLITE
def test_data_that_was_used_was_used_by_somebody(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    sim = sim_of(lending, loan)
    with lending.database.write() as session:
        bundles.record_usage(
            session,
            sim.id,
            on=date(2026, 6, 1),
            used_mb=40,
            actor=lending.actor(Role.COORDINATOR),
            happening=lending.happening(),
        )
    assert "Its data was used or topped up since it was switched on." in refused(lending, loan)
    assert lending.read(loans.get_loan, loan.id).state is LoanState.ACTIVE


def test_the_agreement_that_nobody_accepted_is_kept_and_another_is_made(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    not_handed_over(lending, loan)
    lending.clock.advance(days=1)
    again = lending.hand_over(loan.id)
    with lending.database.read() as session:
        kept = session.scalars(select(LoanAgreement).order_by(LoanAgreement.id)).all()
        assert [each.taken_back_at is None for each in kept] == [False, True]
        current = loans.agreement(session, loan.id)
        assert current is not None
        assert current.give_back_on == again.due_on
    with pytest.raises(DatabaseError), lending.database.write() as session:
        session.execute(update(LoanAgreement).values(taken_back_at=lending.clock(), title="Something else"))


def test_whoever_does_not_say_that_nobody_had_it_takes_it_in_as_a_return(lending: Lending) -> None:
    loan = handed_over_at_the_hub(lending)
    said = refused(lending, loan, nobody_had_it=False)
    assert said == "If anybody had it, even for a minute, take it in as one that came back: then it is wiped."
    assert "Say why, in a few words." in refused(lending, loan, reason=" ")


def test_the_label_in_hand_is_that_tablets(lending: Lending) -> None:
    loan, other = lending.loan_at(LoanState.ACTIVE), lending.loan_at(LoanState.ACTIVE)
    with pytest.raises(WrongTablet):
        not_handed_over(lending, loan, tablet_id=lending.tablet_id(other.id))


@ON_SQLITE
def test_a_day_later_it_stands(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.clock.advance(hours=24)
    not_handed_over(lending, loan)
    late = lending.loan_at(LoanState.ACTIVE)
    lending.clock.advance(hours=24, minutes=1)
    assert "more than 24 hours ago" in refused(lending, late)


@ON_SQLITE
@pytest.mark.parametrize("act", ["extended", "asked for back", "swapped", "claimed"])
def test_what_has_gone_on_since_makes_it_stand(lending: Lending, act: str) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    if act == "extended":
        lending.do(loans.extend, loan.id, reason="Asked for longer")
    elif act == "asked for back":
        lending.do(loans.arrange_return, loan.id)
        lending.do(loans.cancel_return, loan.id, reason="Not yet")
    elif act == "swapped":
        lending.do(loans.arrange_swap, loan.id, tablet_id=lending.tablet().id, reason="Its screen is cracked")
    else:
        with lending.database.write() as session:
            actor, told = lending.actor(Role.COORDINATOR), lending.happening()
            loans.claim_returned(session, loan.id, until=date(2026, 6, 15), actor=actor, happening=told)
    assert "More has happened to this loan since its hand-over, which stands." in refused(lending, loan)


def test_told_twice_it_is_taken_back_once(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    not_handed_over(lending, loan, client_id="undo-0001")
    lending.hand_over(loan.id)
    again = not_handed_over(lending, loan, client_id="undo-0001")
    assert again.state is LoanState.ACTIVE


def test_a_second_mistake_is_taken_back_as_the_first_was(lending: Lending) -> None:
    """The tablet has never left the hub's hands, however often somebody pressed."""
    loan = lending.loan_at(LoanState.ALLOCATED)
    left = tablet_of(lending, loan).left_hub_at
    for _ in range(2):
        lending.clock.advance(minutes=5)
        lending.hand_over(loan.id, role=Role.COORDINATOR)
        not_handed_over(lending, loan)
    assert tablet_of(lending, loan).left_hub_at == left
    lending.do(loans.undo_allocation, loan.id, reason="Another one fits better")


@ON_SQLITE
def test_data_that_the_network_switched_on_that_day_runs_on(lending: Lending) -> None:
    """Nobody had it, and its months run all the same."""
    loan = lending.loan_at(LoanState.ALLOCATED)
    sim = sim_of(lending, loan)
    with lending.database.write() as session:
        actor, told = lending.actor(Role.COORDINATOR), lending.happening()
        bundles.record_activation(session, sim.id, lending.clock().date(), actor=actor, happening=told)
    before = lending.read(bundle_queries.current_bundle, sim.id)
    lending.clock.advance(minutes=5)
    lending.hand_over(loan.id, role=Role.COORDINATOR)
    not_handed_over(lending, loan)
    after = lending.read(bundle_queries.current_bundle, sim.id)
    assert before is not None
    assert after is not None
    assert after.ends_on is not None
    assert (after.activated_on, after.ends_on) == (before.activated_on, before.ends_on)
    assert not sim_of(lending, loan).used_before


@ON_SQLITE
def test_a_card_that_somebody_had_before_runs_on_from_them(lending: Lending) -> None:
    """Reused data: the undo gives the bundle the days that it had before."""
    first = lending.loan_at(LoanState.COLLECTED)
    sim = sim_of(lending, first)
    tablet_id = lending.tablet_id(first.id)
    lending.do(loans.arrive_back, tablet_id=tablet_id, role=Role.TECHNICIAN)
    lending.inspect(tablet_id, sim_in_tray=True, sim_seen=sim.iccid[-6:])
    before = lending.read(bundle_queries.current_bundle, sim.id)
    assert before is not None
    assert before.suspended_on is not None
    lending.clock.advance(days=40)
    with lending.database.write() as session:
        bundles.press(
            session,
            sim.id,
            SimMove.REUSE,
            actor=lending.actor(Role.TECHNICIAN),
            settings=lending.settings,
            happening=lending.happening(),
        )
    loan = lending.loan_at(LoanState.APPROVED)
    lending.do(loans.allocate, loan.id, tablet_id=lending.tablet().id, sim_id=sim.id)
    lending.hand_over(loan.id, role=Role.COORDINATOR)
    not_handed_over(lending, loan)
    after = lending.read(bundle_queries.current_bundle, sim.id)
    assert after is not None
    assert (after.activated_on, after.ends_on, after.suspended_on) == (
        before.activated_on,
        before.ends_on,
        before.suspended_on,
    )
