"""Pages about what needs a second person: the list, one of them, and the death that was recorded by mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Recorder, Seconder
from fleet.loans.models import SecondLook
from fleet.loans.pages.loan.choosing import Answers, answers, tried
from fleet.loans.rules import Asked as AskedFacts
from fleet.loans.rules import LookKind, why_not_agree
from fleet.loans.words import courier_comes
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.sight import is_own, name_form, row_for
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape

router = PageRouter()
COLUMNS = (Column("What is asked for"), Column("Asked by"), Column("Asked", "asked"), Column("How it stands"))
KIND_WORDS = {
    LookKind.LOSS: "Record a tablet as lost",
    LookKind.DEATH_TAKEN_BACK: "Take back a recorded death",
}
_WAITING = "Waits for a second person"
DEATH_EFFECTS = (
    "Loans that still run go on, with the due dates they had.",
    "Reminders begin again with the next step that is due. What was withdrawn stays withdrawn.",
    "Requests that were cancelled stay cancelled: ask for a tablet again.",
    "Nobody but them is written to. The log keeps both names.",
)


@dataclass(frozen=True)
class LooksPage:
    table: Table
    title: str = "A second person"


@dataclass(frozen=True)
class LookPage:
    """One thing that waits for a second person, or did."""

    title: str
    look: SecondLook
    about: tuple[tuple[str, object, str, str], ...]
    effects: Sequence[str]
    why_not: str
    own: bool


@dataclass(frozen=True)
class DeathPage:
    """Somebody has died, or has not."""

    title: str
    person: Person
    name: str
    effects: Sequence[str] = ()
    waits: SecondLook | None = None
    answers: Answers = field(default_factory=Answers)


@router.get("/second-looks")
def looks_page(request: Request, session: ReadSession, query: Listed, _actor: Seconder) -> Response:
    found = queries.find_looks(session, query)
    over = {look.id: service.overtaken(session, look) for look in found.items if look.decided_at is None}
    shown = table(
        found,
        caption="What needs a second person",
        columns=COLUMNS,
        row=lambda look: _row(look, over),
        path="/second-looks",
        filters=(Filter("open", "Which", query.filter("open"), (("", "What waits"), ("no", "Also what was decided"))),),
        empty="A tablet that is to be recorded as lost, or a death that was recorded by mistake, waits here for "
        "somebody else to agree.",
    )
    if query.as_csv:
        return table_csv("second-looks", shown)
    return render(request, "loans/second_looks.html", LooksPage(shown))


def _row(look: SecondLook, over: Mapping[int, str]) -> tuple[Cell, ...]:
    about = f"loan {look.loan_id}" if look.loan_id is not None else f"record {look.person_id}"
    if look.decided_at is not None:
        words = f"{'Agreed' if look.agreed else 'Turned down'} by {look.decided_by}"
        state = Cell(words, state=Shape.DONE if look.agreed else Shape.PLAIN)
    else:
        state = Cell("Nothing left to agree to" if over[look.id] else _WAITING, state=Shape.WAITING)
    return (
        Cell(f"{KIND_WORDS[look.kind]}, {about}", href=f"/second-looks/{look.id}"),
        Cell(look.asked_by),
        Cell(f"{look.asked_at:%-d %b %Y}"),
        state,
    )


@router.get("/second-looks/{look_id}")
def look_page(request: Request, look_id: RowId, session: ReadSession, actor: Seconder, clock: ClockDep) -> Response:
    return render(request, "loans/second_look.html", _page(session, look_id, actor, clock()))


def _page(session: Session, look_id: int, actor: Actor, now: datetime) -> LookPage:
    look = service.get_look(session, look_id)
    over = service.overtaken(session, look) if look.decided_at is None else ""
    facts = AskedFacts(look.asked_by_id, look.asked_by, look.decided_at is not None, look.decided_by, over)
    return LookPage(
        title=KIND_WORDS[look.kind],
        look=look,
        about=_about(session, look, actor),
        effects=_effects(session, look, now) if not over and look.decided_at is None else (),
        why_not=why_not_agree(facts, actor_id=actor.user_id) or "",
        own=look.asked_by_id == actor.user_id,
    )


def _about(session: Session, look: SecondLook, actor: Actor) -> tuple[tuple[str, object, str, str], ...]:
    person = people.get_person(session, look.person_id)
    name = name_form(person, row_for(actor).name, own=is_own(person, actor))
    may_see, may_loans = actor.may(Permission.PEOPLE_SEE), actor.may(Permission.LOANS_SEE)
    rows: list[tuple[str, object, str, str]] = []
    if look.loan_id is not None:
        href = f"/loans/{look.loan_id}" if may_loans else ""
        rows.append(("Loan", f"{look.loan_id}", href, "Open" if href else ""))
    href = f"/people/{person.id}" if may_see else ""
    rows.append(("Person", f"{name}, record {person.id}", href, "Open" if href else ""))
    rows.append(("Asked by", f"{look.asked_by}, {look.asked_at:%-d %B %Y}", "", ""))
    rows.append(("Why", look.reason, "", ""))
    if look.reference:
        rows.append(("Police or incident number", look.reference, "", ""))
    return tuple(rows)


def _effects(session: Session, look: SecondLook, now: datetime) -> Sequence[str]:
    if look.loan_id is None:
        return DEATH_EFFECTS
    held = service.look(session, service.get_loan(session, look.loan_id))
    loss = service.Loss(look.move, look.tablet_id) if look.move is not None else None
    return service.what_a_loss_does(session, held, loss, happening=Happening(now=now)) if loss is not None else ()


@router.post("/second-looks/{look_id}/agree")
def agree(look_id: RowId, session: WriteSession, actor: Seconder, settings: SettingsDep, clock: ClockDep) -> Response:
    look = service.agree(session, look_id, actor=actor, settings=settings, happening=Happening(now=clock()))
    said = "It is recorded as lost. Nobody is blamed for it."
    if look.kind is LookKind.DEATH_TAKEN_BACK:
        said = "The recorded death is taken back. Loans that still run go on."
    return see_other(f"/second-looks/{look_id}", said=said)


@router.post("/second-looks/{look_id}/turn-down")
def turn_down(
    look_id: RowId, session: WriteSession, actor: Seconder, settings: SettingsDep, clock: ClockDep
) -> Response:
    service.turn_down(session, look_id, actor=actor, settings=settings, happening=Happening(now=clock()))
    return see_other("/second-looks", said="It stays as it was.")


def _death_page(session: Session, person_id: int, title: str, given: Answers | None = None) -> DeathPage:
    person = people.get_person(session, person_id)
    people.refuse_erased(person)
    return DeathPage(
        title=title,
        person=person,
        name=f"{person.first_name} {person.last_name}",
        effects=DEATH_EFFECTS,
        waits=queries.open_look_of_person(session, person_id),
        answers=given or Answers(),
    )


@router.get("/people/{person_id}/death")
def death_page(request: Request, person_id: RowId, session: ReadSession, _actor: Recorder) -> Response:
    return render(request, "loans/death.html", _death_page(session, person_id, "Has died"))


@router.post("/people/{person_id}/death")
def record_death(
    request: Request,
    person_id: RowId,
    form: FormDep,
    session: WriteSession,
    actor: Recorder,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    now = clock()
    made = tried(
        session,
        lambda: service.record_death(
            session,
            person_id,
            on=form.day("on"),
            actor=actor,
            settings=settings,
            happening=Happening(now=now),
        ),
    )
    if isinstance(made, BadInput | Conflict):
        page = _death_page(session, person_id, "Has died", answers(form, made))
        return render(request, "loans/death.html", page, status=made.status)
    rung = any(courier_comes(loan) for loan in service.loans_of_person(session, person_id))
    call = " A courier is on the way to them: ring the courier now." if rung else ""
    return see_other(f"/people/{person_id}", said=f"All contact has stopped, on every loan.{call}")


@router.post("/people/{person_id}/death/take-back")
def ask_death_back(
    request: Request, person_id: RowId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    made = tried(session, lambda: service.ask_death_back(session, person_id, actor=actor, happening=happening))
    if isinstance(made, SecondLook):
        return see_other(
            f"/people/{person_id}/death", said="A second person is asked. Until then everything stays stopped."
        )
    page = _death_page(session, person_id, "Has died", answers(form, made))
    return render(request, "loans/death.html", page, status=made.status)
