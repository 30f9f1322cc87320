"""The list of tablets in a real browser: codes and dates are read at a glance, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page

from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.browser import DESKTOP, NARROWEST, PHONE, served, sideways_scroll
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser

pytestmark = [pytest.mark.browser, ON_SQLITE]

BROKEN = """() => [...document.querySelectorAll('tbody .table__value')]
    .filter(e => /^([A-Z0-9]{4}-[A-Z0-9]{2}|\\d+ [A-Z][a-z]{2} \\d{4})$/.test(e.innerText.trim()))
    .map(e => { const range = document.createRange(); range.selectNodeContents(e);
        return [e.innerText, new Set([...range.getClientRects()].map(line => Math.round(line.top))).size]; })"""
"""Every code and date of the list, with the number of lines it takes."""


def test_codes_and_dates_stand_on_one_line_and_nothing_scrolls_sideways(
    app: FastAPI, window: Page, browser_as: Callable[..., Browser], stock: Callable[..., Tablet]
) -> None:
    long = {"manufacturer": "HMD Global", "model": "Virtual TA-1397 Edition of Samples"}
    for code in ("SR7VKD", "BVL5YA"):
        stock(Stage.RETURNED, label_code=code, serial=f"VIRTDEMO0003{code}", **long)
    with served(app) as where:
        for name, value in browser_as(Role.TECHNICIAN).cookies.items():
            window.context.add_cookies([{"name": name, "value": value, "url": where}])
        window.goto(f"{where}/tablets")
        for size in (DESKTOP, PHONE, NARROWEST):
            window.set_viewport_size(size)
            lines = window.evaluate(BROKEN)
            assert len(lines) == 4, lines
            assert [words for words, number in lines if number != 1] == [], size
            assert sideways_scroll(window) == 0
        window.goto("about:blank")
