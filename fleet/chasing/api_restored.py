"""Whether messages leave from this database, and letting a restored one count again, for programs (rule R9)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from fleet.chasing import service
from fleet.chasing.api import Chaser
from fleet.chasing.schemas.restored import DoubtOut, RestoredOut, SendingOut, ThisIsOursIn, ThisIsOursOut
from fleet.database.lists import Found
from fleet.http.errors import responses
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep
from fleet.users.access import may
from fleet.users.rules import Permission

router = ApiRouter(prefix="/chasing", tags=["chasing"])

_do = [Depends(may(Permission.CHASING_DO))]


@router.get("/sending", dependencies=[Depends(may(Permission.CHASING_SEE))], responses=responses())
def see_sending(session: ReadSession, settings: SettingsDep) -> SendingOut:
    """Whether messages leave from this database; if not, why and since when."""
    return SendingOut.of(service.sending_state(session, settings))


@router.get("/restored", dependencies=_do, responses=responses())
def see_restored(
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
    query: Listed,
    since: Annotated[date | None, Query(description="When the backup was made; its last message if left out.")] = None,
) -> RestoredOut:
    """What left since the backup that this database was restored from, and what may have. Nothing is changed; the ways
    out are asked, which may take seconds."""
    with database.read() as session:
        state = service.sending_state(session, settings)
    if state.why_off is None:
        return _told(state, None, query)
    found = service.look_back(database, settings, channel=service.outbox(settings), now=clock(), since=since)
    return _told(state, found, query)


@router.post("/this-is-ours", responses=responses(409))
def this_is_ours(
    asked: ThisIsOursIn, actor: Chaser, database: DatabaseDep, settings: SettingsDep, clock: ClockDep
) -> ThisIsOursOut:
    """Let this database count from here on, and no other: messages leave again with the next tick. Where it counts
    already nothing is done, so that asking twice is asking once."""
    found = service.accept(
        database,
        settings,
        channel=service.outbox(settings),
        clock=clock,
        actor=actor,
        since=asked.since,
        send=frozenset(asked.send),
        send_all=asked.send_all,
        seen=asked.seen,
    )
    with database.read() as session:
        return ThisIsOursOut.of(found, service.sending_state(session, settings))


def _told(state: service.SendingState, found: service.LookedBack | None, query: Listed) -> RestoredOut:
    doubtful = found.doubtful if found is not None else ()
    start = (query.page - 1) * query.per_page
    shown = doubtful[start : start + query.per_page]
    return RestoredOut(
        sending=SendingOut.of(state),
        since=found.since if found is not None else None,
        is_whole=found is None or found.is_whole,
        left=len(found.left) + len(found.begun_and_left) if found is not None else 0,
        did_not_leave=found.certain if found is not None else 0,
        may_have_left=[DoubtOut.model_validate(each) for each in shown],
        total=len(doubtful),
        page=query.page,
        page_count=Found(shown, len(doubtful), query).page_count,
    )
