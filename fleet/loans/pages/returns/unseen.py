"""A return that nobody saw, written down with the day on which it came: through the letter-box, or left at the door."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput, NotFound
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.models import Loan
from fleet.loans.pages.loan.choosing import Answers, answers, tried
from fleet.loans.pages.returns.scanning import tablet_typed
from fleet.loans.rules import said
from fleet.partners.service import works_at
from fleet.settings import Settings
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/returns")
HubWorker = Annotated[Actor, Depends(may(Permission.DESK_WORK))]
HOW = (
    "Put through the letter-box",
    "Left at the hub while it was closed",
    "Left with somebody near by",
    "Stood on our shelf, and nobody had scanned it",
)


@dataclass(frozen=True)
class UnseenPage:
    back: str
    answers: Answers = field(default_factory=Answers)
    reasons: tuple[tuple[str, str], ...] = tuple((each, each) for each in HOW)
    title: str = "Came while nobody was there"


@router.get("/letter-box")
def unseen_page(
    request: Request,
    actor: HubWorker,
    label: Annotated[str, Query(max_length=40)] = "",
    came_on: Annotated[date | None, Query()] = None,
) -> Response:
    values = {"label": label, "came_on": came_on.isoformat() if came_on is not None else ""}
    return render(request, "loans/unseen.html", _page(actor, Answers(values)))


@router.post("/letter-box")
def take_unseen(
    request: Request, form: FormDep, session: WriteSession, actor: HubWorker, settings: SettingsDep, clock: ClockDep
) -> Response:
    made = tried(session, lambda: _take(session, form, actor, settings, Happening(now=clock())))
    if not isinstance(made, Loan):
        page = _page(actor, answers(form, made))
        return render(request, "loans/unseen.html", page, status=made.status)
    words = f"It came on {said(made.returned_on)}, and counts from that day." if made.returned_on else ""
    if actor.may(Permission.TABLETS_RECORD):
        return see_other("/returns", said=f"{words} Look it over next.")
    return see_other(f"/loans/{made.id}", said=words)


def _take(session: Session, form: Form, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    try:
        tablet = tablet_typed(session, form.get("label"))
    except NotFound as unknown:
        sentence = f"{unknown.message} {unknown.next_step}".strip()
        raise BadInput("Nothing was changed.", fields={"label": sentence}) from unknown
    return service.came_unseen(
        session,
        tablet_id=tablet.id,
        came_on=form.day("came_on"),
        at=works_at(session, actor),
        actor=actor,
        settings=settings,
        happening=replace(happening, reason=form.get("reason")),
    )


def _page(actor: Actor, given: Answers) -> UnseenPage:
    return UnseenPage("/returns" if actor.may(Permission.TABLETS_RECORD) else "/loans", given)
