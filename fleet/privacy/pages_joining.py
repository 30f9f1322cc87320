"""Is it the same person? Two records side by side, from the loan whose request would go onto the other one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service as loans
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.sight import SeenPerson, seen
from fleet.people.words import CHANNEL_WORDS, language_words
from fleet.privacy import service
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/loans")
Decider = Annotated[Actor, Depends(may(Permission.LOANS_DECIDE))]
CHOICES = (("kept", "As the record that stays says"), ("doubled", "As this request says"))


@dataclass(frozen=True)
class JoinPage:
    """`rows` are (what, on this request's record, on the other one)."""

    loan_id: int
    doubled: Person
    kept: Person
    rows: tuple[tuple[str, str, str], ...]
    refused: str = ""
    choices: tuple[tuple[str, str], ...] = CHOICES
    title: str = "Is it the same person?"


@router.get("/{loan_id}/same-person/{person_id}")
def join_page(
    request: Request,
    loan_id: RowId,
    person_id: RowId,
    session: ReadSession,
    actor: Decider,
    database: DatabaseDep,
    clock: ClockDep,
) -> Response:
    page = _page(session, loan_id, person_id, actor)
    people.viewed_all(database, [page.doubled.id, page.kept.id], actor=actor, now=clock())
    return render(request, "privacy/joining.html", page)


@router.post("/{loan_id}/same-person/{person_id}")
def join(
    request: Request,
    loan_id: RowId,
    person_id: RowId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        with session.begin_nested():
            emptied = service.join(
                session,
                loan_id,
                person_id,
                take_contact=form.get("contact") == "doubled",
                take_needs=form.get("needs") == "doubled",
                actor=actor,
                settings=settings,
                happening=Happening(now=clock()),
            )
    except Conflict as refused:
        page = _page(session, loan_id, person_id, actor, f"{refused.message} {refused.next_step}")
        return render(request, "privacy/joining.html", page, status=409)
    left = "The doubled record is emptied." if emptied else "The other record stays: it has a history of its own."
    return see_other(f"/loans/{loan_id}", said=f"The request is on the one record. {left}")


def _page(session: Session, loan_id: int, person_id: int, actor: Actor, refused: str = "") -> JoinPage:
    doubled = people.get_person(session, loans.get_loan(session, loan_id).person_id)
    kept = people.get_person(session, person_id)
    people.refuse_erased(kept)
    one, other = (_told(session, each, actor) for each in (doubled, kept))
    rows = tuple((what, told, other[what]) for what, told in one.items() if told or other[what])
    return JoinPage(loan_id, doubled, kept, rows, refused)


def _told(session: Session, person: Person, actor: Actor) -> dict[str, str]:
    view: SeenPerson = seen(person, people.needs_of(session, person.id), actor)
    return {
        "Name": view.name,
        "Phone": view.phone,
        "Email": view.email,
        "Address": ", ".join(view.address),
        "At the door": view.door_note,
        "Wants to hear by": CHANNEL_WORDS[person.channel],
        "Speaks": language_words(person.language_spoken),
        "Needs": ", ".join(view.needs) or ("Nothing" if person.needs_asked else "Not asked yet"),
        "Loans": str(loans.count_loans(session, person.id)),
        "On record since": f"{person.created_at:%-d %B %Y}",
    }
