"""A lost tablet that was scanned: said in large words, taken in by those who may, told of by everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Path, Request, Response
from sqlalchemy.orm import Session

from fleet.database.base import LARGEST_ID
from fleet.desk import service
from fleet.desk.service import LostStory
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.partners.service import HelpLine, help_line, works_at
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Sighting, Tablet
from fleet.tablets.words import stage_tag
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/desk")

TabletId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
SightingId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Reporter = Annotated[Actor, Depends(may(Permission.LOST_REPORT))]


@dataclass(frozen=True)
class LostPage:
    story: LostStory
    help: HelpLine
    may_take_in: bool
    may_open: bool
    place: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "A lost tablet"


@dataclass(frozen=True)
class SightingView:
    """What somebody said, and where the books have the tablet."""

    sighting: Sighting
    code: str
    state: StateTag
    is_lost: bool


@dataclass(frozen=True)
class SightingsPage:
    sightings: tuple[SightingView, ...]
    title: str = "Tablets that were seen"


@router.get("/lost/{tablet_id}")
def lost_page(
    request: Request, tablet_id: TabletId, session: ReadSession, actor: Reporter, settings: SettingsDep
) -> Response:
    return _lost(request, session, tablet_id, actor, settings)


def _lost(
    request: Request,
    session: Session,
    tablet_id: int,
    actor: Actor,
    settings: Settings,
    *,
    place: str = "",
    errors: Mapping[str, str] | None = None,
) -> Response:
    story = service.lost_story(session, tablet_id)
    page = LostPage(
        story=story,
        help=help_line(session, settings=settings, hub_id=story.hub_id),
        may_take_in=actor.may(Permission.TABLETS_RECORD),
        may_open=actor.may(Permission.TABLETS_SEE),
        place=place,
        errors=errors or {},
    )
    return render(request, "desk/lost.html", page, status=422 if errors else 200)


@router.post("/lost/{tablet_id}/seen")
def say_seen(
    request: Request,
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    actor: Reporter,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        service.say_seen(
            session, tablet_id, place=form.get("place"), actor=actor, happening=Happening(clock(), source="scan")
        )
    except BadInput as error:
        return _lost(request, session, tablet_id, actor, settings, place=form.get("place"), errors=error.fields)
    return see_other(
        f"/desk/lost/{tablet_id}", said="Thank you. A coordinator is told where it is, and that you said so."
    )


@router.post("/lost/{tablet_id}/found")
def take_in_found(
    request: Request,
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_RECORD))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    happening = Happening(clock(), source="scan")
    try:
        found = service.take_in_found(
            session,
            tablet_id,
            place=form.get("place"),
            at=works_at(session, actor),
            actor=actor,
            settings=settings,
            happening=happening,
        )
    except BadInput as error:
        return _lost(request, session, tablet_id, actor, settings, place=form.get("place"), errors=error.fields)
    if found.guest_hub_id is not None:
        home = tablets.home_of(session, found)
        return see_other("/returns", said=f"{service.called(found)} is found. Put it with what goes to {home}.")
    said = f"{service.called(found)} is found. It holds somebody's data: look it over, then it is wiped."
    return see_other(f"/returns/{tablet_id}", said=said)


@router.get("/sightings", dependencies=[Depends(may(Permission.DESK_WORK))])
def sightings_page(request: Request, session: ReadSession) -> Response:
    """What finders and couriers said of where a tablet is, until somebody has seen to it."""
    views = tuple(_view(each, tablets.get_tablet(session, each.tablet_id)) for each in tablets.open_sightings(session))
    return render(request, "desk/sightings.html", SightingsPage(views))


def _view(sighting: Sighting, tablet: Tablet) -> SightingView:
    story_state = stage_tag(tablet.stage)
    return SightingView(sighting, service.called(tablet), story_state, story_state.word == "Lost")


@router.post("/sightings/{sighting_id}/settle")
def settle_sighting(
    sighting_id: SightingId,
    form: FormDep,
    session: WriteSession,
    clock: ClockDep,
    actor: Annotated[Actor, Depends(may(Permission.DESK_WORK))],
) -> Response:
    tablets.settle_sighting(session, sighting_id, actor=actor, happening=Happening(clock(), reason=form.get("reason")))
    return see_other("/desk/sightings", said="Settled.")
