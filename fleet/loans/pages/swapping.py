"""Choosing the tablet that somebody gets instead of the one they have, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api import Decider, LoanId
from fleet.loans.models import Loan
from fleet.loans.pages.allocating import propose, what_was_refused
from fleet.people import service as people
from fleet.people.sight import need_words
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.rules import Sight
from fleet.web.render import render

router = APIRouter(prefix="/loans")

SWAP_REASONS = (
    "It is broken",
    "It is too slow, or not loud enough",
    "It does not suit their needs",
    "The battery does not last",
)


@dataclass(frozen=True)
class SwapPage:
    title: str
    loan: Loan
    name: str
    needs: tuple[str, ...]
    tablets: tuple[tuple[str, str, str], ...]
    reasons: tuple[tuple[str, str], ...] = tuple((each, each) for each in SWAP_REASONS)
    refused: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


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
    try:
        with session.begin_nested():
            loan = service.arrange_swap(
                session,
                loan_id,
                tablet_id=_chosen(form),
                actor=actor,
                settings=settings,
                happening=Happening(now=clock(), reason=form.get("reason")),
            )
    except (BadInput, Conflict) as refusal:
        page = _page(session, loan_id, actor, settings, clock(), form=form, refusal=refusal)
        return render(request, "loans/swap.html", page, status=refusal.status)
    return see_other(f"/loans/{loan.id}", said="The tablet is kept for the swap. Put the swap on a courier's run.")


def _chosen(form: Form) -> int:
    text = form.get("tablet_id")
    if not text.isdecimal() or len(text) > 9:
        raise BadInput("No swap was arranged.", fields={"tablet_id": "Choose a tablet."})
    if not form.get("reason").strip():
        raise BadInput("No swap was arranged.", fields={"reason": "Choose why."})
    return int(text)


def _page(
    session: Session,
    loan_id: int,
    actor: Actor,
    settings: Settings,
    now: datetime,
    *,
    form: Form | None = None,
    refusal: BadInput | Conflict | None = None,
) -> SwapPage:
    loan = service.get_loan(session, loan_id)
    person = people.get_person(session, loan.person_id)
    needs = queries.needs_of(session, person.id)
    proposed = propose(session, loan, needs, actor, settings, now)
    return SwapPage(
        title="Arrange a swap",
        loan=loan,
        name=f"{person.first_name} {person.last_name}",
        needs=need_words(needs, Sight.FULL, own=False),
        tablets=proposed,
        refused=what_was_refused(refusal),
        values=form.values if form else {"tablet_id": proposed[0][0] if proposed else ""},
        errors=refusal.fields if isinstance(refusal, BadInput) else {},
    )
