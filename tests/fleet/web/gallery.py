"""Every component on a few pages, through a small app: what the tests of this folder look at, and nobody ships."""

from __future__ import annotations

from collections.abc import AsyncIterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from jinja2 import FileSystemLoader
from starlette.responses import Response

from fleet.http.errors import ErrorPage
from fleet.http.paging import Cell, Column, Filter, Table
from fleet.web.assets import mount_static
from fleet.web.render import Viewer, environment, fragment, render, render_error
from fleet.web.shapes import Shape

NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class SampleViewer:
    name: str = "Sample Coordinator"
    role: str = "coordinator"


@dataclass(frozen=True)
class NavItem:
    text: str
    href: str


@dataclass(frozen=True)
class Happening:
    when: datetime
    what: str
    who: str = ""
    note: str = ""
    shape: Shape = Shape.PLAIN
    href: str = ""


@dataclass(frozen=True)
class Step:
    word: str
    shape: Shape
    note: str = ""
    raw: str = ""


@dataclass(frozen=True)
class Slot:
    place: str
    word: str
    shape: Shape
    code: str = ""
    name: str = ""
    first: str = ""
    second: str = ""
    percent: int | None = None
    seconds_left: float | None = None
    href: str = ""
    sound: str = ""


SLOTS = (
    Slot(
        "1-1.1",
        "Hands",
        Shape.HANDS,
        "K7F3-QX",
        "Galaxy Tab A8",
        "Tap Allow, tick",
        "Always allow",
        href="#1",
        sound="hands",
    ),
    Slot("1-1.2", "Wiping", Shape.WORKING, "M2P9-TA", "Lenovo M10", "Wiping", "", 55, 170, href="#2"),
    Slot("1-1.3", "Ready", Shape.DONE, "B8D4-RW", "Nexus 9", "Take it out", "label printed", href="#3", sound="ready"),
    Slot("1-1.4", "Installing", Shape.WORKING, "H3N6-YC", "Tab A7", "Jitsi, 3 of 4", "", 21, 118, href="#4"),
    Slot("1-1.5", "Empty", Shape.PLAIN, first="Plug in a tablet", second="The oldest donation is next"),
    Slot(
        "1-1.6",
        "Charging",
        Shape.WAITING,
        "D5T2-WN",
        "MediaPad T5",
        "Battery 9 %",
        "Wipes at 30 %, about 20 min",
        href="#6",
    ),
)
HAPPENINGS = (
    Happening(
        datetime(2026, 6, 11, 13, 5, tzinfo=UTC),
        "Handed over at the door",
        "Sample Courier",
        "Label scanned",
        Shape.DONE,
    ),
    Happening(
        datetime(2026, 6, 10, 8, 0, tzinfo=UTC),
        "Waiting for a courier",
        "Sample Coordinator",
        "",
        Shape.WAITING,
        "#run",
    ),
    Happening(
        datetime(2026, 6, 9, 15, 40, tzinfo=UTC),
        "Wipe refused",
        "Bench 1",
        "A Google account is still on it",
        Shape.DANGER,
    ),
    Happening(datetime(2025, 12, 9, 15, 40, tzinfo=UTC), "Given by a donor", "Sample Technician"),
)
STEPS = (
    Step("Read the tablet", Shape.DONE, "31 facts in 0.4 s"),
    Step(
        "Wipe it",
        Shape.DONE,
        "The marker file is gone, the android_id is another one",
        "ro.build.version.release=13\nuser 0\n",
    ),
    Step("Install the launcher", Shape.WORKING, "2 of 4 files"),
    Step("Check everything", Shape.WAITING),
)
COLUMNS = (
    Column("Code", "code"),
    Column("Tablet", "model"),
    Column("State", "state"),
    Column("Held by"),
    Column("Due", "due"),
    Column("Battery", "battery", numeric=True),
)


def row(number: int) -> tuple[Cell, ...]:
    states = (
        ("Ready", "done"),
        ("Overdue", "danger"),
        ("On loan", "working"),
        ("Needs hands", "hands"),
        ("Waiting", "waiting"),
    )
    word, shape = states[number % len(states)]
    return (
        Cell(f"K{number % 10}F3-Q{'XTWRC'[number % 5]}", href=f"#tablet-{number}"),
        Cell("Galaxy Tab A8", note="Android 13"),
        Cell(word, state=shape),
        Cell(f"Sample Number{number}"),
        Cell("Mon 1 Jun", note="11 days late" if word == "Overdue" else ""),
        Cell(f"{7 + number * 9 % 94} %"),
    )


def sample_table(rows: int = 8, page: int = 2, filtered: str = "", caption: str = "Tablets") -> Table:
    return Table(
        caption=caption,
        columns=COLUMNS,
        rows=tuple(row(number) for number in range(rows)),
        total=204 if rows else 0,
        page=page,
        page_count=26 if rows else 1,
        per_page=8,
        sort="code",
        descending=False,
        filters=(
            Filter("q", "Code, serial or model", filtered),
            Filter("stage", "State", "", (("", "All"), ("ready", "Ready"), ("on_loan", "On loan"))),
        ),
        path="/gallery/list",
        empty="Tablets appear here once they are taken in. Take the first one in by its serial number.",
        params={"q": filtered},
    )


@dataclass(frozen=True)
class GalleryPage:
    title: str
    table: Table = field(default_factory=sample_table)
    empty_table: Table = field(default_factory=lambda: sample_table(0, 1))
    unmatched_table: Table = field(default_factory=lambda: sample_table(0, 1, "zebra", "Other tablets"))
    slots: tuple[Slot, ...] = SLOTS
    happenings: tuple[Happening, ...] = HAPPENINGS
    steps: tuple[Step, ...] = STEPS
    errors: tuple[tuple[str, str], ...] = (("due", "Choose a day after today."), ("name", "Enter the donor's name."))
    due: date = date(2026, 6, 1)
    today: date = date(2026, 6, 12)
    language: str = ""
    direction: str = ""
    back_href: str = ""
    code: str = "K7F3-QX"


def navigation(viewer: Viewer | None) -> list[NavItem]:
    places = {
        "Today": "empty",
        "Tablets": "list",
        "Bench": "wall",
        "Loans": "tablet",
        "Intake": "form",
        "Runs": "phone",
    }
    return [NavItem(text, f"/gallery/{name}") for text, name in places.items()] if viewer else []


def gallery_app() -> FastAPI:
    """Serves `/gallery/<page>` for each template in pages/, and what the components on them ask for."""
    app = FastAPI()
    app.state.environment = environment({"gallery": FileSystemLoader(PAGES)})
    app.state.navigation = navigation
    app.state.clock = lambda: NOW
    app.state.demo = True
    mount_static(app)

    @app.get("/gallery/refused")
    def refused(request: Request) -> Response:
        heading = "K7F3-QX stays where it is. It cannot be lent, because its wipe is older than its last return."
        page = ErrorPage(409, heading, "Wipe it at a bench, then try again.", ("Wiped Mon 1 Jun", "Returned Tue 9 Jun"))
        return render_error(signed_in(request), page)

    @app.get("/gallery/events", response_class=EventSourceResponse)
    async def events(request: Request) -> AsyncIterable[ServerSentEvent]:
        done = tuple(replace(slot, word="Ready", shape=Shape.DONE, percent=None, sound="ready") for slot in SLOTS)
        html = fragment(signed_in(request), "gallery/slots.html", GalleryPage("", slots=done))
        yield ServerSentEvent(raw_data=html, event="wall", id="1")
        yield ServerSentEvent(raw_data="", event="end")

    @app.get("/gallery/{name}")
    def shown(request: Request, name: str, direction: str = "") -> Response:
        page = GalleryPage(
            title=f"Gallery of {name}",
            language="ar" if direction else "",
            direction=direction,
            back_href="/gallery/phone" if name == "stop" else "",
        )
        return render(signed_in(request), f"gallery/{name}.html", page)

    return app


def signed_in(request: Request) -> Request:
    request.state.viewer = SampleViewer()
    request.state.csrf_token = "sample-token"
    request.state.flash = ("K7F3-QX is wiped. Its certificate is ready.",)
    return request
