"""A program can go the whole way from the asking to the shelf, and is told what it may not do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from fleet.loans.rules import LoanState
from fleet.partners.models import OrganisationKind
from fleet.partners.service import add_organisation
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

Browsers = Callable[..., Browser]

PERSON = {"first_name": "Sample", "last_name": "One", "phone": "07700 900123", "needs_asked": True, "consents": True}


def post(browser: Browser, url: str, **asked: Any) -> Any:
    return browser.post(f"/api/v1{url}", json=asked, headers={"sec-fetch-site": "same-origin"})


def test_a_program_goes_the_straight_path(browser_as: Browsers, lending: Lending) -> None:
    coordinator, technician = browser_as(Role.COORDINATOR), browser_as(Role.TECHNICIAN)
    programme = post(coordinator, "/programmes", name="Sample programme").json()
    sim = post(coordinator, "/sims", iccid="8944100000000000000", network="Sample Mobile").json()
    assert sim["warnings"] == []
    bundle = {"gb_per_month": 20, "months": 3, "cost_pence": 1200}
    assert post(coordinator, f"/sims/{sim['id']}/bundle", **bundle).status_code == 201
    asked = {"programme_id": programme["id"], "person": PERSON, "safe_at_home": "yes", "client_id": "request-001"}
    made = post(coordinator, "/requests", **asked)
    assert made.status_code == 201
    loan = f"/loans/{made.json()['id']}"
    assert post(coordinator, f"{loan}/moves", move="approve").json()["state"] == "approved"
    tablet = lending.tablet()
    kept = post(coordinator, f"{loan}/allocate", tablet_id=tablet.id, sim_id=sim["id"]).json()
    assert (kept["state"], kept["tablet_id"], kept["sim_id"]) == ("allocated", tablet.id, sim["id"])
    given = {"tablet_id": tablet.id, "handed_to": "participant", "agreement_accepted": True}
    assert post(coordinator, f"{loan}/hand-over", **given).json()["due_on"] == "2026-06-29"
    assert post(coordinator, f"{loan}/extend", reason="Longer").json()["due_on"] == "2026-07-27"
    assert [each["number"] for each in coordinator.get(f"/api/v1{loan}/due-dates").json()] == [1, 2]
    assert post(technician, f"/returns/{tablet.id}/hand-in").json()["loan_state"] == "collected"
    looked_over = {"condition": "good", "cleaned": True, "sim_in_tray": True, "sim_seen": "00000"}
    inspected = post(technician, f"/returns/{tablet.id}/inspect", **looked_over).json()
    assert (inspected["loan_state"], inspected["stage"]) == ("closed_returned", "cleaned")
    assert coordinator.get(f"/api/v1{loan}/events").json()[0]["kind"] == "close_returned"


def test_the_same_request_sent_twice_is_one_request(browser_as: Browsers, lending: Lending) -> None:
    browser, programme = browser_as(Role.COORDINATOR), lending.programme()
    asked = {"programme_id": programme.id, "person": PERSON, "client_id": "request-001"}
    first, second = post(browser, "/requests", **asked).json(), post(browser, "/requests", **asked).json()
    assert first["id"] == second["id"]
    assert browser.get("/api/v1/people").json()["total"] == 1


def test_a_refusal_lists_every_reason_and_changes_nothing(browser_as: Browsers, lending: Lending) -> None:
    loan = lending.loan_at(LoanState.APPROVED)
    asked = {"tablet_id": lending.tablet().id, "due_on": "2026-05-01"}
    answer = post(browser_as(Role.COORDINATOR), f"/loans/{loan.id}/allocate", **asked)
    assert (answer.status_code, answer.json()["code"]) == (409, "move_refused")
    assert len(answer.json()["details"]["reasons"]) == 2
    assert answer.json()["details"]["codes"] == ["bundle_if_needed", "due_not_past"]


def test_a_program_is_told_by_a_word_which_cap_an_extension_met(browser_as: Browsers, lending: Lending) -> None:
    caps = lending.programme(max_extensions=0, longest_days=42, extend_from_days=7)
    loan = lending.loan_at(LoanState.ACTIVE, caps, due_on=date(2026, 6, 29))
    lending.loan_at(LoanState.APPROVED)
    answer = post(browser_as(Role.COORDINATOR), f"/loans/{loan.id}/extend", reason="Longer")
    assert answer.status_code == 409
    told = answer.json()["details"]
    assert told["codes"] == ["extensions_left", "within_the_longest", "nobody_needs_it", "too_early"]
    assert told["earliest"] == {"too_early": "2026-06-22", "nobody_needs_it": None}
    assert told["latest"] == "2026-07-13"


def test_the_person_is_sent_or_named_but_not_both(browser_as: Browsers, lending: Lending) -> None:
    browser, programme = browser_as(Role.COORDINATOR), lending.programme()
    assert post(browser, "/requests", programme_id=programme.id).status_code == 422
    both = {"programme_id": programme.id, "person": PERSON, "person_id": lending.person().id}
    assert post(browser, "/requests", **both).status_code == 422


def test_a_referrer_cannot_ask_for_somebody_elses_person(browser_as: Browsers, lending: Lending) -> None:
    asked = {"programme_id": lending.programme().id, "person_id": lending.person().id}
    assert post(browser_as(Role.REFERRER), "/requests", **asked).status_code == 404


@ON_SQLITE
def test_two_partners_with_the_same_id_for_a_request_learn_nothing_of_each_other(
    browser_as: Browsers, lending: Lending
) -> None:
    asked = {"programme_id": lending.programme().id, "client_id": "request-001"}
    with lending.database.write() as session:
        first, second = (
            add_organisation(session, kind=OrganisationKind.REFERRER, name=name, now=lending.clock()).id
            for name in ("Sample club", "Sample library")
        )
    ours = post(browser_as(Role.REFERRER, organisation_id=first), "/requests", person=PERSON, **asked)
    assert ours.status_code == 201
    theirs = post(
        browser_as(Role.REFERRER, organisation_id=second),
        "/requests",
        person={**PERSON, "first_name": "Other"},
        **asked,
    )
    assert (theirs.status_code, "status" in theirs.json()) == (409, False)


@pytest.mark.parametrize("role", [Role.COURIER, Role.REFERRER, Role.DONOR, Role.TECHNICIAN])
def test_loans_and_people_are_closed_to_those_who_need_not_see_them(
    browser_as: Browsers, lending: Lending, role: Role
) -> None:
    loan = lending.request()
    browser = browser_as(role)
    for url in (f"/loans/{loan.id}", "/loans", f"/people/{loan.person_id}", "/people"):
        assert browser.get(f"/api/v1{url}").status_code == 403


def test_a_loan_or_sim_that_is_not_there_is_a_404(browser_as: Browsers, lending: Lending) -> None:
    browser = browser_as(Role.COORDINATOR)
    for url in ("/loans/99", "/people/99", "/sims/99"):
        assert browser.get(f"/api/v1{url}").status_code == 404


@ON_SQLITE
def test_a_program_ends_loans_in_every_way_and_is_told_what_it_lacks(browser_as: Browsers, lending: Lending) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    lost, kept = (
        lending.loan_at(LoanState.ACTIVE),
        lending.loan_at(LoanState.ACTIVE, lending.programme(gifts_allowed=True)),
    )
    asked = post(coordinator, f"/loans/{lost.id}/lose", reason="Left on a bus", reference="CAD 77/26")
    look = f"/second-looks/{asked.json()['id']}"
    assert (asked.status_code, post(coordinator, f"{look}/agree").status_code) == (202, 409)
    assert coordinator.get("/api/v1/second-looks").json()["total"] == 1
    assert post(browser_as(Role.HUB_ADMIN), f"{look}/agree").json()["agreed"] is True
    gone = coordinator.get(f"/api/v1/loans/{lost.id}").json()
    assert (gone["state"], gone["lost_reference"]) == ("closed_lost", "CAD 77/26")
    assert post(coordinator, f"/loans/{kept.id}/give").status_code == 422
    given = post(coordinator, f"/loans/{kept.id}/give", authority="Sample Trustee").json()
    assert (given["state"], given["gift_authority"]) == ("closed_gifted", "Sample Trustee")
    assert coordinator.get(f"/api/v1/loans/{kept.id}/gift-letter").headers["content-type"] == "application/pdf"
    assert post(coordinator, f"/loans/{kept.id}/goes-on", to="given").json()["goes_on_to"] == "given"
    assert post(coordinator, f"/loans/{kept.id}/moves", move="gift", reason="No").status_code == 409


@ON_SQLITE
def test_a_program_lends_data_alone(browser_as: Browsers, lending: Lending) -> None:
    coordinator, programme, sim = browser_as(Role.COORDINATOR), lending.programme(), lending.sim()
    asked = {"programme_id": programme.id, "person": PERSON, "data_alone": True}
    loan = f"/loans/{post(coordinator, '/requests', **asked).json()['id']}"
    assert post(coordinator, f"{loan}/moves", move="approve").json()["kind"] == "data"
    assert post(coordinator, f"{loan}/allocate", sim_id=sim.id).json()["sim_id"] == sim.id
    assert post(coordinator, f"{loan}/give-data", handed_to="participant").json()["due_on"] is None
    assert post(coordinator, f"{loan}/end-data", card="back").json()["state"] == "closed_returned"


@ON_SQLITE
def test_a_program_lends_several_tablets_to_a_venue(browser_as: Browsers, lending: Lending) -> None:
    coordinator, programme, person = browser_as(Role.COORDINATOR), lending.programme(), lending.person()
    with lending.database.write() as session:
        place = add_organisation(session, kind=OrganisationKind.VENUE, name="Sample Hall", now=lending.clock())
    asked = {
        "place_id": place.id,
        "person_id": person.id,
        "programme_id": programme.id,
        "tablet_ids": [lending.tablet().id, lending.tablet().id],
        "due_on": "2026-07-06",
    }
    made = post(coordinator, "/venue-loans", **asked)
    assert made.status_code == 201
    here = f"/venue-loans/{made.json()['id']}"
    assert post(coordinator, f"{here}/hand-over").json()["still_open"] == 2
    assert (
        post(coordinator, f"{here}/extend", due_on="2026-08-03", reason="On it goes").json()["due_on"] == "2026-08-03"
    )
    listed = coordinator.get("/api/v1/venue-loans").json()["items"]
    assert [(each["tablets"], each["still_open"]) for each in listed] == [(2, 2)]
    assert len(coordinator.get(f"/api/v1{here}").json()["loan_ids"]) == 2
