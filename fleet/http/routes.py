"""The routes of rooms. Of the API: whatever writes takes an `Idempotency-Key`, and says so in the OpenAPI document.

Who keeps the answers is not known here: the application names it (`app.state.answer_once`).

An application takes a router's routes as they are (`FastAPI(routes=…)`) and includes no router: FastAPI would work each
route out a second time, and walk through every router anew for every request.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from enum import Enum
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.params import Depends
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from fleet.http.errors import responses
from fleet.http.session import write_session

API = "/api/v1"
IDEMPOTENCY_KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_PARAMETER = {
    "name": IDEMPOTENCY_KEY,
    "in": "header",
    "required": False,
    "description": "A key of your own, such as a UUID. The same request with the same key within 24 hours is done once "
    f"and gets the first answer again, with `{REPLAYED}: true`; the key with another request is refused with 422.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-~]+$"},
}


class RoomRoute(APIRoute):
    """A route that knows how its addresses begin, so that those of other routes pass it by at one look."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        super().__init__(path, endpoint, **given)
        self._begins = path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not scope["path"].startswith(self._begins) and not scope.get("root_path"):
            return Match.NONE, {}
        return super().matches(scope)


class ApiRoute(RoomRoute):
    """A route of the API. Without the header, what it costs is looking for the header."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        if _WRITES & set(given.get("methods") or ()):
            extra = dict(given.get("openapi_extra") or {})
            given["openapi_extra"] = {**extra, "parameters": [*extra.get("parameters", ()), _PARAMETER]}
            given["responses"] = {**responses(409), **(given.get("responses") or {})}
        super().__init__(path, endpoint, **given)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        if not _WRITES & (self.methods or set()):
            return answer
        writes = any(each.call is write_session for each in _all_of(self.dependant))

        async def once(request: Request) -> Response:
            if IDEMPOTENCY_KEY not in request.headers:
                return await answer(request)
            kept: Response = await request.app.state.answer_once(request, answer, writes=writes)
            return kept

        return once


class Router(APIRouter):
    """Routes of one room."""

    def take(self, *parts: APIRouter) -> None:
        """The routes of its parts too, as they are and in this order."""
        for part in parts:
            self.routes.extend(part.routes)


class ApiRouter(Router):
    """What a room's `api` makes its routes with; their paths begin with `API`."""

    def __init__(self, *, prefix: str = "", tags: list[str | Enum] | None = None) -> None:
        super().__init__(prefix=API + prefix, tags=tags, route_class=ApiRoute)


class PageRouter(Router):
    """What a room's `pages` make theirs with; the OpenAPI document does not show them."""

    def __init__(self, *, prefix: str = "", dependencies: Sequence[Depends] | None = None) -> None:
        super().__init__(prefix=prefix, dependencies=dependencies, route_class=RoomRoute, include_in_schema=False)


def _all_of(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _all_of(each)
