"""The page on which somebody asks for a tablet for themselves, without signing in. Open only where a hub wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from limits import parse as parse_limit
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput, NotFound
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.limits import client_address, slow_down
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.rules import AskedBy, Barrier, SafeAtHome
from fleet.loans.schemas import AskIn
from fleet.loans.words import OWN_BARRIER_WORDS, OWN_SAFE_WORDS
from fleet.partners.service import get_hub
from fleet.people import service as people
from fleet.people.pages import Answers, typed
from fleet.people.rules import Household, NeedCode
from fleet.people.schemas import PersonIn
from fleet.people.words import OWN_HOUSEHOLD_WORDS, OWN_NEED_WORDS
from fleet.settings import Settings
from fleet.users.access import may
from fleet.users.actor import SYSTEM
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/ask", dependencies=[Depends(may(Permission.PUBLIC))])
FROM_ONE_PLACE = parse_limit("5/hour")
"""A library's one address serves several people a day; a machine that fills our lists wants far more."""
FROM_EVERYWHERE = parse_limit("200/day")


@dataclass(frozen=True)
class OwnPage:
    answers: Answers
    programmes: tuple[tuple[str, str], ...]
    phone: str
    hub: str
    sent: bool = False
    barriers: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    safe_choices: tuple[tuple[str, str], ...] = tuple((each.value, OWN_SAFE_WORDS[each]) for each in SafeAtHome)
    barrier_choices: tuple[tuple[str, str], ...] = tuple((each.value, OWN_BARRIER_WORDS[each]) for each in Barrier)
    need_choices: tuple[tuple[str, str], ...] = tuple((each.value, OWN_NEED_WORDS[each]) for each in NeedCode)
    households: tuple[tuple[str, str], ...] = tuple((each.value, OWN_HOUSEHOLD_WORDS[each]) for each in Household)
    title: str = "Borrow a tablet"


@router.get("")
def ask_page(
    request: Request,
    session: ReadSession,
    settings: SettingsDep,
    sent: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    _refuse_unless_open(settings)
    return render(request, "loans/own.html", _page(session, settings, Answers(), sent=sent == "yes"))


@router.post("")
def ask(request: Request, form: FormDep, session: WriteSession, settings: SettingsDep, clock: ClockDep) -> Response:
    _refuse_unless_open(settings)
    happening = Happening(now=clock(), source="self")
    try:
        asked, details = _read(form, happening)
        said = "We have had several requests from where you are."
        ring = "Please ring us instead, or try again in an hour."
        slow_down(request, FROM_ONE_PLACE, "ask", client_address(request), message=said, next_step=ring)
        slow_down(request, FROM_EVERYWHERE, "ask", message="We have had very many requests today.", next_step=ring)
        with session.begin_nested():
            _record(session, asked, details, settings, happening)
    except BadInput as refused:
        page = _page(session, settings, typed(form, refused.fields), form=form)
        return render(request, "loans/own.html", page, status=422)
    return see_other("/ask?sent=yes")  # so that a page loaded again asks for nothing more


def _read(form: Form, happening: Happening) -> tuple[AskIn, people.Details]:
    """Both halves of the form, with what is wrong with either said at once."""
    problems: dict[str, str] = {}
    asked = details = None
    try:
        asked = form.parse(AskIn)
    except BadInput as refused:
        problems |= refused.fields
    try:
        details = form.parse(PersonIn).details()
        people.check(details, local_date(happening.now))
    except BadInput as refused:
        problems |= refused.fields
    if asked is not None and asked.safe_at_home is None:
        problems["safe_at_home"] = "Choose one of the answers."
    if asked is None or details is None or problems:
        raise BadInput("The request was not sent.", fields=problems)
    return asked, details


def _record(session: Session, asked: AskIn, details: people.Details, settings: Settings, happening: Happening) -> None:
    """Whether they are on record already is not said to a stranger; a coordinator sees it with the record."""
    hub_id = cohorts.get_programme(session, asked.programme_id).hub_id
    recorded = people.add_person(session, details, hub_id=hub_id, actor=SYSTEM, happening=happening)
    service.request_loan(
        session,
        person_id=recorded.person.id,
        programme_id=asked.programme_id,
        safe_at_home=asked.safe_at_home,
        barriers=asked.barriers,
        asked_by=AskedBy.SELF,
        actor=SYSTEM,
        settings=settings,
        happening=happening,
    )


def _refuse_unless_open(settings: Settings) -> None:
    if not settings.self_referral:
        raise NotFound(
            "Here, people are put forward by somebody who knows them.", next_step="Ask your GP, a library, or ring us."
        )


def _page(
    session: Session, settings: Settings, answers: Answers, *, form: Form | None = None, sent: bool = False
) -> OwnPage:
    hub = get_hub(session)
    return OwnPage(
        answers=answers,
        programmes=tuple((str(each.id), each.name) for each in cohorts.active_programmes(session)),
        phone=hub.help_phone or settings.hub_phone,
        hub=hub.name,
        sent=sent,
        barriers=form.lists.get("barriers", ()) if form else (),
        values=form.values if form else {},
    )
