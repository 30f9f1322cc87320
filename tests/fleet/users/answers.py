"""Every answer that one role can get: from each route its rows of the matrix open, and from each form on its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from httpx2 import Response

from fleet.http.forms import csrf_token
from fleet.users.access import COOKIE
from fleet.users.rules import MATRIX, Permission, Role
from tests.fleet.everything import Everything
from tests.fleet.users.walking import Door, doors
from tests.labels.reading import texts
from tests.people import Browser

_ids = count(10_000)
LEAVES = ("/sign-out", "/account/sign-ins", "/account/password")
"""Forms that end the sign-in by which the walk goes on."""
LAST = ("turn-down", "hand_over")
"""Acts after which there is less to see come after the others."""


@dataclass
class Form:
    """A form as a browser would send it, with a word wherever one can be typed."""

    address: str
    values: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """The forms of a page that post, with what stands in them; a required choice takes its first answer."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.forms.append(Form(given.get("action", "")))
        elif self.forms and tag in ("input", "textarea", "select", "option"):
            self._field(tag, given)

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        values, name = self.forms[-1].values, given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and given.get("value"):
            values.setdefault(self._select, given["value"])
        elif given.get("type") in ("checkbox", "radio"):
            values.setdefault(name, given.get("value", "yes"))
        elif name and given.get("type") != "file":
            values.setdefault(name, given.get("value") or "Something")


@dataclass
class Walk:
    """One role's way through everything. `role` None is a stranger who found a tablet."""

    everything: Everything
    app: FastAPI
    browser: Browser
    role: Role | None
    token: str
    codes: tuple[str, ...]
    people: tuple[int, ...]
    forms: dict[str, Form] = field(default_factory=dict)
    """Those on the pages that were read, by where they lead and what they ask."""

    def doors(self) -> list[Door]:
        found = []
        for door in doors(self.app):
            public = set(door.permissions) == {Permission.PUBLIC}
            theirs = self.role is not None and all(self.role in MATRIX[each] for each in door.permissions)
            if (public or theirs) and not door.streams:
                found.append(door)
        return found

    def reads(self) -> Iterator[tuple[str, Response]]:
        """The answer at every address they can open, with each thing of its kind in turn, also as a spreadsheet."""
        for door in self.doors():
            if door.method != "GET":
                continue
            for address in self._addresses(door):
                yield f"GET {address}", self.read(address)
        for address in self._asked():
            yield f"GET {address}", self.read(address)

    def acts(self) -> Iterator[tuple[str, Response]]:
        """The answer to each form of those pages, to facts and forms about everybody's tablets, and to API requests."""
        for form in sorted(self.forms.values(), key=lambda each: each.address.endswith(LAST)):
            for values in self._with_codes(form.values):
                yield f"POST {form.address} {values}", self.post(form.address, values)
        for door in self.doors():
            if door.method in ("GET", "HEAD") or self._passed_over(door):
                continue
            for address in self._addresses(door):
                for body in self._bodies(door):
                    yield f"{door.method} {address} {body}", self._send(door, address, body)

    def _passed_over(self, door: Door) -> bool:
        """What strangers may send too is sent by the stranger, and pages' forms were sent from their pages."""
        public = set(door.permissions) == {Permission.PUBLIC}
        return door.path.startswith(LEAVES) or (public and self.role is not None) or not (public or door.is_api)

    def read(self, address: str) -> Response:
        """A page as it opens, with its forms kept for later."""
        self._sign_in()
        answer = self.browser.get(address)
        if "text/html" in answer.headers.get("content-type", ""):
            page = _Forms()
            page.feed(answer.text)
            for form in page.forms:
                form.address = form.address or address
                if not form.address.startswith((*LEAVES, "/sign-in")):
                    self.forms.setdefault(f"{form.address} {sorted(form.values)}", form)
        return answer

    def _with_codes(self, values: dict[str, str]) -> Iterator[dict[str, str]]:
        """A form that takes a label is sent with everybody's."""
        name = next((each for each in ("code", "scan") if each in values), None)
        if name is None:
            yield values
            return
        for code in self.codes:
            fresh = {"fact_id": str(UUID(int=next(_ids)))} if "fact_id" in values else {}
            yield values | fresh | {name: code}

    def _addresses(self, door: Door) -> Iterator[str]:
        """At each thing of its kind in turn; of several parameters, side by side."""
        names = re.findall(r"\{(\w+)(?::\w+)?\}", door.path)
        numbers = self.everything.numbers
        listed = [numbers.get(door.path) or numbers.get(name, ["1"]) for name in names]
        plain = dict(zip(names, (door.address().split("/")[place] for place in _places(door.path)), strict=True))
        for turn in range(max((len(each) for each in listed), default=1)):
            filled = door.path
            for name, values in zip(names, listed, strict=True):
                value = values[turn % len(values)] if name in numbers or door.path in numbers else plain[name]
                filled = re.sub(rf"\{{{name}(?::\w+)?\}}", value, filled)
            yield filled

    def _asked(self) -> Iterator[str]:
        """Addresses with a question in them."""
        for code in self.codes:
            yield f"/t?code={code}"
            yield f"/t/{code}?lang=pl"
        if self.role is Role.COURIER:
            yield from (f"/hazard?code={code}" for code in self.codes)
        if self.role is Role.REFERRER:
            yield from (f"/requests/new?person={person}" for person in self.people)
            yield from ("/requests?format=csv", "/requests?q=mqj", "/requests?per_page=100")

    def _bodies(self, door: Door) -> Iterator[Any]:
        yield {}
        if door.path.endswith("/scans"):
            yield {"facts": list(self._facts())}
        elif door.path.endswith("/holds"):
            yield {"kind": "fault", "reason": "Something seen"}
        elif door.path.endswith("/hazards"):
            yield from ({"scan": code, "seen": "Hot"} for code in self.codes)
        elif door.path.endswith("/requests"):
            for person in self.people:
                yield {"person_id": person, "programme_id": 1, "safe_at_home": "yes"}

    def _facts(self) -> Iterator[dict[str, Any]]:
        for code in self.codes:
            for action in ("load", "collect", "failed", "back_at_hub", "hand_over"):
                number = next(_ids)
                yield {
                    "id": str(UUID(int=number)),
                    "code": code,
                    "action": action,
                    "occurred_at": self.everything.clock().isoformat(),
                    "sequence": number,
                    "details": {"reason": "no_answer"},
                }

    def post(self, address: str, values: Mapping[str, str]) -> Response:
        self._sign_in()
        return self.browser.post(
            address,
            data={**values, "csrf_token": csrf_token(self.everything.settings, self.token)},
            headers={"sec-fetch-site": "same-origin"},
        )

    def _send(self, door: Door, address: str, body: Any) -> Response:
        if not door.is_api:
            return self.post(address, body)
        self._sign_in()
        return self.browser.request(door.method, address, json=body, headers={"sec-fetch-site": "same-origin"})

    def _sign_in(self) -> None:
        """Afresh each time, and as if nobody had asked anything before: strangers are slowed down."""
        if hasattr(self.app.state, "limiter"):
            del self.app.state.limiter
        self.browser.cookies.clear()
        if self.token:
            self.browser.cookies.set(COOKIE, self.token)


def _places(path: str) -> list[int]:
    return [place for place, part in enumerate(path.split("/")) if "{" in part]


def readable(answer: Response) -> str:
    """All that a reader gets: the words of the page, file or paper, and the headers."""
    body = answer.content
    text = "\n".join(texts(body)) if body.startswith(b"%PDF") else body.decode("utf-8", "replace")
    return f"{text}\n{dict(answer.headers)}"
