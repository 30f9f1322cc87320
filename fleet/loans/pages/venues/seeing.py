"""One venue loan with each of its tablets: handed over together, and given longer together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Decider
from fleet.loans.models import Loan, VenueLoan
from fleet.loans.pages.loan.choosing import Answers, answers, tried
from fleet.loans.pages.loan.forms import EXTENSION_REASONS
from fleet.loans.pages.loan.scanning import scanned
from fleet.loans.rules import ENDED, WITH_THE_PERSON, LoanState, said
from fleet.loans.words import ANOTHER_WORDS, due_day_line, state_tag
from fleet.partners import service as partners
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tags import service as tags
from fleet.users.actor import Actor
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/venue-loans")


@dataclass(frozen=True)
class OneTablet:
    """One tablet of a venue loan, as its line."""

    loan_id: int
    label: str
    state: StateTag


@dataclass(frozen=True)
class VenuePage:
    title: str
    venue: VenueLoan
    place: str
    custodian: str
    due: str
    tablets: tuple[OneTablet, ...]
    runs: bool
    """Whether the custodian has some of them."""
    still: bool
    """Whether some are still to come back."""
    earlier: tuple[str, ...]
    """Who looked after them before, each in a line."""
    to_take: tuple[tuple[str, str], ...]
    """The field and the label of each that waits at the hub."""
    answers: Answers
    taking: Answers
    """What stands in the form of the hand-over."""
    reasons: tuple[tuple[str, str], ...] = tuple((each, each) for each in EXTENSION_REASONS)


@router.get("/{venue_loan_id}")
def venue_page(
    request: Request,
    venue_loan_id: RowId,
    session: ReadSession,
    actor: Decider,
    database: DatabaseDep,
    clock: ClockDep,
) -> Response:
    shown = {service.get_venue_loan(session, venue_loan_id).person_id}
    shown |= {each.person_id for each in service.custodians_of(session, venue_loan_id)}
    people.viewed_all(database, shown, actor=actor, now=clock())
    return render(request, "loans/venue.html", _page(session, venue_loan_id, clock()))


def _page(
    session: Session, venue_loan_id: int, now: datetime, given: Answers | None = None, taking: Answers | None = None
) -> VenuePage:
    venue = service.get_venue_loan(session, venue_loan_id)
    each = queries.loans_at_venue(session, venue_loan_id)
    programme = cohorts.get_programme(session, venue.programme_id)
    custodian = people.get_person(session, venue.person_id)
    place = partners.get_organisation(session, venue.place_id).name
    lines = _lines(session, each, programme.grace_days, local_date(now))
    waiting = {loan.id for loan in each if loan.state is LoanState.ALLOCATED}
    there = any(loan.state in WITH_THE_PERSON and loan.stopped_at is None for loan in each)
    return VenuePage(
        title=f"Tablets at {place}",
        venue=venue,
        place=place,
        custodian=f"{custodian.first_name} {custodian.last_name}",
        due=due_day_line(venue.due_on, local_date(now)) if there else said(venue.due_on),
        tablets=lines,
        to_take=tuple((_field(line.loan_id), line.label) for line in lines if line.loan_id in waiting),
        runs=any(loan.state is LoanState.ACTIVE for loan in each),
        still=any(loan.state not in ENDED and loan.returned_on is None for loan in each),
        earlier=_earlier(session, venue.id),
        answers=given or Answers(),
        taking=taking or Answers(),
    )


def _field(loan_id: int) -> str:
    return f"code_{loan_id}"


def _earlier(session: Session, venue_loan_id: int) -> tuple[str, ...]:
    """Nobody where the first one still does."""
    kept = service.custodians_of(session, venue_loan_id)
    told = []
    for one, after in pairwise(kept):
        person = people.get_person(session, one.person_id)
        why = f" {ANOTHER_WORDS[after.why]}." if after.why is not None else ""
        until = f"from {said(one.from_on)} to {said(after.from_on)}"
        told.append(f"{person.first_name} {person.last_name}, {until}.{why} Written down by {after.actor_name}.")
    return tuple(told)


def _lines(session: Session, each: Sequence[Loan], grace_days: int, today: date) -> tuple[OneTablet, ...]:
    ids = [loan.id for loan in each]
    had = queries.last_tablet_ids_of(session, ids)
    codes = tags.codes_of(session, list(had.values()))
    return tuple(
        OneTablet(
            loan.id,
            codes.get(had[loan.id], f"Tablet {had[loan.id]}") if loan.id in had else "No tablet",
            state_tag(loan, today=today, grace_days=grace_days),
        )
        for loan in each
    )


@router.post("/{venue_loan_id}/hand-over")
def hand_over(
    request: Request,
    venue_loan_id: RowId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    made = tried(session, lambda: _hand_over(session, venue_loan_id, form, actor, settings, clock()))
    if isinstance(made, VenueLoan):
        stay = sum(loan.state is LoanState.ALLOCATED for loan in queries.loans_at_venue(session, venue_loan_id))
        words = f"They have them. Tell them: all are due on {said(made.due_on)}."
        return see_other(f"/venue-loans/{venue_loan_id}", said=f"{words} {stay} still at the hub." if stay else words)
    page = _page(session, venue_loan_id, clock(), taking=answers(form, made))
    return render(request, "loans/venue.html", page, status=made.status)


def _hand_over(
    session: Session, venue_loan_id: int, form: Form, actor: Actor, settings: Settings, now: datetime
) -> VenueLoan:
    unsaid: dict[str, str] = {}
    fields = [_field(loan.id) for loan in queries.loans_at_venue(session, venue_loan_id)]
    told = [name for name in fields if form.get(name)]
    in_hand = {scanned(session, form, name, unsaid) for name in told}
    if not told:
        waiting = [name for name in fields if name in form.values]
        unsaid |= dict.fromkeys(waiting[:1], "Scan the label of each that they take.")
    if form.get("agreement") != "yes":
        unsaid["agreement"] = "Read the agreement to them, and ask."
    if unsaid or not told:
        raise BadInput("Nothing was handed over.", fields=unsaid)
    happening = Happening(now=now)
    return service.hand_over_venue(
        session, venue_loan_id, in_hand=in_hand, actor=actor, settings=settings, happening=happening
    )


@router.post("/{venue_loan_id}/extend")
def extend(
    request: Request,
    venue_loan_id: RowId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    made = tried(
        session,
        lambda: service.extend_venue(
            session,
            venue_loan_id,
            due_on=_later_day(form),
            override_cap=form.get("override_cap") == "yes",
            actor=actor,
            settings=settings,
            happening=happening,
        ),
    )
    if isinstance(made, VenueLoan):
        return see_other(f"/venue-loans/{venue_loan_id}", said=f"All are due on {said(made.due_on)}.")
    page = _page(session, venue_loan_id, clock(), given=answers(form, made))
    return render(request, "loans/venue.html", page, status=made.status)


def _later_day(form: Form) -> date:
    day = form.day("due_on")
    if day is None:
        raise BadInput("Nothing was changed.", fields={"due_on": "Choose a day."})
    return day
