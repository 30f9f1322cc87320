"""A tablet with a Google account is wiped by no path at all until the account is gone, or its removal was agreed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from fleet.bench import queries, service
from fleet.bench.models import BlockerWaiver, Run
from fleet.bench.rules import RunState
from fleet.cli.main import app
from fleet.clock import local_date, utc_now
from fleet.errors import BadInput, MoveRefused, NotFound
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import DataState, HoldKind, Stage
from fleet.users import service as users
from fleet.users.rules import Role
from provisioning.virtual import person
from provisioning.virtual.tablet import Screen
from provisioning.wipe.blockers import BlockerCode
from provisioning.wipe.routes import RouteCode
from tests.fleet.bench.workbench import Place, Workbench
from tests.people import Browser

HERE = {"sec-fetch-site": "same-origin"}
AGREED = {"given_by": "giver", "told_by": "phone", "given_on": "2026-05-30"}


def with_account(workbench: Workbench) -> Place:
    place = workbench.place()
    person.add_account(place.device, "sample.one@example.org", "com.google")
    return place


def agree(workbench: Workbench, place: Place) -> None:
    with workbench.database.write() as session:
        service.record_consent(
            session,
            place.tablet.id,
            given_by="giver",
            told_by="phone",
            given_on=local_date(workbench.clock()),
            actor=workbench.technician,
            happening=workbench.happening(),
        )


def shown(place: Place) -> Screen:
    return place.device.screen


def lift(workbench: Workbench, place: Place) -> None:
    with workbench.database.write() as session:
        happening = workbench.happening(reason="Looked at again.")
        tablets.lift_hold(session, place.tablet.id, HoldKind.IDENTITY, actor=workbench.technician, happening=happening)


def retry(workbench: Workbench, run: Run) -> Run:
    with workbench.database.write() as session:
        return service.retry_run(
            session, run.id, actor=workbench.technician, settings=workbench.settings, happening=workbench.happening()
        )


def assert_refused(workbench: Workbench, run: Run, place: Place) -> Run:
    ended = workbench.finish(run, place)
    assert ended.state is RunState.FAILED
    assert "google_account" in [blocker["code"] for blocker in ended.blockers]
    assert place.device.content.generation == 1, "the storage is what it was"
    assert [account.type for account in place.device.content.accounts] == ["com.google"]
    assert workbench.tablet(place).data is not DataState.CLEAN
    with workbench.database.read() as session:
        assert queries.latest_certificate(session, place.tablet.id) is None
    return ended


@pytest.mark.parametrize("route", ["", *RouteCode])
def test_no_way_wipes_it_and_trying_again_does_not_help(workbench: Workbench, route: str) -> None:
    place = with_account(workbench)
    failed = assert_refused(workbench, workbench.start_wipe(place, route), place)
    with pytest.raises(MoveRefused):
        retry(workbench, failed)
    lift(workbench, place)
    assert_refused(workbench, retry(workbench, failed), place)


def test_no_waiver_lets_it_pass_not_even_one_written_into_the_table(workbench: Workbench) -> None:
    place = with_account(workbench)
    me, hurry = workbench.technician, workbench.happening(reason="We are in a hurry.")
    with workbench.database.write() as session, pytest.raises(BadInput, match="Nothing was waived"):
        service.waive_blocker(session, place.tablet.id, BlockerCode.GOOGLE_ACCOUNT, actor=me, happening=hurry)
    with workbench.database.write() as session:
        session.add(
            BlockerWaiver(
                tablet_id=place.tablet.id,
                code=BlockerCode.GOOGLE_ACCOUNT.value,
                reason="Forged",
                waived_by="Nobody",
                waived_at=workbench.clock(),
            )
        )
    assert_refused(workbench, workbench.start_wipe(place), place)


def test_a_paused_run_that_is_taken_up_does_not_slip_past(workbench: Workbench) -> None:
    place = with_account(workbench)
    run = workbench.start_wipe(place)
    for act in (service.pause_run, service.resume_run):
        with workbench.database.write() as session:
            act(session, run.id, actor=workbench.technician, happening=workbench.happening())
    assert_refused(workbench, run, place)


@pytest.mark.parametrize("route", ["settings_reset", "test_harness"])
def test_an_account_that_appears_between_the_look_and_the_reset_stops_it(workbench: Workbench, route: str) -> None:
    """The worker dies once the evidence is kept; somebody signs in; another worker takes the run up."""
    place = workbench.place()
    run = workbench.start_wipe(place, route)
    with workbench.database.write() as session:
        service.pause_run(session, run.id, actor=workbench.technician, happening=workbench.happening())
    with workbench.database.write() as session:
        service.resume_run(session, run.id, actor=workbench.technician, happening=workbench.happening())
    workbench.stop_before(RunState.RESET_SENT, run)
    assert workbench.run(run).state is RunState.RESET_SENT
    person.add_account(place.device, "sample.one@example.org", "com.google")
    ended = assert_refused(workbench, run, place)
    assert ended.problem.startswith("Nothing was wiped")


def test_an_account_that_appears_while_the_reset_page_is_open_has_it_closed(workbench: Workbench) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place)
    assert workbench.turn(run).state is RunState.WAITING_HANDS
    assert shown(place) is Screen.RESET
    person.add_account(place.device, "sample.one@example.org", "com.google")
    ended = workbench.turn(run)
    assert ended.state is RunState.FAILED
    assert shown(place) is Screen.HOME
    assert place.device.content.generation == 1


def test_neither_the_api_nor_a_page_begins_more_than_a_look(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = with_account(workbench)
    technician = browser_as(Role.TECHNICIAN)
    workbench.trust(place)
    asked = {"kind": "wipe", "tablet_id": place.tablet.id, "slot_id": place.row.id, "media_removed": True}
    for route in ("", "settings_reset", "test_harness"):
        begun = technician.post("/api/v1/bench-runs", json=asked | {"route": route}, headers=HERE)
        assert_refused(workbench, workbench.run_numbered(begun.json()["id"]), place)
        again = technician.post(f"/api/v1/bench-runs/{begun.json()['id']}/retry", headers=HERE)
        assert (again.status_code, again.json()["code"]) == (409, "move_refused")
        lift(workbench, place)
    for data in ({"route": ""}, {"route": "test_harness"}):
        form = {"tablet_id": str(place.tablet.id), "media_removed": "yes", **data}
        begun = technician.submit(f"/bench/slots/{place.row.id}/wipe", form)
        assert_refused(workbench, workbench.run_numbered(int(begun.headers["location"].rsplit("/", 1)[1])), place)
        lift(workbench, place)
    ways = technician.get(f"/api/v1/slots/{place.row.id}/ways").json()
    assert [blocker["code"] for blocker in ways["blockers"]] == ["google_account"]
    page = technician.get(f"/bench/slots/{place.row.id}/ways")
    assert f"/bench/consents/{place.tablet.id}" in page.text
    assert "Begin the wipe" not in page.text


def test_the_command_line_begins_no_more_than_a_look(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    place = with_account(workbench)
    workbench.trust(place)
    workbench.clock.now = utc_now()  # the command has no clock but the real one
    technician = "sample.technician@doorstep.example"
    with workbench.database.write() as session:
        users.add_user(
            session,
            name="Sample One",
            email=technician,
            roles=(Role.TECHNICIAN,),
            password=None,
            organisation_id=None,
            now=workbench.clock(),
        )
    me, settings, clock = workbench.technician, workbench.settings, workbench.clock
    service.look(workbench.database, place.row.id, actor=me, settings=settings, clock=clock)
    for name in ("data_dir", "database_url"):
        monkeypatch.setenv(f"DOORSTEP_{name.upper()}", str(getattr(workbench.settings, name)))
    ways = CliRunner().invoke(app, ["wipe", "ways", str(place.row.id), "--json"], catch_exceptions=False)
    assert [blocker["code"] for blocker in json.loads(ways.stdout)["blockers"]] == ["google_account"]
    begin = ["wipe", "begin", str(place.row.id), "--as", technician, "--media-removed"]
    for way in ([], ["--way", "settings_reset"], ["--way", "test_harness"]):
        begun = CliRunner().invoke(app, [*begin, *way], catch_exceptions=False)
        assert begun.exit_code == 0, begun.stderr
        run = workbench.run_numbered(int(begun.stdout.split()[1]))
        assert_refused(workbench, run, place)
        lift(workbench, place)
    refused = CliRunner().invoke(app, [*begin[:-1]], catch_exceptions=False)
    assert refused.exit_code != 0
    stranger = CliRunner().invoke(app, [*begin[:4], "nobody@doorstep.example"], catch_exceptions=False)
    assert stranger.exit_code != 0


def test_once_it_is_agreed_a_guided_reset_may_wipe_it_and_nothing_else_may(workbench: Workbench) -> None:
    place = with_account(workbench)
    agree(workbench, place)
    refused = workbench.finish(workbench.start_wipe(place, "test_harness"), place)
    assert "not open to this tablet" in refused.problem
    run = workbench.start_wipe(place)
    asked = workbench.turn(run)
    assert "remove it first" in asked.hands_guide[0]
    assert workbench.finish(run, place).state is RunState.PASSED
    assert place.device.content.accounts == []
    assert place.device.state.body.frp_account == "", "nobody will be asked for the account"


def test_an_agreement_that_is_taken_back_in_time_stops_a_wipe_under_way(workbench: Workbench) -> None:
    place = with_account(workbench)
    agree(workbench, place)
    run = workbench.start_wipe(place)
    assert workbench.turn(run).state is RunState.WAITING_HANDS
    with workbench.database.write() as session:
        service.withdraw_consent(session, place.tablet.id, actor=workbench.technician, happening=workbench.happening())
    assert workbench.turn(run).state is RunState.FAILED
    assert shown(place) is Screen.HOME


def test_an_agreement_counts_for_one_wipe_and_one_stay_at_the_hub(workbench: Workbench) -> None:
    place = with_account(workbench)
    agree(workbench, place)
    workbench.finish(workbench.start_wipe(place), place)
    workbench.clock.advance(days=30)
    with workbench.database.write() as session:
        tablet = session.get(Tablet, place.tablet.id)
        assert tablet is not None
        assert service.standing_consent(session, tablet.id) is None
        tablet.stage, tablet.data, tablet.left_hub_at = Stage.AWAITING_WIPE, DataState.DIRTY, workbench.clock()
    person.add_account(place.device, "sample.two@example.org", "com.google")
    ended = workbench.finish(workbench.start_wipe(place), place)
    assert ended.state is RunState.FAILED


def test_what_was_agreed_is_recorded_by_form_and_program_without_a_name(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    technician = browser_as(Role.TECHNICIAN)
    page = f"/bench/consents/{place.tablet.id}"
    assert "Record that they agreed" in technician.get(page).text
    ahead = (local_date(workbench.clock()) + timedelta(days=2)).isoformat()
    refused = technician.submit(page, {"given_by": "giver", "told_by": "", "given_on": ahead})
    assert refused.status_code == 422
    assert "it cannot lie ahead" in refused.text
    assert technician.submit(page, AGREED).status_code == 303
    assert "Agreed on Saturday 30 May" in technician.get(page).text
    told = technician.get(f"/api/v1/tablets/{place.tablet.id}/removal-consents").json()
    assert (told["standing"]["recorded_as"], told["standing"]["told_by"]) == ("technician", "phone")
    url = f"/api/v1/tablets/{place.tablet.id}/removal-consents"
    assert technician.post(url, json=AGREED, headers=HERE).json()["id"] == told["standing"]["id"]
    assert technician.submit(f"{page}/withdraw").status_code == 303
    assert technician.get(url).json()["standing"] is None
    assert technician.post(f"{url}/withdraw", headers=HERE).status_code == 404
    assert browser_as(Role.COURIER).get(page).status_code == 403
    with workbench.database.read() as session, pytest.raises(NotFound):
        service.consents_of(session, 99_999)
