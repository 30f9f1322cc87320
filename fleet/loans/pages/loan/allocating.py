"""Choosing the tablet and the SIM for an approved loan, those that fit best first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.bundles.models import DataBundle, Sim
from fleet.bundles.rules import Ownership, SimKind
from fleet.bundles.service import carries_data
from fleet.bundles.service import stock as sim_stock
from fleet.bundles.words import bundle_words, name_of
from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.models import Loan
from fleet.loans.pages.loan.choosing import (
    SHOWN,
    Answers,
    Choices,
    Refusal,
    TabletChoice,
    answers,
    tablets_for,
    tried,
)
from fleet.loans.rules import WITH_A_TABLET, LoanKind, LoanMove, refusals
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.web.render import render

router = PageRouter(prefix="/loans")


@dataclass(frozen=True)
class AllocatePage:
    choice: TabletChoice
    sims: Choices
    needs_data: bool
    without_data: int
    """So many SIMs in stock are left out, because they carry no data."""
    data_alone: bool
    policy: str
    answers: Answers
    title: str = "Choose a tablet"


@router.get("/{loan_id}/allocate")
def allocate_page(
    request: Request,
    loan_id: LoanId,
    session: ReadSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    page = _page(session, loan_id, actor, settings, clock())
    return render(request, "loans/allocate.html", page)


@router.post("/{loan_id}/allocate")
def allocate(
    request: Request,
    loan_id: LoanId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    if form.get("act") == "make":
        return _make(request, loan_id, form, session, actor, settings, clock())
    made = tried(
        session,
        lambda: service.allocate(
            session,
            loan_id,
            tablet_id=form.row("tablet_id"),
            sim_id=form.row("sim_id"),
            due_on=form.day("due_on"),
            override_fit=form.get("override_fit") == "yes",
            actor=actor,
            settings=settings,
            happening=Happening(now=clock(), reason=form.get("reason")),
        ),
    )
    if isinstance(made, Loan):
        kept = "The tablet" if made.kind in WITH_A_TABLET else "The SIM"
        return see_other(f"/loans/{loan_id}", said=f"{kept} is kept for this loan.")
    page = _page(session, loan_id, actor, settings, clock(), form, made)
    return render(request, "loans/allocate.html", page, status=made.status)


def _make(
    request: Request, loan_id: int, form: Form, session: Session, actor: Actor, settings: Settings, now: datetime
) -> Response:
    """The tablet chosen goes to the bench, which makes it as this person needs it."""

    def asked() -> Loan:
        tablet_id = form.row("tablet_id")
        if tablet_id is None:
            raise BadInput("No tablet was chosen.", fields={"tablet_id": "Choose the tablet that is to be made."})
        told = Happening(now=now)
        return service.make_tablet_for(session, loan_id, tablet_id, actor=actor, settings=settings, happening=told)

    made = tried(session, asked)
    if isinstance(made, Loan):
        return see_other(f"/loans/{loan_id}/allocate", said="The bench is told to make it as they need it.")
    page = _page(session, loan_id, actor, settings, now, form, made)
    return render(request, "loans/allocate.html", page, status=made.status)


def _page(
    session: Session,
    loan_id: int,
    actor: Actor,
    settings: Settings,
    now: datetime,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> AllocatePage:
    loan = service.get_loan(session, loan_id)
    programme = cohorts.get_programme(session, loan.programme_id)
    choice = tablets_for(session, loan, actor=actor, settings=settings, now=now)
    needs_data = loan.kind is LoanKind.DATA or (programme.bundle_required and loan.kind is LoanKind.TABLET)
    sims, empty = _sims(session, loan, local_date(now), needs_data=needs_data)
    first = {"tablet_id": choice.first, "sim_id": sims[0][0] if sims else ""}
    return AllocatePage(
        choice,
        sims=sims if needs_data else (*sims, ("", "No SIM: they have internet at home", "")),
        needs_data=needs_data,
        without_data=empty,
        data_alone=loan.kind is LoanKind.DATA,
        policy=_policy(session, loan, programme.taster_days, programme.taster_months),
        answers=answers(form, refusal)
        if form and refusal
        else Answers(first, _standing_in_the_way(session, loan, actor, now)),
    )


def _standing_in_the_way(session: Session, loan: Loan, actor: Actor, now: datetime) -> tuple[str, ...]:
    """What no choice on this page can mend, said before anybody chooses."""
    offers = service.what_may_happen(session, loan, actor=actor, happening=Happening(now=now))
    for offer in offers:
        if offer.transition.move is LoanMove.ALLOCATE:
            return offer.refusals
    facts = service.facts_now(session, loan, happening=Happening(now=now))
    return refusals(LoanMove.ALLOCATE, facts, actor.roles)[:1]


_KINDS = tuple(SimKind)
"""What goes into the tablet first, then what is carried beside it."""


def _sims(session: Session, loan: Loan, today: date, *, needs_data: bool) -> tuple[Choices, int]:
    """The SIMs that may be chosen, and how many of those in stock are left out because they carry no data."""
    in_stock = sim_stock(session, hub_id=loan.hub_id, today=today, person_id=loan.person_id)
    usable = [(sim, bundle) for sim, bundle in in_stock if not needs_data or carries_data(bundle, today)]
    usable.sort(key=lambda each: _KINDS.index(each[0].kind))
    shown = tuple((str(sim.id), _sim_words(sim, bundle), "") for sim, bundle in usable[:SHOWN])
    return shown, len(in_stock) - len(usable)


def _sim_words(sim: Sim, bundle: DataBundle | None) -> str:
    until = f", until {bundle.ends_on:%-d %B %Y}" if bundle and bundle.ends_on else ""
    own = ", granted to one person" if bundle and bundle.ownership is Ownership.PERSONS_OWN else ""
    return f"{sim.network}, {name_of(sim)}: {bundle_words(bundle)}{until}{own}"


def _policy(session: Session, loan: Loan, days: int, months: int | None) -> str:
    if loan.cohort_id is not None:
        ends_on = cohorts.get_cohort(session, loan.cohort_id).ends_on
        return f"Left empty: the end of the cohort, {ends_on:%-d %B %Y}."
    span = f"{months} calendar month{'' if months == 1 else 's'}" if months else f"{days} days"
    return f"Left empty: {span} after the hand-over."
