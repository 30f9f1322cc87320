"""Asking for many people at once over HTTP: look first, then keep all or none."""

from __future__ import annotations

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Requester
from fleet.loans.schemas import SheetIn, SheetOut, SheetRowOut
from fleet.loans.seeing import as_referrer
from fleet.partners.service import hub_of

router = ApiRouter(prefix="/requests", tags=["requests"])


@router.post("/sheet", responses=responses(503))
def refer_many(
    asked: SheetIn, session: WriteSession, actor: Requester, settings: SettingsDep, clock: ClockDep
) -> SheetOut:
    """Look at a CSV file of people, row by row; with `keep`, ask for all of them. The same file twice asks once."""
    happening, referrer_id = Happening(now=clock(), source="api"), as_referrer(actor)
    looked = service.look_at_sheet(session, asked.csv, happening=happening, referrer_id=referrer_id)
    if looked.problem:
        raise BadInput("Nobody was asked for.", fields={"csv": looked.problem})
    made = []
    if asked.keep:
        made = service.keep_sheet(
            session,
            asked.csv,
            somebody_else=asked.somebody_else,
            same_person=asked.same_person,
            hub_id=hub_of(session, actor).id,
            referrer_id=referrer_id,
            actor=actor,
            settings=settings,
            happening=happening,
        )
    rows = [SheetRowOut(row=each.number, problems=list(each.problems), same_as=each.same_as) for each in looked.rows]
    return SheetOut(rows=rows, may_be_kept=looked.may_be_kept, request_ids=[loan.id for loan in made])
