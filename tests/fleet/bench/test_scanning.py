"""One scan, one answer: finding, mode cards, blocked and why, not found, and taking the last one back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from fleet.bench import service
from fleet.bench.models import Scan
from fleet.bench.rules import RunState
from fleet.bench.scan_words import CARDS, Card, ScanMode, ScanOutcome, card_of
from fleet.tablets.rules import Stage
from fleet.tags import service as tags
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.bench.workbench import Place, Workbench
from tests.people import Browser

HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def scan(workbench: Workbench) -> Callable[..., Scan]:
    def once(text: str, client_id: str | None = None) -> Scan:
        with workbench.database.write() as session:
            return service.scan(
                session,
                workbench.bench.id,
                text,
                actor=workbench.technician,
                settings=workbench.settings,
                now=workbench.clock(),
                client_id=client_id,
            )

    return once


def seen(workbench: Workbench, place: Place) -> None:
    workbench.trust(place)
    workbench.look_into(place)


def label_of(workbench: Workbench, place: Place) -> str:
    with workbench.database.write() as session:
        happening = workbench.happening()
        tags.make_tags(session, [place.tablet.id], actor=workbench.technician, happening=happening)
        return tags.codes_of(session, [place.tablet.id])[place.tablet.id]


def test_a_label_opens_the_tablet_s_slot(workbench: Workbench, scan: Callable[..., Scan]) -> None:
    place = workbench.place()
    seen(workbench, place)
    found = scan(label_of(workbench, place))
    assert (found.outcome, found.slot_id) == (ScanOutcome.APPLIED, place.row.id)
    assert place.row.place in found.said


def test_a_tablet_in_no_slot_is_said_to_be_where_it_is(workbench: Workbench, scan: Callable[..., Scan]) -> None:
    tablet = workbench.stock(Stage.ON_LOAN)
    found = scan(tablet.serial)
    assert (found.outcome, found.slot_id) == (ScanOutcome.APPLIED, None)
    assert "on loan" in found.said


@ON_SQLITE
def test_a_lost_tablet_is_said_to_be_lost_in_every_mode_and_leads_to_where_it_is_taken_in(
    workbench: Workbench, scan: Callable[..., Scan], browser_as: Callable[..., Browser]
) -> None:
    tablet = workbench.stock(Stage.LOST)
    for card in ("MODE-FIND", "MODE-WIPE", "GRADE-A"):
        scan(card)
        found = scan(tablet.serial)
        assert (found.outcome, "is LOST by our books" in found.said) == (ScanOutcome.BLOCKED, True)
    browser = browser_as(Role.TECHNICIAN)
    where = f"/bench/{workbench.bench.id}/scan"
    form = {"csrf_token": browser.csrf(), "scan": tablet.serial}
    answer = browser.post(where, data=form, headers={**HERE, "hx-request": "true"})
    assert f"/desk/lost/{tablet.id}" in answer.text


@pytest.mark.parametrize("text", ["", "NOTHING-OF-OURS", "K7F3-QX"])
def test_what_is_not_ours_is_not_found(scan: Callable[..., Scan], text: str) -> None:
    assert scan(text).outcome is ScanOutcome.NOT_FOUND


def test_a_mistyped_code_is_told_which_character_to_look_at(workbench: Workbench, scan: Callable[..., Scan]) -> None:
    code = label_of(workbench, workbench.place())
    found = scan(f"{code[:2]}0{code[3:]}")
    assert found.outcome is ScanOutcome.NOT_FOUND
    assert "Look again at character 3" in found.said


def test_the_serial_of_a_tablet_that_left_says_when_it_left(workbench: Workbench, scan: Callable[..., Scan]) -> None:
    tablet = workbench.stock(Stage.RECYCLED)
    found = scan(tablet.serial)
    assert found.outcome is ScanOutcome.NOT_FOUND
    assert f"Tablet {tablet.id} left our stock: it was recycled on 1 June 2026." in found.said


def test_a_card_says_what_the_next_scan_does_and_a_second_scan_is_already(
    workbench: Workbench, scan: Callable[..., Scan]
) -> None:
    place = workbench.place()
    seen(workbench, place)
    assert scan("MODE-WIPE").outcome is ScanOutcome.APPLIED
    assert scan("mode wipe").outcome is ScanOutcome.ALREADY
    begun = scan(place.tablet.serial)
    assert begun.outcome is ScanOutcome.APPLIED
    assert begun.run_id is not None
    assert workbench.run_numbered(begun.run_id).media_removed
    again = scan(place.tablet.serial)
    assert (again.outcome, again.run_id) == (ScanOutcome.ALREADY, None)


def test_a_card_is_forgotten_after_a_while(workbench: Workbench, scan: Callable[..., Scan]) -> None:
    scan("MODE-WIPE")
    workbench.clock.advance(seconds=timedelta(minutes=11).total_seconds())
    place = workbench.place()
    found = scan(place.tablet.serial)
    assert (found.mode_before, found.run_id) == (ScanMode.FIND, None)


def test_what_may_not_be_done_is_blocked_with_the_reason(workbench: Workbench, scan: Callable[..., Scan]) -> None:
    place = workbench.place(stage=Stage.READY)
    seen(workbench, place)
    scan("MODE-WIPE")
    blocked = scan(place.tablet.serial)
    assert blocked.outcome is ScanOutcome.BLOCKED
    assert "awaiting wipe" in blocked.said
    unplugged = workbench.stock(Stage.AWAITING_WIPE)
    assert "in no slot" in scan(unplugged.serial).said


def test_the_last_scan_is_taken_back_while_nothing_was_changed(workbench: Workbench, scan: Callable[..., Scan]) -> None:
    place = workbench.place()
    seen(workbench, place)
    assert scan("MODE-UNDO").outcome is ScanOutcome.NOT_FOUND
    scan("MODE-WIPE")
    run_id = scan(place.tablet.serial).run_id
    assert run_id is not None
    assert scan("MODE-UNDO").outcome is ScanOutcome.APPLIED
    assert workbench.run_numbered(run_id).state is RunState.ABANDONED
    assert workbench.tablet(place).stage is Stage.AWAITING_WIPE
    assert scan("MODE-UNDO").outcome is ScanOutcome.NOT_FOUND


def test_a_reset_on_its_way_is_not_taken_back(workbench: Workbench, scan: Callable[..., Scan]) -> None:
    place = workbench.place()
    seen(workbench, place)
    scan("MODE-WIPE")
    run_id = scan(place.tablet.serial).run_id
    assert run_id is not None
    assert workbench.turn(workbench.run_numbered(run_id)).state is RunState.WAITING_HANDS
    assert scan("MODE-UNDO").outcome is ScanOutcome.BLOCKED
    assert workbench.run_numbered(run_id).state is RunState.WAITING_HANDS


def test_check_says_what_is_missing_and_ready_puts_it_on_the_shelf(
    workbench: Workbench, scan: Callable[..., Scan]
) -> None:
    missing = workbench.stock(Stage.PROVISIONED, kit_checked_at=None)
    complete = workbench.stock(Stage.PROVISIONED)
    scan("MODE-CHECK")
    assert "kit" in scan(missing.serial).said
    assert scan(complete.serial).outcome is ScanOutcome.APPLIED
    scan("MODE-READY")
    assert scan(missing.serial).outcome is ScanOutcome.BLOCKED
    assert scan(complete.serial).outcome is ScanOutcome.APPLIED
    assert scan(complete.serial).outcome is ScanOutcome.ALREADY


def test_the_same_scan_told_twice_is_one(workbench: Workbench, scan: Callable[..., Scan]) -> None:
    first = scan("MODE-WIPE", "scan-0001")
    assert scan("MODE-WIPE", "scan-0001").id == first.id


def test_a_program_scans_too(workbench: Workbench, browser_as: Callable[..., Browser]) -> None:
    technician = browser_as(Role.TECHNICIAN)
    url = f"/api/v1/benches/{workbench.bench.id}/scans"
    answer = technician.post(url, json={"text": "MODE-PROVISION"}, headers=HERE)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["outcome"], answer.json()["mode"]) == ("applied", "provision")


def test_a_form_without_scripts_says_its_answer_on_the_wall(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    technician = browser_as(Role.TECHNICIAN)
    place = workbench.place()
    seen(workbench, place)
    sent = technician.submit(f"/bench/{workbench.bench.id}/scan", {"scan": place.tablet.serial})
    assert sent.status_code == 303
    wall = technician.get(sent.headers["location"])
    assert place.row.place in wall.text
    assert 'id="sheet-title"' in wall.text


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.code)
def test_every_card_is_understood_as_it_is_printed(card: Card) -> None:
    assert card_of(card.code.lower()) is card
