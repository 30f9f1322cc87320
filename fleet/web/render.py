"""Turns a template and one frozen dataclass into a page. Knows no room: each room's templates are found by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from fastapi import Request
from jinja2 import BaseLoader, ChainableUndefined, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from starlette.responses import HTMLResponse

from fleet.clock import utc_now
from fleet.http.errors import ErrorPage
from fleet.web.assets import asset_url
from fleet.web.filters import FILTERS

FLEET = Path(__file__).parent.parent
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Viewer(Protocol):
    """Whoever is signed in, as far as a page's frame needs to know."""

    @property
    def name(self) -> str: ...

    @property
    def role(self) -> str: ...


class NavLink(Protocol):
    """A place in the navigation."""

    @property
    def text(self) -> str: ...

    @property
    def href(self) -> str: ...


Navigation = Callable[[Viewer | None], Iterable[NavLink]]
"""What `app.state.navigation` is: the places this viewer may go to, in order."""


def environment(loaders: Mapping[str, BaseLoader] | None = None) -> Environment:
    """The Jinja environment: GOV.UK macros, one prefix a room, `loaders` besides (a test's own pages)."""
    rooms: dict[str, BaseLoader] = {
        folder.parent.name: FileSystemLoader(folder) for folder in sorted(FLEET.glob("*/templates"))
    }
    env = Environment(
        loader=PrefixLoader(
            {"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"), **rooms, **(loaders or {})}
        ),
        undefined=ChainableUndefined,  # the GOV.UK macros ask for parts of values that were not given
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(FILTERS)
    env.globals.update(asset=asset_url, version=version("doorstep"))
    return env


@cache
def shipped_environment() -> Environment:
    """The environment of the shipped templates, built once a process."""
    return environment()


def render(request: Request, template: str, page: object, *, status: int = 200) -> HTMLResponse:
    """The page, never cached, under a policy that lets it load nothing but our own files."""
    html = render_text(_environment_of(request), template, {**frame(request), "page": page})
    return HTMLResponse(html, status_code=status, headers=PAGE_HEADERS)


def render_error(request: Request, page: ErrorPage) -> HTMLResponse:
    """The page that says what happened and what to do; given to `fleet.http.errors.install_error_handlers`."""
    return render(request, "web/error.html", page, status=page.status)


def fragment(request: Request, template: str, page: object) -> str:
    """A piece of a page (for htmx, or a server-sent event), with everything `render` gives a whole one."""
    return render_text(_environment_of(request), template, {**frame(request), "page": page})


def render_text(env: Environment, template: str, context: dict[str, Any]) -> str:
    """The template's text; `ui` holds the component macros, which thereby know this page's CSRF token and time."""
    ui = env.get_template("web/components.html").make_module(context)
    return env.get_template(template).render(**context, ui=ui)


def frame(request: Request) -> dict[str, Any]:
    """What the frame of every page knows: who looks at it, where they may go, and what was just done."""
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    clock: Callable[[], datetime] = getattr(request.app.state, "clock", utc_now)
    return {
        "viewer": viewer,
        "nav": navigation(request, viewer),
        "csrf_token": getattr(request.state, "csrf_token", ""),
        "demo": getattr(request.app.state, "demo", False),
        "flash": list(getattr(request.state, "flash", ())),
        "now": clock(),
        "path": request.url.path,
        "back": back(request),
    }


def navigation(request: Request, viewer: Viewer | None) -> list[dict[str, object]]:
    """The viewer's places, the one they are in marked (the longest address that leads here)."""
    places: Navigation | None = getattr(request.app.state, "navigation", None)
    links: Sequence[NavLink] = list(places(viewer)) if places else []
    path = request.url.path
    here = max((link.href for link in links if _leads_to(link.href, path)), key=len, default=None)
    return [{"text": link.text, "href": link.href, "active": link.href == here} for link in links]


def back(request: Request) -> str:
    """The page of ours that led here, or home."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc != request.headers.get("host") or came_from.path == request.url.path:
        return "/"
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _leads_to(href: str, path: str) -> bool:
    return path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))


def _environment_of(request: Request) -> Environment:
    given = getattr(request.app.state, "environment", None)
    return given if isinstance(given, Environment) else shipped_environment()
