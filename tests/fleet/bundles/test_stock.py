"""The stock: kinds, numbers that are doubted and answered, phone numbers, grants, and the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fleet.bundles import queries, service
from fleet.bundles.models import Sim
from fleet.bundles.rules import Ownership, SimKind, SimMove, SimState
from fleet.errors import BadInput, Conflict, MoveRefused
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.bundles.stocked import act, in_use, needed, today
from tests.lending import Lending


def add(lending: Lending, iccid: str, **asked: Any) -> Sim:
    return act(lending, service.add_sim, hub_id=lending.hub_id, iccid=iccid, network="Sample Mobile", **asked)


def press(lending: Lending, sim_id: int, name: SimMove, **told: Any) -> None:
    act(lending, service.press, sim_id, name, settings=lending.settings, **told)


def test_a_phone_number_is_on_one_living_card(lending: Lending) -> None:
    """Rule R25."""
    first = add(lending, "8944100000000000000", phone="07700 900123")
    with pytest.raises(service.PhoneAlreadyHere, match="ending 00000"):
        add(lending, "8944100000000000018", phone="+44 7700 900123")
    press(lending, first.id, SimMove.DESTROY, reason="Bent")
    assert add(lending, "8944100000000000018", phone="+44 7700 900123").phone == "07700900123"


@ON_SQLITE
def test_a_card_whose_check_digit_was_read_or_left_out_is_one_card(lending: Lending) -> None:
    """Rule R25: some print 19 digits of it and some all 20."""
    short, whole = "8944100000000000026", "89441000000000000265"
    first = add(lending, short)
    for typed in (whole, "8944 1000 0000 0000 0265", f"{short}F"):
        with pytest.raises(service.SimAlreadyHere):
            add(lending, typed)
    second = add(lending, "89441000000000000349")
    with pytest.raises(service.SimAlreadyHere) as refused:
        add(lending, "8944100000000000034")
    assert refused.value.details == {"sim_id": second.id}
    rest = {"network": "Sample Mobile", "phone": "", "serial": ""}
    with pytest.raises(service.SimAlreadyHere):
        act(lending, service.correct_sim, second.id, iccid=whole, **rest)
    assert act(lending, service.correct_sim, first.id, iccid=whole, **rest).iccid == whole
    with lending.database.read() as session:
        service.check_tray(session, first, short)


@ON_SQLITE
def test_a_number_that_somebody_had_rests_whatever_card_it_comes_back_on(lending: Lending) -> None:
    """Rule R29: who rang the person before does not reach the next one by another card."""
    sim = in_use(lending)
    rest = {"iccid": sim.iccid, "network": "Sample Mobile", "serial": ""}
    act(lending, service.correct_sim, sim.id, phone="07700 900123", **rest)
    act(lending, service.move, sim.id, SimMove.SUSPEND)
    press(lending, sim.id, SimMove.DESTROY, reason="Bent")
    again = add(lending, "8944100000000000018", phone="07700 900123")
    assert again.rests_until == today(lending) + timedelta(days=lending.settings.sim_rest_days)
    loan = lending.request()
    kept_for = service.KeptFor(loan.id, loan.person_id, None)
    with pytest.raises(MoveRefused) as refused:
        act(lending, service.move, again.id, SimMove.RESERVE, kept_for=kept_for)
    assert "rests until" in refused.value.reasons[0]
    assert lending.read(service.stock, hub_id=lending.hub_id, today=today(lending)) == []
    other = add(lending, "8944100000000000034")
    act(lending, service.correct_sim, other.id, **{**rest, "iccid": other.iccid}, phone="")
    assert lending.read(service.get_sim, other.id).rests_until is None
    press(lending, again.id, SimMove.DESTROY, reason="Bent too")
    act(lending, service.correct_sim, other.id, **{**rest, "iccid": other.iccid}, phone="07700 900123")
    assert lending.read(service.get_sim, other.id).rests_until == again.rests_until
    lending.clock.advance(days=lending.settings.sim_rest_days)
    act(lending, service.move, other.id, SimMove.RESERVE, kept_for=kept_for)


@ON_SQLITE
def test_a_number_that_nobody_had_need_not_rest(lending: Lending) -> None:
    first = add(lending, "8944100000000000000", phone="07700 900123")
    press(lending, first.id, SimMove.EXPIRE)
    assert add(lending, "8944100000000000018", phone="07700 900123").rests_until is None


@ON_SQLITE
def test_a_voucher_has_a_number_of_its_own_and_a_mifi_a_serial(lending: Lending) -> None:
    voucher = add(lending, "V-100", kind=SimKind.VOUCHER)
    mifi = add(lending, "8944100000000000000", kind=SimKind.MIFI, serial="MF-1")
    assert (voucher.iccid, service.number_warning(voucher), mifi.serial) == ("V-100", None, "MF-1")
    with pytest.raises(BadInput):
        add(lending, "V-100", kind=SimKind.ESIM)


@ON_SQLITE
def test_a_doubted_number_is_answered_once_and_doubted_again_when_it_changes(lending: Lending) -> None:
    sim = add(lending, "8944100000000000001")
    assert "once more" in (service.number_warning(sim) or "")
    sim = act(lending, service.answer_number, sim.id)
    assert service.number_warning(sim) is None
    rest = {"network": "Sample Mobile", "phone": "", "serial": ""}
    sim = act(lending, service.correct_sim, sim.id, iccid="8944100000000000002", **rest)
    assert service.number_warning(sim) is not None
    with lending.database.read() as session:
        words = [event.words for event in queries.events(session, sim.id)]
    assert words == ["Set right: the number", "The number was read once more: it is printed so", "Taken into stock"]


@ON_SQLITE
def test_the_same_act_sent_twice_is_done_once(lending: Lending) -> None:
    first = add(lending, "8944100000000000000", client_id="taken-in-1")
    assert add(lending, "8944100000000000000", client_id="taken-in-1").id == first.id
    bought = {"gb_per_month": 5, "months": 1, "cost_pence": 100, "client_id": "bought-01"}
    one, two = (act(lending, service.attach_bundle, first.id, **bought) for _ in range(2))
    assert one is not None
    assert two is not None
    assert one.id == two.id
    with pytest.raises(service.SimActUsedBefore):
        act(lending, service.top_up, first.id, gb=0, months=1, cost_pence=0, client_id="bought-01")


@ON_SQLITE
def test_a_grant_needs_the_day_it_was_asked_for_and_stays_with_its_person(lending: Lending) -> None:
    """Rule R27: not re-issued to the next borrower; eligibility is a day, not a paper."""
    sim, person, other = lending.sim(months=None), lending.person(), lending.person()
    grant = {"gb_per_month": 40, "months": 6, "cost_pence": 0, "ownership": Ownership.PERSONS_OWN}
    with pytest.raises(BadInput) as refused:
        act(lending, service.attach_bundle, sim.id, **grant)
    assert "No papers are kept" in refused.value.fields["eligible_on"]
    act(lending, service.attach_bundle, sim.id, **grant, eligible_on=today(lending))
    kept_for = service.KeptFor(lending.request(person=person).id, person.id, None)
    for name in (SimMove.RESERVE, SimMove.ACTIVATE, SimMove.SUSPEND):
        act(lending, service.move, sim.id, name, kept_for=kept_for if name is SimMove.RESERVE else None)
    with pytest.raises(MoveRefused, match="resting"):
        press(lending, sim.id, SimMove.REST)
    with lending.database.read() as session:
        facts = service.facts_of(sim, queries.current_bundle(session, sim.id), today(lending), person_id=other.id)
        assert not facts.same_person
    press(lending, sim.id, SimMove.KEEP, reason="It is theirs")


@ON_SQLITE
def test_a_grant_that_was_kept_for_one_person_is_offered_to_no_other_until_they_were_asked(lending: Lending) -> None:
    """Rule R27: the day on which one person was asked says nothing about the next."""
    sim, person, other = lending.sim(for_one_person=True), lending.person(), lending.person()
    first, second = (service.KeptFor(lending.request(person=each).id, each.id, None) for each in (person, other))

    def offered(to: int) -> list[int]:
        found = lending.read(service.stock, hub_id=lending.hub_id, today=today(lending), person_id=to)
        return [each.id for each, _bundle in found]

    assert offered(other.id) == [sim.id]
    act(lending, service.move, sim.id, SimMove.RESERVE, kept_for=first)
    act(lending, service.move, sim.id, SimMove.RELEASE)
    assert (offered(person.id), offered(other.id)) == ([sim.id], [])
    with pytest.raises(MoveRefused) as refused:
        act(lending, service.move, sim.id, SimMove.RESERVE, kept_for=second)
    assert "ask this person too" in refused.value.reasons[0]
    with pytest.raises(BadInput):
        act(lending, service.record_eligibility, sim.id, today(lending) + timedelta(days=1))
    act(lending, service.record_eligibility, sim.id, today(lending))
    act(lending, service.move, sim.id, SimMove.RESERVE, kept_for=second)
    with pytest.raises(Conflict):
        act(lending, service.record_eligibility, sim.id, today(lending))
    act(lending, service.move, sim.id, SimMove.ACTIVATE)
    act(lending, service.move, sim.id, SimMove.SUSPEND)
    with pytest.raises(Conflict):
        act(lending, service.record_eligibility, sim.id, today(lending))


def test_a_lost_card_waits_until_somebody_says_when_it_was_barred(lending: Lending) -> None:
    sim = lending.sim()
    press(lending, sim.id, SimMove.LOSE, reason="Not in the drawer")
    assert [number for _asks, number in needed(lending)] == [sim.id]
    at = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
    press(lending, sim.id, SimMove.BAR, client_at=at)
    barred = lending.read(service.get_sim, sim.id)
    assert (barred.state, barred.barred_at) == (SimState.BARRED, at)
    assert needed(lending) == []


@ON_SQLITE
def test_more_is_added_to_data_that_somebody_uses_and_to_none_that_is_gone(lending: Lending) -> None:
    sim = in_use(lending)
    with pytest.raises(Conflict, match="its data was not changed"):
        act(lending, service.attach_bundle, sim.id, gb_per_month=5, months=1, cost_pence=0)
    with pytest.raises(BadInput):
        act(lending, service.top_up, sim.id, gb=0, months=0, cost_pence=0)
    with pytest.raises(Conflict, match="not switched on yet"):
        act(lending, service.top_up, lending.sim().id, gb=5, months=0, cost_pence=0)
    with pytest.raises(Conflict, match="no data bundle"):
        act(lending, service.top_up, lending.sim(months=None).id, gb=5, months=0, cost_pence=0)


@ON_SQLITE
def test_the_catalogue_keeps_names_apart_and_what_was_bought_keeps_its_figures(lending: Lending) -> None:
    offered = service.Offered("Large", "Sample Mobile", 40, 6, 6000, zero_rated=("999 BSL", " ", "999 BSL"))
    with lending.database.write() as session:
        offer = service.add_offer(session, offered, hub_id=lending.hub_id, now=lending.clock())
        assert offer.zero_rated == ["999 BSL"]
        with pytest.raises(service.OfferNameTaken):
            service.add_offer(session, offered, hub_id=lending.hub_id, now=lending.clock())
    sim = lending.sim(months=None)
    act(lending, service.attach_bundle, sim.id, gb_per_month=40, months=6, cost_pence=6000, offer_id=offer.id)
    with lending.database.write() as session:
        service.change_offer(session, offer.id, service.Offered("Large", "Sample Mobile", 50, 6, 7000, active=False))
        assert service.catalogue(session) == []
    bundle = lending.read(queries.current_bundle, sim.id)
    assert bundle is not None
    assert (bundle.gb_per_month, bundle.cost_pence) == (40, 6000)


@ON_SQLITE
def test_cards_with_live_data_are_offered_before_those_whose_data_has_ended(lending: Lending) -> None:
    ended, bare, live = lending.sim(), lending.sim(months=None), lending.sim()
    act(lending, service.record_activation, ended.id, today(lending).replace(year=2025))
    offered = lending.read(service.stock, hub_id=lending.hub_id, today=today(lending))
    assert [sim.id for sim, _bundle in offered] == [live.id, ended.id, bare.id]
