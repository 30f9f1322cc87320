"""Loans as they stand, over HTTP."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.http.errors import responses
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession
from fleet.loans import queries, service
from fleet.loans.api.access import LoanId, sees
from fleet.loans.models import Loan
from fleet.loans.schemas import ClaimOut, DueVersionOut, LoanEventOut, LoanList, LoanOut
from fleet.loans.seeing import Gathered, gather, gather_all

router = ApiRouter(prefix="/loans", tags=["loans"])


def shown(session: Session, loan: Loan, clock: ClockDep) -> LoanOut:
    return _out(gather(session, loan, now=clock()))


def _out(seen: Gathered) -> LoanOut:
    more = {
        "tablet_id": seen.tablet.id if seen.tablet else None,
        "sim_id": seen.sim.id if seen.sim else None,
        "days_late": seen.days_late,
        "warnings": list(seen.warnings),
    }
    return LoanOut.model_validate(seen.loan).model_copy(update=more)


@router.get("", dependencies=sees, responses=responses())
def list_loans(session: ReadSession, query: Listed, clock: ClockDep) -> LoanList:
    """Loans, a page at a time. Filters: `state`, `open=yes`, `kind`, `goes_on`, `beyond=yes` (extended beyond a cap),
    `stopped=yes` (nobody is asked any more, and the tablet is still out), `programme`, `cohort`, `person`, `q`."""
    found = queries.find_loans(session, query)
    items = [_out(seen) for seen in gather_all(session, found.items, now=clock())]
    return LoanList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.get("/{loan_id}", dependencies=sees, responses=responses(404))
def see_loan(loan_id: LoanId, session: ReadSession, clock: ClockDep) -> LoanOut:
    """One loan as it stands."""
    return shown(session, service.get_loan(session, loan_id), clock)


@router.get("/{loan_id}/events", dependencies=sees, responses=responses(404))
def list_events(loan_id: LoanId, session: ReadSession) -> list[LoanEventOut]:
    """What happened to a loan, newest first, at most 200 entries."""
    service.get_loan(session, loan_id)
    return [LoanEventOut.model_validate(event) for event in queries.events(session, loan_id)]


@router.get("/{loan_id}/due-dates", dependencies=sees, responses=responses(404))
def list_due_dates(loan_id: LoanId, session: ReadSession) -> list[DueVersionOut]:
    """Every due date the loan was given, the original one first."""
    service.get_loan(session, loan_id)
    return [DueVersionOut.model_validate(each) for each in queries.due_versions(session, loan_id)]


@router.get("/{loan_id}/claims", dependencies=sees, responses=responses(404))
def list_claims(loan_id: LoanId, session: ReadSession) -> list[ClaimOut]:
    """Each time somebody said that they gave it back, newest first, with what became of it."""
    return [ClaimOut.model_validate(each) for each in service.claims_of(session, loan_id)]
