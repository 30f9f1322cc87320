"""Printing labels and scanning them back, as the person at the labelling table does it; and the same by API."""

from __future__ import annotations

from collections.abc import Callable

import pypdfium2
import pytest

from fleet.database.session import Database
from fleet.partners.models import Organisation
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.service import get_tablet
from fleet.tags.rules.printing import BatchKind
from fleet.tags.service import codes_of
from fleet.tags.words import BATCH_WORDS
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser


def test_a_sheet_is_printed_for_chosen_tablets_and_downloaded(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], database: Database
) -> None:
    first, second = stock(), stock()
    technician = browser_as(Role.TECHNICIAN)
    page = technician.get(f"/labels?tablet={first.id}")
    assert page.text.count(" checked") >= 2
    made = technician.submit("/labels", {"tablet": [first.id, second.id], "sheet": "L7160", "start_at": "4"})
    assert made.status_code == 303
    batch = made.headers["location"]
    with database.read() as session:
        codes = codes_of(session, [first.id, second.id])
    shown = technician.get(batch).text
    assert all(code in shown for code in codes.values())
    pdf = technician.get(f"{batch}/pdf")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    again = technician.submit(f"{batch}/again", {"start_at": "1"})
    assert again.headers["location"] != batch
    assert batch in technician.get("/labels/batches").text


def test_what_cannot_be_printed_is_shown_again_as_it_was_typed(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], database: Database
) -> None:
    tablet = stock()
    technician = browser_as(Role.TECHNICIAN)
    nothing = technician.submit("/labels", {"sheet": "L7160"})
    assert nothing.status_code == 422
    assert "Choose at least one tablet." in nothing.text
    beyond = technician.submit("/labels", {"tablet": [tablet.id], "sheet": "L4776", "start_at": "13"})
    assert beyond.status_code == 422
    assert "This sheet has positions 1 to 12" in beyond.text
    assert 'value="13"' in beyond.text
    with database.read() as session:
        assert codes_of(session, [tablet.id]) == {}


@ON_SQLITE
@pytest.mark.parametrize(
    ("kind", "words"), [("charger", "Charger"), ("kit_bag", "Kit bag"), ("sim_envelope", "SIM for")]
)
def test_what_goes_with_a_tablet_gets_its_code_and_proves_nothing_of_the_tablets_own_label(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], kind: str, words: str
) -> None:
    browser, tablet = browser_as(Role.TECHNICIAN), stock()
    asked = {"kind": kind, "tablet_ids": [tablet.id]}
    made = browser.post("/api/v1/print-batches", json=asked).json()
    assert (made["kind"], made["tags"][0]["printed_at"]) == (kind, None)
    page = pypdfium2.PdfDocument(browser.get(made["pdf_url"]).content)[0].get_textpage().get_text_range()
    assert words in page
    assert made["tags"][0]["code"] in page
    choices = browser.get(f"/labels?kind={kind}").text
    assert made["tags"][0]["code"] in choices
    again = browser.submit("/labels", {"kind": kind, "tablet": str(tablet.id), "sheet": "L7160"})
    assert again.status_code == 303
    assert BATCH_WORDS[BatchKind(kind)] in browser.get(again.headers["location"]).text
    assert browser.post("/api/v1/print-batches", json={"kind": kind, "count": 3}).status_code == 422


def test_a_label_is_scanned_back_by_serial_and_code_in_either_order(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], database: Database
) -> None:
    tablets = [stock(Stage.PROVISIONED, label_confirmed_at=None) for _ in range(2)]
    technician = browser_as(Role.TECHNICIAN)
    technician.submit("/labels", {"tablet": [tablet.id for tablet in tablets]})
    with database.read() as session:
        codes = codes_of(session, [tablet.id for tablet in tablets])
    serial_first = technician.submit("/labels/scan", {"scan": tablets[0].serial.lower()})
    assert serial_first.headers["location"] == f"/labels/scan?tablet={tablets[0].id}"
    url = f"HTTPS://T.EXAMPLE/T/{codes[tablets[0].id]}"
    assert technician.submit("/labels/scan", {"tablet": tablets[0].id, "scan": url}).status_code == 303
    code_first = technician.submit("/labels/scan", {"scan": codes[tablets[1].id]})
    waiting = technician.get(code_first.headers["location"])
    assert tablets[1].serial in waiting.text
    done = {"tablet": tablets[1].id, "code": codes[tablets[1].id], "scan": tablets[1].serial}
    assert technician.submit("/labels/scan", done).headers["location"] == "/labels/scan"
    with database.read() as session:
        assert all(get_tablet(session, tablet.id).label_confirmed_at for tablet in tablets)


def test_a_label_on_the_wrong_tablet_is_refused_and_the_field_keeps_the_focus(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], database: Database
) -> None:
    first, second = (stock(Stage.PROVISIONED, label_confirmed_at=None) for _ in range(2))
    technician = browser_as(Role.TECHNICIAN)
    technician.submit("/labels", {"tablet": [first.id, second.id]})
    with database.read() as session:
        codes = codes_of(session, [first.id, second.id])
    answer = technician.submit("/labels/scan", {"tablet": first.id, "scan": codes[second.id]})
    assert answer.status_code == 409
    assert f"Take it off and scan {codes[first.id]}." in answer.text
    assert "autofocus" in answer.text
    misread = technician.submit("/labels/scan", {"tablet": first.id, "scan": "K7F3-QY"})
    assert misread.status_code == 422
    assert "does not check" in misread.text
    with database.read() as session:
        assert get_tablet(session, first.id).label_confirmed_at is None


def test_programs_print_look_up_and_confirm(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], hub: Organisation
) -> None:
    first, second = stock(Stage.PROVISIONED), stock(Stage.PROVISIONED)
    program = browser_as(Role.TECHNICIAN)
    made = program.post("/api/v1/print-batches", json={"tablet_ids": [first.id, second.id], "sheet": "L7163"})
    assert made.status_code == 201
    assert program.get(made.json()["pdf_url"]).content[:5] == b"%PDF-"
    code = made.json()["tags"][0]["code"]
    assert program.get(f"/api/v1/tags/{code.lower()}").json()["tablet_id"] == first.id
    confirm = {"tablet_id": first.id, "client_id": "bench-00001"}
    answers = [program.post(f"/api/v1/tags/{code}/confirm", json=confirm) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    wrong = program.post(f"/api/v1/tags/{code}/confirm", json={"tablet_id": second.id})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_label")
    assert program.get("/api/v1/tags/K7F3-QX").status_code == 404
    assert program.get("/api/v1/tags/K7F3-QY").status_code == 422
