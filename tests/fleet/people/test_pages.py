"""The pages of people: what stands on a record, and by what it is found."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date

from fleet.people.models import Person
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE


def test_the_number_somebody_came_with_is_shown_and_finds_them(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    came, other = lending.person(), lending.person(last_name="Other")
    with lending.database.write() as session:
        found = session.get(Person, came.id)
        assert found is not None
        found.reference = "GP-0042"
    coordinator = browser_as(Role.COORDINATOR)
    assert "GP-0042" in coordinator.get(f"/people/{came.id}").text
    assert "in the file they came with" not in coordinator.get(f"/people/{other.id}").text
    listed = coordinator.get("/people?q=GP-0042").text
    assert (f"/people/{came.id}" in listed, f"/people/{other.id}" in listed) == (True, False)
    answer = coordinator.get(f"/api/v1/people/{came.id}").json()
    assert answer["reference"] == "GP-0042"


def test_a_language_that_no_form_offers_stays_when_something_else_is_changed(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    person = lending.person(language_spoken="syl", language_read="yo")
    coordinator = browser_as(Role.COORDINATOR)
    page = coordinator.get(f"/people/{person.id}/change").text
    assert page.count('<option value="syl" selected>Sylheti</option>') == 1
    assert page.count('<option value="yo" selected>Yoruba</option>') == 1
    assert "Yoruba" in coordinator.get(f"/people/{person.id}").text


def test_what_is_no_language_is_refused_by_the_api_and_the_form(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    given = {"first_name": "Sample", "last_name": "One", "phone": "07700 900123", "consents": True}
    answer = coordinator.post(
        "/api/v1/people", json={**given, "language_read": "zz"}, headers={"idempotency-key": "zz"}
    )
    assert answer.status_code == 422
    assert "“zz” is no language" in answer.text
    person = lending.person()
    changed = coordinator.submit(f"/people/{person.id}/change", {**given, "language_spoken": "qq", "consents": "yes"})
    assert changed.status_code == 422
    assert "“qq” is no language" in changed.text


def test_the_list_and_its_file_say_who_has_died_and_who_wants_no_messages(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    gone, quiet = lending.person(last_name="Gone"), lending.person(last_name="Quiet")
    lending.person(last_name="Other")
    with lending.database.write() as session:
        session.get_one(Person, gone.id).deceased_on = date(2026, 5, 1)
        session.get_one(Person, quiet.id).opted_out = True
    coordinator = browser_as(Role.COORDINATOR)
    page = coordinator.get("/people").text
    assert (page.count("Has died"), page.count("Wants no automatic messages")) == (1, 1)
    head, *rows = csv.reader(coordinator.get("/people?format=csv").text.lstrip("\ufeff").splitlines())
    contact = {row[0].split()[-1]: row[head.index("Contact")] for row in rows}
    assert contact == {"Gone": "Has died", "Quiet": "Wants no automatic messages", "Other": ""}


def test_what_the_api_gives_of_a_person_it_takes_back(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    asked, unasked = lending.person(), lending.person(needs=None)
    coordinator = browser_as(Role.COORDINATOR)
    for person in (asked, unasked):
        given = coordinator.get(f"/api/v1/people/{person.id}").json()
        answer = coordinator.put(f"/api/v1/people/{person.id}", json=given)
        assert answer.status_code == 200, answer.text
        assert {name: answer.json()[name] for name in given} == given
    assert coordinator.get(f"/api/v1/people/{asked.id}").json()["needs"][0]["code"] == "text_on_arrival"


def test_only_who_may_ask_for_a_tablet_is_offered_to(browser_as: Callable[..., Browser]) -> None:
    for role, offered in ((Role.COORDINATOR, True), (Role.DATA_PROTECTION, False)):
        browser = browser_as(role)
        assert ("/requests/new" in browser.get("/people").text) is offered, role
        assert (browser.get("/requests/new").status_code == 200) is offered, role
