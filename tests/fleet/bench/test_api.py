"""The bench for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.bench.rules import RunState
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.apks import ApkRecipe, build_apk
from tests.fleet.bench.workbench import Place, Workbench
from tests.people import Browser

HERE = {"sec-fetch-site": "same-origin"}


def look(workbench: Workbench, place: Place, program: Browser) -> dict[str, Any]:
    """Ask for a look, let a worker do it, and read what it saw."""
    workbench.trust(place)
    asked = program.post(f"/api/v1/slots/{place.row.id}/look", headers=HERE)
    assert asked.status_code == 202
    assert asked.json()["look_asked_at"] is not None
    workbench.look_as_asked()
    seen: dict[str, Any] = program.get(f"/api/v1/slots/{place.row.id}").json()
    assert seen["look_asked_at"] is None
    return seen


def test_a_run_is_begun_followed_and_certified(workbench: Workbench, browser_as: Callable[..., Browser]) -> None:
    place = workbench.place()
    technician = browser_as(Role.TECHNICIAN)
    seen = look(workbench, place, technician)
    assert (seen["seen_serial"], seen["tablet_id"], seen["unknown"]) == (place.tablet.serial, place.tablet.id, False)
    asked = {"kind": "wipe", "tablet_id": place.tablet.id, "slot_id": place.row.id, "client_id": "program-1"}
    refused = technician.post("/api/v1/bench-runs", json=asked, headers=HERE)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["media_removed"])
    begun = technician.post("/api/v1/bench-runs", json=asked | {"media_removed": True}, headers=HERE)
    again = technician.post("/api/v1/bench-runs", json=asked | {"media_removed": True}, headers=HERE)
    assert begun.status_code == again.status_code == 201
    assert begun.json()["id"] == again.json()["id"]
    other = technician.post("/api/v1/bench-runs", json=asked | {"media_removed": True, "client_id": None}, headers=HERE)
    assert (other.status_code, other.json()["code"]) == (409, "run_in_progress")
    run = workbench.run_numbered(begun.json()["id"])
    assert workbench.finish(run, place).state is RunState.PASSED
    told = technician.get(f"/api/v1/bench-runs/{run.id}").json()
    assert told["certificate"] == "DW-2026-000001"
    assert {step["outcome"] for step in told["steps"]} == {"ok"}
    certificate = technician.get("/api/v1/certificates/DW-2026-000001").json()
    assert certificate["content"]["serial"] == place.tablet.serial
    assert technician.get("/api/v1/certificates/DW-2026-000001/pdf").content[:5] == b"%PDF-"
    assert technician.get("/api/v1/certificates").json()["total"] == 1


def test_a_tablet_nobody_booked_in_is_said_to_be_unknown(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    place.device.state.body.serial = "VIRTSTRANGER"
    seen = look(workbench, place, browser_as(Role.TECHNICIAN))
    assert (seen["seen_serial"], seen["unknown"], seen["tablet_id"]) == ("VIRTSTRANGER", True, None)


def test_an_empty_slot_is_an_answer(workbench: Workbench, browser_as: Callable[..., Browser]) -> None:
    place = workbench.place()
    place.device.vanish()
    assert "No tablet answered" in look(workbench, place, browser_as(Role.TECHNICIAN))["seen_problem"]


def test_a_run_is_stopped_and_tried_again(workbench: Workbench, browser_as: Callable[..., Browser]) -> None:
    place = workbench.place(stage=Stage.WIPED)
    technician = browser_as(Role.TECHNICIAN)
    run = workbench.start_provision(place, "standard")
    stopped = technician.post(f"/api/v1/bench-runs/{run.id}/cancel", headers=HERE)
    assert stopped.json()["state"] == "abandoned"
    assert technician.post(f"/api/v1/bench-runs/{run.id}/cancel", headers=HERE).status_code == 409
    again = technician.post(f"/api/v1/bench-runs/{run.id}/retry", headers=HERE)
    assert (again.status_code, again.json()["retry_of"]) == (201, run.id)
    assert technician.get("/api/v1/bench-runs?open=yes").json()["total"] == 1


def test_apps_come_in_once_and_strangers_do_not(workbench: Workbench, browser_as: Callable[..., Browser]) -> None:
    technician = browser_as(Role.TECHNICIAN)
    told = {"licence": "open", "licence_note": "Apache 2.0"}

    def send(recipe: ApkRecipe) -> tuple[int, dict[str, object]]:
        path = build_apk(recipe)
        answer = technician.post(
            "/api/v1/apps", data=told, files={"file": (path.name, path.read_bytes())}, headers=HERE
        )
        return answer.status_code, answer.json()

    def send_with_token(recipe: ApkRecipe) -> tuple[int, dict[str, object]]:
        path = build_apk(recipe)
        answer = technician.submit("/api/v1/apps", told, files={"file": (path.name, path.read_bytes())})
        return answer.status_code, answer.json()

    assert send(ApkRecipe(package="org.example.calls"))[0] == 403
    status, first = send_with_token(ApkRecipe(package="org.example.calls"))
    assert status == 201
    assert send_with_token(ApkRecipe(package="org.example.calls"))[1]["id"] == first["id"]
    assert send_with_token(ApkRecipe(package="org.example.calls", version_code=2))[0] == 201
    status, refused = send_with_token(ApkRecipe(package="org.example.calls", version_code=3, signer="stranger"))
    assert status == 422
    assert "signed by" in str(refused["fields"])
    status, refused = send_with_token(ApkRecipe(package="org.example.torn", tampered=True))
    assert (status, list(refused["fields"])) == (422, ["file"])  # type: ignore[call-overload]  # what was said is JSON of any shape
    assert technician.get("/api/v1/apps").json()["total"] == 2
    kept = sorted(path.name for path in (workbench.settings.data_dir / "apps").iterdir())
    assert f"{first['sha256']}.apk" in kept
    assert not [name for name in kept if name.startswith(".coming")]


def test_profiles_and_benches_are_listed(workbench: Workbench, browser_as: Callable[..., Browser]) -> None:
    place = workbench.place()
    technician = browser_as(Role.TECHNICIAN)
    listed = technician.get("/api/v1/profiles").json()
    assert [each["name"] for each in listed[:3]] == ["standard", "large-clear", "low-vision"]
    assert "Words have Android's usual size" in listed[0]["lines"]
    (bench,) = technician.get("/api/v1/benches").json()
    assert [slot["id"] for slot in bench["slots"]] == [place.row.id]
    assert technician.get(f"/api/v1/benches/{bench['id']}").json() == bench


def test_a_courier_has_no_bench(browser_as: Callable[..., Browser]) -> None:
    assert browser_as(Role.COURIER).get("/api/v1/bench-runs").status_code == 403
