"""One scan at the desk, one answer: done, already, stopped and why, or not found.

What the next scan does is remembered per person and device, in the row of the last scan; it falls back to finding
after a while. Each act is another room's own service; here is only which, and what is said of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.desk import queries
from fleet.desk.models import DeskScan
from fleet.desk.rules import (
    BY_MODE,
    MODE_LASTS,
    ON_A_SHELF,
    STOP,
    UNDO,
    DeskCard,
    DeskMode,
    DeskOutcome,
    card_of,
    is_shelf,
    sitting,
)
from fleet.desk.service.acts import ACTS
from fleet.desk.service.answers import Asked, Said, because_of
from fleet.desk.service.counting import begin_stock_take, count_shelf, count_unknown
from fleet.desk.service.finding import Finding, find, is_bench_card
from fleet.desk.service.shelving import get_shelf, shelf_scanned
from fleet.desk.service.undoing import undo
from fleet.errors import BadInput, DoorstepError, NotFound
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tags import service as tags
from fleet.users.actor import Actor

MOST_LETTERS = 120


@dataclass(frozen=True)
class Standing:
    """What the next scan does, and to which shelf and stock-take; `ends_at` is when that ends by itself."""

    mode: DeskMode = DeskMode.FIND
    shelf_id: int | None = None
    stock_take_id: int | None = None
    ends_at: datetime | None = None


def standing(session: Session, *, device: str, actor: Actor, now: datetime) -> Standing:
    """What the next scan of this person on this device does."""
    last = queries.latest_scan(session, actor.user_id, device)
    if last is None or last.mode is DeskMode.FIND or now - last.at > MODE_LASTS:
        return Standing()
    return Standing(last.mode, last.shelf_id, last.stock_take_id, last.at + MODE_LASTS)


def this_sitting(session: Session, *, device: str, actor: Actor, now: datetime) -> Sequence[DeskScan]:
    """What this person did here since they last paused, newest first."""
    return sitting(queries.scans_of(session, actor.user_id, device), now)


def scan(
    session: Session,
    text: str,
    *,
    device: str,
    actor: Actor,
    settings: Settings,
    now: datetime,
    missing: Sequence[str] = (),
    client_id: str | None = None,
) -> DeskScan:
    """Do what a scan asks for, and write down its one answer. The same `client_id` twice gives the same answer.

    `missing` are the parts ticked as missing while kits are checked. Refusals are answers here, not errors.
    """
    told = queries.scan_by_client_id(session, client_id) if client_id else None
    if told is not None and told.actor_id == actor.user_id:
        return told
    stands = standing(session, device=device, actor=actor, now=now)
    row = DeskScan(
        actor_id=actor.user_id,
        actor=actor.name,
        device=device,
        text=text.strip()[:MOST_LETTERS],
        mode=stands.mode,
        mode_before=stands.mode,
        shelf_id=stands.shelf_id,
        stock_take_id=stands.stock_take_id,
        client_id=client_id if told is None else None,
        at=now,
    )
    asked = Asked(row, actor, settings, Happening(now, source="scan"), tuple(missing))
    said = _answer(session, asked)
    row.outcome, row.said, row.next_step, row.href = said.outcome, said.said, said.next_step, said.href
    session.add(row)
    session.flush()
    return row


def _answer(session: Session, asked: Asked) -> Said:
    row = asked.row
    card = card_of(row.text)
    try:
        with session.begin_nested():  # a refusal half way leaves nothing behind but its answer
            if card is not None:
                return _card(session, asked, card)
            if is_bench_card(row.text):
                return Said(DeskOutcome.BLOCKED, "This is a card of the bench wall.", "Scan it at the bench.")
            if is_shelf(row.text):
                return _shelf(session, asked)
            tablet = _tablet(session, row.text)
            if tablet is None:
                return _nothing_known(session, asked)
            row.tablet_id = tablet.id
            return ACTS[row.mode](session, asked, tablet)
    except DoorstepError as refused:
        return because_of(refused, "")


def _card(session: Session, asked: Asked, card: DeskCard) -> Said:
    row = asked.row
    if card.code == UNDO:
        return undo(session, asked)
    if card.code == STOP:
        already = row.mode is DeskMode.FIND
        row.mode, row.shelf_id, row.stock_take_id = DeskMode.FIND, None, None
        outcome = DeskOutcome.ALREADY if already else DeskOutcome.APPLIED
        return Said(outcome, "Stopped. A scan only finds again.")
    assert card.mode is not None, "the cards without a mode were dealt with"
    take_id = None
    if card.mode is DeskMode.COUNT:
        take_id = begin_stock_take(session, actor=asked.actor, happening=asked.happening).id
    already = (row.mode, row.stock_take_id) == (card.mode, take_id)
    if not already:
        row.mode, row.shelf_id, row.stock_take_id = card.mode, None, take_id
    return Said(DeskOutcome.ALREADY if already else DeskOutcome.APPLIED, f"{card.title}. {card.does}")


def _shelf(session: Session, asked: Asked) -> Said:
    row = asked.row
    try:
        shelf = shelf_scanned(session, row.text)
    except BadInput as problem:
        return Said(DeskOutcome.NOT_FOUND, problem.fields["shelf"], "Scan its label again.")
    except NotFound as problem:
        return Said(DeskOutcome.NOT_FOUND, problem.message, problem.next_step)
    if row.mode not in ON_A_SHELF:
        href = f"/desk/shelves/{shelf.id}"
        what = f"This is shelf {shelf.name}."
        if row.mode is DeskMode.FIND:
            return Said(DeskOutcome.APPLIED, what, "To put something there, scan the card “Put away” first.", href)
        return Said(DeskOutcome.BLOCKED, what, f"You are at “{BY_MODE[row.mode].title}”: scan a tablet.", href)
    already = row.shelf_id == shelf.id
    row.shelf_id = shelf.id
    if row.mode is DeskMode.COUNT:
        count_shelf(session, asked.row.stock_take_id or 0, shelf.id, actor=asked.actor, happening=asked.happening)
    next_step = "Scan everything that lies there." if row.mode is DeskMode.COUNT else "Scan each tablet you put there."
    return Said(DeskOutcome.ALREADY if already else DeskOutcome.APPLIED, f"Shelf {shelf.name}.", next_step)


def _tablet(session: Session, text: str) -> Tablet | None:
    """Ours with this label, old labels too, or the only one with this serial."""
    tablet_id = tags.tablet_of(session, text)
    if tablet_id is not None:
        return tablets.get_tablet(session, tablet_id)
    found = tablets.tablets_with_serial(session, text) if text else ()
    return found[0] if len(found) == 1 else None


def _nothing_known(session: Session, asked: Asked) -> Said:
    row = asked.row
    found: Finding = find(session, row.text, actor=asked.actor, settings=asked.settings, now=asked.happening.now)
    said = Said(DeskOutcome.NOT_FOUND, found.said or "This is no tablet of ours.", found.next_step, found.href)
    if row.mode is DeskMode.COUNT and row.text and row.shelf_id is not None and row.stock_take_id is not None:
        count_unknown(session, row.stock_take_id, row.shelf_id, row.text, actor=asked.actor, happening=asked.happening)
        name = get_shelf(session, row.shelf_id).name
        return Said(said.outcome, said.said, f"Written down as not known on {name}. Scan the next.", said.href)
    if row.mode is DeskMode.RECEIVE:
        return Said(said.outcome, said.said, "If it is given to us, book it in first.", "/intake")
    return said
