"""Open pages hear of changes: the state's HTML over a real HTTP connection, and nothing runs once nobody listens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import httpx2 as httpx
import pytest
from fastapi import FastAPI

from fleet.bench.feed import Feed
from fleet.bench.rules import RunState
from fleet.users.rules import Role
from tests.browser import served
from tests.fleet.bench.workbench import Workbench
from tests.people import Browser


def parts(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """(event name, html) of a stream of server-sent events."""
    name, html = "", []
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            html.append(line.removeprefix("data: "))
        elif not line and html:
            yield name, "\n".join(html)
            name, html = "", []


def settled(condition: Callable[[], bool]) -> bool:
    pause = threading.Event()
    return any(condition() or pause.wait(0.05) for _ in range(100))


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as where:
        yield where


def test_a_run_page_hears_how_its_run_goes_on(
    workbench: Workbench, app: FastAPI, address: str, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place)
    cookies = dict(browser_as(Role.TECHNICIAN).cookies)
    url = f"{address}/bench/runs/{run.id}/live?seen={run.version}"
    with httpx.stream("GET", url, cookies=cookies, timeout=20) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        heard = parts(stream.iter_lines())
        feed: Feed = app.state.bench_feed
        assert settled(lambda: feed.listener_count == 1)
        workbench.turn(run)
        name, html = next((name, html) for name, html in heard if "hands__first" in html)
        assert name == "now"
        assert "Tap “" in html
        assert workbench.finish(run, place).state is RunState.PASSED
        assert next(html for name, html in heard if name == "now" and "DW-2026-000001" in html)
    assert settled(lambda: feed.listener_count == 0 and not feed.is_reading)


def test_a_page_that_is_up_to_date_hears_nothing_until_something_changes(
    workbench: Workbench, app: FastAPI, address: str, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    technician = browser_as(Role.TECHNICIAN)
    page = technician.get(f"/bench/{workbench.bench.id}").text
    seen = page.split("/live?seen=")[1].split('"')[0]
    url = f"{address}/bench/{workbench.bench.id}/live?seen={seen}"
    with httpx.stream("GET", url, cookies=dict(technician.cookies), timeout=20) as stream:
        heard = parts(stream.iter_lines())
        assert settled(lambda: hasattr(app.state, "bench_feed") and app.state.bench_feed.listener_count == 1)
        workbench.start_wipe(place)
        html = next(html for name, html in heard if name == f"slot-{place.row.id}")
    assert "Waiting" in html


def test_a_stranger_hears_nothing(workbench: Workbench, address: str) -> None:
    run = workbench.start_wipe(workbench.place())
    answer = httpx.get(f"{address}/bench/runs/{run.id}/live", follow_redirects=False)
    assert answer.status_code == 303
