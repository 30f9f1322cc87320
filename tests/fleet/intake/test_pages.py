"""Donations, purchases, the intake table and hazards, as people see them; and the same by API."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.database.session import Database
from fleet.partners.models import Organisation
from fleet.tablets import queries as tablet_queries
from fleet.tablets.models import Tablet
from fleet.tablets.rules import HoldKind, Stage
from fleet.users.rules import Role
from tests.people import Browser

DONATION = {
    "donor_name": "Sample Giver",
    "received_on": "2026-06-01",
    "expected_count": "2",
    "declared": ["owns_it", "no_return"],
    "declared_by": "IT manager",
}


def test_a_donation_is_booked_in_and_its_tablets_scanned_one_after_another(
    browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    technician = browser_as(Role.TECHNICIAN)
    booked = technician.submit("/donations/new", DONATION)
    donation = booked.headers["location"]
    number = donation.rsplit("/", 1)[-1]
    assert "autofocus" in technician.get(donation).text
    for serial in ("R52N80ABCDE", "R52N80ABCDF"):
        added = technician.submit("/intake", {"batch_id": number, "scan": serial})
        assert added.headers["location"].startswith(f"/intake?batch={number}&last=")
        answer = technician.get(added.headers["location"]).text
        assert f"serial {serial}. Scan the next." in answer
        assert "autofocus" in answer
    page = technician.get(donation).text
    assert "R52N80ABCDE" in page
    assert "2 of 2" in page
    assert "Declaration not complete" in page
    whole = {"declared": ["owns_it", "no_return", "contracts_ended", "accounts_removed"], "declared_by": "IT manager"}
    technician.submit(f"{donation}/declaration", whole)
    assert "Declaration signed" in technician.get(donation).text


def test_a_tablet_that_is_already_here_is_answered_with_where_it_is_and_a_way_to_open_it(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet]
) -> None:
    known = stock(Stage.ON_LOAN)
    technician = browser_as(Role.TECHNICIAN)
    answer = technician.submit("/intake", {"scan": known.serial})
    assert answer.status_code == 409
    assert "already in the fleet" in answer.text
    assert "open the loan" in answer.text
    assert f'href="/tablets/{known.id}"' in answer.text
    assert "autofocus" in answer.text
    twin = technician.submit("/intake", {"scan": known.serial, "serial_note": "blue case"})
    assert twin.status_code == 303


def test_the_serial_of_a_tablet_that_was_recycled_is_added_again_and_said_to_be_known(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet]
) -> None:
    gone = stock(Stage.RECYCLED)
    technician = browser_as(Role.TECHNICIAN)
    added = technician.submit("/intake", {"scan": gone.serial})
    answer = technician.get(added.headers["location"]).text
    assert "Added: tablet" in answer
    assert f"Tablet {gone.id} with this serial was recycled on 1 June 2026." in answer


def test_a_scan_that_cannot_be_read_says_so_and_keeps_the_field_ready(
    browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    answer = browser_as(Role.TECHNICIAN).submit("/intake", {"scan": "490154203237518"})
    assert answer.status_code == 422
    assert "Not readable. Nothing was added." in answer.text
    assert "This is an IMEI" in answer.text


def test_a_donation_that_cannot_be_booked_in_leaves_no_giver_behind(
    browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    late = coordinator.submit("/donations/new", DONATION | {"received_on": "2026-06-02"})
    assert late.status_code == 422
    assert "This day is still to come." in late.text
    assert "Sample Giver" in late.text
    assert "Sample Giver" not in coordinator.get("/partners").text


def test_a_giver_sees_only_their_own_gifts_and_what_became_of_them(
    browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    technician = browser_as(Role.TECHNICIAN)
    mine = technician.submit("/donations/new", DONATION).headers["location"]
    other = technician.submit("/donations/new", DONATION | {"donor_name": "Another Giver"}).headers["location"]
    technician.submit("/intake", {"batch_id": mine.rsplit("/", 1)[-1], "scan": "R52N80ABCDE"})
    giver_id = technician.get(f"/api/v1{mine}").json()["donor_id"]
    giver = browser_as(Role.DONOR, organisation_id=giver_id)
    listed = giver.get("/donations").text
    assert mine in listed
    assert other not in listed
    page = giver.get(mine).text
    assert "R52N80ABCDE" in page
    assert 'href="/tablets' not in page
    assert giver.get(other).status_code == 404
    assert giver.get(f"/api/v1{other}/tablets").status_code == 404
    assert [each["serial"] for each in giver.get(f"/api/v1{mine}/tablets").json()] == ["R52N80ABCDE"]
    assert giver.get("/purchases").status_code == 403
    assert browser_as(Role.DONOR).get("/api/v1/donations").json()["total"] == 0


def test_a_purchase_keeps_its_cost_to_the_penny_and_lists_what_is_still_to_come(
    browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    technician = browser_as(Role.TECHNICIAN)
    form = {"supplier": "Sample Shop", "invoice_ref": "INV-7", "bought_on": "2026-05-01", "cost": "£1,204.50"}
    purchase = technician.submit("/purchases/new", form).headers["location"]
    assert technician.get(f"/api/v1{purchase}").json()["cost_pence"] == 120450
    expected = technician.submit(f"{purchase}/expected", {"serials": "R52N80ABCDE\r\nR52N80ABCDF\r\n"})
    assert expected.status_code == 303
    assert "£1,204.50" in technician.get(purchase).text
    twice = technician.submit(f"{purchase}/expected", {"serials": "R52N80ABCDG\r\nR52N80ABCDE"})
    assert twice.status_code == 409
    assert "R52N80ABCDG" in twice.text
    assert technician.get(f"/api/v1{purchase}").json()["tablet_count"] == 2
    wrong = technician.submit("/purchases/new", form | {"cost": "about a thousand"})
    assert "Enter an amount in pounds" in wrong.text


def test_triage_is_done_on_one_page_step_by_step(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], database: Database
) -> None:
    tablet = stock(Stage.RECEIVED, grade=None, accounts_answered=False)
    technician = browser_as(Role.TECHNICIAN)
    page = f"/intake/{tablet.id}"
    early = technician.submit(f"{page}/triage", {"grade": "A", "route": "usable", "why": "As good as sold"})
    assert early.status_code == 409
    assert "Answer the quick look first" in early.text
    assert "As good as sold" in early.text
    look = {"battery": "ok", "accounts_left": "no", "locked": "no"}
    assert technician.submit(f"{page}/look", look | {"locked": ""}).status_code == 422
    assert technician.submit(f"{page}/look", look).status_code == 303
    check = {"provider": "Sample register", "result": "clear", "ref": "R-1"}
    assert technician.submit(f"{page}/stolen-check", check).status_code == 303
    done = technician.submit(f"{page}/triage", {"grade": "A", "route": "usable", "why": "As good as sold"})
    assert done.headers["location"] == "/intake"
    assert "waiting for wipe" in technician.get("/intake").text
    with database.read() as session:
        found = tablet_queries.tablet(session, tablet.id)
        assert found is not None
        assert found.stage is Stage.AWAITING_WIPE


def test_a_coordinator_waives_the_stolen_check_and_a_technician_may_not(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet]
) -> None:
    tablet = stock(Stage.RECEIVED)
    waiver = f"/intake/{tablet.id}/stolen-check/waiver"
    assert browser_as(Role.TECHNICIAN).submit(waiver, {"reason": "x"}).status_code == 403
    coordinator = browser_as(Role.COORDINATOR)
    assert coordinator.submit(waiver, {"reason": "Invoice seen"}).status_code == 303
    assert "Invoice seen" in coordinator.get(f"/intake/{tablet.id}").text


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.COURIER, Role.COORDINATOR, Role.BUDDY])
def test_every_handler_reaches_the_hazard_page_from_the_navigation_and_holds_a_tablet(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], database: Database, role: Role
) -> None:
    tablet = stock(Stage.ON_LOAN)
    handler = browser_as(role)
    assert 'href="/hazard"' in handler.get("/account").text
    page = handler.get("/hazard").text
    held = handler.submit("/hazard", {"scan": tablet.serial, "seen": "The back is bulging"}).text
    for sentence in ("Do not charge it.", "Do not carry it or post it.", "020 7946 0000"):
        assert sentence in page
        assert sentence in held
    assert "It is held." in held
    with database.read() as session:
        assert tablet_queries.open_hold(session, tablet.id, HoldKind.SAFETY) is not None


def test_a_hazard_with_a_code_nobody_knows_still_gives_the_advice(
    browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    answer = browser_as(Role.COURIER).submit("/hazard", {"scan": "UNKNOWN1", "seen": "Hot"})
    assert answer.status_code == 404
    for words in ("Do not charge it.", "020 7946 0000", "No tablet in the fleet has the serial UNKNOWN1."):
        assert words in answer.text


def test_programs_book_in_look_check_and_triage(browser_as: Callable[..., Browser], hub: Organisation) -> None:
    program = browser_as(Role.TECHNICIAN)
    scan = {"scan": "R52N80ABCDE", "client_id": "bench-00001"}
    first, again = (program.post("/api/v1/intake/tablets", json=scan) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    address = f"/api/v1/intake/tablets/{first.json()['tablet_id']}"
    look = {"accounts_left": "no", "locked": "no", "battery": "hot"}
    assert program.put(f"{address}/look", json=look).json()["holds"] == ["safety"]
    check = {"provider": "Sample register", "result": "clear", "ref": "R-1"}
    assert program.put(f"{address}/stolen-check", json=check).json()["stolen_result"] == "clear"
    triaged = program.post(f"{address}/triage", json={"grade": "X", "route": "recycle", "reason": "Swollen"})
    assert triaged.json()["stage"] == "retired"
    taken = program.post("/api/v1/intake/tablets", json={"scan": "R52N80ABCDE"})
    assert (taken.status_code, taken.json()["code"]) == (409, "serial_already_here")
    hazard = program.post("/api/v1/hazards", json={"scan": "R52N80ABCDE", "seen": "Hotter"})
    assert hazard.json()["help_phone"] == "020 7946 0000"
