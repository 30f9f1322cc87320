"""The labelling table with blank labels, as the person with the scanner meets it; and the same claim by API."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.tablets.rules import Stage
from fleet.tablets.service import get_tablet
from fleet.tags import printing
from fleet.tags.rules import new_code, shown
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.tags.conftest import Labelling
from tests.people import Browser

BrowserAs = Callable[..., Browser]
pytestmark = ON_SQLITE


def test_a_blank_label_is_claimed_by_serial_and_label_in_either_order(
    labelling: Labelling, browser_as: BrowserAs
) -> None:
    first, second = labelling.codes(labelling.blanks(2))
    one, other = labelling.tablet(), labelling.tablet()
    technician = browser_as(Role.TECHNICIAN)

    serial_first = technician.submit("/labels/scan", {"scan": one.serial})
    assert "Scan a blank label for it" in technician.get(serial_first.headers["location"]).text
    claimed = technician.submit("/labels/scan", {"tablet": one.id, "scan": f"HTTPS://T.EXAMPLE/T/{first}"})
    page = technician.get(claimed.headers["location"]).text
    assert f"{first}, not scanned back yet" in page

    label_first = technician.submit("/labels/scan", {"scan": second})
    assert label_first.headers["location"] == f"/labels/scan?code={second}"
    assert f"{second} is a blank label" in technician.get(label_first.headers["location"]).text
    technician.submit("/labels/scan", {"code": second, "scan": other.serial.lower()})
    assert labelling.tag(second).tablet_id == other.id

    technician.submit("/labels/scan", {"tablet": one.id, "scan": first})
    with labelling.database.read() as session:
        assert get_tablet(session, one.id).label_confirmed_at == labelling.clock()
        assert get_tablet(session, other.id).label_confirmed_at is None


def test_at_intake_the_blank_label_that_follows_a_tablet_is_its_own(
    labelling: Labelling, browser_as: BrowserAs
) -> None:
    first, second = labelling.codes(labelling.blanks(2))
    technician = browser_as(Role.TECHNICIAN)
    too_early = technician.submit("/intake", {"scan": first})
    assert (too_early.status_code, "This label is still blank." in too_early.text) == (422, True)
    booked = technician.submit("/intake", {"scan": "SAMPLE-0001"}).headers["location"]
    last = booked.rsplit("=", 1)[1]
    assert f"A blank label on tablet {last}?" in technician.get(booked).text
    assert technician.submit("/intake", {"scan": first, "last": last}).headers["location"] == "/intake"
    assert labelling.tag(first).tablet_id == int(last)
    twice = technician.submit("/intake", {"scan": second, "last": last})
    assert (twice.status_code, f"already carries {first}" in twice.text) == (409, True)
    assert labelling.tag(second).tablet_id is None


def test_a_mistake_at_the_table_is_taken_back_on_the_same_page(labelling: Labelling, browser_as: BrowserAs) -> None:
    (code,), wrong = labelling.codes(labelling.blanks(1)), labelling.tablet()
    technician = browser_as(Role.TECHNICIAN)
    technician.submit("/labels/scan", {"tablet": wrong.id, "scan": code})
    assert f"Take {code} back" in technician.get(f"/labels/scan?tablet={wrong.id}").text
    technician.submit(f"/labels/take-back/{wrong.id}", {"reason": "The one beside it"})
    assert labelling.tag(code).tablet_id is None
    log = technician.get(f"/tablets/{wrong.id}").text
    assert f"Given the label {code}" in log
    assert f"Label {code} taken back, claimed by mistake" in log


def test_the_page_of_a_tablet_shows_every_code_it_ever_had(labelling: Labelling, browser_as: BrowserAs) -> None:
    old, new = labelling.codes(labelling.blanks(2))
    tablet = labelling.tablet()
    labelling.claim(old, tablet)
    technician = browser_as(Role.TECHNICIAN)
    asked = {"reason": "It came off", "blank": new.lower()}
    assert technician.submit(f"/labels/replace/{tablet.id}", asked).status_code == 303
    assert f"Given the label {new} instead of {old}" in technician.get(f"/tablets/{tablet.id}").text
    table = technician.get(f"/labels/scan?tablet={tablet.id}").text
    assert f"by {new}: It came off" in table
    on_it = technician.submit("/labels/scan", {"tablet": tablet.id, "scan": old})
    assert (on_it.status_code, f"replaced by {new}" in on_it.text) == (409, True)
    alone = technician.submit("/labels/scan", {"scan": old})
    assert (alone.status_code, f"replaced by {new}" in alone.text) == (409, True)


def test_a_blank_label_for_a_tablet_that_carries_one_is_refused_and_says_which(
    labelling: Labelling, browser_as: BrowserAs
) -> None:
    first, second = labelling.codes(labelling.blanks(2))
    tablet = labelling.tablet()
    labelling.claim(first, tablet)
    answer = browser_as(Role.TECHNICIAN).submit("/labels/scan", {"tablet": tablet.id, "scan": second})
    assert answer.status_code == 409
    assert f"already carries {first}" in answer.text
    assert "autofocus" in answer.text


@pytest.fixture
def bad_codes(labelling: Labelling) -> dict[str, tuple[str, int, str]]:
    """What may be scanned by mistake: (what was read, the status, what is said of it)."""
    batch = labelling.blanks(4)
    claimed, recycled, void, old = labelling.codes(batch)
    owner, gone = labelling.tablet(), labelling.tablet()
    labelling.claim(old, owner)
    labelling.replace(owner, claimed)
    labelling.claim(recycled, gone)
    with labelling.database.write() as session:
        get_tablet(session, gone.id).stage = Stage.RECYCLED
        printing.void_labels(session, batch.id, first=3, last=3, reason="Lost", happening=labelling.happening())
    stranger = shown(new_code())
    return {
        "a claimed blank": (claimed, 409, f"{claimed} is the label of"),
        "a recycled tablet's": (recycled, 409, "has left the fleet"),
        "a void one": (void, 409, "was made void (Lost)"),
        "a replaced one": (old, 409, f"was replaced by {claimed}"),
        "another lender's": (
            f"https://other.example/T/{stranger}",
            404,
            "another lender, who answers at other.example",
        ),
        "a code we never made": (stranger, 404, "it is not one of our labels"),
        "a QR of something else": ("https://shop.example/offers/a8b7c6", 422, "address of something else"),
        "a misread code": (claimed[:-1] + ("2" if claimed[-1] != "2" else "3"), 422, "does not check"),
        "a Wi-Fi QR": ("WIFI:S:Sample;T:WPA;P:secret;;", 422, "A code has 6 characters"),
    }


def test_each_wrong_code_gets_a_clear_answer_by_api(
    labelling: Labelling, browser_as: BrowserAs, bad_codes: dict[str, tuple[str, int, str]]
) -> None:
    tablet, program = labelling.tablet(), browser_as(Role.TECHNICIAN)
    for what, (read, status, said) in bad_codes.items():
        if "/" in read:
            continue  # an address cannot stand in a path; programs send the code alone
        answer = program.post(f"/api/v1/tags/{read}/claim", json={"tablet_id": tablet.id})
        assert (answer.status_code, said in answer.text) == (status, True), (what, answer.text)
    with labelling.database.read() as session:
        assert get_tablet(session, tablet.id).label_code == ""


def test_each_wrong_code_gets_a_clear_answer_on_the_page(
    labelling: Labelling, browser_as: BrowserAs, bad_codes: dict[str, tuple[str, int, str]]
) -> None:
    tablet, technician = labelling.tablet(), browser_as(Role.TECHNICIAN)
    bad_codes["a Wi-Fi QR"] = ("WIFI:S:Sample;T:WPA;P:secret;;", 404, "neither a label of ours nor a serial")
    for what, (read, status, said) in bad_codes.items():
        answer = technician.submit("/labels/scan", {"tablet": tablet.id, "scan": read})
        assert (answer.status_code, said in answer.text) == (status, True), what
        assert "autofocus" in answer.text, what
    with labelling.database.read() as session:
        assert get_tablet(session, tablet.id).label_code == ""


def test_programs_claim_by_number_or_serial_and_are_told_whose_a_taken_label_is(
    labelling: Labelling, browser_as: BrowserAs
) -> None:
    first, second = labelling.codes(labelling.blanks(2))
    tablet, other = labelling.tablet(), labelling.tablet()
    program = browser_as(Role.TECHNICIAN)
    asked = {"serial": tablet.serial.lower(), "client_id": "phone-0001"}
    answers = [program.post(f"/api/v1/tags/{first}/claim", json=asked) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert {name: answers[0].json()[name] for name in ("state", "kind", "tablet_id", "confirmed_at")} == {
        "state": "attached",
        "kind": "blank",
        "tablet_id": tablet.id,
        "confirmed_at": None,
    }
    taken = program.post(f"/api/v1/tags/{first}/claim", json={"tablet_id": other.id})
    assert (taken.status_code, taken.json()["code"]) == (409, "label_taken")
    assert taken.json()["details"]["tablet_id"] == tablet.id
    labelling.replace(tablet, second)
    old = program.get(f"/api/v1/tags/{first}").json()
    assert (old["state"], old["replaced_by"], old["tablet_id"]) == ("replaced", second, tablet.id)
    for nonsense, status in (({}, 422), ({"tablet_id": 1, "serial": "X"}, 422), ({"serial": "NOT-HERE"}, 404)):
        assert program.post(f"/api/v1/tags/{second}/claim", json=nonsense).status_code == status


def test_only_those_who_record_work_on_tablets_claim(labelling: Labelling, browser_as: BrowserAs) -> None:
    (code,), tablet = labelling.codes(labelling.blanks(1)), labelling.tablet()
    for role in (Role.COURIER, Role.COORDINATOR, Role.HUB_ADMIN):
        answer = browser_as(role).post(f"/api/v1/tags/{code}/claim", json={"tablet_id": tablet.id})
        assert answer.status_code == 403, role
