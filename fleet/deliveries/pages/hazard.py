"""A battery that is hot, swollen or leaking: what a courier does, whom they ring, and one tap that tells the hub."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from fastapi import Request, Response

from fleet.deliveries import service
from fleet.deliveries.api import Courier
from fleet.deliveries.facts import Details
from fleet.deliveries.pages.phone import kept
from fleet.deliveries.pages.telling import stops_of, tell_of
from fleet.deliveries.rules import Action
from fleet.deliveries.words import HAZARD_WORDS
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.web.render import render

router = PageRouter(prefix="/run")


@dataclass(frozen=True)
class HazardPage:
    """`tablets`: a code to name and the id of the fact that its button tells; the empty code names none."""

    help_phone: str
    tablets: tuple[tuple[str, str], ...]
    scan_id: str
    words: str = HAZARD_WORDS
    title: str = "Hot, swollen or leaking?"
    back_href: str = "/run"
    back_text: str = "Today"


@router.get("/hazard")
def hazard_page(
    request: Request, session: ReadSession, actor: Courier, settings: SettingsDep, clock: ClockDep
) -> Response:
    today = service.today_of(session, actor=actor, settings=settings, now=clock())
    near = [stop.code for stop in stops_of(today) if stop.code and (stop.on_board or stop.to_do)]
    page = HazardPage(
        help_phone=today.help_phone,
        tablets=tuple((code, str(uuid4())) for code in (*near, "")),
        scan_id=str(uuid4()),
    )
    shown = render(request, "deliveries/hazard.html", page)
    return kept(shown, request, actor=actor, now=clock(), until=today.until)


@router.post("/hazard")
def tell_of_hazard(
    form: FormDep, session: WriteSession, actor: Courier, settings: SettingsDep, clock: ClockDep
) -> Response:
    answered = tell_of(session, form, Action.HAZARD, Details(), actor, settings, clock())
    return see_other("/run/hazard", said=answered.sentence)
