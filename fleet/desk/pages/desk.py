"""The desk: one scan line, its large answer, what this sitting did, and the cards to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.deliveries.rules import KitPart
from fleet.deliveries.words import KIT_WORDS
from fleet.desk import service
from fleet.desk.models import DeskScan, Shelf, StockTake
from fleet.desk.rules import CARDS, DeskCard, DeskMode, DeskOutcome
from fleet.desk.service import Standing
from fleet.desk.words import MODE_WORDS, OUTCOME_WORDS
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import fragment, render
from fleet.web.scan_cards import CardsPage, scan_card
from fleet.web.shapes import Shape

router = PageRouter(prefix="/desk")

Worker = Annotated[Actor, Depends(may(Permission.DESK_WORK))]
SHOWN = 20


@dataclass(frozen=True)
class Answer:
    """What a scan came to, as it is shown large and heard."""

    id: int
    word: str
    shape: Shape
    sound: str
    said: str
    next_step: str
    href: str


@dataclass(frozen=True)
class DeskPage:
    """The line as it stands, and what was scanned since the last pause, newest first."""

    standing: Standing
    mode_words: str
    ticks: tuple[tuple[str, str], ...]
    shelf: Shelf | None
    take: StockTake | None
    done: Sequence[Answer]
    done_count: int
    cards: tuple[DeskCard, ...] = CARDS
    answer: Answer | None = None
    title: str = "Desk"


def device_of(request: Request) -> str:
    """A mark of the sign-in that asks: it changes with the device, and nobody can sign in with it."""
    token: str | None = getattr(request.state, "session_token", None)
    return sha256(token.encode()).hexdigest()[:16] if token else ""


@router.get("")
def desk_page(request: Request, session: ReadSession, actor: Worker, clock: ClockDep) -> Response:
    return render(request, "desk/desk.html", _drawn(request, session, actor, clock()))


@router.post("/scan")
def scan(
    request: Request, form: FormDep, session: WriteSession, actor: Worker, settings: SettingsDep, clock: ClockDep
) -> Response:
    """One scan, one answer: in place where the page has scripts, as a sentence on the desk where it has none."""
    made = service.scan(
        session,
        form.get("scan"),
        device=device_of(request),
        actor=actor,
        settings=settings,
        now=clock(),
        missing=[KIT_WORDS[KitPart(each)].lower() for each in form.lists.get("missing", ()) if each in list(KitPart)],
        client_id=form.get("client_id")[:64] or None,
    )
    answer = answer_of(made)
    if "hx-request" in request.headers:
        page = _drawn(request, session, actor, clock(), answer)
        return Response(fragment(request, "desk/_scanned.html", page), media_type="text/html")
    return see_other("/desk", said=f"{answer.word}: {answer.said} {answer.next_step}".strip())


def answer_of(made: DeskScan) -> Answer:
    word, shape, sound = OUTCOME_WORDS[made.outcome]
    return Answer(made.id, word, shape, sound, made.said, made.next_step, made.href)


def _drawn(request: Request, session: Session, actor: Actor, now: datetime, answer: Answer | None = None) -> DeskPage:
    device = device_of(request)
    stands = service.standing(session, device=device, actor=actor, now=now)
    sitting = service.this_sitting(session, device=device, actor=actor, now=now)
    acts = [each for each in sitting if each.tablet_id is not None or each.outcome is DeskOutcome.NOT_FOUND]
    done = [each for each in acts if each.outcome is DeskOutcome.APPLIED and not each.undone]
    return DeskPage(
        standing=stands,
        mode_words=MODE_WORDS[stands.mode],
        ticks=tuple((part.value, KIT_WORDS[part]) for part in KitPart) if stands.mode is DeskMode.CHECK_KIT else (),
        shelf=service.get_shelf(session, stands.shelf_id) if stands.shelf_id is not None else None,
        take=service.get_stock_take(session, stands.stock_take_id) if stands.stock_take_id is not None else None,
        done=[answer_of(each) for each in acts[:SHOWN]],
        done_count=len(done),
        answer=answer,
    )


@router.get("/cards", dependencies=[Depends(may(Permission.DESK_WORK))])
def cards_page(request: Request) -> Response:
    """The desk's cards, to be printed and laid beside the scanner."""
    page = CardsPage(
        question="Which cards lie on the desk?",
        lead="Print them, cut them out. Scan one, and it says what the next scan of a tablet does; ten minutes after "
        "the last scan, a scan only finds again.",
        cards=tuple(scan_card(card.code, card.title, card.does) for card in CARDS),
        back="/desk",
        back_text="Back to the desk",
    )
    return render(request, "web/cards.html", page)
