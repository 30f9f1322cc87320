"""Where is a tablet that is said to be back: what to look at, until when, and how the search ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.chasing import service
from fleet.chasing.api import Chaser, LoanId
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, WriteSession
from fleet.loans import service as loans
from fleet.loans.models import ReturnClaim
from fleet.loans.rules import ClaimOutcome, said
from fleet.loans.rules.claims import SAID
from fleet.loans.words import CLAIM_WORDS
from fleet.people.service import get_person, viewed
from fleet.people.sight import seen
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move
from fleet.tags import service as tags
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/chasing")


@dataclass(frozen=True)
class SearchPage:
    title: str
    loan_id: int
    name: str
    claim: ReturnClaim | None
    over: bool
    """Whether the day until which it is looked for has come: then somebody decides."""
    facts: tuple[tuple[str, str, str, str], ...]
    doubt: str
    """What was seen of it since they said that they gave it back."""
    sightings: tuple[str, ...]
    earlier: tuple[str, ...]
    unseen_url: str
    may_do: bool
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    outcomes: tuple[tuple[str, str], ...] = tuple((each.value, CLAIM_WORDS[each]) for each in SAID)


@router.get("/loans/{loan_id}/search")
def search_page(
    request: Request,
    loan_id: LoanId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.CHASING_SEE))],
    database: DatabaseDep,
    clock: ClockDep,
) -> Response:
    viewed(database, loans.get_loan(session, loan_id).person_id, actor=actor, now=clock())
    return render(request, "chasing/search.html", _page(session, loan_id, actor, local_date(clock())))


@router.post("/loans/{loan_id}/search")
def end_search(
    request: Request, loan_id: LoanId, form: FormDep, session: WriteSession, actor: Chaser, clock: ClockDep
) -> Response:
    happening = Happening(now=clock(), reason=form.get("note"))
    try:
        outcome = _outcome(form.get("outcome"))
        service.end_search(session, loan_id, outcome, actor=actor, happening=happening)
    except BadInput as refused:
        page = _page(session, loan_id, actor, local_date(clock()), form.values, refused.fields)
        return render(request, "chasing/search.html", page, status=refused.status)
    return see_other(f"/chasing/loans/{loan_id}", said="How the search ended is on record, and reminders go on.")


def _outcome(chosen: str) -> ClaimOutcome:
    if chosen not in list(ClaimOutcome):
        raise BadInput("Nothing was written down.", fields={"outcome": "Choose how it ended."})
    return ClaimOutcome(chosen)


def _page(
    session: Session,
    loan_id: int,
    actor: Actor,
    today: date,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> SearchPage:
    loan = loans.get_loan(session, loan_id)
    claim, earlier = loans.open_claim(session, loan_id), loans.claims_of(session, loan_id)
    known = service.traces(session, claim) if claim is not None else None
    label, facts, sightings = (
        _tablet(session, claim, known) if claim is not None and known is not None else ("", (), ())
    )
    came_on = f"&came_on={local_date(claim.made_at).isoformat()}" if claim is not None else ""
    return SearchPage(
        title="Where is it?",
        loan_id=loan_id,
        name=seen(get_person(session, loan.person_id), (), actor).name,
        claim=claim,
        over=claim is not None and claim.search_until <= today,
        facts=facts,
        doubt=known.doubt if known is not None else "",
        sightings=sightings,
        earlier=tuple(_ended(each) for each in earlier if each.settled_at is not None),
        unseen_url=f"/returns/letter-box?label={label}{came_on}" if label else "",
        may_do=actor.may(Permission.CHASING_DO),
        values=values or {},
        errors=errors or {},
    )


Facts = tuple[tuple[str, str, str, str], ...]


def _tablet(session: Session, claim: ReturnClaim, seen_last: service.Traces) -> tuple[str, Facts, tuple[str, ...]]:
    """The label of the tablet that is looked for, what is known of it, and what people say of where it is."""
    until = ("Looked for until", said(claim.search_until), "", "")
    told = ("They said so on", f"{said(local_date(claim.made_at))}, written down by {claim.made_by}", "", "")
    if claim.tablet_id is None:
        return "", (told, until), ()
    label = tags.codes_of(session, [claim.tablet_id]).get(claim.tablet_id, str(claim.tablet_id))
    last = tablets.latest_event(session, claim.tablet_id, *Move)
    known = f"{last.words}, {said(local_date(last.at))}" if last is not None else "Nothing"
    facts = (
        told,
        until,
        ("Tablet", label, f"/tablets/{claim.tablet_id}", "All that is known of it"),
        ("Last written down of it", known, "", ""),
        ("Shelf", seen_last.shelf, "", ""),
        ("Last scan", seen_last.scan, "", ""),
        ("Last sign of life", seen_last.sign_of_life, "", ""),
    )
    seen_at = tablets.open_sightings(session, tablet_id=claim.tablet_id)
    return label, facts, tuple(f"{each.place}, said on {said(local_date(each.at))}" for each in seen_at)


def _ended(claim: ReturnClaim) -> str:
    outcome = CLAIM_WORDS[claim.outcome] if claim.outcome is not None else "Not known"
    day = said(local_date(claim.settled_at)) if claim.settled_at is not None else ""
    more = f" {claim.note}" if claim.note else ""
    return f"Said on {said(local_date(claim.made_at))}. {outcome}, {day}, by {claim.settled_by}.{more}"
