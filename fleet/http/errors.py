"""Turns errors into answers: JSON for programs, a page for people. The only place that knows both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from starlette.exceptions import HTTPException

from fleet.errors import BadInput, BadRequest, Conflict, DoorstepError, NotFound, NotReady, NotSignedIn, TooManyTries
from fleet.http.answers import plainly
from fleet.logs import get_logger

log = get_logger(__name__)


class Problem(BaseModel):
    """What an API call answers when it is refused."""

    code: str = Field(description="Stable word for programs.", examples=["move_refused"])
    message: str = Field(description="What happened, to what: a sentence for people.")
    next_step: str = Field("", description="What to do next.")
    fields: dict[str, str] = Field(default_factory=dict, description="A sentence for each value that cannot be used.")
    details: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True)
class ErrorPage:
    """What the error page shows."""

    status: int
    heading: str
    next_step: str
    reasons: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


RenderError = Callable[[Request, ErrorPage], Response]


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals a route may answer, for its OpenAPI entry."""
    words = {
        400: "The request cannot be read.",
        401: "Not signed in, or the token is unknown.",
        403: "This role or token may not do that.",
        404: "No such thing, or not yours to see.",
        409: "Somebody else was first, or the state does not allow it.",
        413: "The upload is too large.",
        422: "A value cannot be used; `fields` says which and why.",
        429: "Too many tries; `Retry-After` says how long to wait.",
        503: "A part this needs cannot be reached.",
    }
    return {
        status: {"model": Problem, "description": words[status]} for status in sorted({*statuses, 400, 401, 403, 422})
    }


def wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def install_error_handlers(app: FastAPI, render: RenderError) -> None:
    """Give `app` one way of answering for everything that can be raised."""

    def handle(request: Request, error: Exception) -> Response:
        if wants_json(request):
            return _json(_as_doorstep_error(request, error))
        known = _nowhere() if _leads_nowhere(request, error) else _as_doorstep_error(request, error)
        if isinstance(known, NotSignedIn) and request.method == "GET":
            return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", status_code=303)
        return render(request, _page(known))

    for raised in (
        DoorstepError,
        RequestValidationError,
        HTTPException,
        DataError,
        OverflowError,
        IntegrityError,
        OperationalError,
        Exception,
    ):
        app.add_exception_handler(raised, handle)


class OtherRefusal(DoorstepError):
    """An answer the framework gave by itself, such as 405."""

    code = "refused"

    def __init__(self, message: str, *, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message, next_step="Go back and try another way.")
        self.http_status = status
        self.headers = dict(headers or {})


def _leads_nowhere(request: Request, error: Exception) -> bool:
    """Whether no page can be meant: a word where a number belongs in its address, or the address of a form alone."""
    match error:
        case RequestValidationError():
            return any(each["loc"][0] == "path" for each in error.errors())
        case HTTPException():
            return error.status_code == 405 and request.method == "GET"
        case _:
            return False


def _nowhere() -> NotFound:
    return NotFound("There is nothing at this address.", next_step="Check it, or start at home.")


def _as_doorstep_error(request: Request, error: Exception) -> DoorstepError:
    path = request.url.path
    match error:
        case DoorstepError():
            if error.status >= 500:
                log.error("request_failed", code=error.code, path=path)
            return error
        case RequestValidationError():
            return _unreadable(error)
        case HTTPException():
            return _from_framework(error)
        case IntegrityError():
            log.warning("constraint_refused", path=path)
            return Conflict(
                "Somebody else changed this a moment before you. Nothing of yours was half done.",
                next_step="Reload the page to see how it stands, then decide again.",
            )
        case DataError() | OverflowError():  # SQLite's driver raises the second, bare, for a number beyond 64 bits
            log.warning("value_refused", path=path)
            return BadInput(
                "A value cannot be stored: it is too long, too large, or has a character that no text has. "
                "Nothing was changed.",
                next_step="Look through what was sent, then send it again.",
            )
        case OperationalError():
            log.error("database_unavailable", path=path, error=type(error).__name__)
            return NotReady("Nothing was lost, but the database did not answer.", next_step="Try again in a minute.")
        case _:
            log.error("unexpected_error", path=path, error=type(error).__name__, exc_info=error)
            return DoorstepError(
                "Something went wrong on our side. Nothing of yours was half done.",
                next_step="Try again; if it happens twice, tell whoever looks after this installation.",
            )


def _unreadable(error: RequestValidationError) -> BadInput:
    if any(each["type"] == "json_invalid" for each in error.errors()):
        return BadRequest("The request is not readable JSON. Nothing was changed.")
    fields = {".".join(str(part) for part in each["loc"][1:]) or "body": plainly(each) for each in error.errors()}
    return BadInput("Some values cannot be used. Nothing was changed.", fields=fields)


def _from_framework(error: HTTPException) -> DoorstepError:
    if error.status_code == 404:
        return _nowhere()
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow") or "another method"
        return OtherRefusal(
            f"Nothing is done at this address that way. Use {allowed}.", status=405, headers=error.headers
        )
    return OtherRefusal(str(error.detail), status=error.status_code, headers=error.headers)


def _status(error: DoorstepError) -> int:
    return error.http_status if isinstance(error, OtherRefusal) else error.status


def _json(error: DoorstepError) -> JSONResponse:
    problem = Problem(
        code=error.code,
        message=error.message,
        next_step=error.next_step,
        fields=error.fields if isinstance(error, BadInput) else {},
        details=error.details,
    )
    headers = dict(error.headers) if isinstance(error, OtherRefusal) else {}
    if isinstance(error, TooManyTries):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(problem.model_dump(), status_code=_status(error), headers=headers)


def _page(error: DoorstepError) -> ErrorPage:
    reasons = error.details.get("reasons")
    return ErrorPage(
        status=_status(error),
        heading=error.message,
        next_step=error.next_step,
        reasons=tuple(str(reason) for reason in reasons) if isinstance(reasons, list) else (),
        fields=tuple(error.fields.items()) if isinstance(error, BadInput) else (),
    )
