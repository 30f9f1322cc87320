"""Of tablets at a venue, the custodian alone hears: once for all of them. What is held for a tablet outlives whoever
looks after it; what is held for a person goes with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from fleet.chasing import service
from fleet.chasing.rules import ChaseState, HoldReason
from fleet.chasing.words import HOLD_WORDS
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.partners.models import Organisation
from fleet.people.models import Person
from fleet.people.rules import Channel
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_letters import printed, together
from tests.fleet.loans.test_custodians import another
from tests.fleet.loans.test_venues import lent, place
from tests.lending import Lending
from tests.people import Browser

__all__ = ["place"]
DUE = date(2026, 6, 30)


@pytest.fixture
def lending(chasing: Chasing) -> Lending:
    return chasing.lending


@ON_SQLITE
def test_one_message_goes_to_the_custodian_about_all_that_are_still_there(
    chasing: Chasing, lending: Lending, place: Organisation
) -> None:
    venue = lent(lending, place)
    lending.do(loans.hand_over_venue, venue.id)
    back, *still = lending.read(queries.loans_at_venue, venue.id)
    lending.do(loans.hand_in, back.id, tablet_id=lending.tablet_id(back.id), role=Role.TECHNICIAN)
    chasing.at(DUE)
    chasing.tick()
    (message,) = chasing.outbox()
    assert "hall@doorstep.example" in message.read_text()
    assert chasing.ledger(back) == []
    assert sum(len(chasing.ledger(loan)) for loan in still) >= 1


@ON_SQLITE
@pytest.mark.parametrize(("count", "said"), [(2, "your other tablet."), (10, "your other tablets.")])
def test_the_message_speaks_of_the_others_once_however_many_there_are(
    chasing: Chasing, lending: Lending, place: Organisation, count: int, said: str
) -> None:
    venue = lent(lending, place, count=count)
    lending.do(loans.hand_over_venue, venue.id)
    chasing.at(DUE)
    chasing.tick()
    (message,) = chasing.outbox()
    words = message.read_text()
    assert (words.count("The same goes for"), said in words) == (1, True)


@ON_SQLITE
@pytest.mark.parametrize(
    ("reason", "stays"),
    [
        (HoldReason.OUR_FAULT, True),
        (HoldReason.COLLECTION_BOOKED, True),
        (HoldReason.IN_HOSPITAL, False),
        (HoldReason.BEREAVEMENT, False),
    ],
)
def test_a_hold_about_the_tablet_stays_when_another_takes_over_and_one_about_a_person_goes_with_them(
    chasing: Chasing,
    lending: Lending,
    place: Organisation,
    browser_as: Callable[..., Browser],
    reason: HoldReason,
    stays: bool,
) -> None:
    venue = lent(lending, place, count=1)
    lending.do(loans.hand_over_venue, venue.id)
    (loan,) = lending.read(queries.loans_at_venue, venue.id)
    before = lending.clock().date()
    chasing.hold(loan, reason, until=DUE + timedelta(days=9))
    lending.clock.advance(days=1)
    successor = lending.person(channel=Channel.EMAIL, email="next@doorstep.example")
    another(lending, venue, successor.id, from_on=before + timedelta(days=1))
    chasing.at(DUE)
    chasing.tick()
    assert ["next@doorstep.example" in each.read_text() for each in chasing.outbox()] == ([] if stays else [True])
    page = browser_as(Role.COORDINATOR).get(f"/chasing/loans/{loan.id}").text
    assert ("Lift this hold" in page) is stays
    assert HOLD_WORDS[reason] in chasing.why(loan, on=before), "the earlier custodian was left in peace on that day"
    assert (HOLD_WORDS[reason] in chasing.why(loan, on=DUE)) is stays


@pytest.fixture
def at_the_hall(chasing: Chasing, lending: Lending, place: Organisation) -> tuple[int, list[Loan]]:
    """A venue loan of ten tablets that one custodian has, who wants to be rung, and the loans of it."""
    venue = lent(lending, place, count=10)
    lending.do(loans.hand_over_venue, venue.id)
    with chasing.database.write() as session:
        session.get_one(Person, venue.person_id).channel = Channel.CALL
        session.get_one(Person, venue.person_id).phone = "07700 900123"
    return venue.id, list(lending.read(queries.loans_at_venue, venue.id))


@ON_SQLITE
def test_a_custodian_of_ten_tablets_is_one_person_to_ring(
    chasing: Chasing, at_the_hall: tuple[int, list[Loan]], browser_as: Callable[..., Browser]
) -> None:
    venue_id, (first, *_others) = at_the_hall
    other = chasing.loan(DUE, by=Channel.CALL)
    chasing.at(date(2026, 7, 20))
    chasing.tick()
    coordinator = browser_as(Role.COORDINATOR)
    page = coordinator.get("/chasing?show=late").text
    assert (page.count("data-row>"), "2 people" in page) == (2, True)
    assert f'<a class="govuk-link" href="/venue-loans/{venue_id}">10 tablets at Sample Hall</a>' in page
    assert f"/loans/{first.id}/extend" not in page, "they are given longer together"
    assert f"/loans/{other.id}/extend" in page
    with chasing.database.read() as session:
        counts = service.counts(session, now=chasing.clock())
    assert (counts.late, counts.all, sum(counts.stages.values()), counts.tasks) == (2, 2, 2, 2)
    sheet = coordinator.get("/chasing?show=late&format=csv").text.splitlines()
    assert sorted(line.rpartition(",")[2] for line in sheet[1:]) == ["1", "10"]


def press(browser: Browser, loans_at: list[Loan], path: str, **asked: str) -> None:
    """Press what the row of the first offers, which stands for all."""
    first, *others = loans_at
    together = " ".join(str(each.id) for each in others)
    answer = browser.submit(f"/chasing/loans/{first.id}/{path}", {"others": together, **asked})
    assert answer.status_code == 303, answer.text


@ON_SQLITE
def test_one_call_settles_what_was_asked_about_all_of_them_and_about_nobody_elses(
    chasing: Chasing, at_the_hall: tuple[int, list[Loan]], browser_as: Callable[..., Browser]
) -> None:
    _venue_id, here = at_the_hall
    other = chasing.loan(DUE, by=Channel.CALL)
    chasing.at(date(2026, 7, 20))
    chasing.tick()
    coordinator = browser_as(Role.COORDINATOR)
    press(coordinator, [*here, other], "calls", reason="will_give_back", gives_back_on="2026-07-24")
    with chasing.database.read() as session:
        rung = {entry.loan_id: entry for entry in service.queue(session, now=chasing.clock()).entries}
        counts = service.counts(session, now=chasing.clock())
    assert (counts.tasks, counts.waiting) == (1, 1)
    assert {number: entry.last_call is not None for number, entry in rung.items()} == {
        here[0].id: True,
        other.id: False,
    }
    assert len(rung[here[0].id].others) == 9


@ON_SQLITE
def test_a_question_for_longer_is_answered_once_and_all_are_fetched_together(
    chasing: Chasing, at_the_hall: tuple[int, list[Loan]], browser_as: Callable[..., Browser]
) -> None:
    _venue_id, here = at_the_hall
    chasing.at(DUE)
    coordinator = browser_as(Role.COORDINATOR)
    press(coordinator, here, "calls", reason="wants_longer")
    with chasing.database.read() as session:
        (entry,) = service.queue(session, now=chasing.clock(), show=service.Show.LONGER).entries
    assert entry.longer is not None
    assert coordinator.submit(f"/chasing/holds/{entry.longer[0]}/lift").status_code == 303
    with chasing.database.read() as session:
        assert service.counts(session, now=chasing.clock()).longer == 0
    press(coordinator, here, "arrange-return")
    assert {each.state for each in chasing.lending.read(queries.loans_at_venue, here[0].venue_loan_id)} == {
        LoanState.RETURN_ARRANGED
    }


@ON_SQLITE
def test_one_letter_is_made_about_all_of_them(
    chasing: Chasing, lending: Lending, place: Organisation, browser_as: Callable[..., Browser]
) -> None:
    venue = lent(lending, place)
    lending.do(loans.hand_over_venue, venue.id)
    with chasing.database.write() as session:
        custodian = session.get_one(Person, venue.person_id)
        custodian.address_line_1, custodian.postcode = "1 Sample Road", "N19 5XX"
    chasing.at(date(2026, 7, 27))
    chasing.tick()
    each = lending.read(queries.loans_at_venue, venue.id)
    assert {chasing.ledger(loan)[-1] for loan in each} == {("three_weeks_after", ChaseState.TO_DO)}
    coordinator = browser_as(Role.COORDINATOR)
    assert coordinator.get("/chasing").text.count("Make the letter") == 1
    assert coordinator.submit(f"/chasing/loans/{each[0].id}/letter").status_code == 303
    assert {chasing.ledger(loan)[-1] for loan in each} == {("three_weeks_after", ChaseState.TO_PRINT)}
    assert [entry.along_with is None for loan in each for entry in chasing.entries(loan)[-1:]] == [True, False, False]
    (page,) = together(chasing, printed(chasing).ref)
    assert page.count("The same goes for your other tablets.") == 1
    assert {chasing.ledger(loan)[-1] for loan in each} == {("three_weeks_after", ChaseState.PRINTED)}
