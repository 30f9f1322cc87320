"""The messages that people were sent, for programs. They are written by the ladder alone, so nothing is posted here."""

from __future__ import annotations

from fastapi import Depends

from fleet.chasing.queries.messages import find_messages
from fleet.chasing.schemas import MessageList, MessageOut
from fleet.http.errors import responses
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ReadSession
from fleet.users.access import may
from fleet.users.rules import Permission

router = ApiRouter(tags=["chasing"])


@router.get("/messages", dependencies=[Depends(may(Permission.CHASING_SEE))], responses=responses())
def list_messages(session: ReadSession, query: Listed) -> MessageList:
    """What was sent, or is being sent, newest first; its words are kept nowhere.

    Filters: `state`, `channel`, `loan` and `person` (their numbers), `day` (YYYY-MM-DD, the day it was for).
    """
    found = find_messages(session, query)
    items = [MessageOut.model_validate(message) for message in found.items]
    return MessageList(items=items, total=found.total, page=query.page, page_count=found.page_count)
