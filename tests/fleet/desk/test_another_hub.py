"""The desk of a hub to which somebody brought another hub's tablet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fleet.deliveries.rules import Action, Answer, JobState
from fleet.desk import service
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.desk.conftest import AtTheDesk
from tests.people import make_user
from tests.two_hubs import firth_hub


@pytest.fixture
def firth_desk(desk: AtTheDesk) -> AtTheDesk:
    lending = desk.lending
    own = firth_hub(lending).id
    return replace(desk, actor=make_user(lending.database, lending.clock, Role.TECHNICIAN, organisation_id=own))


@ON_SQLITE
def test_the_other_desk_takes_it_in_says_where_it_goes_and_nothing_of_the_person(firth_desk: AtTheDesk) -> None:
    lending = firth_desk.lending
    person = lending.person(first_name="Sample", last_name="Neverseen")
    lent = lending.loan_at(LoanState.ACTIVE, person=person)
    tablet_id = lending.tablet_id(lent.id)
    code = firth_desk.delivering.code(tablet_id)
    made = firth_desk.scan("DESK-RECEIVE", code)
    assert made.said == f"{code} is taken in. Whoever had it is done with it. It belongs to Test hub."
    assert made.next_step == "Put it with what goes to Test hub: it is looked over and wiped there."
    assert "Neverseen" not in f"{made.said}{made.next_step}"
    assert lending.read(loans.get_loan, lent.id).state is LoanState.COLLECTED
    assert firth_desk.said(code) == ("already", f"{code} is here already, on its way to Test hub.")
    assert firth_desk.said("DESK-FIND", code)[1] == f"{code}: at Firth hub, on its way to Test hub."
    assert firth_desk.said("DESK-CLEAN", code)[0] == "blocked", "its own hub looks it over"
    at_home = replace(firth_desk, actor=lending.actor(Role.TECHNICIAN), device="desk-2")
    assert at_home.said("DESK-FIND", code)[1] == f"{code}: at Firth hub, on its way to Test hub."
    home = make_user(lending.database, lending.clock, Role.TECHNICIAN, organisation_id=lending.hub_id)
    assert replace(at_home, actor=home).said("DESK-RECEIVE", code) == ("applied", f"{code} is back.")
    assert firth_desk.again(tablet_id).stage is Stage.RETURNED


@ON_SQLITE
def test_what_stands_on_another_hub_s_shelf_by_the_books_is_not_taken_in(firth_desk: AtTheDesk) -> None:
    _, code = firth_desk.tablet(Stage.READY)
    outcome, said = firth_desk.said("DESK-RECEIVE", code)
    assert (outcome, said) == ("blocked", f"{code} belongs to Test hub, and is there by the books: ready.")


@ON_SQLITE
def test_each_hub_counts_its_own_shelves_and_what_lies_there_to_go_home(firth_desk: AtTheDesk) -> None:
    lending = firth_desk.lending
    lent = lending.loan_at(LoanState.ACTIVE)
    code = firth_desk.delivering.code(lending.tablet_id(lent.id))
    shelf, other = firth_desk.shelf("A1"), replace(firth_desk, actor=lending.actor(Role.TECHNICIAN)).shelf("A1")
    assert shelf.hub_id != other.hub_id, "both hubs may have a shelf of that name"
    firth_desk.scan("DESK-RECEIVE", code)
    counted = firth_desk.scan("DESK-COUNT", firth_desk.label(shelf), code)
    with lending.database.read() as session:
        take = service.get_stock_take(session, counted.stock_take_id or 0)
        assert (take.hub_id, service.differences(session, take)) == (shelf.hub_id, [])


@ON_SQLITE
def test_what_another_hub_took_in_ends_the_courier_s_stop_and_stays_there_until_it_is_scanned_at_home(
    firth_desk: AtTheDesk,
) -> None:
    delivering = firth_desk.delivering
    job = delivering.collection(delivering.run())
    delivering.tell_one(delivering.fact(Action.COLLECT, job))
    firth_desk.scan("DESK-RECEIVE", delivering.code(job.tablet_id))
    told = delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, job, minutes=1))
    assert told.answer is Answer.APPLIED
    assert told.sentence.endswith("The hub has it back already.")
    assert delivering.again(job).state is JobState.CLOSED
    assert delivering.tablet_of(job).guest_hub_id is not None
