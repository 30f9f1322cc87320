"""A tablet that may be dangerous: held from any stage, by whoever has it in hand, in two presses from every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput, DoorstepError
from fleet.happening import Happening
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.intake import service
from fleet.intake.words import SAFETY_WORDS
from fleet.partners.service import HelpLine, help_line, hub_of
from fleet.settings import Settings
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/hazard")


Reporter = Annotated[Actor, Depends(may(Permission.HOLDS_PLACE))]


@dataclass(frozen=True)
class HazardPage:
    help: HelpLine
    scan: str = ""
    seen: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    held: bool = False
    advice: tuple[str, ...] = SAFETY_WORDS
    title: str = "Hot, swollen or leaking?"


@router.get("")
def hazard_page(
    request: Request,
    session: ReadSession,
    actor: Reporter,
    settings: SettingsDep,
    code: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    return render(request, "intake/hazard.html", _page(session, actor, settings, scan=code))


@router.post("")
def report_hazard(
    request: Request,
    form: FormDep,
    session: WriteSession,
    actor: Reporter,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    """Answers with the advice in every case: it matters more than whether the code could be read."""
    scan, seen = form.get("scan"), form.get("seen")
    happening = Happening(clock(), client_id=form.get("client_id") or None)
    try:
        service.report_hazard(session, scan, seen=seen[:500], actor=actor, happening=happening)
    except DoorstepError as error:
        fields = error.fields if isinstance(error, BadInput) else {"scan": f"{error.message} {error.next_step}"}
        page = _page(session, actor, settings, scan=scan, seen=seen, errors=fields)
        return render(request, "intake/hazard.html", page, status=error.status)
    return render(request, "intake/hazard.html", _page(session, actor, settings, held=True))


def _page(
    session: Session,
    actor: Actor,
    settings: Settings,
    *,
    scan: str = "",
    seen: str = "",
    errors: dict[str, str] | None = None,
    held: bool = False,
) -> HazardPage:
    line = help_line(session, settings=settings, hub_id=hub_of(session, actor).id)
    return HazardPage(line, scan, seen, errors or {}, held)
