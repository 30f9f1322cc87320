"""What came back to the hub: scanned in by its label, and the list of what waits to be looked over."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.database.base import LARGEST_ID, row_number
from fleet.errors import BadInput, Conflict, DoorstepError, NotFound
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Technician
from fleet.loans.models import Loan
from fleet.loans.seeing import cards_left_in
from fleet.partners.service import hub_of, works_at
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.words import name_of, stage_tag
from fleet.tags import service as tags
from fleet.tags.rules import looks_like_code
from fleet.users.actor import Actor
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/returns")


@dataclass(frozen=True)
class Waiting:
    """One tablet in the list: its label, what it is, where it stands."""

    tablet_id: int
    label: str
    name: str
    state: StateTag
    at_hub: bool
    card: str = ""
    """Whose card lies in its tray still."""
    way: str = ""
    """Where it lies and goes, for one that was taken in at another hub than its own."""


@dataclass(frozen=True)
class ReturnsPage:
    waiting: tuple[Waiting, ...]
    typed: str = ""
    problem: str = ""
    title: str = "Coming back"


@router.get("")
def returns_page(request: Request, session: ReadSession, actor: Technician) -> Response:
    return render(request, "loans/returns.html", ReturnsPage(_waiting(session, actor)))


def _waiting(session: Session, actor: Actor) -> tuple[Waiting, ...]:
    found = queries.tablets_coming_back(session, hub_id=hub_of(session, actor).id)
    labels = tags.codes_of(session, [tablet.id for tablet in found])
    left = queries.came_back_with_a_card(session, [tablet.id for tablet in found])
    return tuple(
        Waiting(
            tablet.id,
            labels.get(tablet.id, f"Tablet {tablet.id}"),
            name_of(tablet),
            stage_tag(tablet.stage),
            tablet.stage is Stage.RETURNED,
            _card_words(left.get(tablet.id)),
            tablets.way_home(session, tablet),
        )
        for tablet in found
    )


def _card_words(left: tuple[int, int] | None) -> str:
    return f"The SIM of loan {left[0]} is in it: take it out, and have it brought to them." if left else ""


@router.post("")
def scan_in(
    request: Request, form: FormDep, session: WriteSession, actor: Technician, settings: SettingsDep, clock: ClockDep
) -> Response:
    """Whatever was scanned or typed: the label's code, the serial, or the tablet's number."""
    try:
        with session.begin_nested():
            tablet = tablet_typed(session, form.get("label"))
            act = service.found if tablet.stage is Stage.LOST else service.scan_in
            loan: Loan | None = None
            if tablet.stage is not Stage.RETURNED:
                told, at = Happening(now=clock()), works_at(session, actor)
                loan = act(session, tablet_id=tablet.id, at=at, actor=actor, settings=settings, happening=told)
    except (BadInput, NotFound, Conflict) as refusal:
        page = ReturnsPage(_waiting(session, actor), form.get("label"), _sentence(refusal))
        return render(request, "loans/returns.html", page, status=refusal.status)
    if tablets.get_tablet(session, tablet.id).stage is Stage.RETURNED:
        return see_other(f"/returns/{tablet.id}", said="Scanned in. Look it over.")
    return see_other("/returns", said=_told(session, tablet, loan))


def _told(session: Session, tablet: Tablet, loan: Loan | None) -> str:
    """Where a tablet that is not to be looked over goes, and what still lies in it."""
    way = tablets.way_home(session, tablet)
    if way:
        return f"Scanned in. {way}."
    if tablets.get_tablet(session, tablet.id).stage is not Stage.READY:
        return "Back at the hub. It stays kept for its loan."
    left = cards_left_in(session, [loan.id]).get(loan.id, []) if loan is not None else []
    return " ".join(("Back at the hub, and in stock again: nobody waits for it, so put it away.", *left))


def _sentence(refusal: DoorstepError) -> str:
    fields = refusal.fields.values() if isinstance(refusal, BadInput) else ()
    return " ".join((next(iter(fields), refusal.message), refusal.next_step)).strip()


def tablet_typed(session: Session, text: str) -> Tablet:
    """By its label's code, its serial or its number. Raises `BadInput`, `NotFound`."""
    if not text:
        raise BadInput("Nothing was scanned.", fields={"label": "Scan the label, or type its code."})
    tablet_id = tags.tablet_of(session, text)
    if tablet_id is not None:
        return tablets.get_tablet(session, tablet_id)
    by_serial = queries.tablet_with_serial(session, text)
    if by_serial is not None:
        return by_serial
    number = row_number(text)
    if number is not None and number < LARGEST_ID:
        return tablets.get_tablet(session, number)
    if looks_like_code(text):
        tags.lookup(session, text)
    raise NotFound(
        "No tablet of ours that is away has this code or serial.", next_step="Scan it again, or look for it."
    )
