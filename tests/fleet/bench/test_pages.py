"""What a technician, a coordinator and a stranger see of the bench, and what the buttons do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.bench import queries, service
from fleet.bench.rules import RunState
from fleet.partners.models import Organisation
from fleet.tablets import service as tablets
from fleet.tablets.rules import HoldKind, Stage
from fleet.users.rules import Role
from tests.apks import ApkRecipe, build_apk
from tests.fleet.bench.workbench import Workbench
from tests.people import Browser


def test_a_technician_looks_begins_a_wipe_and_finds_its_certificate(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    technician = browser_as(Role.TECHNICIAN)
    slot = f"/bench/slots/{place.row.id}"
    workbench.trust(place)
    assert technician.submit(f"{slot}/look").status_code == 303
    workbench.look_as_asked()
    page = technician.get(slot)
    assert "Begin the wipe" in page.text
    assert place.tablet.serial in page.text
    refused = technician.submit(f"{slot}/wipe", {"tablet_id": str(place.tablet.id)})
    assert refused.status_code == 422
    assert "Take out SIM and memory card" in refused.text
    begun = technician.submit(f"{slot}/wipe", {"tablet_id": str(place.tablet.id), "media_removed": "yes"})
    assert begun.status_code == 303
    with workbench.database.read() as session:
        run = queries.unfinished_run_of_tablet(session, place.tablet.id)
    assert run is not None
    assert workbench.turn(run).state is RunState.WAITING_HANDS
    wall = technician.get(f"/bench/{workbench.bench.id}").text
    assert "slot--hands" in wall
    assert "Tap “" in wall
    assert workbench.finish(run, place).state is RunState.PASSED
    page = technician.get(begun.headers["location"])
    assert "The mark left at /sdcard" in page.text
    assert "DW-2026-000001" in page.text
    pdf = technician.get("/certificates/DW-2026-000001/pdf")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_stranger_can_check_a_certificate_and_learns_no_name(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    run = workbench.finish(workbench.start_wipe(place), place)
    page = browser_as().get("/certificates/dw-2026-000001")
    assert page.status_code == 200
    assert "Valid" in page.text
    assert run.started_by not in page.text
    assert place.tablet.serial not in page.text
    assert place.tablet.serial[-4:] in page.text
    assert browser_as().get("/certificates/DW-2026-000009").status_code == 404


def test_an_app_is_imported_by_form_and_a_text_file_is_refused(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    technician = browser_as(Role.TECHNICIAN)
    apk = build_apk(ApkRecipe(package="org.example.calls", label="Sample Calls"))
    told = {"licence": "open", "licence_note": "Apache 2.0"}
    sent = technician.submit("/bench/apps", told, files={"file": ("calls.apk", apk.read_bytes())})
    assert sent.status_code == 303
    assert "Sample Calls" in technician.get("/bench/apps").text
    refused = technician.submit("/bench/apps", told, files={"file": ("notes.apk", b"Dear diary")})
    assert refused.status_code == 422
    assert "notes.apk is not an Android app" in refused.text
    assert technician.submit("/bench/apps").status_code == 422


def test_an_upload_larger_than_any_app_is_refused_before_it_is_read(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    technician = browser_as(Role.TECHNICIAN)
    headers = {"content-length": str(service.LARGEST_APP_BYTES * 2), "content-type": "multipart/form-data; boundary=x"}
    answer = technician.post("/bench/apps", headers=headers, content=b"")
    assert answer.status_code == 413
    assert "larger than 600 MB" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/bench", "/bench/waiting", "/bench/runs", "/bench/apps", "/bench/profiles", "/certificates", "/bench/set-up/new"],
)
def test_pages_open_before_there_is_a_bench(path: str, hub: Organisation, browser_as: Callable[..., Browser]) -> None:
    assert browser_as(Role.TECHNICIAN).get(path).status_code == 200


def test_a_bench_and_its_slots_are_set_up_by_form(browser_as: Callable[..., Browser], workbench: Workbench) -> None:
    technician = browser_as(Role.TECHNICIAN)
    added = technician.submit("/bench/set-up", {"name": "Bench 2"})
    assert added.status_code == 303
    bench = added.headers["location"].removesuffix("/set-up")
    refused = technician.submit(f"{bench}/slots", {"place": "1-1.1", "address": "somewhere"})
    assert refused.status_code == 422
    assert "tcp:HOST:PORT" in refused.text
    assert technician.submit(f"{bench}/slots", {"place": "1-1.1", "address": "tcp:127.0.0.1:5555"}).status_code == 303
    wall = technician.get(bench)
    assert "1-1.1" in wall.text
    assert "Empty" in wall.text


def test_what_waits_is_listed_with_what_for(workbench: Workbench, browser_as: Callable[..., Browser]) -> None:
    to_wipe = workbench.stock(Stage.AWAITING_WIPE)
    workbench.stock(Stage.READY)
    page = browser_as(Role.TECHNICIAN).get("/bench/waiting")
    assert f"/tablets/{to_wipe.id}" in page.text
    assert page.text.count("to be wiped") == 1


def test_the_sheet_of_a_tablet_that_left_our_stock_leads_to_its_page(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place(stage=Stage.RECYCLED)
    workbench.trust(place)
    technician = browser_as(Role.TECHNICIAN)
    technician.submit(f"/bench/slots/{place.row.id}/look")
    workbench.look_as_asked()
    page = technician.get(f"/bench/slots/{place.row.id}").text
    assert "It left our stock" in page
    assert f'href="/tablets/{place.tablet.id}"' in page
    assert "before anything else" not in page


def test_a_held_tablet_is_offered_no_wipe_and_no_second_try_and_says_why(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place)
    technician = browser_as(Role.TECHNICIAN)
    technician.submit(f"/bench/runs/{run.id}/cancel")
    workbench.trust(place)
    technician.submit(f"/bench/slots/{place.row.id}/look")
    workbench.look_as_asked()
    pages = (f"/bench/{workbench.bench.id}?open={place.row.id}", f"/bench/slots/{place.row.id}/ways")
    sheet, ways = (technician.get(page).text for page in pages)
    assert all(each in sheet for each in ("Try again from here", "Begin the wipe"))
    assert "Begin the wipe" in ways
    with workbench.database.write() as session:
        happening = workbench.happening(reason="Somebody says it is theirs.")
        tablets.place_hold(session, place.tablet.id, HoldKind.IDENTITY, actor=workbench.technician, happening=happening)
    sheet, ways = (technician.get(page).text for page in pages)
    assert not any(each in sheet + ways for each in ("Try again from here", "Begin the wipe"))
    assert "It is not tried again while it is held. Somebody says it is theirs." in sheet
    assert "It is held: take it out. Somebody says it is theirs." in ways


def test_a_ready_tablet_comes_out_and_one_read_long_ago_is_not_called_done(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place(stage=Stage.READY)
    workbench.trust(place)
    technician = browser_as(Role.TECHNICIAN)
    technician.submit(f"/bench/slots/{place.row.id}/look")
    workbench.look_as_asked()
    wall = f"/bench/{workbench.bench.id}"
    fresh = technician.get(wall).text
    assert all(each in fresh for each in ("slot--done", "Take it out", "Ready to lend"))
    workbench.clock.advance(days=workbench.settings.verify_valid_days + 1)
    technician = browser_as(Role.TECHNICIAN)
    stale = technician.get(wall).text
    assert "slot--done" not in stale
    assert all(each in stale for each in ("Next: refresh it", "Not lent as it is: its profile was read too long ago."))
    sheet = technician.get(f"{wall}?open={place.row.id}").text
    assert "It needs a refresh." in sheet
    assert f'Send it for one on <a class="govuk-link" href="/tablets/{place.tablet.id}">' in sheet
    technician.submit(f"/tablets/{place.tablet.id}/moves/needs_refresh", {"reason": "It lay on the shelf."})
    assert "Make it ready for somebody" in technician.get(f"{wall}?open={place.row.id}").text
