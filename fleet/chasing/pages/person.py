"""Why was, or wasn't, somebody written to on a day: a sentence for each of their loans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.chasing import service
from fleet.chasing.api import Day
from fleet.chasing.service import Story
from fleet.clock import local_date
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep
from fleet.people.service import get_person, viewed
from fleet.people.sight import seen
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/chasing")


@dataclass(frozen=True)
class PersonPage:
    title: str
    person_id: int
    name: str
    on: date
    stories: tuple[Story, ...]


@router.get("/people/{person_id}")
def person_page(
    request: Request,
    person_id: RowId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.CHASING_SEE))],
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
    on: Day = None,
) -> Response:
    now = clock()
    day = service.day_asked(on, today=local_date(now))
    name = seen(get_person(session, person_id), (), actor).name
    stories = service.why_person(session, person_id, now=now, on=day, is_copy=service.is_copy(session, settings))
    viewed(database, person_id, actor=actor, now=now)
    page = PersonPage(f"Why was {name} messaged, or not?", person_id, name, day, stories)
    return render(request, "chasing/person.html", page)
