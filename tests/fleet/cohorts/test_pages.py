"""The way to the page about programmes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.app import NAVIGATION
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.service import add_organisation
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser


def test_the_word_in_the_menu_is_an_address_too(browser_as: Callable[..., Browser]) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    typed = coordinator.get("/programmes?q=spring")
    assert (typed.status_code, typed.headers["location"]) == (301, "/cohorts?q=spring")
    assert coordinator.get(typed.headers["location"]).status_code == 200
    assert [place.href for place in NAVIGATION if place.text == "Programmes"] == ["/cohorts"]


def test_a_stranger_and_a_courier_get_no_further_by_it(browser_as: Callable[..., Browser]) -> None:
    assert browser_as().get("/programmes").headers["location"].startswith("/sign-in")
    assert browser_as(Role.COURIER).get("/programmes").status_code == 403


@ON_SQLITE
def test_from_when_on_a_loan_may_be_extended_is_set_by_form_and_by_program(
    hub: Organisation, browser_as: Callable[..., Browser]
) -> None:
    admin = browser_as(Role.HUB_ADMIN)
    assert admin.submit("/programmes/new", {"name": "Sample", "extend_from_days": "400"}).status_code == 422
    assert admin.submit("/programmes/new", {"name": "Sample", "extend_from_days": "14"}).status_code == 303
    assert admin.submit("/programmes/new", {"name": "At any time", "extend_from_days": ""}).status_code == 303
    listed = admin.get("/api/v1/programmes").json()["items"]
    sample, any_time = sorted(listed, key=lambda each: str(each["name"]), reverse=True)
    assert (sample["extend_from_days"], any_time["extend_from_days"]) == (14, None)
    assert 'value="14"' in admin.get(f"/programmes/{sample['id']}").text
    changed = admin.put(f"/api/v1/programmes/{sample['id']}", json={"name": "Sample", "extend_from_days": 0})
    assert changed.json()["extend_from_days"] == 0
    assert 'name="extend_from_days" type="text" value="0"' in " ".join(
        admin.get(f"/programmes/{sample['id']}").text.split()
    )


@ON_SQLITE
def test_programmes_are_listed_a_page_at_a_time(hub: Organisation, browser_as: Callable[..., Browser]) -> None:
    admin = browser_as(Role.HUB_ADMIN)
    for name in ("Autumn", "Spring", "Summer"):
        assert admin.post("/api/v1/programmes", json={"name": name}).status_code == 201
    page = admin.get("/api/v1/programmes?per_page=2&page=2").json()
    assert [each["name"] for each in page["items"]] == ["Summer"]
    assert (page["total"], page["page"], page["page_count"]) == (3, 2, 2)
    assert [each["name"] for each in admin.get("/api/v1/programmes?q=spr").json()["items"]] == ["Spring"]


@ON_SQLITE
def test_several_funders_and_the_outcomes_of_a_programme_are_set_by_form_and_by_program(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    fund, trust = (str(funder(lending, name)) for name in ("Sample Fund", "Sample Trust"))
    admin = browser_as(Role.HUB_ADMIN)
    asked = {"name": "Sample", "funder_1": fund, "funder_note_1": "a third", "funder_2": trust, "funder_note_2": ""}
    twice = admin.submit("/programmes/new", {**asked, "funder_2": fund})
    assert (twice.status_code, "A funder is chosen twice" in twice.text) == (422, True)
    outcomes = ["bought", "library"]
    assert admin.submit("/programmes/new", {**asked, "outcomes": outcomes}).status_code == 303
    (sample,) = admin.get("/api/v1/programmes").json()["items"]
    assert sample["funders"] == [{"funder_id": int(fund), "note": "a third"}, {"funder_id": int(trust), "note": ""}]
    assert sample["outcomes"] == outcomes
    page = " ".join(admin.get(f"/programmes/{sample['id']}").text.split())
    assert f'<option value="{fund}" selected>Sample Fund</option>' in page
    assert f'<option value="{trust}" selected>Sample Trust</option>' in page
    assert page.count(" checked") >= len(outcomes)
    assert 'value="a third"' in page
    change = {"name": "Sample", "funders": [{"funder_id": int(trust), "note": "all"}], "outcomes": ["given"]}
    changed = admin.put(f"/api/v1/programmes/{sample['id']}", json=change).json()
    assert (changed["funders"], changed["outcomes"]) == ([{"funder_id": int(trust), "note": "all"}], ["given"])


@ON_SQLITE
@pytest.mark.parametrize(
    ("wrong", "field"), [({"funders": [{"funder_id": 999}]}, "funders"), ({"outcomes": ["happiness"]}, "outcomes")]
)
def test_what_is_no_funder_and_no_outcome_is_refused(
    hub: Organisation, browser_as: Callable[..., Browser], wrong: dict[str, object], field: str
) -> None:
    answer = browser_as(Role.HUB_ADMIN).post("/api/v1/programmes", json={"name": "Sample", **wrong})
    assert answer.status_code == 422
    assert field in answer.json()["fields"]


def funder(lending: Lending, name: str) -> int:
    with lending.database.write() as session:
        return add_organisation(session, kind=OrganisationKind.FUNDER, name=name, now=lending.clock()).id
