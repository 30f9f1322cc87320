"""Going back to a list in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fastapi import FastAPI
from playwright.sync_api import Page

from fleet.people.rules import Channel as ContactBy
from fleet.users.access import COOKIE
from fleet.users.rules import Role
from tests.browser import served
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

DUE = date(2026, 6, 29)


@ON_SQLITE
def test_whoever_goes_back_to_the_list_finds_the_row_they_left(
    chasing: Chasing, app: FastAPI, browser_as: Callable[..., Browser], window: Page
) -> None:
    for name in ("First", "Second", "Third"):
        chasing.loan(DUE, by=ContactBy.CALL, details={"first_name": name})
    chasing.at(DUE)
    token = browser_as(Role.COORDINATOR).cookies[COOKIE]
    with served(app) as base:
        window.context.add_cookies([{"name": COOKIE, "value": token, "url": base}])
        window.goto(f"{base}/chasing")
        for key in ("j", "j", "w"):
            window.keyboard.press(key)
        window.wait_for_url(f"{base}/chasing/loans/*")
        window.go_back()
        window.wait_for_selector("[data-open]:focus >> text=Second Person")
