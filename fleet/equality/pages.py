"""Pages about equality: a form that is only ever written, and figures with small numbers hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.equality import service
from fleet.equality.rules import HIDDEN_BELOW, ROUNDED_TO, Question, questions
from fleet.equality.schemas import answers_in
from fleet.equality.service import Counted
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Listed, csv_response
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.service import hub_of
from fleet.people import service as people
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter()

PersonId = RowId
Recorder = Annotated[Actor, Depends(may(Permission.EQUALITY_RECORD))]
HIDDEN = f"fewer than {HIDDEN_BELOW}"


@dataclass(frozen=True)
class AskPage:
    person_id: int
    name: str
    nation: str
    errors: Mapping[str, str]
    questions: tuple[Question, ...] = ()
    title: str = "Ask about equality"


@dataclass(frozen=True)
class FiguresPage:
    figures: tuple[Counted, ...]
    hidden: str = HIDDEN
    below: int = HIDDEN_BELOW
    nearest: int = ROUNDED_TO
    title: str = "Equality figures"


@router.get("/people/{person_id}/equality", dependencies=[Depends(may(Permission.EQUALITY_RECORD))])
def ask_page(request: Request, person_id: PersonId, session: ReadSession) -> Response:
    person = people.get_person(session, person_id)
    people.refuse_erased(person)
    nation = service.nation_of(session, person.hub_id)
    page = AskPage(person_id, person.first_name, nation, {}, questions())
    return render(request, "equality/ask.html", page)


@router.post("/people/{person_id}/equality")
def ask(
    request: Request, person_id: PersonId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    try:
        answers = answers_in(form.values)
        service.record_answers(session, person_id, answers, actor=actor, happening=Happening(now=clock()))
    except BadInput as refused:
        person = people.get_person(session, person_id)
        nation = service.nation_of(session, person.hub_id)
        page = AskPage(person_id, person.first_name, nation, refused.fields, questions())
        return render(request, "equality/ask.html", page, status=422)
    return see_other(f"/people/{person_id}", said="Thank you. What was said is kept apart, and shown to nobody here.")


@router.get("/equality")
def figures_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.EQUALITY_FIGURES))],
) -> Response:
    figures = service.figures(session, str(hub_of(session, actor).nation))
    if query.as_csv:
        rows = (
            (each.question.words, row.heading, row.words, HIDDEN if row.number is None else row.number)
            for each in figures
            for row in each.rows
        )
        return csv_response("equality", ("Question", "Group", "Answer", "People"), rows)
    return render(request, "equality/figures.html", FiguresPage(figures))
