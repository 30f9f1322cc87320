"""A hand-over that never was, taken back on a page of its own: the label, why, and that nobody had it."""

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
from fleet.loans.pages.loan.choosing import Answers, answers, tried
from fleet.loans.pages.loan.scanning import scanned
from fleet.loans.rules import LoanState
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tags import service as tags
from fleet.users.actor import Actor
from fleet.web.render import render

router = PageRouter(prefix="/loans")
REASONS = (
    "Pressed by mistake",
    "It was another stop",
    "They did not take it after all",
)


@dataclass(frozen=True)
class NotHandedOverPage:
    """Which tablet is to be in somebody's hand, and what was typed."""

    loan: Loan
    name: str
    tablet: str
    """What stands on its label."""
    answers: Answers
    reasons: tuple[tuple[str, str], ...] = tuple((each, each) for each in REASONS)
    title: str = "It was not handed over"


@router.get("/{loan_id}/not-handed-over")
def not_handed_over_page(request: Request, loan_id: LoanId, session: ReadSession, _actor: Decider) -> Response:
    return render(request, "loans/not_handed_over.html", _page(session, loan_id, Answers()))


@router.post("/{loan_id}/not-handed-over")
def take_hand_over_back(
    request: Request,
    loan_id: LoanId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    label = _label(session, loan_id)
    made = tried(session, lambda: _take_back(session, loan_id, form, actor, settings, clock()))
    if not isinstance(made, Loan):
        page = _page(session, loan_id, answers(form, made))
        return render(request, "loans/not_handed_over.html", page, status=made.status)
    return see_other(f"/loans/{loan_id}", said=f"Taken back. {label} {_where(made)}.")


def _where(loan: Loan) -> str:
    """Where its tablet is, and what becomes of it."""
    if loan.state is LoanState.CANCELLED:
        return "is at the hub and in stock again: everything about this loan was stopped"
    if loan.state is not LoanState.OUT_FOR_DELIVERY:
        return "is at the hub and kept for them: hand it over here, or plan a visit"
    if loan.stopped_at is not None:
        return "is with the courier, who is to bring it to the hub: everything about this loan was stopped"
    return "is with the courier, who hands it over later or brings it to the hub"


def _take_back(session: Session, loan_id: int, form: Form, actor: Actor, settings: Settings, now: datetime) -> Loan:
    unsaid: dict[str, str] = {}
    in_hand = scanned(session, form, "code", unsaid)
    if unsaid:
        raise BadInput("Nothing was taken back.", fields=unsaid)
    return service.undo_hand_over(
        session,
        loan_id,
        tablet_id=in_hand,
        nobody_had_it=form.get("nobody_had_it") == "yes",
        actor=actor,
        settings=settings,
        happening=Happening(now=now, reason=form.get("reason")),
    )


def _page(session: Session, loan_id: int, typed: Answers) -> NotHandedOverPage:
    loan = service.get_loan(session, loan_id)
    person = people.get_person(session, loan.person_id)
    return NotHandedOverPage(loan, f"{person.first_name} {person.last_name}", _label(session, loan_id), typed)


def _label(session: Session, loan_id: int) -> str:
    link = service.open_tablet(session, loan_id)
    return tags.codes_of(session, [link.tablet_id]).get(link.tablet_id, f"Tablet {link.tablet_id}") if link else ""
