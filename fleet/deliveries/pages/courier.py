"""The courier's phone: today's stops, runs that are asked of them, and loading and bringing back at the hub.

Works without scripts and with one thumb, as `door` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import Path, Request, Response
from sqlalchemy.orm import Session

from fleet.deliveries import queries, service
from fleet.deliveries.api import Courier, Id
from fleet.deliveries.pages.phone import kept, pages_of
from fleet.deliveries.pages.telling import details_told, done_words, stops_of, tell_of
from fleet.deliveries.rules import Action, Answer, JobKind
from fleet.deliveries.service import SeenStop, Today
from fleet.deliveries.words import NEEDED_WORDS, job_tag
from fleet.errors import NotFound
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans.service import DROP_PLACES
from fleet.partners import service as partners
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/run")


@dataclass(frozen=True)
class TodayPage:
    today: Today
    tags: Mapping[int, StateTag]
    to_load: int
    on_board: int
    keep: tuple[str, ...]
    """The pages of this day that the phone keeps."""
    sequence: int
    """The courier's last count of facts as the hub knows it; a phone goes on from there."""
    title: str = "Today"


@dataclass(frozen=True)
class HubPage:
    """At the hub: what to take, what to bring back."""

    to_load: tuple[SeenStop, ...]
    on_board: tuple[SeenStop, ...]
    to_collect: tuple[SeenStop, ...]
    """Not with the courier yet; a phone without signal may know better."""
    load_id: str
    back_id: str
    drop_id: str
    places: tuple[tuple[str, str], ...]
    """Partners at whose place a collected tablet may be left."""
    needed: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: NEEDED_WORDS)
    refusal: str = ""
    code: str = ""
    done: Mapping[str, str] = field(default_factory=dict)
    goes_home: bool = False
    """Whether a tablet of the day belongs to another hub than the one where it is loaded."""
    title: str = "At the hub"
    back_href: str = "/run"
    back_text: str = "Today"


@router.get("")
def today_page(
    request: Request, session: ReadSession, actor: Courier, settings: SettingsDep, clock: ClockDep
) -> Response:
    today = service.today_of(session, actor=actor, settings=settings, now=clock())
    stops = stops_of(today)
    page = TodayPage(
        today=today,
        tags={stop.job_id: job_tag(stop.state, stop.ended) for stop in stops},
        to_load=sum(stop.waits_at_hub for stop in stops),
        on_board=sum(stop.on_board for stop in stops),
        keep=tuple(pages_of(today)),
        sequence=queries.last_sequence(session, actor.user_id or 0),
    )
    shown = render(request, "deliveries/today.html", page)
    return kept(shown, request, actor=actor, now=clock(), until=today.until)


@router.post("/{run_id}/accept")
def accept_run(run_id: Id, form: FormDep, session: WriteSession, actor: Courier, clock: ClockDep) -> Response:
    service.accept_run(session, run_id, actor=actor, happening=Happening(now=clock()))
    return see_other("/run", said="Thank you. The run is yours.")


@router.post("/{run_id}/turn-down")
def turn_down_run(run_id: Id, form: FormDep, session: WriteSession, actor: Courier, clock: ClockDep) -> Response:
    service.turn_down_run(session, run_id, actor=actor, happening=Happening(now=clock(), reason=form.get("reason")))
    return see_other("/run", said="Thank you for saying. The hub will ask somebody else.")


@router.get("/hub")
def hub_page(
    request: Request, session: ReadSession, actor: Courier, settings: SettingsDep, clock: ClockDep
) -> Response:
    return _hub(request, session, actor, settings, clock())


def _hub(
    request: Request,
    session: Session,
    actor: Actor,
    settings: Settings,
    now: datetime,
    *,
    refusal: str = "",
    code: str = "",
) -> Response:
    today = service.today_of(session, actor=actor, settings=settings, now=now)
    stops = stops_of(today)
    carried = [stop.carried_code for stop in stops if stop.on_board]
    page = HubPage(
        to_load=tuple(stop for stop in stops if stop.waits_at_hub),
        on_board=tuple(stop for stop in stops if stop.on_board),
        to_collect=tuple(stop for stop in stops if stop.to_do and stop.kind in (JobKind.COLLECT, JobKind.SWAP)),
        load_id=str(uuid4()),
        back_id=str(uuid4()),
        drop_id=str(uuid4()),
        places=partners.choices(session, *DROP_PLACES),
        refusal=refusal,
        code=code,
        goes_home=any(stop.kind is JobKind.HOME and stop.to_do for stop in stops),
        done=done_words(today) | {code: f"{code} is with you already." for code in carried},
    )
    shown = render(request, "deliveries/hub.html", page, status=422 if refusal else 200)
    return kept(shown, request, actor=actor, now=now, until=today.until)


AT_THE_HUB = (Action.LOAD, Action.BACK_AT_HUB, Action.DROP)
"""What is told of tablets without opening their stop."""
HubAction = Annotated[Action, Path(description="load, back_at_hub or drop")]


@router.post("/hub/{action}")
def scan_at_hub(
    request: Request,
    action: HubAction,
    form: FormDep,
    session: WriteSession,
    actor: Courier,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    if action not in AT_THE_HUB:
        raise NotFound("There is nothing at this address.", next_step="Go back to today's run.")
    answered = tell_of(session, form, action, details_told(form, action), actor, settings, clock())
    if answered.answer in (Answer.APPLIED, Answer.ALREADY):
        return see_other("/run/hub", said=answered.sentence)
    return _hub(request, session, actor, settings, clock(), refusal=answered.sentence, code=form.get("code"))
