"""The routes of the API: whatever writes takes an `Idempotency-Key`, and says so in the OpenAPI document.

Who keeps the answers is not known here: the application names it (`app.state.answer_once`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from enum import Enum
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from fleet.http.errors import responses
from fleet.http.session import write_session

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


class ApiRoute(APIRoute):
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


class ApiRouter(APIRouter):
    """What a room's `api` makes its routes with."""

    def __init__(self, *, prefix: str = "", tags: list[str | Enum] | None = None) -> None:
        super().__init__(prefix=prefix, tags=tags, route_class=ApiRoute)


def _all_of(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _all_of(each)
