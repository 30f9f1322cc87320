"""Endings on a loan's own pages: lost, given for good, data alone handed over and ended, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.clock import Clock
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.models import Loan, SecondLook
from fleet.loans.pages.loan.choosing import Answers, answers, tried
from fleet.loans.rules import CardAfter, GoesOn, HandedTo
from fleet.people import service as people
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.web.render import render

router = PageRouter(prefix="/loans")


@dataclass(frozen=True)
class EndingPage:
    """One short form about the end of a loan."""

    title: str
    loan: Loan
    name: str
    path: str
    effects: Sequence[str] = ()
    """What would happen, before anybody decides."""
    waits: SecondLook | None = None
    """Somebody asked for it already."""
    answers: Answers = field(default_factory=Answers)


def _page(session: Session, loan_id: int, title: str, path: str, given: Answers | None = None) -> EndingPage:
    loan = service.get_loan(session, loan_id)
    person = people.get_person(session, loan.person_id)
    return EndingPage(
        title=title,
        loan=loan,
        name=f"{person.first_name} {person.last_name}",
        path=f"/loans/{loan_id}/{path}",
        answers=given or Answers(),
    )


def _loss_page(
    session: Session, loan_id: int, clock: Clock, *, of_swap: bool, given: Answers | None = None
) -> EndingPage:
    title = "Record the other tablet as lost" if of_swap else "Record it as lost"
    page = _page(session, loan_id, title, "lost-swap" if of_swap else "lost", given)
    held = service.look(session, page.loan)
    loss, happening = service.loss_of(held, of_swap=of_swap), Happening(now=clock())
    return replace(
        page,
        effects=service.what_a_loss_does(session, held, loss, happening=happening),
        waits=queries.open_loss(session, loan_id, loss.move),
    )


@router.get("/{loan_id}/lost")
def lost_page(request: Request, loan_id: LoanId, session: ReadSession, _actor: Decider, clock: ClockDep) -> Response:
    return render(request, "loans/lost.html", _loss_page(session, loan_id, clock, of_swap=False))


@router.get("/{loan_id}/lost-swap")
def lost_swap_page(
    request: Request, loan_id: LoanId, session: ReadSession, _actor: Decider, clock: ClockDep
) -> Response:
    return render(request, "loans/lost.html", _loss_page(session, loan_id, clock, of_swap=True))


@router.post("/{loan_id}/lost")
def ask_to_lose(
    request: Request,
    loan_id: LoanId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    return _ask_to_lose(request, session, form, loan_id, actor, settings, clock, of_swap=False)


@router.post("/{loan_id}/lost-swap")
def ask_to_lose_swap(
    request: Request,
    loan_id: LoanId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    return _ask_to_lose(request, session, form, loan_id, actor, settings, clock, of_swap=True)


def _ask_to_lose(
    request: Request,
    session: Session,
    form: Form,
    loan_id: int,
    actor: Actor,
    settings: Settings,
    clock: Clock,
    *,
    of_swap: bool,
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    asked = tried(
        session,
        lambda: service.ask_to_lose(
            session,
            loan_id,
            reference=form.get("reference"),
            of_swap=of_swap,
            actor=actor,
            settings=settings,
            happening=happening,
        ),
    )
    if isinstance(asked, SecondLook):
        return see_other(f"/loans/{loan_id}", said="A second person is asked to agree. Until then nothing changes.")
    page = _loss_page(session, loan_id, clock, of_swap=of_swap, given=answers(form, asked))
    return render(request, "loans/lost.html", page, status=asked.status)


@router.get("/{loan_id}/give")
def give_page(request: Request, loan_id: LoanId, session: ReadSession, _actor: Decider) -> Response:
    return render(request, "loans/give.html", _page(session, loan_id, "Give it for good", "give"))


@router.post("/{loan_id}/give")
def give(
    request: Request,
    loan_id: LoanId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    made = tried(
        session,
        lambda: service.mark_gifted(
            session,
            loan_id,
            authority=form.get("authority"),
            actor=actor,
            settings=settings,
            happening=happening,
        ),
    )
    if isinstance(made, Loan):
        return see_other(f"/loans/{loan_id}", said="It is theirs. Print the letter that says so.")
    page = _page(session, loan_id, "Give it for good", "give", answers(form, made))
    return render(request, "loans/give.html", page, status=made.status)


def _coded(form_value: str, codes: Mapping[str, str], sentence: str) -> str:
    if form_value not in codes:
        raise BadInput("Nothing was written down.", fields={"reason": sentence})
    return form_value


@router.post("/{loan_id}/goes-on")
def goes_on(
    loan_id: LoanId, form: FormDep, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    to = GoesOn(_coded(form.get("reason"), {each.value: "" for each in GoesOn}, "Choose what they go on to."))
    happening = Happening(now=clock())
    service.say_what_next(session, loan_id, to, actor=actor, settings=settings, happening=happening)
    return see_other(f"/loans/{loan_id}", said="What they go on to is on record.")


@router.post("/{loan_id}/give-data")
def give_data(
    loan_id: LoanId, form: FormDep, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    to = HandedTo(_coded(form.get("reason"), {each.value: "" for each in HandedTo}, "Choose who takes it."))
    happening = Happening(now=clock())
    service.give_data(session, loan_id, handed_to=to, actor=actor, settings=settings, happening=happening)
    return see_other(f"/loans/{loan_id}", said="They have it, and the data runs.")


@router.post("/{loan_id}/end-data")
def end_data(
    loan_id: LoanId, form: FormDep, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    codes = {each.value: "" for each in CardAfter}
    card = CardAfter(_coded(form.get("reason"), codes, "Choose what became of it."))
    happening = Happening(now=clock())
    service.end_data(session, loan_id, card=card, actor=actor, settings=settings, happening=happening)
    return see_other(f"/loans/{loan_id}", said="The loan of data is over.")


@router.post("/{loan_id}/card-with-them")
def card_with_them(
    loan_id: LoanId, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    service.card_with_them(session, loan_id, actor=actor, settings=settings, happening=Happening(now=clock()))
    return see_other(f"/loans/{loan_id}", said="Their SIM is with them again.")
