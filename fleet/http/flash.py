"""One sentence carried over a redirect ("Tablet 12 was received."). Never personal: it passes through a cookie."""

from __future__ import annotations

from urllib.parse import quote, unquote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "doorstep_said"


def see_other(url: str, *, said: str = "") -> RedirectResponse:
    """Send the browser on after a form was done, with what to say there."""
    response = RedirectResponse(url, status_code=303)
    if said:
        response.set_cookie(COOKIE, quote(said), max_age=60, httponly=True, samesite="lax")
    return response


class FlashMiddleware:
    """Puts the carried sentence where templates find it, and takes it away once it was shown."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        said = request.cookies.get(COOKIE)
        request.state.flash = (unquote(said),) if said else ()

        async def shown(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] != 303:
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", _GONE)
            await send(message)

        await self._app(scope, receive, shown if said else send)


def _forgotten() -> str:
    answer = Response()
    answer.delete_cookie(COOKIE)
    return answer.headers["set-cookie"]


_GONE = _forgotten()
"""The header that makes a browser forget the sentence."""
