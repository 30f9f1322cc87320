"""A swap at the hub's counter, both labels scanned. At a door it is the courier's phone that tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.models import Loan
from fleet.loans.pages.loan.choosing import Answers, answers, tried
from fleet.loans.pages.loan.scanning import scanned
from fleet.loans.pages.returns.inspecting import CONDITION_WORDS
from fleet.loans.rules import HandedTo
from fleet.loans.words import HANDED_WORDS
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.tags import service as tags
from fleet.users.actor import Actor
from fleet.web.render import render

router = PageRouter(prefix="/loans")
SIM_PLACES = (("no", "In the one that stays"), ("yes", "In the one that comes back", "Move it across if you can."))
"""Whether the SIM is in the tray of the one that comes back."""


@dataclass(frozen=True)
class CounterPage:
    """The swap at the hub: the label of the one that comes back, and of the one that stays with the person."""

    loan: Loan
    name: str
    own: str
    other: str
    """Empty while no tablet is kept for a swap."""
    away: bool
    """Whether a courier has the other one."""
    has_sim: bool
    due: str
    answers: Answers
    handed_choices: tuple[tuple[str, str], ...] = tuple((each.value, HANDED_WORDS[each]) for each in HandedTo)
    sim_places: tuple[tuple[str, ...], ...] = SIM_PLACES
    conditions: tuple[tuple[str, str], ...] = tuple((each.value, CONDITION_WORDS[each]) for each in service.Condition)
    title: str = "Swap at the hub"


@router.get("/{loan_id}/swap/at-hub")
def counter_page(request: Request, loan_id: LoanId, session: ReadSession, _actor: Decider) -> Response:
    return render(request, "loans/swap_at_hub.html", _counter(session, loan_id, Answers({"handed_to": "participant"})))


@router.post("/{loan_id}/swap/at-hub")
def swap_at_hub(
    request: Request,
    loan_id: LoanId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    had = _counter(session, loan_id, Answers())
    made = tried(session, lambda: _swap(session, loan_id, form, actor, settings, clock()))
    if not isinstance(made, Loan):
        page = _counter(session, loan_id, answers(form, made))
        return render(request, "loans/swap_at_hub.html", page, status=made.status)
    forgotten = (
        f" Their SIM is in {had.own}: move it across before they go." if form.get("sim_in_tray") == "yes" else ""
    )
    said = f"Swapped. {had.other} is theirs until {service.due_words(made)}, as before.{forgotten}"
    return see_other(f"/loans/{loan_id}", said=said)


def _swap(session: Session, loan_id: int, form: Form, actor: Actor, settings: Settings, now: datetime) -> Loan:
    unsaid: dict[str, str] = {}
    comes_back = scanned(session, form, "code", unsaid)
    stays = scanned(session, form, "second_code", unsaid)
    if form.get("handed_to") not in list(HandedTo):
        unsaid["handed_to"] = "Choose who takes it."
    if form.get("sim_in_tray") not in ("yes", "no") and service.has_data_inside(session, loan_id):
        unsaid["sim_in_tray"] = "Look where their SIM is, and say."
    if unsaid:
        raise BadInput("Nothing was swapped.", fields=unsaid)
    return service.swap_at_hub(
        session,
        loan_id,
        tablet_id=comes_back,
        brought_id=stays,
        handed_to=HandedTo(form.get("handed_to")),
        actor=actor,
        settings=settings,
        happening=Happening(now=now),
        seen={
            "condition": form.get("condition") if form.get("condition") in list(service.Condition) else None,
            "sim_in_tray": {"yes": True, "no": False}.get(form.get("sim_in_tray")),
            "kit_missing": form.get("kit_missing")[:200],
        },
    )


def _counter(session: Session, loan_id: int, typed: Answers) -> CounterPage:
    loan = service.get_loan(session, loan_id)
    person = people.get_person(session, loan.person_id)
    link = service.open_tablet(session, loan_id)
    pair = [each for each in (link.tablet_id if link else None, loan.swap_tablet_id) if each is not None]
    labels = tags.codes_of(session, pair)
    other = tablets.get_tablet(session, loan.swap_tablet_id) if loan.swap_tablet_id is not None else None
    return CounterPage(
        loan=loan,
        name=f"{person.first_name} {person.last_name}",
        own=labels.get(link.tablet_id, f"Tablet {link.tablet_id}") if link else "",
        other=labels.get(other.id, f"Tablet {other.id}") if other else "",
        away=other is not None and other.stage is Stage.IN_TRANSIT_OUT,
        has_sim=service.has_data_inside(session, loan_id),
        due=service.due_words(loan),
        answers=typed,
    )
