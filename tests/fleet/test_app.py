"""A server that has warmed up makes nothing ready while somebody waits, and finds each address quickly."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Match, Mount, Route

from fleet.app import all_routes, warm_up
from fleet.cohorts.calendar import bank_holidays
from tests.fleet.users.walking import doors


def calls(work: Callable[[], object]) -> int:
    """How many functions are called by it, which is the same on every machine: none of what watches the collector."""
    number = 0

    def seen(_frame: FrameType, happened: str, _what: object) -> None:
        nonlocal number
        number += happened == "call"

    before = sys.getprofile()
    gc.disable()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
        gc.enable()
    return number


def test_the_first_request_to_a_warm_server_costs_what_the_next_one_does() -> None:
    app, now = all_routes(), datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    warm_up(now)
    asked = {"type": "http", "method": "POST", "path": "/api/v1/scans", "root_path": "", "headers": []}

    def request() -> None:
        for route in app.routes:
            route.matches(dict(asked))
        bank_holidays(now.year, "ENG")

    first, second = calls(request), calls(request)
    assert first <= second + 10


def test_a_request_passes_by_the_routes_of_other_addresses_at_one_look() -> None:
    """Static files come last of all, and every page asks for some."""
    app = all_routes()
    assert [route for route in app.routes if not isinstance(route, Route | Mount)] == []
    asked = {"type": "http", "method": "GET", "path": "/static/x.css", "root_path": "", "headers": []}
    passed = [route for route in app.routes if isinstance(route, APIRoute)]
    assert len(passed) > 500
    assert calls(lambda: [route.matches(dict(asked)) for route in passed]) <= len(passed) + 10


@pytest.mark.parametrize("behind", ["", "/behind/a/proxy"])
def test_every_route_is_found_at_its_own_address(behind: str) -> None:
    app = all_routes()
    for door in doors(app):
        asked = {"type": "http", "method": door.method, "path": behind + door.address(), "root_path": behind}
        assert any(route.matches(dict(asked))[0] is Match.FULL for route in app.routes), door.name
