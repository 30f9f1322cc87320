"""A programme's ladder and its own words for programs: read, followed, written in other languages, tried on loans."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query

from fleet.chasing import service
from fleet.chasing.api import Chaser
from fleet.chasing.schemas.ladders import LadderIn, LadderOut, OwnWordsIn, PreviewOut, StepWordsOut
from fleet.cohorts import service as cohorts
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.people.service import viewed_all
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(prefix="/chasing/programmes/{programme_id}", tags=["chasing"])

Reader = Annotated[Actor, Depends(may(Permission.CHASING_SEE))]
StepKey = Annotated[str, Path(max_length=40, description="The step's key.")]
Language = Annotated[str, Path(max_length=16, description="A language that has messages, other than English.")]


@router.get("/ladder", dependencies=[Depends(may(Permission.CHASING_SEE))], responses=responses(404))
def see_ladder(programme_id: RowId, session: ReadSession) -> LadderOut:
    """The ladder that a programme follows, with its own words: its own ladder, or the usual one."""
    programme = cohorts.get_programme(session, programme_id)
    return LadderOut.of(programme.id, service.ladder_of(session, programme.id))


@router.put("/ladder", responses=responses(404))
def set_ladder(
    programme_id: RowId, asked: LadderIn, session: WriteSession, actor: Chaser, clock: ClockDep
) -> LadderOut:
    """Let a programme follow this ladder. What was sent stays sent; words in other languages stay with their steps, and
    are drafts again where the English ones change."""
    rungs, happening = [step.rung() for step in asked.steps], Happening(now=clock(), source="api")
    service.set_ladder(session, programme_id, rungs, grace_days=asked.grace_days, actor=actor, happening=happening)
    return LadderOut.of(programme_id, service.ladder_of(session, programme_id))


@router.put("/ladder/{key}/words/{language}", responses=responses(404))
def set_words(
    programme_id: RowId,
    key: StepKey,
    language: Language,
    asked: OwnWordsIn,
    session: WriteSession,
    actor: Chaser,
    clock: ClockDep,
) -> LadderOut:
    """Write the programme's own words for a step in another language, or take them away."""
    happening = Happening(now=clock(), source="api")
    service.set_words(session, programme_id, key, asked.own_text(language), actor=actor, happening=happening)
    return LadderOut.of(programme_id, service.ladder_of(session, programme_id))


@router.get("/words", responses=responses(404))
def preview_words(
    programme_id: RowId,
    session: ReadSession,
    actor: Reader,
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
    language: Annotated[str, Query(max_length=16, description="Left out: what the borrower reads.")] = "",
    easy: Annotated[bool, Query(description="In easy read, whatever the borrower reads.")] = False,
    loan: Annotated[int | None, Query(description="One of the programme's loans; left out: the first.")] = None,
) -> PreviewOut:
    """What each step would write to a real borrower, drafts too where a language is asked for. Nothing is sent; that
    somebody's record was looked at is written down."""
    programme = cohorts.get_programme(session, programme_id)
    ladder = service.ladder_of(session, programme.id)
    previewed = service.preview_loans(session, programme.id, ladder, at=clock())
    words = service.preview_words(previewed, ladder, settings, loan_id=loan, language=language, easy=easy)
    shown = words[0].loan_id if words else None
    viewed = [each.situation.person.id for each in previewed if each.situation.loan.id == shown]
    viewed_all(database, viewed, actor=actor, now=clock())
    return PreviewOut(loan_id=shown, items=[StepWordsOut.of(each) for each in words])
