"""Chasing for programs: a tick, a dry run, why, the ledger, holds and calls."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from fleet.chasing import queries, service
from fleet.chasing.schemas import (
    CallIn,
    CallOut,
    ChaseList,
    ChaseOut,
    DryRunOut,
    HoldIn,
    HoldList,
    HoldOut,
    LanguageIn,
    LanguageOut,
    PlannedOut,
    ReplyIn,
    ReplyList,
    ReplyOut,
    SearchEndedOut,
    SearchEndIn,
    TickOut,
    WhyOut,
)
from fleet.clock import local_date
from fleet.database.lists import Found
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["chasing"])

LoanId = RowId
HoldId = RowId
Day = Annotated[date | None, Query(description="A local day of the hub, at most a year from today; today if left out.")]
Chaser = Annotated[Actor, Depends(may(Permission.CHASING_DO))]
_see = [Depends(may(Permission.CHASING_SEE))]


@router.post("/chasing/tick", dependencies=[Depends(may(Permission.CHASING_DO))], responses=responses(503))
def tick(database: DatabaseDep, settings: SettingsDep, clock: ClockDep) -> TickOut:
    """Send what is due, as the schedule does every five minutes. Asking twice sends nothing twice."""
    done = service.tick(database, clock=clock, settings=settings, channel=service.outbox(settings))
    return TickOut.model_validate(done)


@router.get("/chasing/dry-run", dependencies=_see, responses=responses())
def dry_run(session: ReadSession, settings: SettingsDep, clock: ClockDep, query: Listed, on: Day = None) -> DryRunOut:
    """Who would get what on a day, if nothing changes before it, the longest overdue first. Nothing is sent.

    Of a day gone by, what the ledger has of it, with its `state`; of today both, what was done first.
    """
    now = clock()
    day = service.day_asked(on, today=local_date(now))
    first, copied = (query.page - 1) * query.per_page, service.is_copy(session, settings)
    told = service.dry_run(session, day, now=now, first=first, count=query.per_page, is_copy=copied)
    page_count = Found(told.lines, told.total, query).page_count
    items = [PlannedOut.of(each) for each in told.lines]
    return DryRunOut(on=day, items=items, total=told.total, page=query.page, page_count=page_count)


@router.get("/chasing/loans/{loan_id}/why", dependencies=_see, responses=responses(404))
def why(loan_id: LoanId, session: ReadSession, settings: SettingsDep, clock: ClockDep, on: Day = None) -> WhyOut:
    """Why somebody was, or was not, written to on a day: one sentence."""
    day, copied = service.day_asked(on, today=local_date(clock())), service.is_copy(session, settings)
    sentence = service.why(session, loan_id, now=clock(), on=day, is_copy=copied)
    return WhyOut(loan_id=loan_id, on=day, sentence=sentence)


@router.post("/chasing/loans/{loan_id}/calls", status_code=201, responses=responses(404, 409))
def record_call(loan_id: LoanId, asked: CallIn, session: WriteSession, actor: Chaser, clock: ClockDep) -> CallOut:
    """Write down how a call went. When somebody got through, what the ladder asked for is done."""
    happening = asked.happening(clock())
    named = asked.gives_back_on
    call = service.record_call(session, loan_id, asked.outcome, gives_back_on=named, actor=actor, happening=happening)
    return CallOut.model_validate(call)


@router.post("/chasing/loans/{loan_id}/search/end", responses=responses(404, 409))
def end_search(
    loan_id: LoanId, asked: SearchEndIn, session: WriteSession, actor: Chaser, clock: ClockDep
) -> SearchEndedOut:
    """Say how the search ended for a tablet that is said to be back, where it was neither found nor lost."""
    happening = asked.happening(clock())
    claim = service.end_search(session, loan_id, asked.outcome, actor=actor, happening=happening)
    return SearchEndedOut.model_validate(claim)


@router.post("/chasing/loans/{loan_id}/language", responses=responses(404, 409))
def answer_language(
    loan_id: LoanId, asked: LanguageIn, session: WriteSession, actor: Chaser, clock: ClockDep
) -> LanguageOut:
    """Decide how the loan's person hears from us, where our messages in their language are a draft, or missing."""
    happening = asked.happening(clock())
    kept = service.answer_language(session, loan_id, asked.choice, actor=actor, happening=happening)
    return LanguageOut.model_validate(kept)


@router.get("/chases", dependencies=_see, responses=responses())
def list_chases(session: ReadSession, query: Listed) -> ChaseList:
    """The ledger, newest first. Filters: `state`, `loan` (its number), `rung`."""
    found = queries.find_chases(session, query)
    items = [ChaseOut.model_validate(chase) for chase in found.items]
    return ChaseList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.get("/chase-holds", dependencies=_see, responses=responses())
def list_holds(session: ReadSession, clock: ClockDep, query: Listed) -> HoldList:
    """Holds, newest first. Filters: `loan` (its number), `open=yes`."""
    found = queries.find_holds(session, query, local_date(clock()))
    items = [HoldOut.model_validate(hold) for hold in found.items]
    return HoldList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/chase-holds", status_code=201, responses=responses(404, 409))
def place_hold(asked: HoldIn, session: WriteSession, actor: Chaser, clock: ClockDep) -> HoldOut:
    """Leave somebody in peace until a day, that day included."""
    happening = asked.happening(clock())
    hold = service.place_hold(session, asked.loan_id, asked.reason, until=asked.until, actor=actor, happening=happening)
    return HoldOut.model_validate(hold)


@router.post("/chase-holds/{hold_id}/lift", responses=responses(404, 409))
def lift_hold(hold_id: HoldId, session: WriteSession, actor: Chaser, clock: ClockDep) -> HoldOut:
    """Chasing goes on. Lifting twice is lifting once."""
    hold = service.lift_hold(session, hold_id, actor=actor, happening=Happening(now=clock(), source="api"))
    return HoldOut.model_validate(hold)


@router.get("/chase-replies", dependencies=_see, responses=responses())
def list_replies(session: ReadSession, query: Listed) -> ReplyList:
    """What people answered, newest first. Filters: `read=no` (what nobody has read), `person` (its number)."""
    found = queries.find_replies(session, query)
    items = [ReplyOut.model_validate(reply) for reply in found.items]
    return ReplyList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/chase-replies", status_code=201, responses=responses(404, 409))
def note_reply(asked: ReplyIn, session: WriteSession, actor: Chaser, clock: ClockDep) -> ReplyOut:
    """Write down what somebody answered: nothing is sent to them, and nobody rings, until it is read."""
    reply = service.note_reply(
        session,
        asked.person_id,
        channel=asked.channel.value,
        words=asked.words,
        actor=actor,
        happening=asked.happening(clock()),
    )
    return ReplyOut.model_validate(reply)


@router.post("/chase-replies/{reply_id}/read", responses=responses(404))
def read_reply(reply_id: RowId, session: WriteSession, actor: Chaser, clock: ClockDep) -> ReplyOut:
    """Somebody has read it, and the ladder goes on. Read twice is read once."""
    reply = service.read_reply(session, reply_id, actor=actor, happening=Happening(now=clock(), source="api"))
    return ReplyOut.model_validate(reply)
