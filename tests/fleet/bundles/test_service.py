"""SIMs and their data: taking in, buying data, switching on, and what a card's number gives away."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fleet.bundles import queries, service
from fleet.bundles.models import Sim
from fleet.bundles.rules import SimMove, SimState
from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.users.rules import Role
from tests.lending import Lending


def move(lending: Lending, sim: Sim, name: SimMove, **told: Any) -> None:
    actor = lending.actor(Role.COORDINATOR)
    with lending.database.write() as session:
        service.move(session, sim.id, name, actor=actor, happening=lending.happening(**told), rest_days=30)


def add(lending: Lending, iccid: str, network: str = "Sample Mobile") -> Sim:
    actor, happening = lending.actor(Role.TECHNICIAN), lending.happening()
    with lending.database.write() as session:
        return service.add_sim(
            session, hub_id=lending.hub_id, iccid=iccid, network=network, actor=actor, happening=happening
        )


def test_a_number_on_record_is_refused_and_says_how_that_one_stands(lending: Lending) -> None:
    first = add(lending, "8944100000000000000")
    with pytest.raises(service.SimAlreadyHere, match="it is in stock") as refused:
        add(lending, "8944 1000 0000 0000 000")
    assert refused.value.details == {"sim_id": first.id}


@pytest.mark.parametrize("iccid", ["123", "not a number at all", ""])
def test_what_is_no_number_is_refused(lending: Lending, iccid: str) -> None:
    with pytest.raises(BadInput) as refused:
        add(lending, iccid)
    assert refused.value.fields == {"iccid": "Enter the 19 or 20 digits printed on the SIM card."}


def test_a_check_digit_that_does_not_fit_is_a_warning_and_the_card_is_kept(lending: Lending) -> None:
    assert service.iccid_warning("8944100000000000000") is None
    assert service.iccid_warning("89441000000000000018") is None
    assert "once more" in (service.iccid_warning(add(lending, "8944100000000000001").iccid) or "")


def test_data_ends_months_after_it_is_switched_on_and_not_after_it_was_bought(lending: Lending) -> None:
    sim = lending.sim(months=1)
    lending.clock.advance(days=60)
    move(lending, sim, SimMove.RESERVE)
    move(lending, sim, SimMove.ACTIVATE)
    bundle = lending.read(queries.current_bundle, sim.id)
    assert bundle is not None
    assert (bundle.activated_on, bundle.ends_on) == (date(2026, 7, 31), date(2026, 8, 31))


def test_switching_on_again_does_not_give_the_months_again(lending: Lending) -> None:
    sim = lending.sim(months=3)
    for name in (SimMove.RESERVE, SimMove.ACTIVATE, SimMove.SUSPEND, SimMove.REST):
        move(lending, sim, name)
    with pytest.raises(MoveRefused, match="not moved to “back in stock”"):
        move(lending, sim, SimMove.REUSE)
    lending.clock.advance(days=30)
    for name in (SimMove.REUSE, SimMove.RESERVE, SimMove.ACTIVATE):
        move(lending, sim, name)
    bundle = lending.read(queries.current_bundle, sim.id)
    assert bundle is not None
    assert bundle.ends_on == date(2026, 9, 1)
    assert bundle.suspended_on is None


def test_a_sim_whose_data_has_ended_waits_for_more(lending: Lending) -> None:
    sim = lending.sim(months=1)
    for name in (SimMove.RESERVE, SimMove.ACTIVATE, SimMove.SUSPEND, SimMove.REST):
        move(lending, sim, name)
    lending.clock.advance(days=60)
    with pytest.raises(MoveRefused) as refused:
        move(lending, sim, SimMove.REUSE)
    assert refused.value.reasons == ("Its data has ended; attach a new bundle first.",)


def test_data_is_not_changed_under_somebody_who_is_using_it(lending: Lending) -> None:
    sim = lending.sim()
    move(lending, sim, SimMove.RESERVE)
    with pytest.raises(Conflict, match="its data was not changed"), lending.database.write() as session:
        service.attach_bundle(
            session,
            sim.id,
            gb_per_month=5,
            months=1,
            cost_pence=0,
            actor=lending.actor(Role.COORDINATOR),
            happening=lending.happening(),
        )


def test_what_follows_from_a_loan_is_not_pressed_on_the_sim(lending: Lending) -> None:
    sim, actor = lending.sim(), lending.actor(Role.TECHNICIAN)
    with pytest.raises(MoveRefused, match="follows from a loan"), lending.database.write() as session:
        service.press(
            session, sim.id, SimMove.RESERVE, actor=actor, settings=lending.settings, happening=lending.happening()
        )


def test_destroying_needs_a_reason_and_ends_it(lending: Lending) -> None:
    sim = lending.sim()
    with pytest.raises(MoveRefused):
        move(lending, sim, SimMove.DESTROY)
    move(lending, sim, SimMove.DESTROY, reason="Broken in two")
    assert lending.read(service.get_sim, sim.id).state is SimState.DESTROYED
