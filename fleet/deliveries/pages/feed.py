"""A courier's runs in their own calendar: switching the feed on and off, and the file that calendars fetch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from limits import parse

from fleet.deliveries import service
from fleet.deliveries.api import Courier
from fleet.errors import NotFound
from fleet.http.calendars import calendar_answer
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.limits import client_address, slow_down
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter()

WRONG_ADDRESSES = parse("20/minute")
"""From one network. A calendar asks a few times an hour, and knows its address."""


@dataclass(frozen=True)
class FeedPage:
    """`address` is the feed's, shown once: when it was just made."""

    since: datetime | None
    address: str = ""
    title: str = "Runs in your calendar"
    back_href: str = "/run"
    back_text: str = "Today"


@router.get("/run/calendar")
def feed_page(request: Request, session: ReadSession, actor: Courier) -> Response:
    feed = service.feed_of(session, actor)
    return render(request, "deliveries/feed.html", FeedPage(feed.made_at if feed else None))


@router.post("/run/calendar")
def make_feed(
    request: Request, form: FormDep, session: WriteSession, actor: Courier, settings: SettingsDep, clock: ClockDep
) -> Response:
    token = service.make_feed(session, actor=actor, now=clock())
    address = f"{settings.public_url.rstrip('/')}/calendar/{token}.ics"
    return render(request, "deliveries/feed.html", FeedPage(clock(), address))


@router.post("/run/calendar/end")
def end_feed(form: FormDep, session: WriteSession, actor: Courier, clock: ClockDep) -> Response:
    service.end_feed(session, actor=actor, now=clock())
    return see_other("/run/calendar", said="The calendar's address does not work any more.")


@router.get("/calendar/{token}.ics", dependencies=[Depends(may(Permission.PUBLIC))])
def feed_file(
    request: Request,
    token: str,
    session: ReadSession,
    settings: SettingsDep,
    clock: ClockDep,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """What a calendar program fetches, with no sign-in: the address is the secret. Wrong ones are counted."""
    try:
        written = service.feed_file(session, token, settings=settings, now=clock())
    except NotFound:
        said = "Too many calendar addresses were tried from your network."
        slow_down(request, WRONG_ADDRESSES, "calendar", client_address(request), message=said)
        raise
    return calendar_answer(written, if_none_match)
