"""One line of the ledger, one message and one hold, for programs that keep their numbers."""

from __future__ import annotations

from fastapi import Depends

from fleet.chasing import queries
from fleet.chasing.schemas import ChaseOut, HoldOut, MessageOut
from fleet.errors import there
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.routes import ApiRouter
from fleet.http.session import ReadSession
from fleet.users.access import may
from fleet.users.rules import Permission

router = ApiRouter(tags=["chasing"])

_see = [Depends(may(Permission.CHASING_SEE))]


@router.get("/chases/{chase_id}", dependencies=_see, responses=responses(404))
def see_chase(chase_id: RowId, session: ReadSession) -> ChaseOut:
    """A rung that was reached, and what came of it."""
    found = queries.chase(session, chase_id)
    return ChaseOut.model_validate(there(found, "There is no such chase.", next_step="Look for it in the ledger."))


@router.get("/messages/{message_id}", dependencies=_see, responses=responses(404))
def see_message(message_id: RowId, session: ReadSession) -> MessageOut:
    """A message that was sent or is being sent; its words are kept nowhere."""
    found = queries.chase(session, message_id)
    sent = found if found is not None and found.channel else None
    return MessageOut.model_validate(there(sent, "There is no such message.", next_step="Look for it in the list."))


@router.get("/chase-holds/{hold_id}", dependencies=_see, responses=responses(404))
def see_hold(hold_id: RowId, session: ReadSession) -> HoldOut:
    """A hold, with who placed it and who lifted it."""
    return HoldOut.model_validate(
        there(queries.hold(session, hold_id), "There is no such hold.", next_step="Look for it on the loan's page.")
    )
