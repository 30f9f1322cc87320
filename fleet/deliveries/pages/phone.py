"""The courier's pages as an app that works without signal: the service worker, the manifest, what waits to be sent, and
how long a phone may keep a page. What the phone does with it is in `fleet/web/static/js/phone`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from fleet.deliveries import service
from fleet.deliveries.api import Courier
from fleet.deliveries.service import Today
from fleet.deliveries.shell import MANIFEST, SCOPE, worker_script
from fleet.http.session import ClockDep, ReadSession, SettingsDep
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import PAGE_HEADERS, render

router = APIRouter(prefix="/run")

Public = Annotated[Actor, Depends(may(Permission.PUBLIC))]
Shown = TypeVar("Shown", bound=Response)

PHONE_POLICY = (
    PAGE_HEADERS["Content-Security-Policy"]
    + "; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; manifest-src 'self'"
)
"""The label decoder is WebAssembly; it is the one thing that these pages may do and no other."""


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
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": SCOPE, "X-Content-Type-Options": "nosniff"}
    return Response(worker_script(), media_type="text/javascript", headers=headers)


@router.get("/manifest.webmanifest", response_class=JSONResponse)
def manifest(actor: Public) -> Response:
    return JSONResponse(MANIFEST, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@router.get("/away")
def away_page(request: Request, actor: Public) -> Response:
    """What is shown without signal in place of a page that is not on the phone. The same for everybody."""
    return on_a_phone(render(request, "deliveries/away.html", AwayPage()))


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
    on_a_phone(response)
    if response.status_code == 200 and not getattr(request.state, "flash", ()):
        response.headers["X-Doorstep-Until"] = _milliseconds(until)
        response.headers["X-Doorstep-Person"] = str(actor.user_id)
    response.headers["X-Doorstep-Now"] = _milliseconds(now)
    return response


def on_a_phone(response: Shown) -> Shown:
    """The page under the policy of the phone's pages."""
    response.headers["Content-Security-Policy"] = PHONE_POLICY
    return response


def pages_of(today: Today) -> list[str]:
    """The pages that a phone keeps of this day: what a courier without signal may want to open."""
    stops = [stop for run in today.runs for stop in run.stops]
    own = [f"/run/stops/{stop.job_id}" for stop in stops]
    at_door = [f"/run/stops/{stop.job_id}?at=door" for stop in stops if stop.waits_at_hub]
    return ["/run", "/run/hub", "/run/hazard", "/run/waiting", *own, *at_door]


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
