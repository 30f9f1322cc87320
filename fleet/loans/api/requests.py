"""Requests over HTTP: asking for a tablet, and how each stands."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from fleet.errors import BadInput, NotFound
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Requester
from fleet.loans.schemas import RequestIn, RequestList, RequestOut
from fleet.loans.seeing import as_referrer
from fleet.loans.words import status_line
from fleet.partners.service import hub_of
from fleet.people import service as people
from fleet.people.sight import is_own
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(prefix="/requests", tags=["requests"])


@router.post("", status_code=201, responses=responses(404, 409, 503))
def make_request(
    asked: RequestIn, session: WriteSession, actor: Requester, settings: SettingsDep, clock: ClockDep
) -> RequestOut:
    """Ask for a tablet for somebody. A referrer's people are their own organisation's."""
    happening = asked.happening(clock())
    person_id, warnings = _person_of(session, asked, actor, happening)
    loan = service.request_loan(
        session,
        person_id=person_id,
        programme_id=asked.programme_id,
        cohort_id=asked.cohort_id,
        safe_at_home=asked.safe_at_home,
        barriers=asked.barriers,
        kind=asked.kind,
        referrer_id=as_referrer(actor),
        actor=actor,
        settings=settings,
        happening=happening,
    )
    return RequestOut(id=loan.id, status=status_line(loan), requested_at=loan.requested_at, warnings=list(warnings))


def _person_of(session: Session, asked: RequestIn, actor: Actor, happening: Happening) -> tuple[int, tuple[str, ...]]:
    """The person on record, or recorded by this very request."""
    if (asked.person is None) == (asked.person_id is None):
        raise BadInput(
            "The request was not made.", fields={"person": "Send the person, or the number of one on record."}
        )
    if asked.person_id is not None:
        person = people.get_person(session, asked.person_id)
        if as_referrer(actor) is not None and not is_own(person, actor):
            raise NotFound("There is no such person.", next_step="Send the person's details instead.")
        return person.id, ()
    assert asked.person is not None
    hub_id = hub_of(session, actor).id
    recorded = people.add_person(
        session,
        asked.person.details(),
        hub_id=hub_id,
        actor=actor,
        happening=happening,
        referrer_id=as_referrer(actor),
    )
    if as_referrer(actor) is None:
        return recorded.person.id, recorded.warnings
    if not is_own(recorded.person, actor):  # another organisation's program numbers its requests in the same way
        raise service.IdUsedBefore(
            "Nothing was changed. This id was used before, for something else.",
            next_step="Send it again with an id of its own.",
        )
    return recorded.person.id, recorded.doubts


@router.get("/{request_id}", responses=responses(404))
def see_request(
    request_id: RowId, session: ReadSession, actor: Annotated[Actor, Depends(may(Permission.REQUESTS_SEE))]
) -> RequestOut:
    """How one request stands; a referrer sees only those of their own organisation."""
    loan = service.get_loan(session, request_id)
    if as_referrer(actor) not in (None, loan.referrer_id):
        raise NotFound(f"There is no loan number {request_id}.", next_step="Look for it in the list of loans.")
    return RequestOut(id=loan.id, status=status_line(loan), requested_at=loan.requested_at)


@router.get("", responses=responses())
def list_requests(
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.REQUESTS_SEE))],
) -> RequestList:
    """Requests with one line of status each; a referrer sees those of their own organisation."""
    found = queries.find_loans(session, query, referrer_id=as_referrer(actor))
    items = [RequestOut(id=each.id, status=status_line(each), requested_at=each.requested_at) for each in found.items]
    return RequestList(items=items, total=found.total, page=query.page, page_count=found.page_count)
