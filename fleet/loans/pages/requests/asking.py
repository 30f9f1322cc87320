"""The one page on which somebody asks for a tablet: who it is for, how to reach them, what they need, what for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from sqlalchemy.orm import Session

from fleet.clock import Clock, local_date
from fleet.cohorts import service as cohorts
from fleet.database.base import LARGEST_ID, row_number
from fleet.errors import BadInput, NotFound
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Requester
from fleet.loans.models import Loan
from fleet.loans.rules import Barrier, SafeAtHome
from fleet.loans.schemas import AskIn
from fleet.loans.seeing import as_referrer
from fleet.loans.words import BARRIER_WORDS, SAFE_WORDS
from fleet.partners.service import hub_of
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.pages import Answers, typed
from fleet.people.schemas import PersonIn
from fleet.people.sight import is_own
from fleet.settings import Settings
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/requests")
SOMEBODY_ELSE = "somebody_else"
"""The answer that none of the records that look the same is this person's."""


@dataclass(frozen=True)
class AskPage:
    """`person` is one on record already; then nothing is asked about them again."""

    answers: Answers
    programmes: tuple[tuple[str, str], ...]
    cohorts: tuple[tuple[str, str], ...]
    person: Person | None = None
    look_alikes: Sequence[Person] = ()
    barriers: tuple[str, ...] = ()
    may_set_up: bool = False
    may_open: bool = False
    """Whether the viewer may look at the records that look the same."""
    safe_choices: tuple[tuple[str, str], ...] = tuple((each.value, SAFE_WORDS[each]) for each in SafeAtHome)
    barrier_choices: tuple[tuple[str, str], ...] = tuple((each.value, BARRIER_WORDS[each]) for each in Barrier)
    title: str = "Ask for a tablet"
    values: Mapping[str, str] = field(default_factory=dict)


@router.get("/new")
def ask_page(
    request: Request,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.REQUESTS_MAKE))],
    clock: ClockDep,
    person: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
) -> Response:
    on_record = _own_person(session, person, actor) if person else None
    return render(request, "loans/ask.html", _page(session, clock, actor, Answers(), person=on_record))


@router.post("/new")
def ask(
    request: Request, form: FormDep, session: WriteSession, actor: Requester, settings: SettingsDep, clock: ClockDep
) -> Response:
    who = form.get("person_id")
    on_record = _own_person(session, row_number(who) or 0, actor) if who not in ("", SOMEBODY_ELSE) else None
    try:
        alike = () if who else _look_alikes(session, form, actor)
        if alike:
            page = _page(session, clock, actor, typed(form), form=form, look_alikes=alike)
            return render(request, "loans/ask.html", page, status=422)
        with session.begin_nested():
            loan, doubts = _ask(session, form, on_record, actor, settings, Happening(now=clock()))
    except BadInput as refused:
        problems = _all_problems(form, on_record, refused, local_date(clock()))
        page = _page(session, clock, actor, typed(form, problems), on_record, form=form)
        return render(request, "loans/ask.html", page, status=422)
    onward = f"/loans/{loan.id}" if actor.may(Permission.LOANS_SEE) else "/requests"
    return see_other(onward, said=" ".join(("The request is on its way.", *doubts)))


def _ask(
    session: Session, form: Form, on_record: Person | None, actor: Actor, settings: Settings, happening: Happening
) -> tuple[Loan, tuple[str, ...]]:
    asked = form.parse(AskIn)
    person, doubts = (on_record, ()) if on_record else _record(session, form, actor, happening)
    loan = service.request_loan(
        session,
        person_id=person.id,
        **asked.model_dump(exclude={"data_alone"}),
        kind=asked.kind,
        referrer_id=as_referrer(actor),
        actor=actor,
        settings=settings,
        happening=happening,
    )
    return loan, doubts


def _record(session: Session, form: Form, actor: Actor, happening: Happening) -> tuple[Person, tuple[str, ...]]:
    recorded = people.add_person(
        session,
        form.parse(PersonIn).details(),
        hub_id=hub_of(session, actor).id,
        actor=actor,
        happening=happening,
        referrer_id=as_referrer(actor),
    )
    return recorded.person, recorded.doubts


def _look_alikes(session: Session, form: Form, actor: Actor) -> Sequence[Person]:
    """Records that look the same: a partner is asked about its own people only, and never told of others'."""
    alike = people.look_alikes(session, form.parse(PersonIn).details())
    return alike if as_referrer(actor) is None else [each for each in alike if is_own(each, actor)]


def _all_problems(form: Form, on_record: Person | None, refused: BadInput, today: date) -> Mapping[str, str]:
    """What is wrong with the person and with the rest, at once."""
    problems = dict(refused.fields)
    checks: list[Callable[[], object]] = [lambda: form.parse(AskIn)]
    if on_record is None:
        checks.append(lambda: people.check(form.parse(PersonIn).details(), today))
    for check in checks:
        try:
            check()
        except BadInput as more:
            problems = {**more.fields, **problems}
    if "programme_id" in problems and not form.get("programme_id"):
        problems["programme_id"] = "Choose a programme."
    return problems


def _own_person(session: Session, person_id: int, actor: Actor) -> Person:
    person = people.get_person(session, person_id)
    if as_referrer(actor) is not None and not is_own(person, actor):
        raise NotFound("There is no such person.", next_step="Ask for a tablet with the person's details instead.")
    return person


def _page(
    session: Session,
    clock: Clock,
    actor: Actor,
    answers: Answers,
    person: Person | None = None,
    *,
    form: Form | None = None,
    look_alikes: Sequence[Person] = (),
) -> AskPage:
    programmes = cohorts.active_programmes(session)
    names = {each.id: each.name for each in programmes}
    open_cohorts = [
        each for each in cohorts.cohorts_not_over(session, local_date(clock())) if each.programme_id in names
    ]
    return AskPage(
        answers=answers,
        programmes=tuple((str(number), name) for number, name in names.items()),
        cohorts=tuple((str(each.id), f"{names[each.programme_id]}: {each.name}") for each in open_cohorts),
        person=person,
        look_alikes=look_alikes,
        barriers=form.lists.get("barriers", ()) if form else (),
        values=form.values if form else {},
        may_set_up=actor.may(Permission.COHORTS_SET_UP),
        may_open=actor.may(Permission.PEOPLE_SEE),
    )
