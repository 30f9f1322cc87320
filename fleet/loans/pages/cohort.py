"""Another taster month: for one loan from its page, and for several who wait from the waiting list or the cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Request, Response
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Cohort
from fleet.database.base import LARGEST_ID
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.models import Loan
from fleet.loans.pages.loan.choosing import tried
from fleet.loans.service.requests.waiting import Waiting
from fleet.loans.words import place_words
from fleet.partners.service import hub_of
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.users.actor import Actor
from fleet.web.render import render

router = PageRouter()
AT_ONCE = 100
"""So many who wait are shown to choose from, the next in turn first."""
SEVERAL = "/requests/waiting/cohort"


@dataclass(frozen=True)
class Refused:
    """Why it was not done: in a sentence, or by the answer that stands against it."""

    errors: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    full: bool = False
    """Refused for want of places, beyond which one may go."""


@dataclass(frozen=True)
class CohortPage:
    """For one loan, or with `people` for those who are ticked. Without a cohort chosen, one of several is to be."""

    title: str
    question: str
    url: str
    back: str
    cohorts: tuple[tuple[str, str], ...]
    cohort: Cohort | None = None
    people: tuple[tuple[str, str, str], ...] | None = None
    ticked: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    refused: Refused = field(default_factory=Refused)


@router.get("/loans/{loan_id}/cohort")
def one_page(request: Request, loan_id: LoanId, session: ReadSession, _actor: Decider, clock: ClockDep) -> Response:
    loan = service.get_loan(session, loan_id)
    return render(request, "loans/cohort.html", _one(session, loan, local_date(clock())))


@router.post("/loans/{loan_id}/cohort")
def give_one(
    request: Request,
    loan_id: LoanId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    refusal = _given(session, [loan_id], form, actor, settings, happening)
    if refusal is not None:
        page = _one(session, service.get_loan(session, loan_id), local_date(clock()), form, refusal)
        return render(request, "loans/cohort.html", page, status=refusal.status)
    return see_other(f"/loans/{loan_id}", said="Their cohort is written down.")


@router.get(SEVERAL)
def several_page(
    request: Request,
    session: ReadSession,
    actor: Decider,
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
    cohort: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
) -> Response:
    today = local_date(clock())
    asked = cohorts.get_cohort(session, cohort) if cohort else None
    found = asked if asked and asked.ends_on >= today else None
    waiting = _waiting(session, found, actor, settings, now=clock()) if found else ()
    people.viewed_all(database, [line.person.id for line in waiting], actor=actor, now=clock())
    return render(request, "loans/cohort.html", _several(session, found, waiting, today))


@router.post(SEVERAL)
def give_several(
    request: Request, form: FormDep, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    found = cohorts.get_cohort(session, form.row("cohort_id") or 0)
    ticked = list(form.rows("loans"))
    happening = Happening(now=clock(), reason=form.get("reason"))
    refusal: BadInput | Conflict | None = BadInput("Nobody was chosen.", fields={"loans": "Tick at least one person."})
    if ticked:
        refusal = _given(session, ticked, form, actor, settings, happening)
    if refusal is not None:
        today = local_date(clock())
        page = _several(session, found, _waiting(session, found, actor, settings, now=clock()), today, form, refusal)
        return render(request, "loans/cohort.html", page, status=refusal.status)
    many = "1 person is" if len(ticked) == 1 else f"{len(ticked)} people are"
    return see_other("/requests/waiting", said=f"{many} in {found.name}.")


def _given(
    session: Session,
    loan_ids: Sequence[int],
    form: Form,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> BadInput | Conflict | None:
    """Why they were not put into it; None once they were."""
    made = tried(
        session,
        lambda: service.give_cohort(
            session,
            loan_ids,
            form.row("cohort_id"),
            override_places=form.get("override_places") == "yes",
            actor=actor,
            settings=settings,
            happening=happening,
        ),
    )
    return made if isinstance(made, BadInput | Conflict) else None


def _waiting(session: Session, cohort: Cohort, actor: Actor, settings: Settings, *, now: datetime) -> Sequence[Waiting]:
    """Who waits in the cohort's programme and is not in it, the next in turn first."""
    lines, _ = service.waiting_list(
        session,
        hub_id=hub_of(session, actor).id,
        today=local_date(now),
        first=0,
        count=AT_ONCE,
        fresh_since=tablets.fresh_since(settings, now),
        besides=cohort,
    )
    return lines


def _one(
    session: Session, loan: Loan, today: date, form: Form | None = None, refusal: BadInput | Conflict | None = None
) -> CohortPage:
    person = people.get_person(session, loan.person_id)
    own = cohorts.get_cohort(session, loan.cohort_id) if loan.cohort_id is not None else None
    return CohortPage(
        title=f"Loan {loan.id}, for {person.first_name} {person.last_name}",
        question="Which taster month?",
        url=f"/loans/{loan.id}/cohort",
        back=f"/loans/{loan.id}",
        cohorts=_open(session, today, loan.programme_id),
        cohort=own,
        values=form.values if form else {"cohort_id": str(loan.cohort_id or "")},
        refused=_refused(refusal),
    )


def _several(
    session: Session,
    cohort: Cohort | None,
    waiting: Sequence[Waiting],
    today: date,
    form: Form | None = None,
    refusal: BadInput | Conflict | None = None,
) -> CohortPage:
    return CohortPage(
        title="Waiting list",
        question=f"Who is to be in {cohort.name}?" if cohort else "Into which taster month?",
        url=SEVERAL,
        back="/requests/waiting",
        cohorts=_open(session, today),
        cohort=cohort,
        people=tuple(_tick(line, today) for line in waiting),
        ticked=form.lists.get("loans", ()) if form else (),
        values=form.values if form else {},
        refused=_refused(refusal),
    )


def _open(session: Session, today: date, programme_id: int | None = None) -> tuple[tuple[str, str], ...]:
    names = {each.id: each.name for each in cohorts.active_programmes(session)}
    return tuple(
        (str(each.id), each.name if programme_id else f"{names[each.programme_id]}: {each.name}")
        for each in cohorts.cohorts_not_over(session, today)
        if each.programme_id in names and programme_id in (None, each.programme_id)
    )


def _tick(line: Waiting, today: date) -> tuple[str, str, str]:
    month = f", {cohort_words(line.cohort, today)}" if line.cohort else ""
    name = f"{line.person.first_name} {line.person.last_name}"
    return str(line.loan.id), name, f"{place_words(line.place.number)}, asked {line.loan.requested_at:%-d %b %Y}{month}"


def cohort_words(cohort: Cohort, today: date) -> str:
    """Its name, and that it is over where it is."""
    return f"{cohort.name}, over since {cohort.ends_on:%-d %b %Y}" if cohort.ends_on < today else cohort.name


def _refused(refusal: BadInput | Conflict | None) -> Refused:
    if refusal is None:
        return Refused()
    if isinstance(refusal, BadInput):
        return Refused(refusal.fields, full="reason" in refusal.fields)
    said = f"{refusal.message} {refusal.next_step}".strip()
    return Refused(words=said, full=isinstance(refusal, service.CohortFull))
