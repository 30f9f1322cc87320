"""Choosing the tablet that somebody gets instead of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.models import Loan
from fleet.loans.pages.loan.choosing import Answers, Refusal, TabletChoice, answers, tablets_for, tried
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.web.render import render

router = PageRouter(prefix="/loans")
SWAP_REASONS = (
    "It is broken",
    "It is too slow, or not loud enough",
    "It does not suit their needs",
    "The battery does not last",
)


@dataclass(frozen=True)
class SwapPage:
    choice: TabletChoice
    answers: Answers
    reasons: tuple[tuple[str, str], ...] = tuple((each, each) for each in SWAP_REASONS)
    title: str = "Arrange a swap"


@router.get("/{loan_id}/swap")
def swap_page(
    request: Request, loan_id: LoanId, session: ReadSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    return render(request, "loans/swap.html", _page(session, loan_id, actor, settings, clock()))


@router.post("/{loan_id}/swap")
def arrange_swap(
    request: Request,
    loan_id: LoanId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    made = tried(
        session,
        lambda: service.arrange_swap(
            session,
            loan_id,
            tablet_id=_tablet_of(form),
            override_fit=form.get("override_fit") == "yes",
            actor=actor,
            settings=settings,
            happening=Happening(now=clock(), reason=form.get("reason")),
        ),
    )
    if isinstance(made, Loan):
        said = "The tablet is kept for the swap. Put the swap on a courier's run, or do it here at the hub."
        return see_other(f"/loans/{made.id}", said=said)
    page = _page(session, loan_id, actor, settings, clock(), form, made)
    return render(request, "loans/swap.html", page, status=made.status)


def _tablet_of(form: Form) -> int:
    tablet_id = form.row("tablet_id")
    if tablet_id is None:
        raise BadInput("No swap was arranged.", fields={"tablet_id": "Choose a tablet."})
    if not form.get("reason").strip():
        raise BadInput("No swap was arranged.", fields={"reason": "Choose why."})
    return tablet_id


def _page(
    session: Session,
    loan_id: int,
    actor: Actor,
    settings: Settings,
    now: datetime,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> SwapPage:
    choice = tablets_for(session, service.get_loan(session, loan_id), actor=actor, settings=settings, now=now)
    typed = answers(form, refusal) if form and refusal else Answers({"tablet_id": choice.first})
    return SwapPage(choice, typed)
