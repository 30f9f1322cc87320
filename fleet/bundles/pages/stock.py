"""The stock of SIMs as a list, and taking one in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.bundles import queries, service
from fleet.bundles.api.seeing import Recorder
from fleet.bundles.models import DataBundle, Sim
from fleet.bundles.rules import SimKind, SimState
from fleet.bundles.schemas.sims import SimIn
from fleet.bundles.words import KIND_WORDS, bundle_words, printed, state_tag, state_words
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.service import hub_of
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/sims")

COLUMNS = (
    Column("Number", "iccid"),
    Column("Kind"),
    Column("Network", "network"),
    Column("Where it stands", "state"),
    Column("Data"),
    Column("Data ends"),
)
KINDS = tuple((kind.value, words) for kind, words in KIND_WORDS.items())


@dataclass(frozen=True)
class ListPage:
    table: Table
    may_record: bool
    title: str = "SIMs"


@dataclass(frozen=True)
class NewPage:
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    known_id: object = None
    """The SIM on record that has this number, or this phone number."""
    kinds: tuple[tuple[str, str], ...] = KINDS
    title: str = "Take in a SIM"


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
            Filter("q", "Number, phone or network", query.filter("q")),
            Filter("kind", "Kind", query.filter("kind"), (("", "Any kind"), *KINDS)),
            Filter("state", "Where it stands", query.filter("state"), states),
        ),
        empty="SIMs appear here once they are taken in. Have the card at hand: its number is printed on it.",
    )
    if query.as_csv:
        return table_csv("sims", shown)
    return render(request, "bundles/list.html", ListPage(shown, actor.may(Permission.BUNDLES_RECORD)))


@router.get("/new", dependencies=[Depends(may(Permission.BUNDLES_RECORD))])
def new_page(request: Request) -> Response:
    return render(request, "bundles/new.html", NewPage({"kind": SimKind.SIM.value}))


@router.post("/new")
def add(request: Request, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep) -> Response:
    try:
        asked = form.parse(SimIn)
        with session.begin_nested():
            sim = service.add_sim(
                session,
                hub_id=hub_of(session, actor).id,
                actor=actor,
                happening=Happening(now=clock()),
                **asked.model_dump(exclude={"client_id"}),
            )
    except (service.SimAlreadyHere, service.PhoneAlreadyHere) as known:
        field_name = "iccid" if isinstance(known, service.SimAlreadyHere) else "phone"
        errors = {field_name: f"{known.message} {known.next_step}"}
        page = NewPage(form.values, errors, known.details["sim_id"])
        return render(request, "bundles/new.html", page, status=known.status)
    except BadInput as refused:
        return render(request, "bundles/new.html", NewPage(form.values, refused.fields), status=422)
    return see_other(f"/sims/{sim.id}", said="It is in stock.")


def _row(sim: Sim, bundle: DataBundle | None) -> tuple[Cell, ...]:
    tag = state_tag(sim.state)
    return (
        Cell(printed(sim), href=f"/sims/{sim.id}"),
        Cell(KIND_WORDS[sim.kind]),
        Cell(sim.network),
        Cell(tag.word, state=tag.shape),
        Cell(bundle_words(bundle)),
        Cell(f"{bundle.ends_on:%-d %b %Y}" if bundle and bundle.ends_on else ""),
    )
