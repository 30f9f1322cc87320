"""Two hubs in two nations, in one installation: each has its own days, its own lists and its own stock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pypdfium2 import PdfDocument

from fleet.cohorts import service as cohorts
from fleet.database.session import Database
from fleet.deliveries import queries as deliveries
from fleet.deliveries.service import today_of
from fleet.errors import BadInput
from fleet.loans import queries as loans
from fleet.loans.rules import LoanState
from fleet.partners import service
from fleet.partners.models import Organisation, OrganisationKind
from fleet.settings import Settings
from fleet.tablets.rules import Stage
from fleet.tablets.service import fresh_since
from fleet.tags import printing
from fleet.tags import service as tags
from fleet.users.actor import SYSTEM, Actor
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending, lending_at
from tests.people import Browser, FakeClock
from tests.two_hubs import lending_beside

SUMMER_HOLIDAY = date(2026, 8, 3)
"""A bank holiday in Scotland and a Monday like any other in England."""


@pytest.fixture
def lending(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> Lending:
    return lending_at(database, hub.id, clock, settings)


def test_two_hubs_in_two_nations_have_their_own_due_dates_lists_and_stock(
    lending: Lending, actor: Callable[..., Actor]
) -> None:
    for here in (lending, lending_beside(lending)):
        programme = here.programme()
        lent = here.loan_at(LoanState.ACTIVE, programme, due_on=SUMMER_HOLIDAY)
        kept, ready = here.loan_at(LoanState.ALLOCATED, programme), here.tablet(Stage.READY)
        staff = actor(Role.COORDINATOR, organisation_id=here.hub_id)
        hub = here.read(service.hub_of, staff)
        assert lent.due_on == (SUMMER_HOLIDAY if hub.nation == "ENG" else date(2026, 8, 4))
        assert here.read(cohorts.calendar_of, hub.id).nation == hub.nation
        waiting = here.read(deliveries.loans_waiting, hub_id=hub.id)
        assert [loan.id for loan, _ in waiting] == [kept.id]
        stands = here.read(loans.ready_tablets, hub_id=hub.id, fresh_since=fresh_since(here.settings, here.clock()))
        assert [tablet.id for tablet in stands] == [ready.id]


def test_somebody_s_hub_is_where_they_work_else_their_organisation_s_else_the_first(
    lending: Lending, actor: Callable[..., Actor]
) -> None:
    firth = lending_beside(lending).hub_id
    with lending.database.write() as session:
        details = service.Details(name="Sample surgery", hub_id=firth)
        surgery = service.add(session, OrganisationKind.REFERRER, details, now=lending.clock()).id
        library = service.add_organisation(
            session, kind=OrganisationKind.VENUE, name="Sample library", now=lending.clock()
        ).id
        with pytest.raises(BadInput) as refused:
            service.change(session, library, service.Details(name="Sample library", hub_id=surgery))
    assert refused.value.fields == {"hub_id": "Choose one of the hubs."}
    found = {
        who.organisation_id: lending.read(service.hub_of, who).id
        for who in (SYSTEM, *(actor(Role.REFERRER, organisation_id=each) for each in (firth, surgery, library)))
    }
    assert found == {None: lending.hub_id, firth: firth, surgery: firth, library: lending.hub_id}
    assert lending.read(service.works_at, actor(Role.COURIER, organisation_id=surgery)) is None


@ON_SQLITE
def test_each_hub_s_staff_see_their_own_week_plan_and_returns(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    other = lending_beside(lending)
    for here, name in ((lending, "Ourperson"), (other, "Theirperson")):
        here.loan_at(LoanState.ALLOCATED, person=here.person(last_name=name))
    for here, names, nation in (
        (lending, ("Ourperson", "Theirperson"), "England"),
        (other, ("Theirperson", "Ourperson"), "Scotland"),
    ):
        browser = browser_as(Role.COORDINATOR, Role.TECHNICIAN, organisation_id=here.hub_id)
        assert f"bank holidays of {nation}" in browser.get("/closures").text
        planned = browser.get("/courier-runs/plan").text
        assert [name in planned for name in names] == [True, False]
        assert f'href="/tablets?stage=ready&amp;hub={here.hub_id}"' in browser.get("/").text
        assert "Hub they work with" in browser.get("/partners/new").text


@ON_SQLITE
def test_what_is_printed_or_shown_gives_the_phone_of_its_own_hub(
    lending: Lending, actor: Callable[..., Actor], browser_as: Callable[..., Browser]
) -> None:
    other = lending_beside(lending)
    technician = actor(Role.TECHNICIAN, organisation_id=other.hub_id)
    by: dict[str, Any] = {"settings": lending.settings, "actor": technician, "happening": lending.happening()}
    ours, theirs = (each.tablet(Stage.READY, label_confirmed_at=None) for each in (lending, other))
    with lending.database.write() as session:
        labels = printing.print_labels(session, [ours.id, theirs.id], wanted=printing.Wanted(), **by)
        blanks = printing.print_blanks(session, 1, wanted=printing.Wanted(), **by)
    with lending.database.read() as session:
        drawn = [printing.pdf_of(session, each.id, settings=lending.settings) for each in (labels, blanks)]
    on_labels, on_blanks = (PdfDocument(pdf)[0].get_textpage().get_text_range() for pdf in drawn)
    assert ["020 7946 0000" in on_labels, "020 7946 0555" in on_labels] == [True, True], "each of its tablet's hub"
    assert ["020 7946 0000" in on_blanks, "020 7946 0555" in on_blanks] == [False, True], "of the hub that printed them"
    code = lending.read(tags.codes_of, [theirs.id])[theirs.id]
    assert "tel:02079460555" in browser_as().get(f"/t/{code}").text
    delivering, courier = Delivering(lending), actor(Role.COURIER)
    other.people[Role.COORDINATOR] = actor(Role.COORDINATOR, organisation_id=other.hub_id)
    run = Delivering(other).run(courier)
    told: dict[str, Any] = {"actor": courier, "settings": lending.settings, "now": lending.clock()}
    assert (run.hub_id, lending.read(today_of, **told).help_phone) == (other.hub_id, "020 7946 0555")
    told["actor"] = delivering.courier
    assert lending.read(today_of, **told).help_phone == "020 7946 0000", "who has no run of another hub"
