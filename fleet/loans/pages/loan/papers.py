"""The page from which a loan's guide and agreement are printed, with what has to be answered and looked at first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.api.papers import PDF_HEADERS
from fleet.loans.models import Loan, LoanAgreement
from fleet.loans.rules import MissingLanguage, said
from fleet.people import service as people
from fleet.people.sight import SeenPerson, seen
from fleet.people.words import language_words
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from labels.paper.guide import TEXT_SIZES
from labels.paper.texts import languages, paper_texts

router = PageRouter(prefix="/loans")
Printer = Annotated[Actor, Depends(may(Permission.PAPERS_PRINT))]
EDGES = (
    ("right", "On the right edge"),
    ("top", "On the top edge"),
    ("left", "On the left edge"),
    ("bottom", "On the bottom edge"),
    ("none", "Draw no buttons"),
)


@dataclass(frozen=True)
class PapersPage:
    title: str
    loan: Loan
    person: SeenPerson
    missing: str
    """The language that has no papers, while nobody decided for English."""
    waiting: bool
    decided: str
    """What was decided, in words, for a language that has none."""
    doubts: tuple[str, ...]
    has_tablet: bool
    asks_start: bool
    language: str
    points: int
    agreement: LoanAgreement | None
    agreement_name: str
    accepted: str
    rtl: bool
    may_decide: bool
    languages: tuple[tuple[str, str], ...]
    sizes: tuple[tuple[int, str], ...] = tuple((size, f"{size} point") for size in TEXT_SIZES)
    edges: tuple[tuple[str, str], ...] = EDGES


@router.get("/{loan_id}/papers")
def papers_page(request: Request, loan_id: LoanId, session: ReadSession, actor: Printer) -> Response:
    loan = service.get_loan(session, loan_id)
    person = people.get_person(session, loan.person_id)
    state, kept = service.paper_state(session, loan), queries.agreement(session, loan.id)
    missing = language_words(state.language.missing) if state.language.missing else ""
    page = PapersPage(
        title="Guide and agreement",
        loan=loan,
        person=seen(person, (), actor),
        missing=missing if state.language.language is None else "",
        waiting=state.answer is MissingLanguage.WAIT,
        decided=f"There are no papers in {missing} yet; it was decided to print them in English."
        if missing and state.language.language
        else "",
        doubts=state.doubts,
        has_tablet=service.open_tablet(session, loan.id) is not None,
        asks_start=loan.due_on is None,
        language=state.language.language or "",
        points=state.points,
        agreement=kept,
        agreement_name=service.named(kept) if kept else "",
        accepted=said(local_date(loan.agreement_accepted_at)) if loan.agreement_accepted_at else "",
        rtl=kept is not None and paper_texts(kept.language).rtl,
        may_decide=actor.may(Permission.LOANS_DECIDE),
        languages=tuple((code, language_words(code)) for code in languages()),
    )
    return render(request, "loans/papers.html", page)


@router.get("/{loan_id}/guide.pdf", dependencies=[Depends(may(Permission.PAPERS_PRINT))])
def guide(
    loan_id: LoanId,
    session: ReadSession,
    settings: SettingsDep,
    clock: ClockDep,
    language: Annotated[str, Query(max_length=16)] = "",
    points: Annotated[str, Query(max_length=4)] = "",
    buttons: Annotated[str, Query(max_length=10)] = "",
    starts_on: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    wanted = service.Wanted(local_date(clock()), language, _points(points), buttons, _day(starts_on))
    pdf = service.guide_pdf(session, loan_id, settings=settings, wanted=wanted)
    return _pdf(pdf, f"guide-loan-{loan_id}")


@router.get("/{loan_id}/agreement.pdf", dependencies=[Depends(may(Permission.PAPERS_PRINT))])
def agreement(
    loan_id: LoanId, session: ReadSession, clock: ClockDep, points: Annotated[str, Query(max_length=4)] = ""
) -> Response:
    wanted = service.Wanted(local_date(clock()), points=_points(points))
    return _pdf(service.agreement_pdf(session, loan_id, wanted=wanted), f"agreement-loan-{loan_id}")


@router.get("/{loan_id}/gift-letter.pdf")
def gift_letter(
    loan_id: LoanId, session: ReadSession, settings: SettingsDep, clock: ClockDep, _by: Decider
) -> Response:
    wanted = service.Wanted(local_date(clock()))
    pdf = service.gift_letter_pdf(session, loan_id, settings=settings, wanted=wanted)
    return _pdf(pdf, f"gift-letter-loan-{loan_id}")


@router.post("/{loan_id}/papers/language")
def answer_language(
    loan_id: LoanId, form: FormDep, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    if form.get("answer") not in list(MissingLanguage):
        raise BadInput("Nothing was decided.", fields={"answer": "Choose English or waiting."})
    answer, happening = MissingLanguage(form.get("answer")), Happening(now=clock())
    service.answer_missing_language(session, loan_id, answer, actor=actor, settings=settings, happening=happening)
    return see_other(f"/loans/{loan_id}/papers", said="What was decided is on record.")


@router.post("/{loan_id}/papers/agreement")
def make_again(
    loan_id: LoanId, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    happening = Happening(now=clock())
    service.make_again(session, loan_id, actor=actor, settings=settings, happening=happening)
    return see_other(f"/loans/{loan_id}/papers", said="The agreement has the newest words.")


def _points(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput("Nothing was printed.", fields={"starts_on": "Enter a day such as 2026-06-12."}) from error


def _pdf(data: bytes, name: str) -> Response:
    headers = PDF_HEADERS | {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)
