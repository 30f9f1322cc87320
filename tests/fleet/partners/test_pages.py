"""Partner organisations and the hub's settings, on pages and by API; and who signs in for each."""

from __future__ import annotations

from collections.abc import Callable

from fleet.database.session import Database
from fleet.partners import service
from fleet.partners.models import Organisation
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import Browser


def hub_form(**changes: str) -> dict[str, str]:
    return {
        "name": "Sample hub",
        "help_phone": "020 7946 0123",
        "help_hours": "Weekdays, 9 to 5",
        "nation": "SCT",
        "active": "yes",
    } | changes


def test_the_hubs_phone_and_hours_are_changed_and_stand_on_the_finder_page(
    browser_as: Callable[..., Browser], hub: Organisation, database: Database, settings: Settings
) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    assert coordinator.submit(f"/partners/{hub.id}", hub_form()).status_code == 303
    with database.read() as session:
        assert service.get_hub(session).nation == "SCT"
        assert service.help_line(session, settings=settings).link == "tel:02079460123"
    finder = browser_as().get("/T/K7F3-QX").text
    assert "020 7946 0123" in finder
    assert "Weekdays, 9 to 5" in finder


def test_the_only_hub_cannot_be_put_aside(browser_as: Callable[..., Browser], hub: Organisation) -> None:
    answer = browser_as(Role.HUB_ADMIN).submit(f"/partners/{hub.id}", hub_form(active="no"))
    assert answer.status_code == 422
    assert "This is the only hub." in answer.text


def test_what_cannot_be_written_down_is_shown_again_with_a_sentence_for_each(
    browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    form = {"kind": "courier", "name": " ", "help_phone": "ring me", "email": "nowhere", "covers": "N19 London"}
    answer = browser_as(Role.HUB_ADMIN).submit("/partners/new", form)
    assert answer.status_code == 422
    for words in (
        "Enter the organisation&#39;s name.",
        "as one dials it",
        "name@example.org",
        "LONDON is not the first",
    ):
        assert words in answer.text
    assert "ring me" in answer.text


def test_a_partner_of_the_same_kind_and_name_is_refused(browser_as: Callable[..., Browser], hub: Organisation) -> None:
    admin = browser_as(Role.HUB_ADMIN)
    form = {"kind": "referrer", "name": "Sample Surgery"}
    assert admin.submit("/partners/new", form).status_code == 303
    assert admin.submit("/partners/new", form | {"name": "sample surgery"}).status_code == 422
    assert admin.submit("/partners/new", form | {"kind": "venue"}).status_code == 303
    listed = admin.get("/partners?kind=referrer").text
    assert "Sample Surgery" in listed


def test_who_signs_in_for_a_partner_is_the_hub_admins_to_say(
    browser_as: Callable[..., Browser], hub: Organisation, actor: Callable[..., Actor]
) -> None:
    referrer = actor(Role.REFERRER)
    admin = browser_as(Role.HUB_ADMIN)
    partner = admin.submit("/partners/new", {"kind": "referrer", "name": "Sample Surgery"}).headers["location"]
    assert browser_as(Role.COORDINATOR).submit(f"{partner}/members", {"user_id": "1"}).status_code == 403
    assert admin.submit(f"{partner}/members", {"user_id": str(referrer.user_id)}).status_code == 303
    assert f"Take {referrer.name} out" in admin.get(partner).text
    assert admin.submit(f"{partner}/members/{referrer.user_id}/remove").status_code == 303
    assert f"Take {referrer.name} out" not in admin.get(partner).text
    assert admin.submit(f"{partner}/members/{referrer.user_id}/remove").status_code == 404


def test_programs_add_and_change_partners(browser_as: Callable[..., Browser], hub: Organisation) -> None:
    program = browser_as(Role.COORDINATOR)
    new = {"kind": "courier", "name": "Sample Riders", "covers": ["n19", "N7"], "vehicle_capacity": 4}
    made = program.post("/api/v1/partners", json=new)
    assert made.status_code == 201
    assert made.json()["covers"] == ["N19", "N7"]
    assert program.post("/api/v1/partners", json=new).status_code == 409
    address = f"/api/v1/partners/{made.json()['id']}"
    assert program.put(address, json={"name": "Sample Riders", "active": False}).json()["active"] is False
    assert program.get("/api/v1/partners?kind=courier").json()["total"] == 1
    assert program.get("/api/v1/partners/99999").status_code == 404


def test_a_sign_that_no_text_has_is_refused_and_the_file_of_partners_still_comes_in(
    browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    program, page = browser_as(Role.COORDINATOR), browser_as(Role.HUB_ADMIN)
    refused = program.post("/api/v1/partners", json={"kind": "venue", "name": "Sample\0hall"})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_input")
    assert "a character that no text has" in refused.json()["message"]
    assert page.submit(f"/partners/{hub.id}", hub_form(help_hours="9\0 to 5")).status_code == 422
    sample = {"kind": "venue", "name": "Sample hall"}
    assert program.post("/api/v1/partners", json=sample).status_code == 201
    csv = program.get("/api/v1/sheets/partners").text
    assert "\0" not in csv
    seen = program.post("/api/v1/sheets/partners", json={"csv": csv.replace("Sample hall", "Another hall")}).json()
    assert seen["may_be_kept"], seen


def test_a_second_hub_asks_for_those_who_work_there(browser_as: Callable[..., Browser]) -> None:
    admin = browser_as(Role.HUB_ADMIN)
    hub = {"kind": "hub", "name": "Firth hub", "nation": "SCT", "help_phone": "020 7946 0555"}
    page = admin.get(admin.submit("/partners/new", hub).headers["location"]).text
    assert "Place those here who work at this hub" in page
