"""Pages about programmes and cohorts: both lists, and a form for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import queries, service
from fleet.cohorts.api import ProgrammeId, SetUp
from fleet.cohorts.models import Cohort, Programme
from fleet.cohorts.pages.paying import funder_rows, typed_funders
from fleet.cohorts.plan import Question
from fleet.cohorts.rules import OUTCOME_WORDS
from fleet.cohorts.schemas import CohortIn, ProgrammeForm
from fleet.database.lists import Found, ListQuery
from fleet.errors import BadInput, Conflict
from fleet.gatherings import service as gatherings
from fleet.gatherings.rules import MOST_CHOSEN
from fleet.gatherings.words import short_words
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.models import OrganisationKind
from fleet.partners.service import hub_of, organisations_of_kind
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter()

PROGRAMME_COLUMNS = (
    Column("Programme"),
    Column("A loan lasts"),
    Column("Extensions"),
    Column("Days of grace", numeric=True),
    Column("Data"),
    Column("For whom"),
    Column("Gatherings", numeric=True),
    Column("Plan"),
)
COHORT_COLUMNS = (
    Column("Cohort", "name"),
    Column("Programme"),
    Column("Starts", "starts"),
    Column("Ends", "ends"),
    Column("Places", numeric=True),
)
BARRIER_CHOICES = (("device", "No device"), ("connectivity", "No connection"), ("skills", "Not the skills yet"))
OUTCOME_CHOICES = tuple(OUTCOME_WORDS.items())

PLACES = ("First", "Second", "Third", "Fourth", "Fifth")[:MOST_CHOSEN]


@dataclass(frozen=True)
class ListPage:
    programmes: Table
    cohorts: Table
    may_set_up: bool
    title: str = "Programmes and cohorts"


@dataclass(frozen=True)
class ProgrammePage:
    funders: tuple[tuple[str, str], ...]
    values: Mapping[str, str] = field(default_factory=lambda: {"bundle_required": "yes"})
    ticked: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    """The outcomes that are ticked."""
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "Set up a programme"
    barriers: tuple[tuple[str, str], ...] = BARRIER_CHOICES
    outcomes: tuple[tuple[str, str], ...] = OUTCOME_CHOICES

    @property
    def rows(self) -> tuple[int, ...]:
        return funder_rows(self.values)


@dataclass(frozen=True)
class CohortPage:
    programmes: tuple[tuple[str, str], ...]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    question: Question | None = None
    """What looks wrong about its first day."""
    title: str = "Set up a cohort"
    back_href: str = "/cohorts"
    back_text: str = "Programmes and cohorts"


@dataclass(frozen=True)
class GatheringsPage:
    programme: Programme
    choices: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    title: str
    places: tuple[str, ...] = PLACES


@router.get("/cohorts")
def list_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.COHORTS_SEE))],
) -> Response:
    programmes = queries.programmes(session)
    names = {programme.id: programme.name for programme in programmes}
    cohorts = table(
        queries.find_cohorts(session, query),
        caption="Cohorts",
        columns=COHORT_COLUMNS,
        row=lambda cohort: _cohort_row(cohort, names[cohort.programme_id]),
        path="/cohorts",
        filters=(Filter("q", "Name of the cohort", query.filter("q")),),
        empty="Cohorts appear here once they are set up: people who begin and end together.",
    )
    if query.as_csv:
        return table_csv("cohorts", cohorts)
    page = ListPage(_programme_table(session, list(programmes), actor), cohorts, actor.may(Permission.COHORTS_SET_UP))
    return render(request, "cohorts/list.html", page)


@router.get("/programmes", dependencies=[Depends(may(Permission.COHORTS_SEE))])
def list_by_its_other_name(request: Request) -> Response:
    """The word in the menu, typed by hand."""
    return RedirectResponse(f"/cohorts?{request.url.query}".rstrip("?"), status_code=301)


@router.get("/programmes.csv")
def programmes_csv(session: ReadSession, actor: Annotated[Actor, Depends(may(Permission.COHORTS_SEE))]) -> Response:
    return table_csv("programmes", _programme_table(session, list(queries.programmes(session)), actor))


@router.get("/programmes/new", dependencies=[Depends(may(Permission.COHORTS_SET_UP))])
def new_programme_page(request: Request, session: ReadSession) -> Response:
    return render(request, "cohorts/programme.html", ProgrammePage(funders(session)))


@router.post("/programmes/new")
def add_programme(request: Request, form: FormDep, session: WriteSession, actor: SetUp, clock: ClockDep) -> Response:
    try:
        asked = form.parse(ProgrammeForm)
        programme = service.add_programme(
            session,
            hub_id=hub_of(session, actor).id,
            name=asked.name,
            policy=asked.policy(),
            funders=typed_funders(form),
            actor=actor,
            now=clock(),
        )
    except BadInput as refused:
        errors = {("postcodes" if name == "areas" else name): said for name, said in refused.fields.items()}
        ticked, counted = (form.lists.get(name, ()) for name in ("barriers", "outcomes"))
        page = ProgrammePage(funders(session), form.values, ticked, counted, errors)
        return render(request, "cohorts/programme.html", page, status=422)
    return see_other("/cohorts", said=f"{programme.name} is set up.")


@router.get("/cohorts/new", dependencies=[Depends(may(Permission.COHORTS_SET_UP))])
def new_cohort_page(request: Request, session: ReadSession, clock: ClockDep) -> Response:
    asked = {"starts_on": str(local_date(clock())), "programme_id": request.query_params.get("programme", "")}
    return render(request, "cohorts/cohort.html", _cohort_page(session, asked))


@router.post("/cohorts/new")
def add_cohort(request: Request, form: FormDep, session: WriteSession, actor: SetUp, clock: ClockDep) -> Response:
    try:
        asked = form.parse(CohortIn)
        service.ask_about_beginning(session, asked.programme_id, asked.name, asked.starts_on, asked.keep_because)
        told = asked.model_dump(exclude={"keep_because"})
        cohort = service.add_cohort(session, **told, kept_because=asked.keep_because, actor=actor, now=clock())
    except service.OutOfOrder as refused:
        page = replace(_cohort_page(session, form.values, refused.fields), question=refused.question)
        return render(request, "cohorts/cohort.html", page, status=422)
    except BadInput as refused:
        page = _cohort_page(session, form.values, refused.fields)
        return render(request, "cohorts/cohort.html", page, status=422)
    except Conflict as refused:
        page = _cohort_page(session, form.values, {"name": refused.message})
        return render(request, "cohorts/cohort.html", page, status=409)
    return see_other(f"/cohorts/{cohort.id}", said=f"{cohort.name} is set up.")


@router.get("/programmes/{programme_id}/gatherings", dependencies=[Depends(may(Permission.COHORTS_SET_UP))])
def gatherings_page(request: Request, programme_id: ProgrammeId, session: ReadSession) -> Response:
    chosen = enumerate(service.gatherings_of(session, programme_id), 1)
    values = {f"gathering_{place}": str(number) for place, number in chosen}
    return render(request, "cohorts/gatherings.html", _gatherings_page(session, programme_id, values))


@router.post("/programmes/{programme_id}/gatherings")
def choose_gatherings(
    request: Request, programme_id: ProgrammeId, form: FormDep, session: WriteSession, actor: SetUp
) -> Response:
    typed = (form.row(f"gathering_{place}") for place in range(1, MOST_CHOSEN + 1))
    chosen = [number for number in typed if number is not None]
    try:
        service.choose_gatherings(session, programme_id, chosen, actor=actor)
    except BadInput as refused:
        page = _gatherings_page(session, programme_id, form.values, refused.fields)
        return render(request, "cohorts/gatherings.html", page, status=422)
    return see_other("/cohorts", said="The programme's gatherings are written down.")


def _gatherings_page(
    session: Session, programme_id: int, values: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> GatheringsPage:
    programme = service.get_programme(session, programme_id)
    choices = tuple((str(each.id), short_words(each)) for each in gatherings.approved(session))
    return GatheringsPage(programme, choices, values, errors or {}, title=f"Gatherings of {programme.name}")


def _cohort_page(session: Session, values: Mapping[str, str], errors: Mapping[str, str] | None = None) -> CohortPage:
    choices = tuple((str(each.id), each.name) for each in queries.programmes(session, only_active=True))
    return CohortPage(choices, values, errors or {})


def funders(session: Session) -> tuple[tuple[str, str], ...]:
    return tuple((str(each.id), each.name) for each in organisations_of_kind(session, OrganisationKind.FUNDER))


def _programme_table(session: Session, programmes: list[Programme], actor: Actor) -> Table:
    query = ListQuery(per_page=max(1, len(programmes)))
    may_set_up = actor.may(Permission.COHORTS_SET_UP)
    return table(
        Found(programmes, len(programmes), query),
        caption="Programmes",
        columns=PROGRAMME_COLUMNS if may_set_up else PROGRAMME_COLUMNS[:-1],
        row=lambda programme: _programme_row(programme, service.gatherings_of(session, programme.id), may_set_up),
        path="/programmes.csv",
        empty="A programme says how long tablets are lent and who pays. Every loan belongs to one: set one up first.",
    )


def _programme_row(programme: Programme, chosen: Sequence[int], may_set_up: bool) -> tuple[Cell, ...]:
    months = programme.taster_months
    lasts = f"{months} month{'' if months == 1 else 's'}" if months else f"{programme.taster_days} days"
    return (
        Cell(
            programme.name,
            href=f"/programmes/{programme.id}" if may_set_up else "",
            note="" if programme.active else "Lends no more",
        ),
        Cell(lasts),
        Cell(f"{programme.max_extensions} of {programme.extension_days} days" if programme.max_extensions else "None"),
        Cell(str(programme.grace_days)),
        Cell("Always with data" if programme.bundle_required else "With or without"),
        Cell(_for_whom(programme)),
        Cell(str(len(chosen)), href=f"/programmes/{programme.id}/gatherings" if may_set_up else ""),
        *((Cell("Bring in a plan", href=f"/programmes/{programme.id}/plan"),) if may_set_up else ()),
    )


def _for_whom(programme: Programme) -> str:
    """65 and over, in N19, without a device."""
    lacking = [words.lower() for code, words in BARRIER_CHOICES if code in programme.barriers]
    rules = (
        f"{programme.min_age} and over" if programme.min_age else "",
        f"in {', '.join(programme.areas)}" if programme.areas else "",
        " or ".join(lacking),
    )
    return ", ".join(rule for rule in rules if rule) or "Anybody"


def _cohort_row(cohort: Cohort, programme: str) -> tuple[Cell, ...]:
    return (
        Cell(cohort.name, href=f"/cohorts/{cohort.id}"),
        Cell(programme),
        Cell(f"{cohort.starts_on:%a %-d %b %Y}"),
        Cell(f"{cohort.ends_on:%a %-d %b %Y}"),
        Cell(str(cohort.places)),
    )
