"""The same person recorded twice: their request goes onto one record, and the other one ends where it is empty."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.errors import Conflict
from fleet.loans import queries as loan_queries
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.people import queries, service
from fleet.people.models import Person
from fleet.people.rules import NeedCode
from fleet.privacy.service import join
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

SAME = {"first_name": "Sample", "last_name": "Twice", "postcode": "N1 9GU"}


def twice(lending: Lending) -> tuple[Loan, Person]:
    """A request on a doubled record, and the record of the same person, who had a tablet before."""
    kept = lending.person(**SAME, phone="07700 900111", needs=frozenset({NeedCode.TEXT_ON_ARRIVAL}))
    programme = lending.programme(bundle_required=False)
    lending.loan_at(LoanState.CLOSED_RETURNED, programme, person=kept)
    doubled = lending.person(**SAME, phone="07700 900222", needs=frozenset({NeedCode.LARGE_TEXT}))
    return lending.loan_at(LoanState.APPROVED, programme, person=doubled), kept


def joined(lending: Lending, loan: Loan, kept: Person, *, take_all: bool = True) -> bool:
    return lending.do(join, loan.id, kept.id, take_contact=take_all, take_needs=take_all)


def test_a_request_goes_onto_the_other_record_and_the_doubled_one_ends(lending: Lending) -> None:
    loan, kept = twice(lending)
    today = lending.clock().date()
    assert not lending.read(loans.place_in_queue, loan.id, today=today).turn.had_one
    assert joined(lending, loan, kept)
    assert lending.read(loans.get_loan, loan.id).person_id == kept.id
    assert lending.read(loans.place_in_queue, loan.id, today=today).turn.had_one, "the order counts the one person"
    assert lending.read(service.get_person, kept.id).phone == "+447700900222"
    assert {need.code for need in lending.read(queries.current_needs, kept.id)} == {NeedCode.LARGE_TEXT}
    doubled = lending.read(service.get_person, loan.person_id)
    assert doubled.erased_at is not None
    assert doubled.last_name != "Twice"
    told = [event.words for event in lending.read(queries.events, doubled.id)]
    assert f"The same person as record {kept.id}, where the requests are" in told
    event = lending.read(loan_queries.events, loan.id)[0]
    assert (event.kind, event.details["before"]) == ("same_person", doubled.id)


@ON_SQLITE
def test_a_record_with_a_history_of_its_own_stays(lending: Lending) -> None:
    loan, kept = twice(lending)
    before = lending.read(service.get_person, loan.person_id)
    lending.loan_at(LoanState.CLOSED_RETURNED, lending.programme(bundle_required=False), person=before)
    assert not joined(lending, loan, kept, take_all=False)
    assert lending.read(service.get_person, before.id).erased_at is None
    assert lending.read(service.get_person, kept.id).phone == "+447700900111"


@ON_SQLITE
def test_strangers_and_loans_with_a_tablet_are_not_joined(lending: Lending) -> None:
    loan, kept = twice(lending)
    stranger = lending.person()
    with pytest.raises(Conflict, match="neither name and postcode nor phone"):
        joined(lending, loan, stranger)
    lending.step(loan.id, LoanState.ALLOCATED)
    with pytest.raises(Conflict, match="A tablet is chosen"):
        joined(lending, loan, kept)


@ON_SQLITE
def test_a_coordinator_compares_the_records_from_the_loan_and_joins_them(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    loan, kept = twice(lending)
    coordinator, where = browser_as(Role.COORDINATOR), f"/loans/{loan.id}/same-person/{kept.id}"
    assert where in coordinator.get(f"/loans/{loan.id}").text
    compared = coordinator.get(where).text
    for words in ("07700 900111", "07700 900222", "The record that stays"):
        assert words in compared
    assert coordinator.submit(where, {"contact": "kept", "needs": "kept"}).status_code == 303
    assert "looks the same" not in coordinator.get(f"/loans/{loan.id}").text
    assert browser_as(Role.REFERRER).get(where).status_code == 403
