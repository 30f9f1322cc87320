"""What tests do with a real browser: serve an app on a loopback port, ask axe's verdict, walk by keyboard. The fixtures
`chromium` and `window` are in tests/fixtures/web.py; nothing here knows a room."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, ViewportSize
from starlette.types import ASGIApp

from fleet.http.listening import listen

CHROMIUM = "/usr/bin/chromium-headless-shell"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
ZOOMED: ViewportSize = {"width": 640, "height": 450}
"""What is left of a 1280 px window at 200 % zoom."""


@dataclass(frozen=True)
class Finding:
    """What axe objects to: its rule, its sentence, and the first place."""

    rule: str
    words: str
    where: str


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The app on a free loopback port, in a thread, until the block ends; gives its address without a last slash."""
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=lambda: asyncio.run(_serve(server, listener)), daemon=True)
    thread.start()
    _wait_until_started(server, thread)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


async def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    await server.serve(sockets=[listener])
    for connection in list(server.server_state.connections):
        if connection.transport is not None:
            connection.transport.abort()  # a browser still held it
    await asyncio.sleep(0)


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + 20
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("The app did not start; its own log says why.")
        time.sleep(0.01)


def axe(page: Page) -> list[Finding]:
    """What axe finds wrong with the page as it stands, by WCAG 2.2 AA and its best practices."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    result = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations'], preload: false})",
        AXE_TAGS,
    )
    return [Finding(each["id"], each["help"], str(each["nodes"][0]["html"])[:200]) for each in result["violations"]]


def sideways_scroll(page: Page) -> int:
    """By how many pixels the page is wider than its window; 0 is right."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


@dataclass(frozen=True)
class TabStop:
    """Something that Tab reached: its tag, its words, and whether a person could see that the focus was there."""

    tag: str
    words: str
    ringed: bool
    in_sight: bool


NEXT_STOP = """() => {
    const e = document.activeElement, seen = window.tabStops ??= [];
    if (!e || e === document.body || (seen.includes(e) && seen.at(-1) !== e)) return null;
    const again = seen.at(-1) === e;
    seen.push(e);
    const label = e.nextElementSibling ? getComputedStyle(e.nextElementSibling, '::before').boxShadow : 'none';
    const own = getComputedStyle(e), box = e.getBoundingClientRect();
    return {
        again, tag: e.tagName, words: (e.innerText || e.name || e.id || '').trim().slice(0, 60),
        ringed: own.boxShadow !== 'none' || own.outlineStyle !== 'none' || label !== 'none',
        in_sight: e.contains(document.elementFromPoint(
            (box.left + box.right) / 2, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2)),
    };
}"""


def tab_stops(page: Page, limit: int = 300) -> list[TabStop]:
    """What Tab reaches, in order, from the top of the page until it leaves. The parts of a date count once."""
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    stops: list[TabStop] = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        stop = page.evaluate(NEXT_STOP)
        if stop is None:
            break
        again = stop.pop("again")
        reached = TabStop(**stop)
        if not again:
            stops.append(reached)
        elif not reached.ringed:
            stops[-1] = reached
    return stops


def type_keys(page: Page, text: str, *, apart_ms: float) -> None:
    """Press the keys of `text` and then Enter, each stamped so long after the one before: a scanner's burst or a
    person's hand, however slow the machine that runs the test is."""
    chromium = page.context.new_cdp_session(page)
    began = time.time() - len(text) * apart_ms / 1000
    for place, key in enumerate((*text, "Enter")):
        written = "\r" if key == "Enter" else key
        stroke = {"key": key, "timestamp": began + place * apart_ms / 1000}
        code = 13 if key == "Enter" else 0
        chromium.send(
            "Input.dispatchKeyEvent", {"type": "keyDown", "text": written, "windowsVirtualKeyCode": code, **stroke}
        )
        chromium.send("Input.dispatchKeyEvent", {"type": "keyUp", "windowsVirtualKeyCode": code, **stroke})
    chromium.detach()
