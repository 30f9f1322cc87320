"""What each programme's borrowers agree to, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from fleet.http.acts import Act
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.loans import queries, service
from fleet.loans.schemas.papers import TextIn, TextOut
from fleet.loans.wording import Agreement
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(prefix="/agreement-texts", tags=["agreement-texts"])

SetsUp = Annotated[Actor, Depends(may(Permission.COHORTS_SET_UP))]


@router.get("/{programme_id}", dependencies=[Depends(may(Permission.COHORTS_SEE))], responses=responses(404))
def list_texts(programme_id: RowId, session: ReadSession) -> list[TextOut]:
    """Every version of a programme's own texts, newest first in each language; at most 200."""
    return [TextOut.model_validate(each) for each in queries.agreement_texts(session, programme_id)]


@router.post("", status_code=201, responses=responses(404))
def add_text(asked: TextIn, session: WriteSession, actor: SetsUp, clock: ClockDep) -> TextOut:
    """Add a version. Loans that have their words already keep them."""
    text = Agreement(
        language=asked.language,
        source="",
        version=0,
        reviewed=asked.reviewed,
        title=asked.title,
        lead=asked.lead,
        terms=tuple(asked.terms),
        accept=asked.accept,
    )
    happening = Act().happening(clock())
    return TextOut.model_validate(service.add_text(session, asked.programme_id, text, actor=actor, happening=happening))
