"""How much of a request is read: nobody fills the disk or the memory before being asked who they are."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 4_000_000
"""Our largest form is a page of text; a phone's day of scans is a few hundred kilobytes."""


class BodyLimit:
    """Refuses a body with 413 as soon as more than `MOST_BYTES` of it have come, whatever length it said it has.

    `larger` are the paths that take files, with the most each may be sent; a slash at the end means all below it.
    """

    def __init__(self, app: ASGIApp, larger: Mapping[str, int]) -> None:
        self._app = app
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most, come = self._most(scope["path"]), 0

        async def counted() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if come > most:
                raise HTTPException(413, "What was sent is too large, so nothing was done.")
            return message

        await self._app(scope, counted, send)

    def _most(self, path: str) -> int:
        below = (most for start, most in self._larger.items() if start.endswith("/") and path.startswith(start))
        return self._larger.get(path, next(below, MOST_BYTES))
