"""What quiets a loan's chasing: a hold that is placed and lifted, an answer that is noted and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated

from fastapi import Query, Request, Response
from sqlalchemy.orm import Session

from fleet.chasing import service
from fleet.chasing.api import Chaser, HoldId, LoanId
from fleet.chasing.pages.loan import name_of
from fleet.chasing.rules import (
    CLAIM_SEARCH_DAYS,
    AnswerBy,
    HoldReason,
    week_day,
)
from fleet.chasing.words import (
    HOLD_CHOICES,
)
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.loans import service as loans
from fleet.users.actor import Actor
from fleet.web.render import render

router = PageRouter(prefix="/chasing")

USUAL_HOLD = timedelta(days=7)
CLAIM_SEARCH = timedelta(days=CLAIM_SEARCH_DAYS)


@dataclass(frozen=True)
class HoldPage:
    loan_id: int
    name: str
    earliest: date
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[tuple[str, str], ...] = HOLD_CHOICES
    title: str = "Leave in peace"


@router.get("/loans/{loan_id}/hold")
def hold_page(
    request: Request,
    loan_id: LoanId,
    session: ReadSession,
    actor: Chaser,
    clock: ClockDep,
    reason: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    today = local_date(clock())
    longer = CLAIM_SEARCH if reason == HoldReason.SAYS_GIVEN_BACK.value else USUAL_HOLD
    usual = {"until": (today + longer).isoformat(), "reason": reason}
    return _ask_for_hold(request, session, loan_id, actor, today, usual)


@router.post("/loans/{loan_id}/hold")
def place_hold(
    request: Request, loan_id: LoanId, form: FormDep, session: WriteSession, actor: Chaser, clock: ClockDep
) -> Response:
    try:
        hold = service.place_hold(
            session,
            loan_id,
            _reason(form.get("reason")),
            until=form.day("until", refused="No hold was placed."),
            actor=actor,
            happening=Happening(now=clock()),
        )
    except BadInput as error:
        return _ask_for_hold(request, session, loan_id, actor, local_date(clock()), form.values, error.fields)
    return see_other("/chasing", said=f"Loan {loan_id} is left in peace until {week_day(hold.until)}.")


@router.post("/loans/{loan_id}/answers")
def note_reply(loan_id: LoanId, form: FormDep, session: WriteSession, actor: Chaser, clock: ClockDep) -> Response:
    loan = loans.get_loan(session, loan_id)
    channel = form.get("channel")
    if channel not in list(AnswerBy):
        raise BadInput("The answer was not kept.", fields={"channel": "Choose how the answer came."})
    happening = Happening(now=clock())
    service.note_reply(
        session, loan.person_id, channel=channel, words=form.get("reason"), actor=actor, happening=happening
    )
    return see_other(f"/chasing/loans/{loan_id}", said="The answer is written down.")


@router.post("/loans/{loan_id}/answers/{reply_id}/read")
def read_reply(
    loan_id: LoanId, reply_id: RowId, form: FormDep, session: WriteSession, actor: Chaser, clock: ClockDep
) -> Response:
    service.read_reply(session, reply_id, actor=actor, happening=Happening(now=clock()))
    return see_other(f"/chasing/loans/{loan_id}", said="The answer is read, and reminders go on.")


@router.post("/holds/{hold_id}/lift")
def lift_hold(hold_id: HoldId, form: FormDep, session: WriteSession, actor: Chaser, clock: ClockDep) -> Response:
    hold = service.lift_hold(session, hold_id, actor=actor, happening=Happening(now=clock()))
    if hold.reason is HoldReason.ASKED_LONGER:
        said = "It is written down that they cannot have it for longer. Chasing goes on: tell them when you ring."
        return see_other("/chasing?show=longer", said=said)
    return see_other(f"/chasing/loans/{hold.loan_id}", said="The hold was lifted.")


def _ask_for_hold(
    request: Request,
    session: Session,
    loan_id: int,
    actor: Actor,
    today: date,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Response:
    loan = loans.get_loan(session, loan_id)
    page = HoldPage(loan_id, name_of(session, loan, actor), today, values, errors or {})
    return render(request, "chasing/hold.html", page, status=422 if errors else 200)


def _reason(typed: str) -> HoldReason:
    if typed not in list(HoldReason):
        raise BadInput("No hold was placed.", fields={"reason": "Choose why they are left in peace."})
    return HoldReason(typed)
