"""Statements for givers and the lives of tablets, for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Response

from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.papers import PDF, pdf_response
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep
from fleet.proof import queries, service
from fleet.proof.schemas import GiftOut, LifeOut, StatementOut
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["proof"])

SeesGifts = Annotated[Actor, Depends(may(Permission.DONATIONS_SEE))]


@router.get("/donors/{donor_id}/statement", responses=responses(404))
def see_statement(
    donor_id: RowId,
    session: ReadSession,
    actor: SeesGifts,
    clock: ClockDep,
    query: Listed,
    donation: RowId | None = None,
) -> StatementOut:
    """What became of a giver's tablets, a page of them at a time; with `donation`, of that one. A giver: their own."""
    found = service.statement_of(session, donor_id, batch_id=donation, actor=actor, now=clock())
    listed = queries.find_gifts(session, donor_id, donation, query)
    items = [GiftOut.model_validate(each) for each in service.gifts_of(session, listed.items)]
    return StatementOut.of(found, items, total=listed.total, page=query.page, page_count=listed.page_count)


@router.get("/donors/{donor_id}/statement/pdf", response_class=Response, responses=responses(404) | PDF)
def print_statement(
    donor_id: RowId,
    session: ReadSession,
    actor: SeesGifts,
    settings: SettingsDep,
    clock: ClockDep,
    donation: RowId | None = None,
) -> Response:
    """The same on paper."""
    found = service.statement_of(session, donor_id, batch_id=donation, actor=actor, now=clock())
    return pdf_response(service.statement_pdf(session, found, settings=settings), f"statement-{donor_id}")


@router.get("/tablets/{tablet_id}/life", responses=responses(404))
def see_life(
    tablet_id: RowId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLET_LIFE_SEE))],
    clock: ClockDep,
) -> LifeOut:
    """What a tablet has been through across its loans, without people."""
    return LifeOut.told(service.life_of(session, tablet_id, actor=actor, now=clock()))
