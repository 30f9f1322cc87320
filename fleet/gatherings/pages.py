"""Pages of the catalogue: the list, the form to add or change a gathering, and its moves.

The page of one gathering also names the tablets that carry it, so it stands where tablets are known:
`fleet.tablets.carriers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from fleet.database.base import LARGEST_ID
from fleet.errors import BadInput
from fleet.gatherings import queries, service
from fleet.gatherings.api import Decider, GatheringId, Proposer, Seer
from fleet.gatherings.models import Gathering
from fleet.gatherings.rules import LONGEST_MINUTES, Entry, GatheringMove, GatheringState, Platform, Theme
from fleet.gatherings.words import (
    LANGUAGES,
    PLATFORM_WORDS,
    THEME_WORDS,
    WEEKDAYS,
    access_words,
    state_tag,
    time_words,
)
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.models import OrganisationKind
from fleet.partners.service import choices, get_organisation
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/gatherings")

COLUMNS = (
    Column("Gathering", "title"),
    Column("When", "day"),
    Column("Theme", "theme"),
    Column("Where it happens"),
    Column("Language"),
    Column("With"),
    Column("State", "state"),
)
HOSTS = (OrganisationKind.HUB, OrganisationKind.REFERRER, OrganisationKind.VENUE, OrganisationKind.FUNDER)
THEMES = tuple((theme.value, words) for theme, words in THEME_WORDS.items())
PLATFORMS = tuple((platform.value, words) for platform, words in PLATFORM_WORDS.items())
DAYS = tuple((str(number), day) for number, day in enumerate(WEEKDAYS))
TONGUES = tuple(LANGUAGES.items())


class GatheringForm(BaseModel):
    """A gathering as it is typed."""

    model_config = ConfigDict(hide_input_in_errors=True)

    host_id: int = Field(0, ge=0, le=LARGEST_ID)
    title: str = Field("", max_length=200)
    theme: Theme
    weekday: int = Field(ge=0, le=6)
    starts_at: time
    minutes: int = Field(ge=0, le=100_000)
    platform: Platform
    link: str = Field("", max_length=2000)
    language: str = "en"
    bsl: str = ""
    captions: str = ""

    def entry(self) -> Entry:
        kept = self.model_dump(exclude={"bsl", "captions", "starts_at"})
        at = self.starts_at.replace(second=0, microsecond=0, tzinfo=None)
        return Entry(**kept, starts_at=at, bsl=self.bsl == "yes", captions=self.captions == "yes")


@dataclass(frozen=True)
class ListPage:
    table: Table
    may_add: bool
    proposes: bool
    title: str = "Gatherings"


@dataclass(frozen=True)
class FormPage:
    """The form of one gathering, or of one to add when `url` ends in new."""

    title: str
    question: str
    url: str
    values: Mapping[str, str]
    hosts: tuple[tuple[str, str], ...]
    """Empty for a partner, whose gatherings are held by their own organisation."""
    own: str = ""
    """The name of that organisation."""
    errors: Mapping[str, str] = field(default_factory=dict)
    themes: tuple[tuple[str, str], ...] = THEMES
    platforms: tuple[tuple[str, str], ...] = PLATFORMS
    days: tuple[tuple[str, str], ...] = DAYS
    languages: tuple[tuple[str, str], ...] = TONGUES


@router.get("")
def list_page(request: Request, session: ReadSession, actor: Seer, query: Listed) -> Response:
    states = (("", "Any state"), *((state.value, state_tag(state).word) for state in GatheringState))
    shown = table(
        queries.find_gatherings(session, query, host_id=service.host_seen(actor)),
        caption="Gatherings",
        columns=COLUMNS,
        row=_row,
        path="/gatherings",
        filters=(
            Filter("q", "Name", query.filter("q")),
            Filter("theme", "Theme", query.filter("theme"), (("", "Any theme"), *THEMES)),
            Filter("language", "Language", query.filter("language"), (("", "Any language"), *TONGUES)),
            Filter("state", "State", query.filter("state"), states),
        ),
        empty="Online meetings that come round every week appear here. Each can become a tile on a tablet.",
    )
    if query.as_csv:
        return table_csv("gatherings", shown)
    page = ListPage(shown, actor.may(Permission.GATHERINGS_PROPOSE), not actor.may(Permission.GATHERINGS_DECIDE))
    return render(request, "gatherings/list.html", page)


@router.get("/new", dependencies=[Depends(may(Permission.GATHERINGS_PROPOSE))])
def new_page(request: Request, session: ReadSession, actor: Proposer) -> Response:
    values = {"language": "en", "minutes": "60", "platform": Platform.JITSI.value}
    return render(request, "gatherings/form.html", _form_page(session, actor, values))


@router.post("/new")
def add(request: Request, form: FormDep, session: WriteSession, actor: Proposer, clock: ClockDep) -> Response:
    try:
        made = service.propose(
            session, form.parse(GatheringForm).entry(), actor=actor, happening=Happening(now=clock())
        )
    except BadInput as refused:
        page = _form_page(session, actor, form.values, errors=_kinder(refused))
        return render(request, "gatherings/form.html", page, status=422)
    waits = "" if made.state is GatheringState.APPROVED else " It waits for the hub's approval."
    return see_other(f"/gatherings/{made.id}", said=f"{made.title} is in the catalogue.{waits}")


@router.get("/{gathering_id}/edit")
def edit_page(request: Request, gathering_id: GatheringId, session: ReadSession, actor: Proposer) -> Response:
    gathering = service.gathering_for(session, gathering_id, actor)
    service.refuse_edit(actor, gathering)
    return render(request, "gatherings/form.html", _form_page(session, actor, _typed(gathering), gathering))


@router.post("/{gathering_id}/edit")
def edit(
    request: Request,
    gathering_id: GatheringId,
    form: FormDep,
    session: WriteSession,
    actor: Proposer,
    clock: ClockDep,
) -> Response:
    gathering = service.gathering_for(session, gathering_id, actor)
    before = gathering.revision
    try:
        entry = form.parse(GatheringForm).entry()
        service.edit(session, gathering_id, entry, actor=actor, happening=Happening(now=clock()))
    except BadInput as refused:
        page = _form_page(session, actor, form.values, gathering, _kinder(refused))
        return render(request, "gatherings/form.html", page, status=422)
    stale = " Tablets that carry it are out of date until they have been at the bench." * (gathering.revision != before)
    return see_other(f"/gatherings/{gathering_id}", said=f"The changes are written down.{stale}")


@router.post("/{gathering_id}/moves/{move}")
def press_move(
    gathering_id: GatheringId,
    move: GatheringMove,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    clock: ClockDep,
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    gathering = service.move(session, gathering_id, move, actor=actor, happening=happening)
    return see_other(f"/gatherings/{gathering_id}", said=f"{gathering.title}: {state_tag(gathering.state).word}.")


def _form_page(
    session: Session,
    actor: Actor,
    values: Mapping[str, str],
    gathering: Gathering | None = None,
    errors: Mapping[str, str] | None = None,
) -> FormPage:
    decides = actor.may(Permission.GATHERINGS_DECIDE)
    own = gathering.host_id if gathering else actor.organisation_id
    return FormPage(
        title=f"Change {gathering.title}" if gathering else "Add a gathering",
        question="What has changed?" if gathering else "Which gathering shall be on tablets?",
        url=f"/gatherings/{gathering.id}/edit" if gathering else "/gatherings/new",
        values=values,
        hosts=choices(session, *HOSTS) if decides else (),
        own="" if decides or own is None else get_organisation(session, own).name,
        errors=errors or {},
    )


def _typed(gathering: Gathering) -> dict[str, str]:
    names = ("host_id", "title", "theme", "weekday", "minutes", "language", "platform", "link")
    values = {name: str(getattr(gathering, name)) for name in names}
    flags = {name: "yes" for name in ("bsl", "captions") if getattr(gathering, name)}
    return values | flags | {"starts_at": time_words(gathering.starts_at)}


_KINDER = {
    "theme": "Choose a theme.",
    "weekday": "Choose the day.",
    "starts_at": "Enter the time it begins, such as 10:30.",
    "minutes": f"Enter how many minutes it lasts, from 1 to {LONGEST_MINUTES}.",
    "platform": "Choose where it happens.",
}


def _kinder(refused: BadInput) -> Mapping[str, str]:
    """What a parser says of a field, in our words."""
    return {name: _KINDER.get(name, words) for name, words in refused.fields.items()}


def _row(gathering: Gathering) -> tuple[Cell, ...]:
    tag = state_tag(gathering.state)
    return (
        Cell(gathering.title, href=f"/gatherings/{gathering.id}"),
        Cell(f"{WEEKDAYS[gathering.weekday]} {time_words(gathering.starts_at)}"),
        Cell(THEME_WORDS[gathering.theme]),
        Cell(PLATFORM_WORDS[gathering.platform]),
        Cell(LANGUAGES.get(gathering.language, gathering.language)),
        Cell(access_words(gathering)),
        Cell(tag.word, state=tag.shape),
    )
