"""The scanner's field on the wall, its one large answer, and the cards to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bench import service
from fleet.bench.api import BenchId
from fleet.bench.models import Scan
from fleet.bench.scan_words import ScanMode, ScanOutcome
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import fragment, render
from fleet.web.scan_cards import CardsPage, scan_card
from fleet.web.shapes import Shape

router = PageRouter(prefix="/bench")

MODE_WORDS = {
    ScanMode.FIND: "finds a tablet",
    ScanMode.WIPE: "begins a wipe",
    ScanMode.PROVISION: "makes a tablet ready",
    ScanMode.CHECK: "checks a tablet",
    ScanMode.READY: "puts a tablet on the shelf",
    ScanMode.GRADE_A: "gives grade A",
    ScanMode.GRADE_B: "gives grade B",
    ScanMode.GRADE_C: "gives grade C",
}
_OUTCOME_WORDS = {
    ScanOutcome.APPLIED: ("Done", Shape.DONE, "ready"),
    ScanOutcome.ALREADY: ("Already", Shape.WORKING, "ready"),
    ScanOutcome.BLOCKED: ("Stopped", Shape.DANGER, "refused"),
    ScanOutcome.NOT_FOUND: ("Not found", Shape.LOST, "refused"),
}


@dataclass(frozen=True)
class Answer:
    """What a scan came to, as it is shown large and heard. `opens` is the slot whose sheet it opens."""

    id: int
    word: str
    shape: Shape
    sound: str
    said: str
    next_step: str
    opens: int | None
    href: str = ""
    """The page of a tablet that is lost by our books."""


@dataclass(frozen=True)
class Scanner:
    """The field, and what the next scan does."""

    bench_id: int
    mode_words: str


@dataclass(frozen=True)
class Scanned(Scanner):
    """What came of a scan, and what the next one does."""

    answer: Answer


@router.get("/cards", dependencies=[Depends(may(Permission.BENCH_SEE))])
def cards_page(request: Request) -> Response:
    """The mode cards, to be printed and laid beside the scanner."""
    page = CardsPage(
        question="Which cards lie beside the scanner?",
        lead="Print them, cut them out. Scan one, and it says what the next scan of a tablet does; after ten minutes a "
        "scan only finds again.",
        cards=tuple(scan_card(card.code, card.title, card.does) for card in service.cards()),
        back="/bench",
        back_text="Back to the bench",
    )
    return render(request, "web/cards.html", page)


@router.post("/{bench_id}/scan")
def scan(
    request: Request,
    bench_id: BenchId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_RUN))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    """One scan, one answer: in place where the page has scripts, as a sentence on the wall where it has none."""
    made = service.scan(session, bench_id, form.get("scan"), actor=actor, settings=settings, now=clock())
    answer = _answer(made, bench_id, session)
    if "hx-request" in request.headers:
        scanned = Scanned(bench_id, MODE_WORDS[made.mode], answer)
        return Response(fragment(request, "bench/_scanned.html", scanned), media_type="text/html")
    opened = f"?open={answer.opens}#sheet" if answer.opens else ""
    return see_other(f"/bench/{bench_id}{opened}", said=f"{answer.word}: {answer.said} {answer.next_step}".strip())


def draw_scanner(session: Session, bench_id: int, actor: Actor, now: datetime) -> Scanner | None:
    """The field as it stands before a scan; None for those who may not run the bench."""
    if not actor.may(Permission.BENCH_RUN):
        return None
    mode = service.mode_now(session, bench_id, actor=actor, now=now)
    return Scanner(bench_id, MODE_WORDS[mode])


def _answer(made: Scan, bench_id: int, session: Session) -> Answer:
    word, shape, sound = _OUTCOME_WORDS[made.outcome]
    here = made.slot_id is not None and service.get_slot(session, made.slot_id).bench_id == bench_id
    opens = made.slot_id if here else None
    return Answer(made.id, word, shape, sound, made.said, made.next_step, opens, _lost_href(made, session))


def _lost_href(made: Scan, session: Session) -> str:
    if made.tablet_id is None or tablets.get_tablet(session, made.tablet_id).stage is not Stage.LOST:
        return ""
    return f"/desk/lost/{made.tablet_id}"
