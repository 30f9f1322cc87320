"""Labels for programs: look a code up, claim it for a tablet, confirm that it was scanned back."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path
from sqlalchemy.orm import Session

from fleet.errors import BadInput
from fleet.http.errors import responses
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.tags import service
from fleet.tags.models import Tag
from fleet.tags.schemas import (
    ClaimIn,
    ConfirmIn,
    TagOut,
)
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["labels"])

CodeText = Annotated[str, Path(min_length=1, max_length=100, examples=["K7F3-QX"])]


@router.get("/tags/{code}", dependencies=[Depends(may(Permission.TABLETS_SEE))], responses=responses(404))
def see_tag(code: CodeText, session: ReadSession) -> TagOut:
    """A code, however it was typed: any capitals, with or without its dash."""
    return _tag(session, service.lookup(session, code))


@router.post("/tags/{code}/claim", responses=responses(404, 409))
def claim_tag(
    code: CodeText,
    asked: ClaimIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_RECORD))],
    clock: ClockDep,
) -> TagOut:
    """Claim a blank label for the tablet it was stuck on. Of two who claim one label, one gets it; the other is
    refused (409) and told whose it is. It still has to be scanned back (`confirm`)."""
    tablet_id = _named_tablet(session, asked)
    return _tag(session, service.claim(session, code, tablet_id, actor=actor, happening=asked.happening(clock())))


@router.post("/tags/{code}/confirm", responses=responses(404, 409))
def confirm_tag(
    code: CodeText,
    asked: ConfirmIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_RECORD))],
    clock: ClockDep,
) -> TagOut:
    """Record that a tablet's own label was scanned back from it. Any other label is refused (409)."""
    happening = asked.happening(clock())
    return _tag(session, service.confirm_scan(session, code, asked.tablet_id, actor=actor, happening=happening))


def _tag(session: Session, tag: Tag) -> TagOut:
    return TagOut.of(tag, service.replaced_by(session, tag))


def _named_tablet(session: Session, asked: ClaimIn) -> int:
    if (asked.tablet_id is None) is (asked.serial is None):
        raise BadInput("Nothing was claimed.", fields={"tablet_id": "Give either tablet_id or serial."})
    return asked.tablet_id if asked.tablet_id is not None else service.tablet_with_serial(session, asked.serial or "")
