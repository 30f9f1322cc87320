"""Server-sent events for the bench's pages: the state's HTML, a part at a time, each part only when it changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import ServerSentEvent

from fleet.bench.feed import Feed

_RETRY_MS = 2000


@dataclass(frozen=True)
class Picture:
    """A page's live parts by event name. `version` changes with them; `over` says that no more will come."""

    version: str
    parts: Mapping[str, str]
    over: bool = False


def feed_of(request: Request) -> Feed:
    """This web process's one feed, made when the first page listens."""
    state = request.app.state
    if not hasattr(state, "bench_feed"):
        state.bench_feed = Feed(state.database)
    feed: Feed = state.bench_feed
    return feed


async def events(request: Request, seen: str, draw: Callable[[], Picture]) -> AsyncIterator[ServerSentEvent]:
    """The parts that differ from what the page shows, now and at each change.

    `seen` is the version the page was drawn from; a browser that reconnects says the last one it got instead. The
    first picture is sent whole when it is another one; afterwards only the parts that changed.
    """
    known = request.headers.get("last-event-id") or seen
    sent: Mapping[str, str] = {}
    first = True
    with feed_of(request).listening() as listener:
        while True:
            picture = await run_in_threadpool(draw)
            if not first or picture.version != known:
                for name, html in picture.parts.items():
                    if sent.get(name) != html:
                        yield ServerSentEvent(raw_data=html, event=name, id=picture.version, retry=_RETRY_MS)
            sent, first = picture.parts, False
            await listener.change()
