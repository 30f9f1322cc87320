"""The hub's shelves: added, labelled, and what lies on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Path, Request, Response
from sqlalchemy.orm import Session

from fleet.database.base import LARGEST_ID
from fleet.desk import service
from fleet.desk.models import Shelf
from fleet.desk.pages.desk import Worker
from fleet.desk.rules import shelf_text
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.service import hub_of
from fleet.tablets.models import Tablet
from fleet.tablets.words import name_of, stage_tag
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.scan_cards import CardsPage, scan_card
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/desk/shelves", dependencies=[Depends(may(Permission.DESK_WORK))])

ShelfId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


@dataclass(frozen=True)
class ShelfLine:
    """A shelf and how many tablets lie on it."""

    shelf: Shelf
    label: str
    count: int


@dataclass(frozen=True)
class ShelvesPage:
    shelves: tuple[ShelfLine, ...]
    name: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "Shelves"


@dataclass(frozen=True)
class LyingHere:
    tablet: Tablet
    code: str
    kind: str
    state: StateTag


@dataclass(frozen=True)
class ShelfPage:
    title: str
    shelf: Shelf
    label: str
    tablets: tuple[LyingHere, ...]


@router.get("")
def shelves_page(request: Request, session: ReadSession, actor: Worker) -> Response:
    return render(request, "desk/shelves.html", ShelvesPage(_lines(session, actor)))


def _lines(session: Session, actor: Actor) -> tuple[ShelfLine, ...]:
    shelves = service.shelves(session, hub_of(session, actor).id)
    here: dict[int, int] = {}
    for place, tablet in service.lying_on(session, [shelf.id for shelf in shelves]):
        here[place.shelf_id] = here.get(place.shelf_id, 0) + service.still_counts(place, tablet)
    return tuple(ShelfLine(shelf, shelf_text(shelf.code), here.get(shelf.id, 0)) for shelf in shelves)


@router.post("")
def add_shelf(request: Request, form: FormDep, session: WriteSession, clock: ClockDep, actor: Worker) -> Response:
    try:
        made = service.add_shelf(session, form.get("name"), actor=actor, happening=Happening(clock()))
    except BadInput as error:
        page = ShelvesPage(_lines(session, actor), form.get("name"), error.fields)
        return render(request, "desk/shelves.html", page, status=422)
    return see_other("/desk/shelves", said=f"Shelf {made.name} is added. Print its label and stick it on.")


@router.get("/labels")
def labels_page(request: Request, session: ReadSession, actor: Worker) -> Response:
    """A label for every shelf, to be printed, cut out and stuck on."""
    page = CardsPage(
        question="Which labels go on the shelves?",
        lead="Print them, cut them out, and stick each on its shelf.",
        cards=tuple(
            scan_card(line.label, line.shelf.name, "Scan it before the tablets that you put here or count here.")
            for line in _lines(session, actor)
        ),
        back="/desk/shelves",
        back_text="Back to the shelves",
        title="Labels of shelves",
    )
    return render(request, "web/cards.html", page)


@router.get("/{shelf_id}")
def shelf_page(request: Request, shelf_id: ShelfId, session: ReadSession) -> Response:
    shelf = service.get_shelf(session, shelf_id)
    here = tuple(
        LyingHere(tablet, service.called(tablet), name_of(tablet), stage_tag(tablet.stage))
        for place, tablet in service.lying_on(session, [shelf.id])
        if service.still_counts(place, tablet)
    )
    return render(request, "desk/shelf.html", ShelfPage(f"Shelf {shelf.name}", shelf, shelf_text(shelf.code), here))
