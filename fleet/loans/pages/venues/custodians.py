"""Somebody else looks after the tablets of a venue loan: who, from when, why, and the paper they say yes to."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Decider
from fleet.loans.api.papers import PDF_HEADERS
from fleet.loans.models import VenueLoan
from fleet.loans.pages.loan.choosing import Answers, answers, tried
from fleet.loans.rules import WITH_THE_PERSON, WhyAnother
from fleet.loans.words import ANOTHER_WORDS
from fleet.partners import service as partners
from fleet.people import service as people
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.web.render import render

router = PageRouter(prefix="/venue-loans")


@dataclass(frozen=True)
class CustodianPage:
    title: str
    venue: VenueLoan
    place: str
    custodian: str
    asks_agreement: bool
    """Whether tablets are with their place: then the next one reads the agreement and says yes."""
    answers: Answers = field(default_factory=Answers)
    reasons: tuple[tuple[str, str], ...] = tuple((each.value, ANOTHER_WORDS[each]) for each in WhyAnother)


@router.get("/{venue_loan_id}/custodian")
def custodian_page(
    request: Request, venue_loan_id: RowId, session: ReadSession, _actor: Decider, clock: ClockDep
) -> Response:
    today = Answers({"from_on": local_date(clock()).isoformat()})
    return render(request, "loans/custodian.html", _page(session, venue_loan_id, today))


@router.post("/{venue_loan_id}/custodian")
def change_custodian(
    request: Request,
    venue_loan_id: RowId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    made = tried(session, lambda: _change(session, venue_loan_id, form, actor, settings, Happening(now=clock())))
    if isinstance(made, VenueLoan):
        return see_other(f"/venue-loans/{venue_loan_id}", said="From here on, only they are written to.")
    page = _page(session, venue_loan_id, answers(form, made))
    return render(request, "loans/custodian.html", page, status=made.status)


@router.get("/{venue_loan_id}/agreement.pdf")
def agreement(
    venue_loan_id: RowId, session: ReadSession, _actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    wanted = service.Wanted(local_date(clock()))
    pdf = service.venue_agreement_pdf(session, venue_loan_id, settings=settings, wanted=wanted)
    headers = PDF_HEADERS | {"Content-Disposition": f'inline; filename="agreement-venue-{venue_loan_id}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _change(
    session: Session, venue_loan_id: int, form: Form, actor: Actor, settings: Settings, happening: Happening
) -> VenueLoan:
    venue = service.get_venue_loan(session, venue_loan_id)
    from_on = form.day("from_on")
    why = WhyAnother(form.get("reason")) if form.get("reason") in list(WhyAnother) else None
    unsaid = {
        "email": "" if form.get("email") or form.get("phone") else "Enter an email address or a phone number.",
        "from_on": "" if from_on else "Choose a day.",
        "reason": "" if why else "Choose why.",
    }
    fields = {name: sentence for name, sentence in unsaid.items() if sentence}
    if fields or from_on is None or why is None:
        raise BadInput("Nothing was changed.", fields=fields)
    person_id = service.add_custodian(
        session,
        place_id=venue.place_id,
        first_name=form.get("first_name"),
        last_name=form.get("last_name"),
        email=form.get("email"),
        phone=form.get("phone"),
        hub_id=venue.hub_id,
        actor=actor,
        happening=happening,
    )
    return service.change_custodian(
        session,
        venue_loan_id,
        person_id=person_id,
        from_on=from_on,
        why=why,
        agreed=form.get("agreement") == "yes",
        actor=actor,
        settings=settings,
        happening=happening,
    )


def _page(session: Session, venue_loan_id: int, given: Answers) -> CustodianPage:
    venue = service.get_venue_loan(session, venue_loan_id)
    person = people.get_person(session, venue.person_id)
    place = partners.get_organisation(session, venue.place_id).name
    still = queries.loans_at_venue(session, venue_loan_id)
    return CustodianPage(
        title=f"Who looks after them at {place}?",
        venue=venue,
        place=place,
        custodian=f"{person.first_name} {person.last_name}",
        asks_agreement=any(loan.state in WITH_THE_PERSON for loan in still),
        answers=given,
    )
