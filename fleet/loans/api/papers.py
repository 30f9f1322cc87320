"""A loan's papers over HTTP: guide and agreement as PDFs, what has to be answered first, and programmes' own texts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query, Response

from fleet.clock import local_date
from fleet.http.acts import Act
from fleet.http.errors import responses
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.schemas.papers import AgreementOut, AnswerIn, PapersOut
from fleet.users.access import may
from fleet.users.rules import Permission

router = ApiRouter(prefix="/loans", tags=["loans"])
_prints = [Depends(may(Permission.PAPERS_PRINT))]
_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}, "description": "PDF"}
}
PDF_HEADERS = {"Cache-Control": "no-store"}


@router.get("/{loan_id}/papers", dependencies=_prints, responses=responses(404))
def see_papers(loan_id: LoanId, session: ReadSession) -> PapersOut:
    """The language and size of a loan's papers, what has to be answered, and the words of its agreement."""
    loan = service.get_loan(session, loan_id)
    state, kept = service.paper_state(session, loan), queries.agreement(session, loan_id)
    return PapersOut(
        language=state.language.language,
        missing_language=state.language.missing,
        answer=state.answer,
        reviewed=state.reviewed,
        points=state.points,
        doubts=list(state.doubts),
        agreement=AgreementOut.model_validate(kept) if kept else None,
    )


@router.get(
    "/{loan_id}/guide", dependencies=_prints, response_class=Response, responses=responses(404, 409, 422) | _PDF
)
def print_guide(
    loan_id: LoanId,
    session: ReadSession,
    settings: SettingsDep,
    clock: ClockDep,
    language: Annotated[str | None, Query(max_length=16, description="Instead of the one the person reads.")] = None,
    points: Annotated[int | None, Query(description="14, 18 or 24, instead of the person's own.")] = None,
    buttons: Annotated[str, Query(max_length=10, description="top, right, bottom, left, or none.")] = "",
    starts_on: Annotated[
        date | None, Query(description="The day the tablet is handed over, where it is known.")
    ] = None,
) -> Response:
    """The guide to the loan's tablet, to print. Refused with `language_unanswered` rather than printed in English."""
    wanted = service.Wanted(local_date(clock()), language, points, buttons, starts_on)
    pdf = service.guide_pdf(session, loan_id, settings=settings, wanted=wanted)
    return Response(pdf, media_type="application/pdf", headers=PDF_HEADERS)


@router.get(
    "/{loan_id}/agreement", dependencies=_prints, response_class=Response, responses=responses(404, 409, 422) | _PDF
)
def print_agreement(
    loan_id: LoanId,
    session: ReadSession,
    clock: ClockDep,
    points: Annotated[int | None, Query(description="14, 18 or 24, instead of the person's own.")] = None,
) -> Response:
    """The loan's agreement, to print: as it was accepted, or as it is to be read out."""
    pdf = service.agreement_pdf(session, loan_id, wanted=service.Wanted(local_date(clock()), points=points))
    return Response(pdf, media_type="application/pdf", headers=PDF_HEADERS)


@router.get(
    "/{loan_id}/gift-letter", dependencies=_prints, response_class=Response, responses=responses(404, 409) | _PDF
)
def print_gift_letter(loan_id: LoanId, session: ReadSession, settings: SettingsDep, clock: ClockDep) -> Response:
    """The letter that passes a tablet on to somebody for good, in their language."""
    pdf = service.gift_letter_pdf(session, loan_id, settings=settings, wanted=service.Wanted(local_date(clock())))
    return Response(pdf, media_type="application/pdf", headers=PDF_HEADERS)


@router.post("/{loan_id}/agreement", responses=responses(404, 409))
def make_agreement_again(
    loan_id: LoanId, asked: Act, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> AgreementOut:
    """The newest words instead of those that were made, before they are accepted."""
    happening = asked.happening(clock())
    kept = service.make_again(session, loan_id, actor=actor, settings=settings, happening=happening)
    return AgreementOut.model_validate(kept)


@router.post("/{loan_id}/papers/language", status_code=204, responses=responses(404, 409))
def answer_language(
    loan_id: LoanId, asked: AnswerIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> None:
    """Decide what happens where papers lack the person's language."""
    happening = asked.happening(clock())
    service.answer_missing_language(session, loan_id, asked.answer, actor=actor, settings=settings, happening=happening)
