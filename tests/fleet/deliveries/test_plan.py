"""The planning page: what waits is put on runs, in the order the windows allow, and a refusal loses nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time

import pytest
from playwright.sync_api import Locator, Page, expect

from fleet.deliveries import queries, service
from fleet.deliveries.models import CourierRun
from fleet.deliveries.rules import Vehicle
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.users.access import COOKIE
from fleet.users.rules import Role
from tests.browser import PHONE, axe, sideways_scroll
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.test_runs import courier_of
from tests.people import Browser

TODAY = date(2026, 6, 1)
PLAN = "/courier-runs/plan?day=2026-06-01"
pytestmark = ON_SQLITE


@pytest.fixture
def planner(browser_as: Callable[..., Browser], delivering: Delivering) -> Browser:
    return browser_as(Role.COORDINATOR)


def waiting(delivering: Delivering, postcode: str = "N19 5XX", **person: str) -> Loan:
    lending = delivering.lending
    return lending.loan_at(LoanState.ALLOCATED, person=lending.person(postcode=postcode, **person))


def bike(delivering: Delivering, *covers: str, capacity: int | None = None) -> CourierRun:
    courier_id = courier_of(delivering, *covers, capacity=capacity)
    run: CourierRun = delivering.do(service.create_run, day=TODAY, vehicle=Vehicle.BIKE, courier_id=courier_id)
    return run


def put(planner: Browser, run: CourierRun, *loans: Loan, window: str = "11:00 to 13:00") -> tuple[int, str]:
    form = {"day": "2026-06-01", "run_id": str(run.id), "window": window, "loan_id": [str(loan.id) for loan in loans]}
    answer = planner.submit("/courier-runs/plan/put", form)
    return answer.status_code, answer.text


def order(delivering: Delivering, run: CourierRun) -> list[int]:
    return [job.of_loan for job in delivering.lending.read(queries.jobs_of, [run.id]) if job.ended is None]


def test_several_are_put_on_a_run_at_once_and_stand_by_their_windows(planner: Browser, delivering: Delivering) -> None:
    run = bike(delivering, "N19")
    late, *early = (waiting(delivering) for _ in range(3))
    assert put(planner, run, late, window="13:00 to 15:00")[0] == 303
    assert put(planner, run, *early)[0] == 303
    assert order(delivering, run) == [early[0].id, early[1].id, late.id]
    page = planner.get(PLAN).text
    assert "<strong>3 of 6</strong>" in page
    assert "0 tablets wait" in page


def test_only_runs_that_go_there_and_have_room_are_offered(planner: Browser, delivering: Delivering) -> None:
    here, elsewhere, full = bike(delivering, "N19"), bike(delivering, "E1"), bike(delivering, "N19", capacity=1)
    put(planner, full, waiting(delivering))
    waiting(delivering)
    page = planner.get(PLAN).text
    group = re.search(r'data-area="N19".*?</form>', page, re.DOTALL)
    assert group is not None
    offered = re.findall(r'<option value="(\d+)"', group.group())
    assert offered == [str(here.id)]
    assert f"The courier of run {elsewhere.id} does not go to that area." in page
    assert f"Run {full.id} is full: 1 of 1." in page


def test_too_many_for_a_run_are_refused_together_and_stay_ticked(planner: Browser, delivering: Delivering) -> None:
    run = bike(delivering, "N19", capacity=1)
    loans = [waiting(delivering) for _ in range(2)]
    status, text = put(planner, run, *loans)
    assert status == 422
    assert "This run carries 1 kit," in text
    assert len(re.findall(r'name="loan_id" value="\d+" checked>', text)) == 2
    assert order(delivering, run) == []


def test_an_area_beyond_the_couriers_is_refused(planner: Browser, delivering: Delivering) -> None:
    status, text = put(planner, bike(delivering, "E1"), waiting(delivering))
    assert (status, "does not cover N19" in text) == (422, True)


def test_stops_go_earlier_and_later_as_far_as_their_windows_allow(planner: Browser, delivering: Delivering) -> None:
    run = bike(delivering)
    first, second, late = (waiting(delivering) for _ in range(3))
    put(planner, run, first, second)
    put(planner, run, late, window="15:00 to 17:00")
    jobs = {job.loan_id: job.id for job in delivering.lending.read(queries.jobs_of, [run.id])}

    def step(loan: Loan, **form: str) -> tuple[int, str]:
        answer = planner.submit(f"/courier-runs/plan/stops/{jobs[loan.id]}", {"day": "2026-06-01", **form})
        return answer.status_code, answer.text

    assert step(second, step="up")[0] == 303
    assert order(delivering, run) == [second.id, first.id, late.id]
    assert step(second, step="down")[0] == 303
    status, text = step(late, step="place", place="1")
    assert status == 422
    assert "Nothing was moved: 11:00 to 13:00 would be over before 15:00 to 17:00 begins." in text
    assert order(delivering, run) == [first.id, second.id, late.id]
    other = bike(delivering)
    assert step(first, step="run", run_id=str(other.id))[0] == 303
    assert step(second, step="off")[0] == 303
    assert (order(delivering, run), order(delivering, other)) == ([late.id], [first.id])
    assert step(first, step="up")[0] == 422


def test_the_time_agreed_before_is_kept_for_the_next_run(planner: Browser, delivering: Delivering) -> None:
    job = delivering.job(delivering.run(), waiting(delivering), time(10, 30), time(11))
    delivering.do(service.take_off, job.id, settings=delivering.lending.settings)
    page = planner.get("/courier-runs/plan?day=2026-06-02").text
    assert "N19, agreed for 10:30 to 11:00" in page


def test_any_address_of_the_planning_page_opens(planner: Browser) -> None:
    for asked in ("", "?day=never", "?day=2020-01-01", "?page=0", "?page=" + "9" * 40, "?day=2026-06-01&page=x"):
        assert planner.get(f"/courier-runs/plan{asked}").status_code == 200


def test_what_is_not_chosen_is_asked_for(planner: Browser, delivering: Delivering) -> None:
    run = bike(delivering)
    for form, sentence in (
        ({"run_id": str(run.id), "window": "11:00 to 13:00"}, "Tick whom to put on the run."),
        ({"loan_id": "1", "window": "11:00 to 13:00"}, "Choose a run."),
        ({"run_id": str(run.id), "loan_id": "1", "window": "soon"}, "Choose when the courier comes."),
    ):
        answer = planner.submit("/courier-runs/plan/put", {"day": "2026-06-01", **form})
        assert (answer.status_code, sentence in answer.text) == (422, True)


def lift(window: Page, card: Locator) -> None:
    """Take hold of a card, and move enough for the browser to see that it is dragged."""
    card.hover()
    box = card.bounding_box()
    assert box is not None
    window.mouse.down()
    window.mouse.move(box["x"] + box["width"] / 2 + 8, box["y"] + box["height"] / 2)


@pytest.mark.browser
def test_a_card_is_dragged_onto_a_run_and_a_stop_before_another(
    window: Page, address: str, planner: Browser, delivering: Delivering
) -> None:
    here, elsewhere = bike(delivering, "N19"), bike(delivering, "E1")
    first, second = waiting(delivering), waiting(delivering)
    window.context.add_cookies([{"name": COOKIE, "value": planner.cookies[COOKIE], "url": address}])
    window.goto(f"{address}{PLAN}")
    run = window.locator(f'[data-run="{here.id}"]')
    card = window.locator(f'[data-loan="{first.id}"]')
    lift(window, card)
    window.locator(f'[data-run="{elsewhere.id}"]').hover()
    window.locator(f'[data-run="{elsewhere.id}"]').hover()
    expect(window.get_by_text(f"The courier of run {elsewhere.id} does not go to that area.")).to_be_visible()
    lane = run.locator('[data-window="13:00 to 15:00"]')
    lane.hover()
    lane.hover()
    window.mouse.up()
    expect(run.get_by_text("1 of 6")).to_be_visible()
    assert order(delivering, here) == [first.id]
    window.locator(f'[data-loan="{second.id}"] input').check()
    window.get_by_label("When?").first.select_option("13:00 to 15:00")
    window.get_by_role("button", name="Put on the run").focus()
    window.keyboard.press("Enter")
    expect(run.get_by_text("2 of 6")).to_be_visible()
    window.wait_for_load_state("load")  # its scripts are awake only then
    stops = run.locator(".plan-stop")
    stops.nth(1).drag_to(stops.nth(0))
    expect(window.get_by_text(f"It is stop 1 of run {here.id}.")).to_be_visible()
    assert order(delivering, here) == [second.id, first.id]
    assert axe(window) == []
    window.set_viewport_size(PHONE)
    assert sideways_scroll(window) == 0
