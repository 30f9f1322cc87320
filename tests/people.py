"""People, clocks and browsers for tests."""

from __future__ import annotations

import asyncio
import re
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any, cast

from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import BaseTransport, ByteStream, Request, Response

from fleet.clock import utc_now
from fleet.database.session import Database
from fleet.users import queries, service
from fleet.users.access import COOKIE
from fleet.users.actor import Actor
from fleet.users.rules import Role
from fleet.users.service import actor_of

_numbers = count(1)


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or utc_now()

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **timedelta_parts: float) -> datetime:
        """Move on by `days=…`, `hours=…` and so on."""
        self.now += timedelta(**timedelta_parts)
        return self.now


def make_user(database: Database, clock: FakeClock, *roles: Role, organisation_id: int | None = None) -> Actor:
    """Somebody with these roles and no password."""
    number = next(_numbers)
    with database.write() as session:
        user = service.add_user(
            session,
            name=f"Test {roles[0].value.replace('_', ' ').title()} {number}",
            email=f"test{number}@doorstep.example",
            roles=roles,
            password=None,
            organisation_id=organisation_id,
            now=clock(),
        )
    return actor_of(user)


class WholeAnswers(BaseTransport):
    """Asks the app in one visit to its loop, where TestClient's own transport goes there eight times a request; so an
    answer is here when it is whole."""

    def __init__(self, app: FastAPI, portal: BlockingPortal) -> None:
        self._app = app
        self._portal = portal

    def handle_request(self, request: Request) -> Response:
        return self._portal.call(self._answer, request)

    async def _answer(self, request: Request) -> Response:
        """By the ASGI specification, as a server asks; an error is answered before it is raised."""
        answer: dict[str, Any] = {}
        parts: list[bytes] = []
        ended = asyncio.Event()
        waiting = [{"type": "http.request", "body": request.read(), "more_body": False}]

        async def receive() -> dict[str, Any]:
            if not waiting:
                await ended.wait()
                return {"type": "http.disconnect"}
            return waiting.pop()

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer.update(message)
            else:
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    ended.set()

        with suppress(Exception):
            await self._app(_scope(request), receive, send)
        content = ByteStream(b"".join(parts) if request.method != "HEAD" else b"")
        return Response(answer.get("status", 500), headers=answer.get("headers", []), stream=content)


def _scope(request: Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "root_path": "",
        "method": request.method,
        "scheme": url.scheme,
        "server": (url.host, url.port),
        "client": ("testclient", 50000),
        "path": url.path,
        "query_string": url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }


class Browser(TestClient):
    """A test client that sends forms as a browser on our own pages does, and follows no redirect by itself."""

    actor: Actor | None = None
    _transport: BaseTransport

    def answer_in(self, portal: BlockingPortal) -> None:
        """Be answered by a loop that is there already, instead of one a request."""
        self._transport = WholeAnswers(cast(FastAPI, self.app), portal)

    _read: tuple[str | None, str] | None = None

    def csrf(self) -> str:
        """The form token of this sign-in, read from a page as a browser would, once."""
        cookie = self.cookies.get(COOKIE)
        if self._read is None or self._read[0] != cookie:
            found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', self.get("/account").text)
            self._read = (cookie, found.group(1) if found else "")
        return self._read[1]

    def submit(self, url: str, data: dict[str, Any] | None = None, **options: Any) -> Response:
        """Send a form of ours."""
        form = {"csrf_token": self.csrf(), **(data or {})}
        return self.post(url, data=form, headers={"sec-fetch-site": "same-origin"}, **options)


def signed_in(
    app: FastAPI, database: Database, clock: FakeClock, *roles: Role, organisation_id: int | None = None
) -> Browser:
    """A browser signed in with these roles, or a stranger's when there are none."""
    browser = Browser(app, base_url="https://t.example", follow_redirects=False, raise_server_exceptions=False)
    if roles:
        actor = make_user(database, clock, *roles, organisation_id=organisation_id)
        assert actor.user_id is not None
        with database.write() as session:
            user = queries.user_by_id(session, actor.user_id)
            assert user is not None
            begun = service.begin_sign_in(session, user, now=clock())
        browser.cookies.set(COOKIE, begun.token)
        browser.actor = actor
    return browser
