"""A person's own data over HTTP: a copy of all of it, and its end."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Response

from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.people import service as people
from fleet.privacy import service
from fleet.privacy.schemas import EraseIn, ErasureOut, EverythingOut, erasure_out
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(prefix="/people", tags=["people"])

PersonId = RowId
Copier = Annotated[Actor, Depends(may(Permission.PRIVACY_COPY))]
Eraser = Annotated[Actor, Depends(may(Permission.PRIVACY_ERASE))]


@router.post("/{person_id}/everything", responses=responses(404))
def copy_everything(
    person_id: PersonId,
    response: Response,
    session: WriteSession,
    actor: Copier,
    settings: SettingsDep,
    clock: ClockDep,
) -> EverythingOut:
    """All that is kept about one person, for that person. That a copy was taken is written down."""
    response.headers["Cache-Control"] = "no-store"
    person = people.get_person(session, person_id)
    people.note_copied(session, person, actor=actor, happening=Happening(now=clock(), source="api"))
    found = service.everything_about(session, person_id, settings=settings, now=clock())
    return EverythingOut.model_validate(found.as_json())


@router.get("/{person_id}/erasure", dependencies=[Depends(may(Permission.PRIVACY_ERASE))], responses=responses(404))
def see_erasure(person_id: PersonId, session: ReadSession) -> ErasureOut:
    """Whether somebody is erased or to be, and what that waits for."""
    return erasure_out(person_id, service.standing(session, person_id))


@router.post("/{person_id}/erasure", responses=responses(404))
def erase(
    person_id: PersonId, asked: EraseIn, session: WriteSession, actor: Eraser, settings: SettingsDep, clock: ClockDep
) -> ErasureOut:
    """Erase somebody's record at once, or as soon as nothing of theirs is open. Asked twice it is done once."""
    happening = Happening(now=clock(), source="api")
    stands = service.ask_to_erase(session, person_id, asked.why, actor=actor, settings=settings, happening=happening)
    return erasure_out(person_id, stands)


@router.delete("/{person_id}/erasure", responses=responses(404, 409))
def call_off(person_id: PersonId, session: WriteSession, actor: Eraser, clock: ClockDep) -> ErasureOut:
    """Call off an erasure that still waits."""
    service.call_off(session, person_id, actor=actor, happening=Happening(now=clock(), source="api"))
    return erasure_out(person_id, service.standing(session, person_id))
