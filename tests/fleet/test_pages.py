"""Every page of the app in a real browser, with one of everything behind it: what axe finds, and whether it fits."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Error, Page, Response, ViewportSize
from pydantic import SecretStr

from fleet.app import all_routes, create_app
from fleet.database.session import open_database
from fleet.settings import Settings
from fleet.users import queries, service
from fleet.users.access import COOKIE
from fleet.users.rules import MATRIX, SIGN_IN_ROLES, Permission, Role
from tests.browser import DESKTOP, NARROWEST, PHONE, ZOOMED, axe, served, sideways_scroll
from tests.fleet.everything import Everything, furnished
from tests.fleet.users.walking import Door, doors
from tests.people import FakeClock

pytestmark = pytest.mark.browser

FILES = {
    *("application/pdf", "text/csv", "text/calendar", "image/jpeg"),
    *("application/manifest+json", "text/javascript", "application/json"),
}
ENDLESS = "/live"
"""What ends so is a stream of events, looked at by the rooms' own tests."""
STRANGERS_TOO = ("/t", "/T", "/certificates/{number}")
"""Public pages that say more to those who are signed in."""

WIDEST = """() => [...document.querySelectorAll('main *, footer *, header *')]
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0]?.outerHTML.slice(0, 200)"""
"""The beginning of what reaches furthest to the right."""

SAME_ID_TWICE = """() => [...document.querySelectorAll('[id]')].map(e => e.id)
    .filter((id, place, all) => all.indexOf(id) !== place)"""


@dataclass(frozen=True)
class Visit:
    """A page as somebody sees it; None is a stranger."""

    path: str
    role: Role | None

    def __str__(self) -> str:
        return f"{self.path} as {self.role or 'a stranger'}"


def all_visits() -> list[Visit]:
    app = all_routes()
    return [visit for door in doors(app) if is_page(door) for visit in visits_of(door)]


def is_page(door: Door) -> bool:
    return door.method == "GET" and not door.is_api and not door.path.endswith(ENDLESS)


def visits_of(door: Door) -> Iterator[Visit]:
    public = set(door.permissions) == {Permission.PUBLIC}
    if public:
        yield Visit(door.path, None)
    if door.path == "/":
        yield from (Visit(door.path, role) for role in SIGN_IN_ROLES)
    elif not public or door.path.startswith(STRANGERS_TOO):
        allowed = [role for role in SIGN_IN_ROLES if all(role in MATRIX[each] for each in door.permissions)]
        yield Visit(door.path, allowed[0])


VISITS = all_visits()


@dataclass
class Shown:
    """The served app and the cookie of each role."""

    base: str
    everything: Everything
    tokens: dict[Role, str]

    def addresses(self, path: str) -> Iterator[str]:
        """The path with each thing of its kind in turn; at most two, and the longest number of its words."""
        names = re.findall(r"\{(\w+)(?::\w+)?\}", path)
        numbers = self.everything.numbers
        for_each = [numbers.get(path) or numbers[name] for name in names]
        for turn in range(min(2, max((len(each) for each in for_each), default=1))):
            filled = path
            for name, values in zip(names, for_each, strict=True):
                filled = re.sub(rf"\{{{name}(?::\w+)?\}}", values[turn % len(values)], filled)
            yield filled


@pytest.fixture(scope="module")
def shown(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("everything")
    shutil.copy(sqlite_template, folder / "doorstep.sqlite3")
    settings = Settings(
        data_dir=folder / "var",
        database_url=f"sqlite:///{folder / 'doorstep.sqlite3'}",
        secret_key=SecretStr("a secret that only tests use, and only here"),
        hub_name="Test hub",
        hub_phone="020 7946 0000",
        public_url="https://t.example",
        courier_photos=True,
        self_referral=True,
    )
    clock = FakeClock(datetime(2026, 6, 1, 9, 0, tzinfo=UTC))
    database = open_database(settings.database)
    with furnished(folder, database, settings, clock) as everything:
        app = create_app(settings, database, nudge=lambda _: None, clock=clock)
        with served(app) as base:
            yield Shown(base, everything, {role: sign_in(everything, role) for role in SIGN_IN_ROLES})
    database.close()


def sign_in(everything: Everything, role: Role) -> str:
    with everything.database.write() as session:
        user = queries.user_by_id(session, everything.actor(role).user_id or 0)
        assert user is not None
        return service.begin_sign_in(session, user, now=everything.clock()).token


@pytest.fixture
def visit(same_window: Page, shown: Shown) -> Callable[[Role | None], None]:
    """Sign the window in as a role."""

    def become(role: Role | None) -> None:
        if role is not None:
            same_window.context.add_cookies([{"name": COOKIE, "value": shown.tokens[role], "url": shown.base}])

    return become


@pytest.mark.parametrize("seen", VISITS, ids=str)
def test_a_page_can_be_seen_by_everybody_on_anything(
    same_window: Page, shown: Shown, visit: Callable[[Role | None], None], seen: Visit
) -> None:
    visit(seen.role)
    for turn, address in enumerate(shown.addresses(seen.path)):
        answer = opened(same_window, shown.base + address)
        assert answer.status == 200, f"{address}: {answer.status} {answer.text()[:300]}"
        kind = answer.headers["content-type"].partition(";")[0]
        if kind != "text/html":
            assert kind in FILES, address
            return
        assert faults(same_window, DESKTOP if turn % 2 else PHONE) == [], address


def opened(window: Page, url: str) -> Response | APIResponse:
    """The window at the address; what the browser would save instead of showing is fetched, and so are pictures, since
    our policy forbids the styles of the page that it would make around them."""
    if url.endswith("/photo"):
        return window.context.request.get(url)
    try:
        answer = window.goto(url)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return window.context.request.get(url)
    assert answer is not None
    return answer


def faults(window: Page, size: ViewportSize) -> list[str]:
    """Whatever is wrong with the page as it stands: at this size for axe, and whether it fits the smaller ones."""
    found = []
    if not window.title().endswith("Doorstep"):
        found.append(f"its title is {window.title()!r}")
    if window.locator("h1:visible").count() != 1:
        found.append(f"it shows {window.locator('h1:visible').count()} first headings")
    if twice := window.evaluate(SAME_ID_TWICE):
        found.append(f"these ids are given twice, so labels go astray: {twice}")
    window.set_viewport_size(size)
    found += [f"at {size['width']} px: {finding}" for finding in axe(window)]
    for size in (PHONE, NARROWEST, ZOOMED):
        window.set_viewport_size(size)
        if wider := sideways_scroll(window):
            found.append(f"at {size['width']} px it is {wider} px too wide: {window.evaluate(WIDEST)}")
    return found


def test_what_is_not_there_or_not_allowed_is_a_page_too(
    same_window: Page, shown: Shown, visit: Callable[[Role | None], None]
) -> None:
    visit(Role.COURIER)
    for address, status in (("/nothing-of-ours", 404), ("/people", 403)):
        answer = same_window.goto(shown.base + address)
        assert answer is not None
        assert answer.status == status
        assert faults(same_window, PHONE) == []
