"""Pages about SIMs: the stock, taking one in, and one SIM with its data and what has happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bundles import queries, service
from fleet.bundles.api import Recorder, SimId
from fleet.bundles.models import DataBundle, Sim
from fleet.bundles.rules import SimMove, SimState, SimTransition
from fleet.bundles.schemas import BundleForm, SimIn
from fleet.bundles.words import bundle_words, grouped, pounds, state_tag, state_words
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.models import OrganisationKind
from fleet.partners.service import get_hub, organisations_of_kind
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = APIRouter(prefix="/sims")

COLUMNS = (
    Column("SIM", "iccid"),
    Column("Network", "network"),
    Column("Where it stands", "state"),
    Column("Data"),
    Column("Data ends"),
)


@dataclass(frozen=True)
class ListPage:
    table: Table
    may_record: bool
    title: str = "SIMs"


@dataclass(frozen=True)
class NewPage:
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "Take in a SIM"


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    when: datetime
    what: str
    who: str
    note: str = ""


@dataclass(frozen=True)
class SimPage:
    title: str
    sim: Sim
    state: StateTag
    facts: tuple[tuple[str, str], ...]
    warning: str
    offers: tuple[SimTransition, ...]
    entries: tuple[Entry, ...]
    may_record: bool
    takes_data: bool
    funders: tuple[tuple[str, str], ...]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def list_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.BUNDLES_SEE))],
) -> Response:
    found = queries.find_sims(session, query)
    bundles = queries.current_bundles(session, [sim.id for sim in found.items])
    states = (("", "Any state"), *((state.value, state_words(state)) for state in SimState))
    shown = table(
        found,
        caption="SIMs",
        columns=COLUMNS,
        row=lambda sim: _row(sim, bundles.get(sim.id)),
        path="/sims",
        filters=(
            Filter("q", "Number or network", query.filter("q")),
            Filter("state", "Where it stands", query.filter("state"), states),
        ),
        empty="SIMs appear here once they are taken in. Have the card at hand: its number is printed on it.",
    )
    if query.as_csv:
        return table_csv("sims", shown)
    return render(request, "bundles/list.html", ListPage(shown, actor.may(Permission.BUNDLES_RECORD)))


@router.get("/new", dependencies=[Depends(may(Permission.BUNDLES_RECORD))])
def new_page(request: Request) -> Response:
    return render(request, "bundles/new.html", NewPage())


@router.post("/new")
def add(request: Request, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep) -> Response:
    try:
        asked = form.parse(SimIn)
        sim = service.add_sim(
            session,
            hub_id=get_hub(session).id,
            iccid=asked.iccid,
            network=asked.network,
            actor=actor,
            happening=Happening(now=clock()),
        )
    except BadInput as refused:
        return render(request, "bundles/new.html", NewPage(form.values, refused.fields), status=422)
    doubt = service.iccid_warning(sim.iccid)
    return see_other(f"/sims/{sim.id}", said=" ".join(("The SIM is in stock.", *([doubt] if doubt else []))))


@router.get("/{sim_id}")
def sim_page(
    request: Request,
    sim_id: SimId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.BUNDLES_SEE))],
    clock: ClockDep,
) -> Response:
    return render(request, "bundles/detail.html", _page(session, sim_id, actor, clock()))


@router.post("/{sim_id}/bundle")
def attach_bundle(
    request: Request, sim_id: SimId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    try:
        asked = form.parse(BundleForm)
        service.attach_bundle(
            session,
            sim_id,
            gb_per_month=asked.gb_per_month,
            months=asked.months,
            cost_pence=asked.cost,
            funder_id=asked.funder_id,
            for_one_person=asked.for_one_person,
            actor=actor,
            happening=Happening(now=clock()),
        )
    except BadInput as refused:
        page = _page(session, sim_id, actor, clock(), form.values, refused.fields)
        return render(request, "bundles/detail.html", page, status=422)
    return see_other(f"/sims/{sim_id}", said="The data is on record.")


@router.post("/{sim_id}/moves/{move}")
def press_move(
    sim_id: SimId, move: SimMove, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    event = service.press(session, sim_id, move, actor=actor, happening=happening)
    return see_other(f"/sims/{sim_id}", said=f"{event.words}.")


def _row(sim: Sim, bundle: DataBundle | None) -> tuple[Cell, ...]:
    tag = state_tag(sim.state)
    return (
        Cell(grouped(sim.iccid), href=f"/sims/{sim.id}"),
        Cell(sim.network),
        Cell(tag.word, state=tag.shape),
        Cell(bundle_words(bundle)),
        Cell(f"{bundle.ends_on:%-d %b %Y}" if bundle and bundle.ends_on else ""),
    )


def _page(
    session: Session,
    sim_id: int,
    actor: Actor,
    now: datetime,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> SimPage:
    sim = service.get_sim(session, sim_id)
    bundle = queries.current_bundle(session, sim_id)
    funders = organisations_of_kind(session, OrganisationKind.FUNDER)
    return SimPage(
        title=f"SIM ending {sim.iccid[-5:]}",
        sim=sim,
        state=state_tag(sim.state),
        facts=_facts(sim, bundle),
        warning=service.iccid_warning(sim.iccid) or "",
        offers=service.what_may_happen(session, sim, today=local_date(now)),
        entries=tuple(
            Entry(event.at, event.words, f"{event.actor_name}, {event.role.replace('_', ' ')}", event.reason)
            for event in queries.events(session, sim_id)
        ),
        may_record=actor.may(Permission.BUNDLES_RECORD),
        takes_data=sim.state in (SimState.IN_STOCK, SimState.SUSPENDED),
        funders=tuple((str(funder.id), funder.name) for funder in funders),
        values=values or {},
        errors=errors or {},
    )


def _facts(sim: Sim, bundle: DataBundle | None) -> tuple[tuple[str, str], ...]:
    number = (("Number", grouped(sim.iccid)), ("Network", sim.network), ("Data", bundle_words(bundle)))
    if bundle is None:
        return number
    return (
        *number,
        ("Cost", pounds(bundle.cost_pence)),
        ("For", "One person only" if bundle.for_one_person else "Anybody, one after another"),
        ("Switched on", _day(bundle.activated_on)),
        ("Data ends", _day(bundle.ends_on)),
        ("Suspended", _day(bundle.suspended_on) or "No"),
    )


def _day(day: datetime | object | None) -> str:
    return f"{day:%A %-d %B %Y}" if day else "Not yet"
