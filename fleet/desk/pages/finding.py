"""What a scan on any page is answered with: an address to go to, or a sentence."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel

from fleet.desk import service
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = PageRouter()


class Answer(BaseModel):
    """`href` is where to go; without one, `said` and `next_step` are shown in large words."""

    said: str
    next_step: str
    href: str


@router.get("/scan")
def what_was_scanned(
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.SIGNED_IN))],
    settings: SettingsDep,
    clock: ClockDep,
    text: Annotated[str, Query(max_length=400)] = "",
) -> Answer:
    found = service.find(session, text, actor=actor, settings=settings, now=clock())
    return Answer(said=found.said, next_step=found.next_step, href=found.href)
