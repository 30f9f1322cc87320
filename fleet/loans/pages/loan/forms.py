"""The short forms about one loan: the hub hand-over, and longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput, MoveRefused
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.models import Loan
from fleet.loans.pages.loan.choosing import answers, tried
from fleet.loans.pages.loan.scanning import scanned
from fleet.loans.rules import HandedTo, said
from fleet.loans.words import HANDED_WORDS
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tags import service as tags
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/loans")
EXTENSION_REASONS = (
    "The gatherings go on",
    "Was ill or away",
    "Waiting for a tablet of their own",
    "Asked for longer",
)


@dataclass(frozen=True)
class FormPage:
    """The hand-over and the extension: one short form about one loan."""

    title: str
    loan: Loan
    name: str
    tablet: str
    """What stands on the label of the tablet that it has; empty where it has none."""
    due: str
    today: date
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    """What speaks against giving them longer, beyond which one may go."""
    data: str = ""
    """That their data would not last as long."""
    handed_choices: tuple[tuple[str, str], ...] = tuple((each.value, HANDED_WORDS[each]) for each in HandedTo)
    reasons: tuple[tuple[str, str], ...] = tuple((each, each) for each in EXTENSION_REASONS)


def _form_page(
    session: Session,
    loan_id: int,
    title: str,
    now: datetime,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    refused: tuple[str, ...] = (),
    against: tuple[str, ...] = (),
    data: str = "",
) -> FormPage:
    loan = service.get_loan(session, loan_id)
    link = service.open_tablet(session, loan_id)
    person = people.get_person(session, loan.person_id)
    due = service.due_if_given(session, loan_id, local_date(now))
    return FormPage(
        title=title,
        loan=loan,
        name=f"{person.first_name} {person.last_name}",
        tablet=tags.codes_of(session, [link.tablet_id]).get(link.tablet_id, f"tablet {link.tablet_id}") if link else "",
        due=said(due) if due else "",
        today=now.date(),
        values=values or {},
        errors=errors or {},
        refused=refused,
        against=against,
        data=data,
    )


@router.get("/{loan_id}/hand-over", dependencies=[Depends(may(Permission.LOANS_DECIDE))])
def hand_over_page(request: Request, loan_id: LoanId, session: ReadSession, clock: ClockDep) -> Response:
    page = _form_page(session, loan_id, "Hand over at the hub", clock(), values={"handed_to": "participant"})
    return render(request, "loans/hand_over.html", page)


@router.post("/{loan_id}/hand-over")
def hand_over(
    request: Request,
    loan_id: LoanId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    made = tried(session, lambda: _hand_over(session, loan_id, form, actor, settings, clock()))
    if isinstance(made, Loan):
        told = f"Handed over. Tell them: it is yours until {service.due_words(made)}."
        return see_other(f"/loans/{loan_id}", said=told)
    given = answers(form, made)
    page = _form_page(
        session,
        loan_id,
        "Hand over at the hub",
        clock(),
        values=given.values,
        errors=given.errors,
        refused=given.refused,
    )
    return render(request, "loans/hand_over.html", page, status=made.status)


def _hand_over(session: Session, loan_id: int, form: Form, actor: Actor, settings: Settings, now: datetime) -> Loan:
    unsaid: dict[str, str] = {}
    in_hand = scanned(session, form, "code", unsaid)
    if form.get("handed_to") not in list(HandedTo):
        unsaid["handed_to"] = "Choose who takes it."
    if unsaid:
        raise BadInput("Nothing was handed over.", fields=unsaid)
    return service.hand_over(
        session,
        loan_id,
        tablet_id=in_hand,
        handed_to=HandedTo(form.get("handed_to")),
        agreement_accepted=form.get("agreement") == "yes",
        actor=actor,
        settings=settings,
        happening=Happening(now=now),
    )


@router.get("/{loan_id}/extend", dependencies=[Depends(may(Permission.LOANS_DECIDE))])
def extend_page(
    request: Request, loan_id: LoanId, session: ReadSession, settings: SettingsDep, clock: ClockDep
) -> Response:
    venue_loan_id = service.get_loan(session, loan_id).venue_loan_id
    if venue_loan_id is not None:  # all of its tablets are given longer together
        return see_other(f"/venue-loans/{venue_loan_id}")
    happening = Happening(now=clock())
    against = service.against_longer(session, loan_id, settings=settings, happening=happening)
    data = service.data_if_longer(session, loan_id, happening=happening)
    page = _form_page(session, loan_id, "Give them longer", clock(), against=against, data=data)
    return render(request, "loans/extend.html", page)


@router.post("/{loan_id}/extend")
def extend(
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
            loan = service.extend(
                session,
                loan_id,
                due_on=form.day("due_on"),
                override_cap=form.get("override_cap") == "yes",
                actor=actor,
                settings=settings,
                happening=Happening(now=clock(), reason=form.get("reason")),
            )
    except (MoveRefused, BadInput) as refusal:
        errors = refusal.fields if isinstance(refusal, BadInput) else {}
        reasons = refusal.reasons if isinstance(refusal, MoveRefused) else ()
        page = _form_page(
            session, loan_id, "Give them longer", clock(), values=form.values, errors=errors, refused=reasons
        )
        return render(request, "loans/extend.html", page, status=refusal.status)
    return see_other(f"/loans/{loan_id}", said=f"Tell them: it is yours until {service.due_words(loan)}.")
