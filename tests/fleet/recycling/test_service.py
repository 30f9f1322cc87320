"""Consignments as people pack them: what goes in, what each step does to the tablets, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.recycling import queries, service
from fleet.recycling.models import Consignment, ConsignmentTablet
from fleet.recycling.rules import ConsignmentKind, ConsignmentState, ReceiverBasis
from fleet.tablets import queries as tablet_queries
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, DataState, HoldKind, Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.recycling.conftest import Yard
from tests.labels.reading import texts
from tests.people import Browser


def said_of(yard: Yard, tablet: Tablet) -> list[str]:
    with yard.database.read() as session:
        return [event.words for event in reversed(tablet_queries.events(session, tablet.id))]


def test_tablets_leave_with_a_carrier_and_each_tells_it_on_its_own_timeline(yard: Yard) -> None:
    wiped, dead = yard.wiped(), yard.dead()
    consignment = yard.consignment()
    yard.put_in(consignment, wiped, 480)
    yard.put_in(consignment, dead, 520)
    yard.act(service.pack, consignment.id)
    yard.hand_over(consignment)
    with pytest.raises(MoveRefused, match="was not moved") as refused:
        yard.act(service.receive, consignment.id, service.Receipt("REC-9", date(2026, 6, 1)))
    assert "certificate of destruction" in refused.value.reasons[0]
    receipt = service.Receipt("REC-9", date(2026, 6, 1), grams=1010, destruction="DES-4")
    yard.act(service.receive, consignment.id, receipt)
    with yard.database.read() as session:
        found = service.get_consignment(session, consignment.id)
        assert (found.state, found.note_number) == (ConsignmentState.RECEIVED, "WTN-17")
        assert service.weighed(session, consignment.id) == queries.Sum(2, 1000, 1)
        for tablet in (wiped, dead):
            gone = tablets.get_tablet(session, tablet.id)
            assert (gone.stage, gone.custody) == (Stage.RECYCLED, Custody.CARRIER)
        event = next(each for each in tablet_queries.events(session, wiped.id) if each.kind == "recycle")
    assert event.reason == "Sample carrier (CBDU000000), note WTN-17, 16 02 14, 0.48 kg"
    assert event.details["weight_grams"] == 480
    assert said_of(yard, wiped) == ["Put into consignment R00001", "Recycled", "Receipt of the carrier came"]
    assert said_of(yard, dead)[-1] == "Storage destroyed, says the carrier"


@ON_SQLITE
def test_a_tablet_without_proof_that_its_data_is_gone_is_refused_with_every_reason(yard: Yard) -> None:
    consignment = yard.consignment()
    unproved = yard.stock(Stage.AWAITING_RECYCLE, data=DataState.CLEAN)
    with pytest.raises(MoveRefused) as refused:
        yard.put_in(consignment, unproved)
    assert refused.value.reasons == ("It has no certificate of a wipe, and nobody ordered its destruction.",)
    with pytest.raises(MoveRefused) as refused:
        yard.put_in(consignment, yard.stock(Stage.ON_LOAN))
    assert len(refused.value.reasons) == 2


@ON_SQLITE
def test_a_swollen_tablet_travels_apart(yard: Yard) -> None:
    swollen = yard.dead()
    yard.act(tablets.place_hold, swollen.id, HoldKind.SAFETY, reason="Swollen")
    with pytest.raises(MoveRefused, match="was not put into consignment R00001"):
        yard.put_in(yard.consignment(), swollen)
    apart = yard.consignment(kind=ConsignmentKind.DAMAGED_BATTERIES, waste_code="16 02 13*")
    yard.put_in(apart, swollen)
    with pytest.raises(MoveRefused):
        yard.put_in(apart, yard.wiped())


@ON_SQLITE
def test_one_that_was_held_after_it_was_packed_does_not_leave(yard: Yard) -> None:
    tablet, consignment = yard.wiped(), yard.consignment()
    yard.put_in(consignment, tablet)
    yard.act(service.pack, consignment.id)
    yard.act(tablets.place_hold, tablet.id, HoldKind.SAFETY, reason="Hot in the crate")
    with pytest.raises(MoveRefused, match="may not leave with consignment R00001"):
        yard.hand_over(consignment)
    with yard.database.read() as session:
        assert service.get_consignment(session, consignment.id).state is ConsignmentState.PACKED
        assert tablets.get_tablet(session, tablet.id).stage is Stage.AWAITING_RECYCLE
    yard.act(service.unpack, consignment.id, reason="One of them is hot")
    yard.act(service.take_out, consignment.id, tablet.id)
    assert said_of(yard, tablet)[-1] == "Taken out of consignment R00001"


def test_a_tablet_is_in_one_consignment_at_most_and_the_database_sees_to_it(yard: Yard) -> None:
    tablet, first, second = yard.wiped(), yard.consignment(), yard.consignment()
    yard.put_in(first, tablet)
    with pytest.raises(MoveRefused) as refused:
        yard.put_in(second, tablet)
    assert refused.value.reasons == ("It is in R00001 already.",)
    twice = ConsignmentTablet(
        consignment_id=second.id, tablet_id=tablet.id, weight_grams=1, battery_in=True, added_at=yard.clock()
    )
    with pytest.raises(IntegrityError), yard.database.write() as session:
        session.add(twice)


def test_two_people_put_one_tablet_into_two_consignments_and_one_is_told(yard: Yard) -> None:
    tablet, consignments = yard.wiped(), [yard.consignment(), yard.consignment()]
    start = Barrier(2)

    def put(consignment: Consignment) -> str:
        start.wait()
        try:
            yard.put_in(consignment, tablet)
        except MoveRefused as refused:
            return refused.reasons[0]
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(put, consignments))
    assert told[0] == ""
    assert told[1].endswith("already.")


@ON_SQLITE
def test_the_same_act_told_twice_is_done_once(yard: Yard) -> None:
    tablet = yard.wiped()
    consignment = yard.act(service.make, yard.words(), client_id="began-0001")
    assert yard.act(service.make, yard.words(), client_id="began-0001").id == consignment.id
    for _ in range(2):
        yard.put_in(consignment, tablet, client_id="put-in-0001")
    yard.act(service.pack, consignment.id)
    for _ in range(2):
        yard.hand_over(consignment, client_id="handed-0001")
    with pytest.raises(Conflict, match="used before"):
        yard.act(service.pack, consignment.id, client_id="handed-0001")
    assert said_of(yard, tablet) == ["Put into consignment R00001", "Recycled"]


@ON_SQLITE
def test_what_is_packed_stays_as_it_is_until_it_is_opened_again(yard: Yard) -> None:
    tablet, other, consignment = yard.wiped(), yard.wiped(), yard.consignment()
    yard.put_in(consignment, tablet)
    yard.act(service.pack, consignment.id)
    for act, given in ((service.change, yard.words()), (service.take_out, tablet.id)):
        with pytest.raises(Conflict, match="is not open"):
            yard.act(act, consignment.id, given)
    with pytest.raises(Conflict, match="is not open"):
        yard.put_in(consignment, other)
    with pytest.raises(MoveRefused) as refused:
        yard.act(service.unpack, consignment.id)
    assert refused.value.reasons == ("Say why, in a few words.",)


@ON_SQLITE
def test_one_that_is_called_off_lets_its_tablets_wait_for_another(yard: Yard) -> None:
    tablet, consignment = yard.wiped(), yard.consignment()
    yard.put_in(consignment, tablet)
    yard.act(service.call_off, consignment.id, reason="The carrier cannot come")
    with yard.database.read() as session:
        assert [each.id for each in service.waiting(session)] == [tablet.id]
    yard.put_in(yard.consignment(), tablet)


@ON_SQLITE
def test_what_cannot_be_true_is_refused_beside_its_field(yard: Yard) -> None:
    with pytest.raises(BadInput) as refused:
        yard.consignment(carrier_id=999, waste_code="16", sic_code="charity", register_checked_on=date(2026, 6, 2))
    assert set(refused.value.fields) == {"carrier_id", "waste_code", "sic_code", "register_checked_on"}
    consignment, tablet = yard.consignment(), yard.wiped()
    with pytest.raises(BadInput, match="was not put in"):
        yard.put_in(consignment, tablet, 0)
    yard.put_in(consignment, tablet)
    with pytest.raises(BadInput) as refused:
        yard.act(service.change, consignment.id, yard.words(kind=ConsignmentKind.DAMAGED_BATTERIES))
    assert "kind" in refused.value.fields
    yard.act(service.pack, consignment.id)
    yard.hand_over(consignment)
    for day, sentence in ((date(2026, 6, 2), "still to come"), (date(2026, 5, 31), "after the carrier had it")):
        with pytest.raises(BadInput) as refused:
            yard.act(service.receive, consignment.id, service.Receipt("R", day))
        assert sentence in refused.value.fields["received_on"]


@ON_SQLITE
def test_the_note_is_a_transfer_note_or_says_that_it_is_only_the_list(yard: Yard) -> None:
    plain, hazardous = yard.consignment(), yard.consignment(waste_code="16 02 13*")
    number = yard.put_in(plain, yard.wiped()).certificate_number
    with yard.database.read() as session:
        text = read_pdf(service.note_pdf(session, plain.id))
        same = service.note_pdf(session, plain.id) == service.note_pdf(session, plain.id)
        listed = read_pdf(service.note_pdf(session, hazardous.id))
    assert same
    for words in ("Waste transfer note", "CBDU000000", "EPR/AB1234CD", "16 02 14", "88.99", number, "0.48 kg"):
        assert words in text
    assert "Keep a copy of this paper for 2 years" in text
    assert "does not take that note's place" in listed
    assert "for 3 years" in listed


@ON_SQLITE
def test_words_that_cannot_be_printed_are_named(yard: Yard) -> None:
    consignment = yard.consignment(description="Tablets \U0001f5d1")
    with yard.database.read() as session, pytest.raises(Conflict) as refused:
        service.note_pdf(session, consignment.id)
    assert refused.value.next_step == "Change what it names, then print again."


def read_pdf(pdf: bytes) -> str:
    """Its words, read by somebody else's reader."""
    return " ".join(" ".join(texts(pdf)).split()).replace("\ufffe", "-")


@ON_SQLITE
def test_no_more_than_a_thousand_tonnes_a_year_go_to_a_site_under_its_exemption(yard: Yard) -> None:
    """Rule R24: the T11 exemption."""
    exempt = {"receiver_basis": ReceiverBasis.EXEMPTION, "receiver_permit": "EXP/T11-1"}
    before = yard.consignment(**exempt)
    yard.put_in(before, yard.wiped())
    yard.act(service.pack, before.id)
    yard.hand_over(before)
    with yard.database.write() as session:
        session.execute(update(ConsignmentTablet).values(weight_grams=999_999_000))
    yard.clock.advance(days=300)
    after = yard.consignment(**exempt | {"receiver_permit": "exp/t11-1"})
    yard.put_in(after, yard.wiped(), 1_000)
    yard.act(service.pack, after.id)
    yard.act(service.unpack, after.id, reason="One more")
    yard.put_in(after, yard.wiped(), 1)
    with pytest.raises(MoveRefused) as refused:
        yard.act(service.pack, after.id)
    assert "More than 1,000 tonnes" in refused.value.reasons[0]
    yard.clock.advance(days=67)
    yard.act(service.pack, after.id)


@ON_SQLITE
def test_a_tablet_is_recycled_with_a_consignment_and_no_other_way(
    yard: Yard, browser_as: Callable[..., Browser]
) -> None:
    """Rule R24: whatever leaves has a weight and a note."""
    tablet, coordinator = yard.wiped(), browser_as(Role.COORDINATOR)
    asked = {"move": "recycle", "reason": "Gone"}
    assert coordinator.post(f"/api/v1/tablets/{tablet.id}/moves", json=asked).status_code == 409
    assert coordinator.submit(f"/tablets/{tablet.id}/moves/recycle", {"reason": "Gone"}).status_code in (404, 409, 422)
    with yard.database.read() as session:
        assert tablets.get_tablet(session, tablet.id).stage is Stage.AWAITING_RECYCLE
