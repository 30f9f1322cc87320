"""A server that has warmed up makes nothing ready while somebody waits."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

from fleet.app import all_routes, warm_up
from fleet.cohorts.calendar import bank_holidays


def calls(work: Callable[[], object]) -> int:
    """How many functions are called by it, which is the same on every machine."""
    number = 0

    def seen(_frame: FrameType, happened: str, _what: object) -> None:
        nonlocal number
        number += happened == "call"

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return number


def test_the_first_request_to_a_warm_server_costs_what_the_next_one_does() -> None:
    app, now = all_routes(), datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    warm_up(app, now)
    asked = {"type": "http", "method": "POST", "path": "/api/v1/scans", "root_path": "", "headers": []}

    def request() -> None:
        for route in app.routes:
            route.matches(dict(asked))
        bank_holidays(now.year, "ENG")

    first, second = calls(request), calls(request)
    assert first <= second + 10
