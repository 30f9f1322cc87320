"""Several tablets at a partner's place: one custodian, one day, each tablet given back by itself."""

from __future__ import annotations

from collections.abc import Callable
from csv import DictReader
from datetime import date

import pytest

from fleet.errors import BadInput, MoveRefused
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import VenueLoan
from fleet.loans.rules import LoanState, StopReason
from fleet.partners.models import Organisation, OrganisationKind
from fleet.people import service as people
from fleet.people.rules import Channel
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE

DUE = date(2026, 7, 6)


@pytest.fixture
def place(lending: Lending) -> Organisation:
    with lending.database.write() as session:
        made = Organisation(
            kind=OrganisationKind.VENUE,
            name="Sample Hall",
            address="1 Sample Road",
            covers=[],
            created_at=lending.clock(),
        )
        session.add(made)
    return made


def lent(lending: Lending, place: Organisation, count: int = 3) -> VenueLoan:
    coordinator = lending.actor(Role.COORDINATOR)
    with lending.database.write() as session:
        person_id = loans.add_custodian(
            session,
            place_id=place.id,
            first_name="Sample",
            last_name="Custodian",
            email="hall@doorstep.example",
            hub_id=lending.hub_id,
            actor=coordinator,
            happening=lending.happening(),
        )
    return lending.do(
        loans.lend_to_venue,
        place_id=place.id,
        person_id=person_id,
        programme_id=lending.programme().id,
        tablet_ids=[lending.tablet().id for _ in range(count)],
        due_on=DUE,
    )


def test_the_custodian_takes_all_of_them_until_one_day(lending: Lending, place: Organisation) -> None:
    venue = lent(lending, place)
    lending.do(loans.hand_over_venue, venue.id)
    each = lending.read(queries.loans_at_venue, venue.id)
    assert [(loan.state, loan.due_on, loan.person_id) for loan in each] == [
        (LoanState.ACTIVE, DUE, venue.person_id)
    ] * 3
    custodian = lending.read(people.get_person, venue.person_id)
    assert (custodian.channel, custodian.referrer_id) == (Channel.EMAIL, place.id)


def test_each_tablet_comes_back_by_itself(lending: Lending, place: Organisation) -> None:
    venue = lent(lending, place)
    lending.do(loans.hand_over_venue, venue.id)
    first, *rest = lending.read(queries.loans_at_venue, venue.id)
    tablet_id = lending.tablet_id(first.id)
    lending.do(loans.scan_in, tablet_id=tablet_id, role=Role.TECHNICIAN)
    lending.inspect(tablet_id)
    after = lending.read(queries.loans_at_venue, venue.id)
    assert [loan.state for loan in after] == [LoanState.CLOSED_RETURNED, LoanState.ACTIVE, LoanState.ACTIVE]
    assert lending.read(queries.counts_at_venues, [venue.id]) == {
        venue.id: queries.AtVenue(lent=3, left=2, away=2, there=len(rest))
    }


def test_only_tablets_that_the_place_has_are_late(
    lending: Lending, place: Organisation, browser_as: Callable[..., Browser]
) -> None:
    waiting, fetched = lent(lending, place, count=1), lent(lending, place, count=1)
    lending.do(loans.hand_over_venue, fetched.id)
    (loan,) = lending.read(queries.loans_at_venue, fetched.id)
    lending.do(loans.arrange_return, loan.id)
    lending.clock.advance(days=45)
    coordinator = browser_as(Role.COORDINATOR)
    listed = coordinator.get("/venue-loans?format=csv").text
    assert listed.count("10 days late") == 1, listed
    assert "Not handed over yet" in coordinator.get("/venue-loans").text
    assert "days late" not in coordinator.get(f"/venue-loans/{waiting.id}").text
    assert "10 days late" in coordinator.get(f"/venue-loans/{fetched.id}").text
    lending.do(loans.scan_in, tablet_id=lending.tablet_id(loan.id), role=Role.TECHNICIAN)
    assert coordinator.get("/venue-loans").text.count("Not handed over yet") == 1, "what is back was handed over"
    by_place = list(DictReader(coordinator.get("/venue-loans?format=csv&sort=id").text.lstrip("\ufeff").splitlines()))
    assert [row["Not back yet"] for row in by_place] == ["1", "0"], "scanned in is back, before it is looked over"
    assert "Somebody else looks after them" not in coordinator.get(f"/venue-loans/{fetched.id}").text


def test_a_place_is_not_called_late_whose_custodian_nobody_asks_any_more(
    lending: Lending, place: Organisation, browser_as: Callable[..., Browser]
) -> None:
    venue = lent(lending, place, count=1)
    lending.do(loans.hand_over_venue, venue.id)
    (loan,) = lending.read(queries.loans_at_venue, venue.id)
    lending.do(loans.stop_contact, loan.id, StopReason.DIED)
    lending.clock.advance(days=45)
    coordinator = browser_as(Role.COORDINATOR)
    for path in ("/venue-loans", f"/venue-loans/{venue.id}"):
        assert "days late" not in coordinator.get(path).text, path


def test_one_longer_day_is_given_for_all_that_are_still_there(lending: Lending, place: Organisation) -> None:
    venue = lent(lending, place)
    lending.do(loans.hand_over_venue, venue.id)
    first, *rest = lending.read(queries.loans_at_venue, venue.id)
    lending.do(loans.hand_in, first.id, tablet_id=lending.tablet_id(first.id), role=Role.TECHNICIAN)
    later = lending.do(loans.extend_venue, venue.id, due_on=date(2026, 8, 3), reason="The group goes on")
    assert later.due_on == date(2026, 8, 3)
    after = {loan.id: loan.due_on for loan in lending.read(queries.loans_at_venue, venue.id)}
    assert after == {first.id: DUE, **{loan.id: date(2026, 8, 3) for loan in rest}}
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.extend, rest[0].id, reason="One alone", due_on=date(2026, 9, 7))
    assert "due together with the others" in refused.value.reasons[0]


def test_longer_for_one_of_them_leads_to_where_all_are_given_longer(
    lending: Lending, place: Organisation, browser_as: Callable[..., Browser]
) -> None:
    venue = lent(lending, place)
    lending.do(loans.hand_over_venue, venue.id)
    loan, *_ = lending.read(queries.loans_at_venue, venue.id)
    led = browser_as(Role.COORDINATOR).get(f"/loans/{loan.id}/extend")
    assert (led.status_code, led.headers["location"]) == (303, f"/venue-loans/{venue.id}")


def test_all_of_them_are_kept_or_none(lending: Lending, place: Organisation) -> None:
    ready, dirty = lending.tablet(), lending.tablet(Stage.CLEANED)
    person, programme = lending.person(), lending.programme()
    with pytest.raises(MoveRefused):
        lending.do(
            loans.lend_to_venue,
            place_id=place.id,
            person_id=person.id,
            programme_id=programme.id,
            tablet_ids=[ready.id, dirty.id],
            due_on=DUE,
        )
    assert lending.read(tablets.get_tablet, ready.id).stage is Stage.READY
    assert lending.read(loans.loans_of_person, person.id) == []


def test_a_day_that_has_passed_and_a_place_that_is_none_are_said_at_once(lending: Lending, place: Organisation) -> None:
    with pytest.raises(BadInput) as refused:
        lending.do(
            loans.lend_to_venue,
            place_id=lending.hub_id,
            person_id=lending.person().id,
            programme_id=lending.programme().id,
            tablet_ids=[],
            due_on=date(2026, 6, 1),
        )
    assert set(refused.value.fields) == {"place_id", "tablet_ids", "due_on"}
