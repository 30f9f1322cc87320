"""The door of every route: who is asking, and may they. A route without `may(…)` fails a test."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param

from fleet.database.session import Database
from fleet.errors import NotSignedIn
from fleet.http.forms import check_same_origin, csrf_token
from fleet.http.session import get_clock, get_database, get_settings
from fleet.users import queries, service
from fleet.users.actor import NOBODY, Actor
from fleet.users.rules import Permission
from fleet.users.service import actor_of

COOKIE = "doorstep"

# Declared so that the OpenAPI document says how to sign in; the reading is done in `_who`.
cookie_scheme = APIKeyCookie(name=COOKIE, auto_error=False, description="The cookie a browser gets by signing in.")
bearer_scheme = HTTPBearer(auto_error=False, description="An API token made on the account page.")


def _who(request: Request, now: datetime) -> Actor | None:
    database: Database = get_database(request)
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization", ""))
    with database.read() as session:
        if scheme.lower() == "bearer" and token:
            found = service.user_of_token(session, token, now=now, settings=get_settings(request))
            if found is None:
                raise NotSignedIn("This API token is unknown, ended or expired.", next_step="Make another one.")
            return actor_of(found[1], frozenset(Permission(scope) for scope in found[0].scopes))
        cookie = request.cookies.get(COOKIE)
        if not cookie:
            return None
        # A cookie whose sign-in has ended still gets its form token: the browser sends it with the form to sign in.
        request.state.session_token = cookie
        request.state.csrf_token = csrf_token(get_settings(request), cookie)
        signed_in = service.user_of_session(session, cookie, now=now, settings=get_settings(request))
    if signed_in is None:
        return None
    sign_in, user = signed_in
    if service.seen_again(sign_in, now):
        with database.write() as session:
            queries.touch_sign_in(session, sign_in.id, now)
    return actor_of(user)


def current_actor(request: Request) -> Actor | None:
    """Who is asking, found once per request; None for a stranger."""
    if not hasattr(request.state, "viewer"):
        request.state.viewer = _who(request, get_clock(request)())
    viewer: Actor | None = request.state.viewer
    return viewer


class may:  # noqa: N801 - reads as a verb where routes are declared: Depends(may(Permission.X))
    """Dependency: the actor in the role that has this row of the matrix.

    Raises `NotSignedIn` for a stranger and `NotAllowed` for a role without the row. A change sent by a browser must
    come from our own pages.
    """

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(
        self,
        request: Request,
        _cookie: Annotated[str | None, Depends(cookie_scheme)] = None,
        _bearer: Annotated[object | None, Depends(bearer_scheme)] = None,
    ) -> Actor:
        viewer = current_actor(request)
        if request.method not in ("GET", "HEAD"):
            check_same_origin(request)
        if self.permission is Permission.PUBLIC:
            return viewer or NOBODY
        if viewer is None:
            raise NotSignedIn("Sign in to go on.", next_step="You will come back here afterwards.")
        return viewer.acting(self.permission)
