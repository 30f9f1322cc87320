"""The hub's plan in somebody's own calendar: switching it on and off, and the files that calendars fetch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from limits import parse

from fleet.deliveries import service as deliveries
from fleet.errors import NotFound
from fleet.http.calendars import calendar_answer
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.limits import client_address, slow_down
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.planning import service
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter()

Reader = Annotated[Actor, Depends(may(Permission.COHORTS_SEE))]
PUBLIC = Depends(may(Permission.PUBLIC))
_WRONG_ADDRESSES = parse("20/minute")
"""From one network. A calendar asks a few times an hour, and knows its address."""


@dataclass(frozen=True)
class FeedPage:
    """`addresses` are (what it holds, address), shown once: when they were just made."""

    since: datetime | None
    coordinates: bool
    addresses: tuple[tuple[str, str], ...] = ()
    title: str = "The plan in your calendar"
    back_href: str = "/closures"
    back_text: str = "The hub's days"


@router.get("/plan/calendar")
def feed_page(request: Request, session: ReadSession, actor: Reader) -> Response:
    feed = deliveries.feed_of(session, actor)
    return render(request, "planning/feed.html", FeedPage(feed.made_at if feed else None, _coordinates(actor)))


@router.post("/plan/calendar")
def make_feed(
    request: Request, form: FormDep, session: WriteSession, actor: Reader, settings: SettingsDep, clock: ClockDep
) -> Response:
    token = deliveries.make_feed(session, actor=actor, now=clock())
    kinds = (("The hub", "hub"), ("Lending", "lending")) if _coordinates(actor) else (("The hub", "hub"),)
    addresses = tuple((name, f"{settings.public_url.rstrip('/')}/calendar/{kind}/{token}.ics") for name, kind in kinds)
    return render(request, "planning/feed.html", FeedPage(clock(), _coordinates(actor), addresses))


@router.post("/plan/calendar/end")
def end_feed(form: FormDep, session: WriteSession, actor: Reader, clock: ClockDep) -> Response:
    deliveries.end_feed(session, actor=actor, now=clock())
    return see_other("/plan/calendar", said="The calendar's address does not work any more.")


@router.get("/calendar/hub/{token}.ics", dependencies=[PUBLIC])
def hub_file(
    request: Request,
    token: str,
    session: ReadSession,
    settings: SettingsDep,
    clock: ClockDep,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """What a calendar program fetches, with no sign-in: the address is the secret. Wrong ones are counted."""
    return _answer(request, lambda: service.hub_file(session, token, settings=settings, now=clock()), if_none_match)


@router.get("/calendar/lending/{token}.ics", dependencies=[PUBLIC])
def coordinator_file(
    request: Request,
    token: str,
    session: ReadSession,
    settings: SettingsDep,
    clock: ClockDep,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The same for a coordinator: with what is due and on the road."""
    return _answer(
        request, lambda: service.coordinator_file(session, token, settings=settings, now=clock()), if_none_match
    )


def _answer(request: Request, write: Callable[[], bytes], if_none_match: str) -> Response:
    try:
        return calendar_answer(write(), if_none_match)
    except NotFound:
        said = "Too many calendar addresses were tried from your network."
        slow_down(request, _WRONG_ADDRESSES, "calendar", client_address(request), message=said)
        raise


def _coordinates(actor: Actor) -> bool:
    return actor.may(Permission.LOANS_DECIDE)
