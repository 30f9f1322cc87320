"""The page of one gathering: what it is, what may happen next, and which tablets carry it in which revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.gatherings import service as gatherings
from fleet.gatherings.models import Gathering
from fleet.gatherings.rules import GatheringState, Transition, offers
from fleet.gatherings.words import (
    LANGUAGES,
    PLATFORM_WORDS,
    THEME_WORDS,
    access_words,
    host_of,
    state_tag,
    when_words,
)
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ReadSession
from fleet.partners.service import get_organisation
from fleet.tablets import queries
from fleet.tablets.models import Tablet, TabletGathering
from fleet.tablets.words import OUT_OF_DATE, label_of, name_of, stage_tag
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape, StateTag

router = PageRouter(prefix="/gatherings")

COLUMNS = (Column("Tablet", numeric=True), Column("Label"), Column("Kind"), Column("Where it stands"), Column("Tile"))


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    when: datetime
    what: str
    who: str
    note: str = ""


@dataclass(frozen=True)
class GatheringPage:
    title: str
    gathering: Gathering
    state: StateTag
    facts: tuple[tuple[str, str], ...]
    moves: tuple[Transition, ...]
    may_edit: bool
    carriers: Table | None
    """None for those who see no tablets."""
    out_of_date: int
    entries: tuple[Entry, ...]


@router.get("/{gathering_id}")
def gathering_page(
    request: Request,
    gathering_id: RowId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.GATHERINGS_SEE))],
    query: Listed,
) -> Response:
    gathering = gatherings.gathering_for(session, gathering_id, actor)
    carriers, stale = None, 0
    if actor.may(Permission.TABLETS_SEE):
        found = queries.find_carriers(session, gathering_id, query)
        carriers = table(
            found,
            caption="Tablets that carry it",
            columns=COLUMNS,
            row=lambda each: _row(each.tablet, each.carried, gathering),
            path=f"/gatherings/{gathering_id}",
            empty="No tablet carries it yet. Choose it for a loan or a programme; the bench does the rest.",
        )
        stale = queries.count_stale_carriers(session, gathering_id)
        if query.as_csv:
            return table_csv(f"tablets-with-gathering-{gathering_id}", carriers)
    page = GatheringPage(
        title=gathering.title,
        gathering=gathering,
        state=state_tag(gathering.state),
        facts=_facts(session, gathering, actor),
        moves=offers(gathering.state, actor.roles) if actor.may(Permission.GATHERINGS_DECIDE) else (),
        may_edit=gatherings.may_edit(actor, gathering),
        carriers=carriers,
        out_of_date=stale,
        entries=tuple(
            Entry(event.at, event.words, f"{event.actor_name}, {event.role.replace('_', ' ')}", event.reason)
            for event in gatherings.events(session, gathering_id)
        ),
    )
    return render(request, "tablets/gathering.html", page)


def _facts(session: Session, gathering: Gathering, actor: Actor) -> tuple[tuple[str, str], ...]:
    link = (("Link to join by", gathering.link),) if gatherings.may_see_link(actor, gathering) else ()
    return (
        ("When", when_words(gathering)),
        ("Theme", THEME_WORDS[gathering.theme]),
        ("Held by", get_organisation(session, gathering.host_id).name),
        ("Language", LANGUAGES.get(gathering.language, gathering.language)),
        ("With", access_words(gathering) or "neither BSL nor captions"),
        ("Where it happens", f"{PLATFORM_WORDS[gathering.platform]}, {host_of(gathering.link)}".rstrip(", ")),
        ("Proposed by", gathering.proposed_by),
        *link,
    )


def _row(tablet: Tablet, carried: TabletGathering, gathering: Gathering) -> tuple[Cell, ...]:
    tag = stage_tag(tablet.stage)
    stale = carried.revision != gathering.revision or gathering.state is not GatheringState.APPROVED
    tile = Cell(OUT_OF_DATE, state=Shape.WAITING) if stale else Cell("As it stands", state=Shape.DONE)
    return (
        Cell(str(tablet.id), href=f"/tablets/{tablet.id}"),
        Cell(label_of(tablet)),
        Cell(name_of(tablet)),
        Cell(tag.word, state=tag.shape),
        tile,
    )
