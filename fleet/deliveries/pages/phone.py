"""The courier's pages as an app that works without signal: the service worker, the manifest, what waits to be sent, and
how long a phone may keep a page. What the phone does with it is in `fleet/web/static/js/phone`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from fleet.deliveries import service
from fleet.deliveries.api import Courier
from fleet.deliveries.service import Today
from fleet.deliveries.shell import MANIFEST, SCOPE, scanning_script, worker_script
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/run")

Public = Annotated[Actor, Depends(may(Permission.PUBLIC))]
Shown = TypeVar("Shown", bound=Response)

WORKER_POLICY = "default-src 'none'; script-src blob: 'wasm-unsafe-eval'"
"""The label decoder is WebAssembly. It runs in a worker that loads nothing but what its page gives it, so that no page
has to allow it."""


@dataclass(frozen=True)
class WaitingPage:
    title: str = "What you told"
    back_href: str = "/run"
    back_text: str = "Today"


@dataclass(frozen=True)
class AwayPage:
    title: str = "No signal"
    back_href: str = "/run"
    back_text: str = "Today"


@router.get("/service-worker.js", response_class=Response)
def service_worker(actor: Public) -> Response:
    return _script(worker_script(), {"Service-Worker-Allowed": SCOPE})


@router.get("/scanning-worker.js", response_class=Response)
def scanning_worker(actor: Public) -> Response:
    """Under this address, not among the static files, because a worker is kept by a service worker of its own scope."""
    return _script(scanning_script(), {"Content-Security-Policy": WORKER_POLICY})


def _script(text: str, headers: dict[str, str]) -> Response:
    always = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(text, media_type="text/javascript", headers=always | headers)


@router.get("/manifest.webmanifest", response_class=JSONResponse)
def manifest(actor: Public) -> Response:
    return JSONResponse(MANIFEST, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@router.get("/away")
def away_page(request: Request, actor: Public) -> Response:
    """What is shown without signal in place of a page that is not on the phone. The same for everybody."""
    return render(request, "deliveries/away.html", AwayPage())


@router.get("/waiting")
def waiting_page(
    request: Request, session: ReadSession, actor: Courier, settings: SettingsDep, clock: ClockDep
) -> Response:
    today = service.today_of(session, actor=actor, settings=settings, now=clock())
    page = render(request, "deliveries/waiting.html", WaitingPage())
    return kept(page, request, actor=actor, now=clock(), until=today.until)


def kept(response: Shown, request: Request, *, actor: Actor, now: datetime, until: datetime) -> Shown:
    """The page, which `actor`'s phone may keep and show without signal until then.

    A page that says once what was just done is not kept: it would say it again. The moments are given by our clock,
    in milliseconds, so that a phone whose own is wrong still knows how long it may keep the page.
    """
    if response.status_code == 200 and not getattr(request.state, "flash", ()):
        response.headers["X-Doorstep-Until"] = _milliseconds(until)
        response.headers["X-Doorstep-Person"] = str(actor.user_id)
    response.headers["X-Doorstep-Now"] = _milliseconds(now)
    return response


def pages_of(today: Today) -> list[str]:
    """The pages that a phone keeps of this day: what a courier without signal may want to open."""
    stops = [stop for run in today.runs for stop in run.stops]
    own = [f"/run/stops/{stop.job_id}" for stop in stops]
    at_door = [f"/run/stops/{stop.job_id}?at=door" for stop in stops if stop.waits_at_hub]
    return ["/run", "/run/hub", "/run/hazard", "/run/waiting", *own, *at_door]


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
