"""Choosing the tablet and the SIM for an approved loan, those that fit best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from fleet.bundles.models import DataBundle, Sim
from fleet.bundles.service import stock as sim_stock
from fleet.bundles.words import bundle_words
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api import Decider, LoanId
from fleet.loans.models import Loan
from fleet.loans.pages.acting import day_typed
from fleet.loans.rules import LoanMove, fits, refusals
from fleet.people import service as people
from fleet.people.models import Need
from fleet.people.rules import NeedCode
from fleet.people.sight import need_words
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Move
from fleet.tablets.rules import refusals as tablet_refusals
from fleet.tablets.words import name_of
from fleet.tags import service as tags
from fleet.users.actor import Actor
from fleet.users.rules import Sight
from fleet.web.render import render

router = APIRouter(prefix="/loans")

SHOWN = 12
"""So many tablets are proposed: enough to choose from, few enough to read."""


@dataclass(frozen=True)
class AllocatePage:
    title: str
    loan: Loan
    name: str
    needs: tuple[str, ...]
    tablets: tuple[tuple[str, str, str], ...]
    sims: tuple[tuple[str, str, str], ...]
    needs_data: bool
    policy: str
    refused: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


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
    try:
        with session.begin_nested():
            loan = service.allocate(
                session,
                loan_id,
                tablet_id=_chosen(form, "tablet_id", "Choose a tablet."),
                sim_id=_chosen(form, "sim_id", "") or None,
                due_on=day_typed(form.get("due_on"), "due_on"),
                actor=actor,
                settings=settings,
                happening=Happening(now=clock()),
            )
    except (BadInput, Conflict) as refusal:
        page = _page(session, loan_id, actor, settings, clock(), form=form, refusal=refusal)
        return render(request, "loans/allocate.html", page, status=refusal.status)
    return see_other(f"/loans/{loan.id}", said="The tablet is kept for this loan.")


def _chosen(form: Form, name: str, sentence: str) -> int:
    text = form.get(name)
    if text.isdecimal() and len(text) < 10:
        return int(text)
    if sentence:
        raise BadInput("Nothing was allocated.", fields={name: sentence})
    return 0


def _page(
    session: Session,
    loan_id: int,
    actor: Actor,
    settings: Settings,
    now: datetime,
    *,
    form: Form | None = None,
    refusal: BadInput | Conflict | None = None,
) -> AllocatePage:
    loan = service.get_loan(session, loan_id)
    person = people.get_person(session, loan.person_id)
    needs = queries.needs_of(session, person.id)
    programme = cohorts.get_programme(session, loan.programme_id)
    proposed = propose(session, loan, needs, actor, settings, now)
    sims = tuple((str(sim.id), _sim_words(sim, bundle), "") for sim, bundle in sim_stock(session, limit=SHOWN))
    return AllocatePage(
        title="Choose a tablet",
        loan=loan,
        name=f"{person.first_name} {person.last_name}",
        needs=need_words(needs, Sight.FULL, own=False),
        tablets=proposed,
        sims=sims if programme.bundle_required else (*sims, ("", "No SIM: they have internet at home", "")),
        needs_data=programme.bundle_required,
        policy=_policy(session, loan, programme.taster_days, programme.taster_months),
        refused=what_was_refused(refusal) + (() if form else _standing_in_the_way(session, loan, actor, now)),
        values=form.values if form else _first(proposed, sims),
        errors=refusal.fields if isinstance(refusal, BadInput) else {},
    )


def what_was_refused(refusal: BadInput | Conflict | None) -> tuple[str, ...]:
    if isinstance(refusal, MoveRefused):
        return refusal.reasons
    return (refusal.message,) if isinstance(refusal, Conflict) else ()


def _standing_in_the_way(session: Session, loan: Loan, actor: Actor, now: datetime) -> tuple[str, ...]:
    """What no choice on this page can mend, said before anybody chooses."""
    offers = service.what_may_happen(session, loan, actor=actor, happening=Happening(now=now))
    for offer in offers:
        if offer.transition.move is LoanMove.ALLOCATE:
            return offer.refusals
    facts = service.facts_now(session, loan, happening=Happening(now=now))
    return refusals(LoanMove.ALLOCATE, facts, actor.roles)[:1]


def propose(
    session: Session, loan: Loan, needs: Sequence[Need], actor: Actor, settings: Settings, now: datetime
) -> tuple[tuple[str, str, str], ...]:
    """Ready tablets that nothing speaks against, those set up as the person needs first."""
    codes_needed = frozenset(need.code for need in needs)
    ready = [
        tablet
        for tablet in queries.ready_tablets(session, hub_id=loan.hub_id)
        if not tablet_refusals(
            Move.ALLOCATE, tablets.facts_of(session, tablet, settings=settings, now=now), actor.roles
        )
    ]
    best = sorted(ready, key=lambda tablet: not fits(tablet.profile, codes_needed))[:SHOWN]
    labels = tags.codes_of(session, [tablet.id for tablet in best])
    return tuple((str(tablet.id), _tablet_words(tablet, labels), _fit_words(tablet, codes_needed)) for tablet in best)


def _tablet_words(tablet: Tablet, labels: Mapping[int, str]) -> str:
    return f"{labels.get(tablet.id, f'Tablet {tablet.id}')}, {name_of(tablet)}"


def _fit_words(tablet: Tablet, needs: frozenset[NeedCode]) -> str:
    set_up = f"Set up as {tablet.profile}" if tablet.profile else "No profile"
    battery = f", battery {tablet.battery_percent} %" if tablet.battery_percent is not None else ""
    return f"{set_up}{battery}{', as they need it' if needs and fits(tablet.profile, needs) else ''}"


def _sim_words(sim: Sim, bundle: DataBundle | None) -> str:
    return f"{sim.network}, ending {sim.iccid[-5:]}: {bundle_words(bundle)}"


def _policy(session: Session, loan: Loan, days: int, months: int | None) -> str:
    if loan.cohort_id is not None:
        ends_on = cohorts.get_cohort(session, loan.cohort_id).ends_on
        return f"Left empty: the end of the cohort, {ends_on:%-d %B %Y}."
    span = f"{months} calendar month{'' if months == 1 else 's'}" if months else f"{days} days"
    return f"Left empty: {span} after the hand-over."


def _first(proposed: Sequence[tuple[str, str, str]], sims: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    return {"tablet_id": proposed[0][0] if proposed else "", "sim_id": sims[0][0] if sims else ""}
