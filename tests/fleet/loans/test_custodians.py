"""Somebody else looks after the tablets at a place: from a day on, with a reason, and never behind anybody's back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from fleet.errors import BadInput, Conflict
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import VenueLoan
from fleet.loans.rules import WhyAnother
from fleet.partners.models import Organisation
from fleet.tablets import service as tablets
from fleet.tablets.rules import Custody
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.loans.test_venues import lent, place
from tests.labels.reading import texts
from tests.lending import Lending
from tests.people import Browser
from tests.two_hubs import lending_beside

__all__ = ["place"]


def another(lending: Lending, venue: VenueLoan, person_id: int | None = None, **asked: Any) -> VenueLoan:
    given: dict[str, Any] = {"from_on": date(2026, 6, 1), "why": WhyAnother.MOVED_ON, "agreed": True, **asked}
    return lending.do(loans.change_custodian, venue.id, person_id=person_id or lending.person().id, **given)


def test_from_a_day_on_somebody_else_is_written_to_about_what_is_still_there(
    lending: Lending, place: Organisation
) -> None:
    venue = lent(lending, place)
    lending.do(loans.hand_over_venue, venue.id)
    first, *rest = lending.read(queries.loans_at_venue, venue.id)
    returned = lending.tablet_id(first.id)
    lending.do(loans.scan_in, tablet_id=returned, role=Role.TECHNICIAN)
    person = lending.person()
    lending.clock.advance(days=10)
    for _ in range(2):
        after = another(lending, venue, person.id, from_on=date(2026, 6, 8), client_id="custodian-0001")
    assert after.person_id == person.id
    had = {loan.id: (loan.person_id, loan.due_on) for loan in lending.read(queries.loans_at_venue, venue.id)}
    assert had == {first.id: (venue.person_id, first.due_on), **{each.id: (person.id, each.due_on) for each in rest}}
    kept = lending.read(loans.custodians_of, venue.id)
    assert [(each.person_id, each.from_on, each.why) for each in kept] == [
        (venue.person_id, date(2026, 6, 1), None),
        (person.id, date(2026, 6, 8), WhyAnother.MOVED_ON),
    ]
    assert kept[1].agreed_at == lending.clock()


def test_what_a_venue_borrows_is_with_the_venue(lending: Lending, place: Organisation) -> None:
    venue = lent(lending, place, count=1)
    lending.do(loans.hand_over_venue, venue.id)
    (loan,) = lending.read(queries.loans_at_venue, venue.id)
    tablet_id = lending.tablet_id(loan.id)
    assert lending.read(tablets.get_tablet, tablet_id).custody is Custody.VENUE
    lending.do(loans.scan_in, tablet_id=tablet_id, role=Role.TECHNICIAN)
    assert lending.read(tablets.get_tablet, tablet_id).custody is Custody.HUB
    lending.do(loans.undo_scan_in, tablet_id=tablet_id, reason="Another one", role=Role.TECHNICIAN)
    assert lending.read(tablets.get_tablet, tablet_id).custody is Custody.VENUE


@ON_SQLITE
def test_nobody_takes_over_without_the_agreement_or_on_a_day_that_cannot_be(
    lending: Lending, place: Organisation
) -> None:
    venue = lent(lending, place, count=1)
    lending.do(loans.hand_over_venue, venue.id)
    with pytest.raises(BadInput) as refused:
        another(lending, venue, venue.person_id, from_on=date(2026, 6, 2), agreed=False)
    assert set(refused.value.fields) == {"person_id", "from_on", "agreement"}
    (loan,) = lending.read(queries.loans_at_venue, venue.id)
    with lending.database.write() as session:
        actor, happening = lending.actor(Role.COORDINATOR), lending.happening()
        loans.claim_returned(session, loan.id, until=date(2026, 6, 15), actor=actor, happening=happening)
    with pytest.raises(Conflict):
        another(lending, venue)
    lending.do(loans.scan_in, tablet_id=lending.tablet_id(loan.id), role=Role.TECHNICIAN)
    lending.inspect(lending.read(queries.last_tablet_ids_of, [loan.id])[loan.id])
    with pytest.raises(Conflict):
        another(lending, venue)


@ON_SQLITE
def test_the_page_asks_who_when_and_why_and_prints_one_paper_for_all(
    lending: Lending, place: Organisation, browser_as: Callable[..., Browser]
) -> None:
    venue = lent(lending, place)
    lending.do(loans.hand_over_venue, venue.id)
    coordinator, where = browser_as(Role.COORDINATOR), f"/venue-loans/{venue.id}"
    assert f"{where}/custodian" in coordinator.get(where).text
    asked = {"first_name": "Sample", "last_name": "Other", "phone": "020 7946 0001", "from_on": "2026-06-01"}
    unsaid = coordinator.submit(f"{where}/custodian", asked)
    assert (unsaid.status_code, "Choose why." in unsaid.text) == (422, True)
    told = {**asked, "reason": "away", "agreement": "yes"}
    assert coordinator.submit(f"{where}/custodian", told).status_code == 303
    page = coordinator.get(where).text
    assert "Only Sample Other is written to" in page
    assert "Sample Custodian, from Monday 1 June 2026 to Monday 1 June 2026. Away for a while." in page
    paper = " ".join(" ".join(texts(coordinator.get(f"{where}/agreement.pdf").content)).split())
    assert "The names of the tablets" in paper
    assert "Please give them back by:" in paper
    assert "The tablets on this paper belong to" in paper
    assert "this tablet" not in paper
    one, *_ = lending.read(queries.loans_at_venue, venue.id)
    assert "The tablets on this paper" in lending.read(loans.the_agreement, one.id).terms[0]


@ON_SQLITE
def test_the_paper_of_another_hubs_venue_has_that_hubs_phone(lending: Lending, place: Organisation) -> None:
    firth = lending_beside(lending)
    venue = lent(firth, place)
    paper = firth.read(
        loans.venue_agreement_pdf, venue.id, settings=firth.settings, wanted=loans.Wanted(firth.clock().date())
    )
    said = " ".join(" ".join(texts(paper)).split())
    assert "belong to Firth hub" in said
    assert ("020 7946 0555" in said, "020 7946 0000" in said) == (True, False)
