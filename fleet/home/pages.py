"""Home: each role's day on one page. Whoever has several roles sees each of their days, in one order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from fleet.errors import NotAllowed
from fleet.home.bench_day import bench_day
from fleet.home.day import Day
from fleet.home.lending_day import coordinator_day, partner_day
from fleet.home.other_days import admin_day, buddy_day, courier_day, donor_day, evaluator_day, protection_day
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep
from fleet.settings import Settings
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission, Role
from fleet.web.render import render

router = PageRouter()


@dataclass(frozen=True)
class HomePage:
    days: tuple[Day, ...]
    title: str = "Home"


@router.get("/")
def home(
    request: Request,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.SIGNED_IN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    if actor.scopes is not None:
        raise NotAllowed("Home is for people.", next_step="An API token asks the lists its scopes allow.")
    if actor.roles == {Role.COURIER}:
        return RedirectResponse("/run", status_code=303)
    days = [_day(session, role, actor, settings, clock()) for role in Role if role in actor.roles]
    return render(request, "home/home.html", HomePage(tuple(day for day in days if day is not None)))


def _day(session: Session, role: Role, actor: Actor, settings: Settings, now: datetime) -> Day | None:
    match role:
        case Role.TECHNICIAN:
            return bench_day(session, settings, actor, now=now)
        case Role.COURIER:
            return courier_day()
        case Role.COORDINATOR:
            return coordinator_day(session, settings, actor, now=now)
        case Role.REFERRER | Role.PARTNER_LEAD:
            return partner_day(session, replace(actor, role=role))
        case Role.DONOR:
            return donor_day(session, actor)
        case Role.HUB_ADMIN:
            return admin_day(session, settings)
        case Role.DATA_PROTECTION:
            return protection_day()
        case Role.EVALUATOR:
            return evaluator_day()
        case Role.BUDDY:
            return buddy_day()
        case Role.SYSTEM:
            return None
