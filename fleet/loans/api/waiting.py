"""The waiting list over HTTP: places, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from fleet.clock import local_date
from fleet.database.lists import Found
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep
from fleet.loans import service
from fleet.loans.models import Loan
from fleet.loans.rules.waiting import ORDER, Place
from fleet.loans.schemas import PlaceOut, WaitingList
from fleet.loans.seeing import as_referrer, own_request
from fleet.loans.words import reasons_before
from fleet.partners.service import hub_of
from fleet.tablets import service as tablets
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(prefix="/requests", tags=["requests"])
Viewer = Annotated[Actor, Depends(may(Permission.REQUESTS_SEE))]


@router.get("/waiting", responses=responses(503))
def list_waiting(
    session: ReadSession, query: Listed, actor: Viewer, settings: SettingsDep, clock: ClockDep
) -> WaitingList:
    """Whose turn it is, the next in front. Referrers see their own people, each in their place among all."""
    lines, total = service.waiting_list(
        session,
        hub_id=hub_of(session, actor).id,
        today=local_date(clock()),
        first=(query.page - 1) * query.per_page,
        count=query.per_page,
        referrer_id=as_referrer(actor),
        fresh_since=tablets.fresh_since(settings, clock()),
    )
    items = [_shown(line.loan, line.place) for line in lines]
    return WaitingList(items=items, total=total, page=query.page, page_count=Found((), total, query).page_count)


@router.get("/{request_id}/place", responses=responses(404, 409))
def see_place(request_id: RowId, session: ReadSession, actor: Viewer, clock: ClockDep) -> PlaceOut:
    """Why a request stands where it stands."""
    loan = own_request(session, request_id, actor)
    return _shown(loan, service.place_in_queue(session, request_id, today=local_date(clock())))


def _shown(loan: Loan, place: Place) -> PlaceOut:
    return PlaceOut(
        id=loan.id,
        place=place.number,
        of=place.of,
        requested_at=loan.requested_at,
        why=list(reasons_before(place)),
        order=list(ORDER),
    )
