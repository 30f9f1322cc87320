"""One sentence carried over a redirect ("Tablet 12 was received."). Never personal: it passes through a cookie."""

from __future__ import annotations

from urllib.parse import quote, unquote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint

COOKIE = "doorstep_said"


def see_other(url: str, *, said: str = "") -> RedirectResponse:
    """Send the browser on after a form was done, with what to say there."""
    response = RedirectResponse(url, status_code=303)
    if said:
        response.set_cookie(COOKIE, quote(said), max_age=60, httponly=True, samesite="lax")
    return response


class FlashMiddleware(BaseHTTPMiddleware):
    """Puts the carried sentence where templates find it, and takes it away once it was shown."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        said = request.cookies.get(COOKIE)
        request.state.flash = (unquote(said),) if said else ()
        response = await call_next(request)
        shown = response.headers.get("content-type", "").startswith("text/html")
        if said and shown and response.status_code != 303:
            response.delete_cookie(COOKIE)
        return response
