"""The way home from another hub (rule R16): put on a run, loaded there, scanned in at the tablet's own; or it stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time, timedelta

import pytest

from fleet.clock import local_date
from fleet.deliveries import queries, service
from fleet.deliveries.facts import Fact
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import Action, Answer, JobEnd, JobKind, JobState, RunState, Vehicle
from fleet.deliveries.service import Window
from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, HoldKind, Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.delivering import NOBODY_IN, Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser, make_user
from tests.two_hubs import firth_hub

WINDOW = Window(time(11), time(13))


@dataclass
class Apart:
    """Two hubs, and what the first one lent that was handed in at the second."""

    delivering: Delivering
    firth: int

    def handed_in(self) -> Tablet:
        """A tablet that was brought to Firth hub, with a label on it."""
        lending = self.delivering.lending
        tablet_id = lending.tablet_id(lending.loan_at(LoanState.ACTIVE).id)
        lending.do(loans.scan_in, tablet_id=tablet_id, at=self.firth, role=Role.TECHNICIAN)
        self.delivering.code(tablet_id)
        return self.tablet(tablet_id)

    def tablet(self, tablet_id: int) -> Tablet:
        return self.delivering.lending.read(tablets.get_tablet, tablet_id)

    def stops(self, run: CourierRun, *found: Tablet) -> list[DeliveryJob]:
        made: list[DeliveryJob] = self.delivering.do(
            service.bring_home, run.id, tablet_ids=[each.id for each in found], window=WINDOW
        )
        return made

    def stop(self) -> DeliveryJob:
        """One on a run of the first hub, whose courier fetches it."""
        return self.stops(self.delivering.run(), self.handed_in())[0]

    def told(self, action: Action, stop: DeliveryJob, **parts: object) -> Answer:
        return self.delivering.tell_one(self.fact(action, stop, **parts)).answer

    def fact(self, action: Action, stop: DeliveryJob, **parts: object) -> Fact:
        return self.delivering.fact(action, stop, **parts)  # type: ignore[arg-type]  # each part is its own field

    def finish(self, stop: DeliveryJob) -> CourierRun:
        made: CourierRun = self.delivering.do(
            service.finish_run, stop.run_id, settings=self.delivering.lending.settings
        )
        return made

    def keep(self, tablet: Tablet, actor: Actor, reason: str = "They have none to lend") -> Tablet:
        lending = self.delivering.lending
        with lending.database.write() as session:
            happening = replace(lending.happening(), reason=reason)
            return service.keep_here(session, tablet.id, actor=actor, settings=lending.settings, happening=happening)

    def at_firth(self) -> Actor:
        """A coordinator who is placed at the other hub."""
        lending = self.delivering.lending
        return make_user(lending.database, lending.clock, Role.COORDINATOR, organisation_id=self.firth)


@pytest.fixture
def apart(delivering: Delivering) -> Apart:
    return Apart(delivering, firth_hub(delivering.lending).id)


def test_several_are_fetched_from_the_other_hub_and_scanned_in_at_their_own(apart: Apart) -> None:
    both = [apart.handed_in(), apart.handed_in()]
    run = apart.delivering.run()
    stops = apart.stops(run, *both)
    assert [(stop.kind, stop.sequence, stop.state) for stop in stops] == [
        (JobKind.HOME, 1, JobState.ACCEPTED),
        (JobKind.HOME, 2, JobState.ACCEPTED),
    ]
    for stop in stops:
        loaded = apart.delivering.tell_one(apart.fact(Action.LOAD, stop))
        assert (loaded.answer, "Bring it to Test hub" in loaded.sentence) == (Answer.APPLIED, True)
        carried = apart.tablet(stop.tablet_id)
        assert (carried.custody, carried.holder) == (Custody.COURIER, f"courier {apart.delivering.courier.user_id}")
    for stop in stops:
        assert apart.told(Action.BACK_AT_HUB, stop) is Answer.APPLIED
        home = apart.tablet(stop.tablet_id)
        assert (home.stage, home.custody, home.holder) == (Stage.RETURNED, Custody.HUB, "")
        ended = apart.delivering.again(stop)
        assert (ended.state, ended.ended, ended.done_at is not None) == (JobState.CLOSED, JobEnd.BROUGHT_HOME, True)
    assert apart.finish(stops[0]).state is RunState.DONE
    assert apart.delivering.lending.inspect(both[0].id) is not None


def test_whoever_scans_it_in_at_home_had_loaded_it(apart: Apart) -> None:
    stop = apart.stop()
    assert apart.told(Action.BACK_AT_HUB, stop) is Answer.APPLIED
    assert apart.tablet(stop.tablet_id).stage is Stage.RETURNED
    late = apart.delivering.tell_one(apart.fact(Action.LOAD, stop, minutes=-30))
    assert late.answer is Answer.ALREADY
    assert apart.delivering.again(stop).ended is JobEnd.BROUGHT_HOME


@ON_SQLITE
def test_a_day_without_signal_ends_the_same(apart: Apart) -> None:
    """Told all at once, the later fact first."""
    stop = apart.stop()
    loaded, home = apart.fact(Action.LOAD, stop, minutes=-50), apart.fact(Action.BACK_AT_HUB, stop, minutes=-5)
    answers = apart.delivering.tell(home, loaded)
    assert [each.answer for each in answers] == [Answer.APPLIED, Answer.APPLIED]
    assert [each.replayed for each in apart.delivering.tell(home, loaded)] == [True, True]
    assert apart.tablet(stop.tablet_id).stage is Stage.RETURNED


@ON_SQLITE
def test_what_cannot_be_fetched_stays_where_it_lies_and_can_go_on_another_run(apart: Apart) -> None:
    stop = apart.stop()
    assert apart.told(Action.FAILED, stop, details=NOBODY_IN) is Answer.APPLIED
    left = apart.delivering.again(stop)
    assert (left.state, left.attempts, apart.tablet(stop.tablet_id).guest_hub_id) == (JobState.FAILED, 1, apart.firth)
    apart.finish(stop)
    assert apart.delivering.again(stop).ended is JobEnd.NOT_DONE
    again = apart.stops(apart.delivering.run(), apart.tablet(stop.tablet_id))[0]
    assert apart.told(Action.LOAD, again) is Answer.APPLIED


@ON_SQLITE
def test_a_run_is_not_finished_while_the_courier_has_it(apart: Apart) -> None:
    stop = apart.stop()
    apart.told(Action.LOAD, stop)
    assert apart.told(Action.FAILED, stop, details=NOBODY_IN) is Answer.APPLIED
    assert apart.delivering.again(stop).state is JobState.LOADED, "it is on board still"
    with pytest.raises(Conflict, match=apart.delivering.code(stop.tablet_id)):
        apart.finish(stop)


@ON_SQLITE
@pytest.mark.parametrize(("at_firth", "ended"), [(True, JobEnd.BACK_AT_HUB), (False, JobEnd.BROUGHT_HOME)])
def test_a_hub_that_scans_it_in_itself_ends_the_way(apart: Apart, at_firth: bool, ended: JobEnd) -> None:
    stop = apart.stop()
    apart.told(Action.LOAD, stop)
    lending = apart.delivering.lending
    at = apart.firth if at_firth else lending.hub_id
    lending.do(loans.scan_in, tablet_id=stop.tablet_id, at=at, role=Role.TECHNICIAN)
    stage = apart.tablet(stop.tablet_id).stage
    apart.finish(stop)
    closed = apart.delivering.again(stop)
    assert (closed.state, closed.ended) == (JobState.CLOSED, ended)
    apart.told(Action.BACK_AT_HUB, stop)
    assert (apart.tablet(stop.tablet_id).stage, apart.delivering.again(stop).ended) == (stage, ended)


def test_only_what_waits_there_goes_on_a_run_of_either_hub_and_once(apart: Apart) -> None:
    tablet, run = apart.handed_in(), apart.delivering.run()
    apart.stops(run, tablet)
    with pytest.raises(Conflict, match=f"is on run {run.id} already"):
        apart.stops(apart.delivering.run(), tablet)
    at_home = apart.delivering.lending.tablet()
    with pytest.raises(Conflict, match="does not wait at another hub"):
        apart.stops(run, at_home)
    lending = apart.delivering.lending
    day = local_date(lending.clock()) + timedelta(days=1)
    from_there = apart.delivering.do(service.create_run, day=day, vehicle=Vehicle.FOOT, hub_id=apart.firth)
    three_and_one = [apart.handed_in() for _ in range(4)]
    with pytest.raises(BadInput) as full:
        apart.stops(from_there, *three_and_one)
    assert "carries 3 kits" in full.value.fields["tablet_id"]
    assert lending.read(queries.jobs_of, [from_there.id]) == [], "all or none"
    assert len(apart.stops(from_there, *three_and_one[:3])) == 3


@ON_SQLITE
def test_nobody_carries_a_dangerous_one(apart: Apart) -> None:
    stop = apart.stop()
    lending = apart.delivering.lending
    with lending.database.write() as session:
        swollen = replace(lending.happening(), reason="Swollen")
        tablets.place_hold(session, stop.tablet_id, HoldKind.SAFETY, actor=apart.delivering.planner, happening=swollen)
    refused = apart.delivering.tell_one(apart.fact(Action.LOAD, stop))
    assert (refused.answer, "leave it where it lies" in refused.sentence) == (Answer.REFUSED, True)


@ON_SQLITE
def test_a_stop_moves_to_another_run_and_off_it(apart: Apart) -> None:
    stop, other = apart.stop(), apart.delivering.run()
    settings = apart.delivering.lending.settings
    moved = apart.delivering.do(service.move_to_run, stop.id, other.id, window=WINDOW, settings=settings)
    assert (moved.run_id, moved.kind, moved.tablet_id) == (other.id, JobKind.HOME, stop.tablet_id)
    apart.delivering.do(service.take_off, moved.id, settings=settings)
    assert [each.stop for each in waiting(apart)] == [None]


def waiting(apart: Apart, hub_id: int | None = None) -> list[queries.Homeward]:
    found: list[queries.Homeward] = apart.delivering.lending.read(
        queries.homeward, hub_id=hub_id or apart.delivering.lending.hub_id
    )
    return found


@ON_SQLITE
def test_both_hubs_see_what_waits_and_which_run_brings_it(apart: Apart) -> None:
    first, second = apart.handed_in(), apart.handed_in()
    (stop,) = apart.stops(apart.delivering.run(), second)
    for hub_id in (apart.firth, apart.delivering.lending.hub_id):
        found = waiting(apart, hub_id)
        assert [(each.tablet.id, each.stop.id if each.stop else None) for each in found] == [
            (first.id, None),
            (second.id, stop.id),
        ]
        assert apart.delivering.lending.read(queries.count_homeward, hub_id=hub_id) == 2
    apart.told(Action.LOAD, stop)
    assert [each.tablet.id for each in waiting(apart)] == [first.id], "it is on its way"


def test_people_who_wait_for_a_courier_are_still_found_beside_a_way_home(apart: Apart) -> None:
    """A way home is of no loan, and a list of loans without those on a run must not be emptied by that."""
    apart.stop()
    loan = apart.delivering.lending.loan_at(LoanState.ALLOCATED)
    found = apart.delivering.lending.read(queries.loans_waiting, hub_id=apart.delivering.lending.hub_id)
    assert [each.id for each, _ in found] == [loan.id]


def test_the_hub_where_it_lies_keeps_it_and_the_log_says_who_and_why(apart: Apart) -> None:
    tablet, they = apart.handed_in(), apart.at_firth()
    with pytest.raises(Conflict, match="Only the hub where it lies"):
        apart.keep(tablet, apart.delivering.planner)
    with pytest.raises(MoveRefused):
        apart.keep(tablet, they, reason=" ")
    apart.keep(tablet, they)
    kept = apart.tablet(tablet.id)
    assert (kept.hub_id, kept.stage, kept.custody, kept.holder) == (apart.firth, Stage.RETURNED, Custody.HUB, "")
    told = apart.delivering.lending.read(queries.tablet_events, tablet.id)[0]
    assert (told.kind, told.actor_name, told.reason) == ("stay", they.name, "They have none to lend")
    assert told.details == {"from_hub_id": apart.delivering.lending.hub_id, "to_hub_id": apart.firth}
    closed = apart.delivering.lending.inspect(tablet.id)
    assert closed is not None
    assert (closed.state, closed.hub_id) == (LoanState.CLOSED_RETURNED, apart.delivering.lending.hub_id)
    assert waiting(apart) == []


@ON_SQLITE
def test_what_is_to_go_home_on_a_run_is_not_kept(apart: Apart) -> None:
    stop = apart.stop()
    with pytest.raises(Conflict, match=f"to go home on run {stop.run_id}"):
        apart.keep(apart.tablet(stop.tablet_id), apart.at_firth())


@ON_SQLITE
def test_its_courier_is_told_where_to_fetch_it_and_where_to_bring_it(apart: Apart) -> None:
    stop = apart.stop()
    lending = apart.delivering.lending
    with lending.database.read() as session:
        seen = service.stop_of(
            session, stop.id, actor=apart.delivering.courier, settings=lending.settings, now=lending.clock()
        )
    assert seen.fetch_at is not None
    assert seen.bring_to is not None
    assert (seen.fetch_at.name, seen.fetch_at.help_phone) == ("Firth hub", "020 7946 0555")
    assert (seen.bring_to.name, seen.to_whom, seen.waits_at_hub) == ("Test hub", "To Test hub", True)


@ON_SQLITE
def test_coordinators_of_both_hubs_put_it_on_a_run_from_one_page(
    apart: Apart, browser_as: Callable[..., Browser]
) -> None:
    here = "/courier-runs/way-home"
    first, second = apart.handed_in(), apart.handed_in()
    run = apart.delivering.run()
    browser = browser_as(Role.COORDINATOR)
    assert "2 tablets lie at another hub than their own" in browser.get("/courier-runs").text
    assert here in browser.get("/courier-runs/plan").text
    shown = browser.get(here).text
    assert "At Firth hub, ours: 2 tablets" in shown
    assert "stays here" not in shown, "that is for the hub where it lies to say"
    form = {"run_id": str(run.id), "window": "11:00 to 13:00"}
    nothing = browser.submit(f"{here}/put", form)
    assert (nothing.status_code, "Tick which tablets" in nothing.text) == (422, True)
    browser.submit(f"{here}/put", form | {"tablet_id": [str(first.id), str(second.id)]})
    assert browser.get(here).text.count(f'href="/courier-runs/{run.id}"') == 2
    page = browser.get(f"/courier-runs/{run.id}").text
    assert page.count("Firth hub to Test hub") == 2
    assert "Hand it in at Test hub" in browser.get(f"/courier-runs/{run.id}/sheet").text


@ON_SQLITE
def test_the_other_hub_s_coordinator_keeps_one_with_a_reason(apart: Apart, browser_as: Callable[..., Browser]) -> None:
    tablet = apart.handed_in()
    browser = browser_as(Role.COORDINATOR, organisation_id=apart.firth)
    assert "Here, for Test hub: 1 tablet" in browser.get("/courier-runs/way-home").text
    kept = browser.submit(f"/courier-runs/way-home/{tablet.id}/stay", {"reason": "They have none to lend"})
    assert kept.status_code == 303
    assert apart.tablet(tablet.id).hub_id == apart.firth


@ON_SQLITE
def test_a_way_home_is_done_on_the_phone_without_scripts(apart: Apart, browser_as: Callable[..., Browser]) -> None:
    browser = browser_as(Role.COURIER)
    assert browser.actor is not None
    apart.delivering.couriers.insert(0, browser.actor)
    stop = apart.stop()
    code, here = apart.delivering.code(stop.tablet_id), f"/run/stops/{stop.id}"
    today = browser.get("/run").text
    assert "To Test hub" in today
    assert "From Firth hub" in today
    assert f"{here}?at=door" in today, "the page for its own hub is kept for a phone without signal"
    assert "at Firth hub" in browser.get("/run/hub").text
    assert f'action="{here}/load"' in browser.get(here).text
    wrong = browser.submit(f"{here}/load", {"code": apart.delivering.code(apart.delivering.lending.tablet().id)})
    assert (wrong.status_code, "for someone else" in wrong.text) == (422, True)
    browser.submit(f"{here}/load", {"code": code})
    loaded = browser.get(here).text
    assert f'action="{here}/back_at_hub"' in loaded
    assert "Bring it back to Firth hub: they scan it in." in loaded
    assert "It is handed in at its hub" in browser.get("/run/hub").text
    browser.submit(f"{here}/back_at_hub", {"code": code})
    assert apart.delivering.again(stop).ended is JobEnd.BROUGHT_HOME
    assert "Brought home" in browser.get("/run").text


@ON_SQLITE
def test_programs_find_bring_and_keep_them(apart: Apart, browser_as: Callable[..., Browser]) -> None:
    first, second = apart.handed_in(), apart.handed_in()
    run = apart.delivering.run()
    client = browser_as(Role.COORDINATOR)
    found = client.get("/api/v1/way-home").json()
    assert [each["tablet_id"] for each in found["items"]] == [first.id, second.id]
    assert {(each["lies_at_hub_id"], each["run_id"]) for each in found["items"]} == {(apart.firth, None)}
    asked = {"tablet_ids": [first.id], "window_from": "10:30", "window_to": "11:00"}
    made = client.post(f"/api/v1/courier-runs/{run.id}/way-home", json=asked)
    assert (made.status_code, made.json()["jobs"][0]["from_hub_id"]) == (201, apart.firth)
    assert client.post(f"/api/v1/courier-runs/{run.id}/way-home", json=asked).status_code == 409
    they = browser_as(Role.COORDINATOR, organisation_id=apart.firth)
    kept = they.post(f"/api/v1/way-home/{second.id}/stay", json={"reason": "They have none to lend"})
    assert kept.json() == {"tablet_id": second.id, "hub_id": apart.firth, "stage": "returned"}
