"""The courier's path in a real browser on a phone: six digits, load, hand over, collect, back at the hub."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from fleet.database.session import Database
from fleet.deliveries.rules import Action, JobState
from fleet.loans.rules import LoanState
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.browser import NARROWEST, PHONE, axe, sideways_scroll
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.in_hand import open_today, scan, sign_in_with_six_digits
from tests.people import FakeClock, signed_in

pytestmark = [pytest.mark.browser, ON_SQLITE]


PRESSED_BY_A_THUMB = (
    "main .button, main button, .phone__sticky a, .phone__sticky button, a.stop, .big-tick, .scan-field, "
    ".phone__bar summary, .phone__bar > a"
)


def is_good(window: Page) -> None:
    """Axe finds nothing, nothing scrolls sideways at 320 px, and a thumb hits every target."""
    window.evaluate("scrollTo(0, 0)")
    assert axe(window) == []
    window.set_viewport_size(NARROWEST)
    assert sideways_scroll(window) == 0
    small = window.evaluate(
        """pressed => [...document.querySelectorAll(pressed)]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 63.5)
        .map(e => e.outerHTML.slice(0, 90))""",
        PRESSED_BY_A_THUMB,
    )
    assert small == []
    window.set_viewport_size(PHONE)


def test_a_courier_signs_in_loads_hands_over_and_collects(window: Page, address: str, delivering: Delivering) -> None:
    window.set_viewport_size(PHONE)
    run = delivering.run(accepted=False)
    bring, fetch = delivering.delivery(run, door_note="Ring the top bell"), delivering.collection(run)
    bring_code, fetch_code = delivering.code(bring.tablet_id), delivering.code(fetch.tablet_id)

    sign_in_with_six_digits(window, address, delivering)
    window.goto(f"{address}/run")
    expect(window.get_by_role("heading", name="Can you do this run?")).to_be_visible()
    assert "Sample Court" not in window.content()
    is_good(window)
    window.get_by_role("button", name="Yes, I can").click()
    expect(window.get_by_text("2 of 2 left")).to_be_visible()
    assert "Sample Court" in window.content()
    is_good(window)

    window.get_by_role("link", name="1 to load").click()
    is_good(window)
    scan(window, fetch_code)
    expect(window.get_by_role("alert")).to_contain_text(f"Put it back and scan {bring_code}")
    is_good(window)
    scan(window, bring_code.lower().replace("-", " "))
    expect(window.get_by_role("status")).to_contain_text("Loaded")

    window.goto(f"{address}/run")
    window.get_by_role("link", name="Deliver").click()
    expect(window.get_by_text("Ring the top bell")).to_be_visible()
    is_good(window)
    scan(window, fetch_code)
    expect(window.get_by_role("alert")).to_contain_text(f"Put it back and scan {bring_code}")
    is_good(window)
    scan(window, bring_code[:-1] + ("2" if bring_code[-1] != "2" else "3"))
    expect(window.get_by_role("alert")).to_contain_text("does not check")
    scan(window, bring_code)
    window.get_by_label("The person who borrows it").check()
    window.get_by_role("button", name="Hand it over").click()
    expect(window.get_by_role("alert")).to_contain_text("Read the agreement")
    is_good(window)
    window.get_by_label("They accept the agreement").check()
    window.get_by_label("Turned it on").check()
    window.get_by_text("Good", exact=True).click()
    window.get_by_role("button", name="Hand it over").click()
    expect(window.get_by_role("status")).to_contain_text("lent until")

    expect(window.get_by_role("heading", name="Collect")).to_be_visible()
    is_good(window)
    scan(window, fetch_code)
    window.get_by_label("Yes", exact=True).check()
    is_good(window)
    window.get_by_role("button", name="Collect it").click()
    expect(window.get_by_role("status")).to_contain_text("Bring it to the hub")

    window.get_by_role("link", name="1 with you").click()
    scan(window, fetch_code)
    expect(window.get_by_text("nothing to bring back")).to_be_visible()
    is_good(window)

    assert delivering.loan_of(bring).state is LoanState.ACTIVE
    assert delivering.loan_of(fetch).state is LoanState.COLLECTED
    assert delivering.tablet_of(fetch).stage is Stage.RETURNED
    assert (delivering.again(bring).state, delivering.again(fetch).state) == (JobState.HANDED_OVER, JobState.CLOSED)


def test_what_was_said_stands_before_a_thumb_can_press_what_it_moves(
    phone: Page, address: str, delivering: Delivering
) -> None:
    delivering.delivery(delivering.run())
    open_today(phone, address, delivering)
    phone.add_init_script("indexedDB.open = () => ({})")
    phone.evaluate("sessionStorage.setItem('doorstep.said', 'A sentence')")
    phone.reload()
    expect(phone.get_by_role("status")).to_contain_text("A sentence")


def test_a_planners_pages_pass_axe_and_fit(
    window: Page, address: str, delivering: Delivering, database: Database, clock: FakeClock, app: FastAPI
) -> None:
    run = delivering.run()
    delivering.delivery(run)
    fetch = delivering.collection(run)
    delivering.run(delivering.another_courier())
    delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, fetch))
    planner = signed_in(app, database, clock, Role.COORDINATOR)
    cookie = planner.cookies["doorstep"]
    planner.close()
    window.context.add_cookies([{"name": "doorstep", "value": cookie, "url": address}])
    for path in ("", "/new", f"/{run.id}", "/conflicts", "/conflicts?review=all"):
        window.goto(f"{address}/courier-runs{path}")
        assert axe(window) == [], path
        window.evaluate(
            "document.querySelectorAll('details').forEach(e => { e.removeAttribute('name'); e.open = true; })"
        )
        assert axe(window) == [], path
        window.set_viewport_size(NARROWEST)
        assert sideways_scroll(window) == 0, path
        window.set_viewport_size({"width": 1280, "height": 900})
