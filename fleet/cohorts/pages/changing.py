"""The page of one programme, where its policy is changed, and of one cohort with the days of its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.cohorts import service
from fleet.cohorts.api import ProgrammeId, SetUp
from fleet.cohorts.models import Cohort, Programme
from fleet.cohorts.pages.paying import funder_rows, funder_values, typed_funders
from fleet.cohorts.pages.setting_up import BARRIER_CHOICES, OUTCOME_CHOICES, funders
from fleet.cohorts.schemas import ChangeForm, CollectionIn
from fleet.errors import BadInput, Conflict
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter()


@dataclass(frozen=True)
class ChangePage:
    programme: Programme
    funders: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    ticked: tuple[str, ...]
    counted: tuple[str, ...]
    errors: Mapping[str, str]
    title: str
    cohorts: Sequence[Cohort] = ()
    barriers: tuple[tuple[str, str], ...] = BARRIER_CHOICES
    outcomes: tuple[tuple[str, str], ...] = OUTCOME_CHOICES
    back_href: str = "/cohorts"
    back_text: str = "Programmes and cohorts"

    @property
    def rows(self) -> tuple[int, ...]:
        return funder_rows(self.values)


@dataclass(frozen=True)
class CollectionLine:
    """A day on which measures are collected: as planned, when it takes place, and why that is another day."""

    id: int
    planned_on: date
    takes_place_on: date
    why: str
    words: str


@dataclass(frozen=True)
class CohortPage:
    cohort: Cohort
    programme: Programme
    due_on: date
    why_due: str
    collections: tuple[CollectionLine, ...]
    may_set_up: bool
    may_put_into: bool
    """Whether the viewer may say who is in it."""
    title: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    back_href: str = "/cohorts"
    back_text: str = "Programmes and cohorts"


@router.get("/programmes/{programme_id}", dependencies=[Depends(may(Permission.COHORTS_SET_UP))])
def change_page(request: Request, programme_id: ProgrammeId, session: ReadSession) -> Response:
    programme = service.get_programme(session, programme_id)
    values = {name: str(value) for name, value in vars(programme).items() if value is not None}
    values |= {"bundle_required": "yes" if programme.bundle_required else ""}
    values |= {"gifts_allowed": "yes" if programme.gifts_allowed else "", "active": "yes" if programme.active else ""}
    values |= {"postcodes": ", ".join(programme.areas)}
    values |= funder_values(service.funders_of(session, [programme_id])[programme_id])
    page = _page(session, programme, values, programme.barriers, programme.outcomes)
    return render(request, "cohorts/programme.html", page)


@router.post("/programmes/{programme_id}")
def change(request: Request, programme_id: ProgrammeId, form: FormDep, session: WriteSession, actor: SetUp) -> Response:
    programme = service.get_programme(session, programme_id)
    try:
        asked = form.parse(ChangeForm)
        service.change_programme(
            session,
            programme_id,
            name=asked.name,
            policy=asked.policy(),
            funders=typed_funders(form),
            active=asked.active,
            actor=actor,
        )
    except (BadInput, Conflict) as refused:
        errors = _shown(refused.fields) if isinstance(refused, BadInput) else {"name": refused.message}
        ticked, counted = (form.lists.get(name, ()) for name in ("barriers", "outcomes"))
        page = _page(session, programme, form.values, ticked, counted, errors)
        return render(request, "cohorts/programme.html", page, status=422)
    return see_other("/cohorts", said=f"{programme.name} lends by this from the next request on.")


@router.get("/cohorts/{cohort_id}")
def cohort_page(
    request: Request,
    cohort_id: RowId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.COHORTS_SEE))],
) -> Response:
    return render(request, "cohorts/detail.html", _cohort(session, cohort_id, actor))


@router.post("/cohorts/{cohort_id}/collections")
def add_collection(
    request: Request, cohort_id: RowId, form: FormDep, session: WriteSession, actor: SetUp, clock: ClockDep
) -> Response:
    try:
        asked = form.parse(CollectionIn)
        service.add_collection(session, cohort_id, asked.planned_on, words=asked.words, actor=actor, now=clock())
    except BadInput as refused:
        page = _cohort(session, cohort_id, actor, form.values, refused.fields)
        return render(request, "cohorts/detail.html", page, status=422)
    return see_other(f"/cohorts/{cohort_id}", said="The day is written down.")


@router.post("/cohorts/{cohort_id}/collections/{date_id}/remove")
def remove_collection(cohort_id: RowId, date_id: RowId, form: FormDep, session: WriteSession, actor: SetUp) -> Response:
    service.remove_collection(session, cohort_id, date_id, actor=actor)
    return see_other(f"/cohorts/{cohort_id}", said="The day is taken out.")


def _shown(fields: Mapping[str, str]) -> dict[str, str]:
    """Errors under the names that the form has."""
    return {("postcodes" if name == "areas" else name): sentence for name, sentence in fields.items()}


def _page(
    session: Session,
    programme: Programme,
    values: Mapping[str, str],
    ticked: Sequence[str],
    counted: Sequence[str],
    errors: Mapping[str, str] | None = None,
) -> ChangePage:
    title = f"How {programme.name} lends"
    cohorts = service.cohorts_of(session, programme.id)
    return ChangePage(programme, funders(session), values, tuple(ticked), tuple(counted), errors or {}, title, cohorts)


def _cohort(
    session: Session,
    cohort_id: int,
    actor: Actor,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> CohortPage:
    cohort = service.get_cohort(session, cohort_id)
    programme = service.get_programme(session, cohort.programme_id)
    calendar = service.calendar_of(session, programme.hub_id)
    lines = tuple(
        CollectionLine(
            each.id,
            each.planned_on,
            service.takes_place(calendar, each),
            calendar.why_closed(each.planned_on),
            each.words,
        )
        for each in service.collections_of(session, cohort_id)
    )
    return CohortPage(
        cohort=cohort,
        programme=programme,
        due_on=calendar.roll_forward(cohort.ends_on),
        why_due=calendar.why_closed(cohort.ends_on),
        collections=lines,
        may_set_up=actor.may(Permission.COHORTS_SET_UP),
        may_put_into=actor.may(Permission.LOANS_DECIDE),
        title=cohort.name,
        values=values or {},
        errors=errors or {},
    )
