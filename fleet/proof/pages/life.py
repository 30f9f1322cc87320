"""The life of one tablet: its loans in order, its repairs, its wipes. Whom it was with is nowhere on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession
from fleet.proof import service
from fleet.proof.rules import HowItEnded
from fleet.proof.service import Life
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape, StateTag

router = PageRouter(prefix="/tablets")

ENDINGS: dict[HowItEnded, StateTag] = {
    HowItEnded.STILL_OUT: StateTag("In use", Shape.WORKING),
    HowItEnded.BACK: StateTag("Given back", Shape.DONE),
    HowItEnded.LOST: StateTag("Lost", Shape.LOST),
    HowItEnded.GIVEN: StateTag("Given for good", Shape.DONE),
}


@dataclass(frozen=True)
class LifePage:
    title: str
    life: Life
    may_open: bool
    endings: dict[HowItEnded, StateTag]


@router.get("/{tablet_id}/life")
def life_page(
    request: Request,
    tablet_id: RowId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLET_LIFE_SEE))],
    clock: ClockDep,
) -> Response:
    life = service.life_of(session, tablet_id, actor=actor, now=clock())
    page = LifePage(f"The life of tablet {tablet_id}", life, actor.may(Permission.TABLETS_SEE), ENDINGS)
    return render(request, "proof/life.html", page)
