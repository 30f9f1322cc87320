"""Pages about tablets: the list, one tablet with its timeline, and the buttons for exactly what may happen next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput
from fleet.gatherings.models import Gathering
from fleet.gatherings.rules import GatheringState
from fleet.gatherings.words import short_words
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.machine import Offer
from fleet.partners.models import OrganisationKind
from fleet.partners.service import choices
from fleet.tablets import queries, service
from fleet.tablets.api import TabletId
from fleet.tablets.models import Hold, Tablet, TabletGathering
from fleet.tablets.rules import DataState, HoldKind, Move, Stage, Transition
from fleet.tablets.words import (
    DATA_WORDS,
    OUT_OF_DATE,
    after_swap,
    label_of,
    name_of,
    stage_tag,
    stage_words,
    why_not_yet,
)
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/tablets")

COLUMNS = (
    Column("Tablet", "id", numeric=True),
    Column("Label", whole=True),
    Column("Kind", "model"),
    Column("Serial", "serial"),
    Column("Where it stands", "stage"),
    Column("Data"),
    Column("Changed", "changed", whole=True),
)

KIT_MATTERS = frozenset({Stage.WIPED, Stage.PROVISIONED, Stage.READY, Stage.RETURNED, Stage.CLEANED})


@dataclass(frozen=True)
class ListPage:
    table: Table
    title: str = "Tablets"


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    when: object
    what: str
    who: str
    note: str = ""


@dataclass(frozen=True)
class Tile:
    """One gathering on its home screen, and whether it shows it as it stands."""

    words: str
    href: str
    stale: str
    """Why it needs a refresh; empty when it does not."""


@dataclass(frozen=True)
class TabletPage:
    title: str
    tablet: Tablet
    state: StateTag
    facts: tuple[tuple[str, ...], ...]
    tiles: tuple[Tile, ...]
    holds: Sequence[Hold]
    offers: Sequence[Offer[Transition]]
    entries: tuple[Entry, ...]
    may_hold: bool
    may_lift: bool
    may_check_kit: bool
    may_waive_floor: bool
    may_order_destruction: bool
    swapped_out: str = ""
    """What is to be done with one that another took the place of; empty for any other."""
    hold_kinds: tuple[tuple[str, str], ...] = tuple((k.value, k.value.replace("_", " ").capitalize()) for k in HoldKind)


@router.get("", dependencies=[Depends(may(Permission.TABLETS_SEE))])
def list_page(
    request: Request, session: ReadSession, query: Listed, settings: SettingsDep, clock: ClockDep
) -> Response:
    found = queries.find_tablets(session, query)
    ids = [tablet.id for tablet in found.items]
    held, stale = queries.held_tablet_ids(session, ids), queries.out_of_date(session, ids)
    stages = (("", "Any stage"), *((stage.value, stage_words(stage)) for stage in Stage))
    hubs, since = choices(session, OrganisationKind.HUB), service.fresh_since(settings, clock())
    shown = table(
        found,
        caption="Tablets",
        columns=COLUMNS,
        row=lambda tablet: _row(tablet, tablet.id in held, why_not_yet(tablet, tablet.id in stale, since), dict(hubs)),
        path="/tablets",
        filters=(
            Filter("q", "Serial or model", query.filter("q")),
            Filter("stage", "Where it stands", query.filter("stage"), stages),
            Filter("held", "Holds", query.filter("held"), (("", "Held or not"), ("yes", "Held"))),
            Filter("tiles", "Tiles", query.filter("tiles"), (("", "Right or not"), ("out_of_date", OUT_OF_DATE))),
            *((Filter("hub", "At", query.filter("hub"), (("", "Any hub"), *hubs)),) if len(hubs) > 1 else ()),
        ),
        empty="Tablets appear here once they are booked in. Begin with a donation or a purchase.",
    )
    if query.as_csv:
        return table_csv("tablets", shown)
    return render(request, "tablets/list.html", ListPage(shown))


@router.get("/{tablet_id}")
def tablet_page(
    request: Request,
    tablet_id: TabletId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_SEE))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    tablet = service.get_tablet(session, tablet_id)
    holds = queries.open_holds(session, tablet_id)
    page = TabletPage(
        title=f"Tablet {tablet.id}",
        tablet=tablet,
        state=stage_tag(tablet.stage, held=bool(holds)),
        facts=(*_facts(session, tablet), _label_fact(tablet, actor)),
        tiles=tuple(_tile(each, gathering) for each, gathering in queries.carried(session, tablet_id)),
        holds=holds,
        offers=service.what_may_happen(session, tablet, actor=actor, settings=settings, now=clock()),
        entries=tuple(
            Entry(event.at, event.words, f"{event.actor_name}, {event.role.replace('_', ' ')}", event.reason)
            for event in queries.events(session, tablet_id)
        ),
        may_hold=actor.may(Permission.HOLDS_PLACE),
        may_lift=actor.may(Permission.HOLDS_LIFT),
        may_check_kit=actor.may(Permission.TABLETS_RECORD) and tablet.stage in KIT_MATTERS,
        may_order_destruction=actor.may(Permission.TABLETS_DECIDE)
        and tablet.stage is Stage.RETIRED
        and tablet.data is not DataState.CLEAN
        and not tablet.destruction_ordered,
        may_waive_floor=actor.may(Permission.TABLETS_DECIDE)
        and tablet.os_floor_waiver is None
        and (tablet.os_release or settings.os_floor_release) < settings.os_floor_release,
        swapped_out=_swapped_out(session, tablet),
    )
    return render(request, "tablets/detail.html", page)


@router.post("/{tablet_id}/moves/{move}")
def press_move(
    tablet_id: TabletId,
    move: Move,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_SEE))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    event = service.press(session, tablet_id, move, actor=actor, settings=settings, happening=happening)
    return see_other(f"/tablets/{tablet_id}", said=f"{event.words}.")


@router.post("/{tablet_id}/holds")
def place_hold(
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.HOLDS_PLACE))],
    clock: ClockDep,
) -> Response:
    if form.get("kind") not in list(HoldKind):
        raise BadInput("No hold was placed.", fields={"kind": "Choose what kind of hold it is."})
    happening = Happening(now=clock(), reason=form.get("reason"))
    service.place_hold(session, tablet_id, HoldKind(form.get("kind")), actor=actor, happening=happening)
    return see_other(f"/tablets/{tablet_id}", said="The tablet is held.")


@router.post("/{tablet_id}/holds/{kind}/lift")
def lift_hold(
    tablet_id: TabletId,
    kind: HoldKind,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.HOLDS_LIFT))],
    clock: ClockDep,
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    service.lift_hold(session, tablet_id, kind, actor=actor, happening=happening)
    return see_other(f"/tablets/{tablet_id}", said="The hold was lifted.")


@router.post("/{tablet_id}/kit")
def check_kit(
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_RECORD))],
    clock: ClockDep,
) -> Response:
    missing = form.get("reason")
    if not missing and not form.get("complete"):
        raise BadInput("The kit was not written down.", fields={"reason": "Say what is missing."})
    service.check_kit(session, tablet_id, actor=actor, happening=Happening(now=clock()), missing=missing)
    said = "Written down what is missing." if missing else "The kit is complete."
    return see_other(f"/tablets/{tablet_id}", said=said)


@router.post("/{tablet_id}/destruction-order")
def order_destruction(
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_DECIDE))],
    clock: ClockDep,
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    service.order_destruction(session, tablet_id, actor=actor, happening=happening)
    return see_other(f"/tablets/{tablet_id}", said="Its destruction is ordered.")


@router.post("/{tablet_id}/os-floor-waiver")
def waive_os_floor(
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_DECIDE))],
    clock: ClockDep,
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    service.waive_os_floor(session, tablet_id, actor=actor, happening=happening)
    return see_other(f"/tablets/{tablet_id}", said="This tablet may be lent with its older Android.")


def _row(tablet: Tablet, held: bool, not_yet: str, hubs: Mapping[str, str]) -> tuple[Cell, ...]:
    tag = stage_tag(tablet.stage, held=held)
    lies_at = f"At {hubs.get(str(tablet.guest_hub_id), 'another hub')}" if tablet.guest_hub_id is not None else ""
    return (
        Cell(str(tablet.id), href=f"/tablets/{tablet.id}"),
        Cell(label_of(tablet)),
        Cell(name_of(tablet)),
        Cell(tablet.serial),
        Cell(tag.word, state=tag.shape, note=lies_at or not_yet),
        Cell(DATA_WORDS[tablet.data]),
        Cell(f"{tablet.changed_at:%-d %b %Y}"),
    )


def _swapped_out(session: Session, tablet: Tablet) -> str:
    event = service.swapped_out(session, tablet.id)
    return f"{event.words}. {after_swap(tablet.stage)}" if event is not None else ""


def _tile(carried: TabletGathering, gathering: Gathering) -> Tile:
    ended = "It has ended." if gathering.state is not GatheringState.APPROVED else ""
    changed = "It was changed since." if carried.revision != gathering.revision else ""
    return Tile(short_words(gathering), f"/gatherings/{gathering.id}", ended or changed)


def _label_fact(tablet: Tablet, actor: Actor) -> tuple[str, ...]:
    """The label, with the way to the labelling table for those who work there."""
    fact = ("Label", label_of(tablet))
    if not actor.may(Permission.TABLETS_RECORD):
        return fact
    if not tablet.label_code:
        return (*fact, f"/labels?tablet={tablet.id}", "Print")
    return (*fact, f"/labels/scan?tablet={tablet.id}", "Look at" if tablet.label_confirmed_at else "Scan back")


def _facts(session: Session, tablet: Tablet) -> tuple[tuple[str, str], ...]:
    return (
        ("Kind", name_of(tablet)),
        ("Serial", tablet.serial),
        ("Android", str(tablet.os_release or "")),
        ("Who has it", service.who_has_it(session, tablet)),
        ("Data", DATA_WORDS[tablet.data]),
        ("Grade", tablet.grade.value if tablet.grade else ""),
        ("Profile", f"{tablet.profile} {tablet.profile_version or ''}".strip()),
        ("Battery", f"{tablet.battery_percent} %" if tablet.battery_percent is not None else ""),
    )
