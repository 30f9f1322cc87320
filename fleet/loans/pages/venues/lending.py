"""Lending several tablets to a custodian at a partner's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.cohorts import service as cohorts
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Decider
from fleet.loans.models import VenueLoan
from fleet.loans.pages.loan.choosing import Answers, answers, on_the_shelf, tablet_words, too_long_ready, tried
from fleet.partners import service as partners
from fleet.partners.service import hub_of
from fleet.settings import Settings
from fleet.tags import service as tags
from fleet.users.actor import Actor
from fleet.web.render import render

router = PageRouter(prefix="/venue-loans")
SHOWN = 60


@dataclass(frozen=True)
class NewVenuePage:
    places: tuple[tuple[str, str], ...]
    programmes: tuple[tuple[str, str], ...]
    tablets: tuple[tuple[str, str], ...]
    ticked: tuple[str, ...]
    answers: Answers
    old: str
    values: Mapping[str, str] = field(default_factory=dict)
    title: str = "Lend tablets to a venue"


@router.get("/new")
def new_page(
    request: Request, session: ReadSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    return render(request, "loans/venue_new.html", _page(session, actor, settings, clock()))


@router.post("/new")
def lend(
    request: Request, form: FormDep, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    made = tried(session, lambda: _lend(session, form, actor, settings, Happening(now=clock())))
    if isinstance(made, VenueLoan):
        return see_other(f"/venue-loans/{made.id}", said="The tablets are kept for them.")
    page = _page(session, actor, settings, clock(), form, answers(form, made))
    return render(request, "loans/venue_new.html", page, status=made.status)


def _lend(session: Session, form: Form, actor: Actor, settings: Settings, happening: Happening) -> VenueLoan:
    place_id, programme_id = form.row("place_id"), form.row("programme_id")
    unsaid = {
        "place_id": "" if place_id else "Choose a place.",
        "programme_id": "" if programme_id else "Choose a programme.",
        "due_on": "" if form.get("due_on") else "Choose a day.",
        "tablet_ids": "" if form.lists.get("tablet_ids") else "Tick at least one.",
        "email": "" if form.get("email") or form.get("phone") else "Enter an email address or a phone number.",
    }
    fields = {name: sentence for name, sentence in unsaid.items() if sentence}
    if fields or place_id is None or programme_id is None:
        raise BadInput("Nothing was lent.", fields=fields)
    hub_id = cohorts.get_programme(session, programme_id).hub_id
    person_id = service.add_custodian(
        session,
        place_id=place_id,
        first_name=form.get("first_name"),
        last_name=form.get("last_name"),
        email=form.get("email"),
        phone=form.get("phone"),
        hub_id=hub_id,
        actor=actor,
        happening=happening,
    )
    return service.lend_to_venue(
        session,
        place_id=place_id,
        person_id=person_id,
        programme_id=programme_id,
        tablet_ids=form.rows("tablet_ids"),
        due_on=form.day("due_on") or date.min,
        actor=actor,
        settings=settings,
        happening=happening,
    )


def _page(
    session: Session,
    actor: Actor,
    settings: Settings,
    now: datetime,
    form: Form | None = None,
    given: Answers | None = None,
) -> NewVenuePage:
    hub = hub_of(session, actor)
    ready = on_the_shelf(session, hub.id, actor, settings, now)[:SHOWN]
    labels = tags.codes_of(session, [tablet.id for tablet in ready])
    return NewVenuePage(
        places=partners.choices(session, *service.PLACES),
        programmes=tuple((str(each.id), each.name) for each in cohorts.active_programmes(session)),
        tablets=tuple((str(tablet.id), tablet_words(tablet, labels)) for tablet in ready),
        old=too_long_ready(session, hub.id, settings, now),
        ticked=tuple(form.lists.get("tablet_ids", ())) if form else (),
        answers=given or Answers(),
        values=form.values if form else {},
    )
