"""Of tablets at a venue, the custodian alone hears: once for all of them. What is held for a tablet outlives whoever
looks after it; what is held for a person goes with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from fleet.chasing.rules import HoldReason
from fleet.chasing.words import HOLD_WORDS
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.partners.models import Organisation
from fleet.people.rules import Channel
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
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
